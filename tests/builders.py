"""Small worlds for tests: a programme, an instrument, an open wave, people with codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.composition import compose
from app.definitions.files import dump_questionnaire, read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.domain.territories import Territory
from app.domain.text import Text
from app.protection import codes
from app.protection.keys import Keys, digest
from app.protection.sealing import AnswerSealing
from app.storage.database import Database, now
from app.storage.participants import AccessCode, Participant
from app.storage.surveys import Instrument, QuestionnaireVersion
from app.storage.territories import put_programme, put_territory
from app.storage.waves import Wave, WaveInstrument
from app.workflows.acting import House


@dataclass
class World:
    """What was made, by id, and the codes of the people."""

    programme_id: int
    wave_id: int
    instrument_id: int
    codes: list[str] = field(default_factory=list)
    participants: list[int] = field(default_factory=list)


def sealing_house(database: str | URL, secret: bytes, folder: Path) -> House:
    """A house as a deployment has it: answers are sealed."""
    keys = Keys.derive(secret)
    return House(Database(database, sealing=AnswerSealing(keys.sealing, on=True)), keys, folder)


def world(
    house: House,
    definition: str | Questionnaire,
    *,
    people: int = 1,
    territory: str = "BDX",
    opened: bool = True,
    wave: dict[str, Any] | None = None,
) -> World:
    """An open wave in which ``people`` are invited to answer this questionnaire."""
    asked = definition if isinstance(definition, Questionnaire) else read_questionnaire(definition)
    composed = compose(asked, None)
    document = dump_questionnaire(composed)
    moment = now()
    with house.database.write() as session:
        programme = put_programme(
            session, "TEST", Text.of(fr="Programme d’essai", en="Test programme"), synthetic=True
        )
        for place in (
            Territory("FR", Text.of(fr="France", en="France"), None, help_phone="01 99 00 10 00"),
            Territory(
                territory,
                Text.of(fr="Ici", en="Here"),
                "FR",
                help_phone="05 36 49 10 01",
                help_hours=Text.of(fr="de 9 h à 17 h", en="9 am to 5 pm"),
                terms={"support_team": Text.of(fr="l’équipe d’ici", en="the local team")},
            ),
        ):
            put_territory(session, programme.id, place)
        version = _add(
            session,
            QuestionnaireVersion(
                programme_id=programme.id,
                audience=asked.audience.value,
                number=1,
                document=document,
                source="",
                checksum=checksum(document),
                created_at=moment,
                published_at=moment,
            ),
        )
        instrument = _add(
            session,
            Instrument(
                programme_id=programme.id,
                audience=asked.audience.value,
                core_id=version.id,
                document=document,
                checksum=checksum(document),
            ),
        )
        row = _add(
            session,
            Wave(
                **{
                    "programme_id": programme.id,
                    "code": "W1",
                    "title": {"fr": "Vague", "en": "Wave"},
                    "frame": "all_75",
                    "period_start": date(2026, 1, 1),
                    "period_end": date(2026, 12, 31),
                    "opens_at": moment - timedelta(days=1),
                    "closes_at": moment + timedelta(days=30),
                    "opened_at": moment if opened else None,
                    "created_at": moment,
                    **(wave or {}),
                }
            ),
        )
        session.add(
            WaveInstrument(
                wave_id=row.id,
                territory=territory,
                audience=asked.audience.value,
                instrument_id=instrument.id,
            )
        )
        made = World(programme.id, row.id, instrument.id)
        for number in range(people):
            _invite(house, session, made, asked.audience.value, territory, number)
    return made


def _invite(
    house: House, session: Session, made: World, audience: str, territory: str, number: int
) -> None:
    person = _add(
        session,
        Participant(
            wave_id=made.wave_id,
            reference=f"P{number}",
            territory=territory,
            audience=audience,
            stratum="north",
            psu=f"case{number}",
            weight=1.5,
            sub_area="north",
            coded=True,
            created_at=now(),
        ),
    )
    code = codes.new_code()
    session.add(
        AccessCode(participant_id=person.id, digest=digest(house.keys.lookup, code), made_at=now())
    )
    made.codes.append(code)
    made.participants.append(person.id)


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
