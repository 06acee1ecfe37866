"""The retention engine: what is set aside, what would go, then what went, with a certificate.

Names and answers are set aside thirty days before their time is over, wave by wave: their end is
seen coming, and the data protection officer may keep them until a day, with a reason. Nothing is
removed that was not set aside for thirty days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.retention import CLASSES, SET_ASIDE, Kept
from app.domain.text import Text
from app.protection.audit_chain import canonical, sign
from app.storage import retention
from app.storage.audit import record
from app.storage.database import now
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, act
from app.workflows.erasing import clear_copies, keep_tombstones
from app.workflows.sealing_audit import copy_folder
from app.workflows.sending import erase

BATCH = 500
MOST = 500  # signs of a reason


@dataclass(frozen=True, slots=True)
class Due:
    """Rows of a class whose end has come or is near.

    ``wave``: whose; None for what belongs to none. ``since``: when they were set aside. ``goes``:
    the day from which a purge removes them. ``because``: why somebody keeps them until then.
    """

    kept: Kept
    rows: int
    goes: date
    wave: Wave | None = None
    since: datetime | None = None
    because: str = ""


def due(house: House, programme_id: int | None = None) -> list[Due]:
    """What is set aside or will be, and what a purge would remove now. Changes nothing.

    ``programme_id``: only of waves of this programme, without what belongs to no wave.
    """
    moment = now()
    with house.database.read() as session:
        found = list(_of_waves(session, moment))
        if programme_id is None:
            return [*found, *_of_no_wave(session, moment)]
    return [each for each in found if each.wave and each.wave.programme_id == programme_id]


def _of_waves(session: Session, moment: datetime) -> Iterator[Due]:
    for kept in CLASSES:
        if kept.name in retention.BY_WAVE:
            before = kept.before(moment + SET_ASIDE)
            for wave, rows in retention.over(session, kept.name, before):
                yield _of_wave(session, kept, wave, rows, moment)


def _of_no_wave(session: Session, moment: datetime) -> Iterator[Due]:
    for kept in CLASSES:
        if kept.name in retention.ALONE:
            rows = retention.outlived(session, kept.name, kept.before(moment))
            yield Due(kept, rows, moment.date())


def _of_wave(session: Session, kept: Kept, wave: Wave, rows: int, moment: datetime) -> Due:
    aside = retention.set_aside(session, kept.name, wave.id)
    since = moment if aside is None else aside.at
    assert wave.closed_at is not None  # its time is counted from there
    goes = max(wave.closed_at + timedelta(days=kept.days), since + SET_ASIDE).date()
    if aside is None:
        return Due(kept, rows, goes, wave)
    if aside.keep_until is not None and aside.keep_until > goes:
        return Due(kept, rows, aside.keep_until, wave, since, aside.kept_because or "")
    return Due(kept, rows, goes, wave, since)


def put_aside(house: House) -> int:
    """Set aside what ends within thirty days; how many classes of waves. The worker does it."""
    moment = now()
    with house.database.read() as session:
        if not any(_new(session, moment)):
            return 0
    with house.database.write() as session:
        new = list(_new(session, moment))
        for kept, wave, rows in new:
            retention.put_aside(session, kept.name, wave.id, moment)
            record(
                session,
                actor=None,
                origin="job",
                act=Deed.RETENTION_SET_ASIDE,
                programme_id=wave.programme_id,
                thing=f"wave:{wave.id}",
                details={"class": kept.name, "rows": rows},
            )
        return len(new)


def _new(session: Session, moment: datetime) -> Iterator[tuple[Kept, Wave, int]]:
    for kept in CLASSES:
        if kept.name in retention.BY_WAVE:
            before = kept.before(moment + SET_ASIDE)
            for wave, rows in retention.over(session, kept.name, before, new=True):
                yield kept, wave, rows


def keep_until(
    house: House, actor: Actor, wave_id: int, name: str, until: str, because: str
) -> None:
    """Keep what is set aside until a day (``2027-06-30``), with a reason.

    Raises NotFound where it is not set aside, BadInput without a day to come or a reason.
    """
    try:
        day = date.fromisoformat(until)
    except ValueError:
        day = date.min
    faults = [Fault("until", *_UNTIL)] if day <= now().date() else []
    said = because.strip()
    if not 0 < len(said) <= MOST:
        faults.append(Fault("because", *_BECAUSE))
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.DOSSIER_APPROVE, thing=f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id)
        aside = retention.set_aside(acted.session, name, wave_id) if wave else None
        if aside is None:
            raise NotFound
        aside.keep_until, aside.kept_because, aside.kept_by = day, said, actor.account_id
        acted.details = {"class": name, "until": f"{day}"}


def purge(house: House) -> tuple[list[Due], Path]:
    """Remove what is due, and write the certificate: counts and a signature, nobody's data.

    What was not set aside yet is set aside now, and stays. Safe to repeat and to interrupt. Gives
    what was removed and where the certificate is.
    """
    put_aside(house)
    moment = now()
    with house.database.read() as session:
        known = [*_of_waves(session, moment), *_of_no_wave(session, moment)]
    ready = [each for each in known if each.rows and each.goes <= moment.date()]
    for each in ready:
        _remove(house, each, moment)
    keep_tombstones(house)
    clear_copies(house)
    with house.database.write() as session:
        record(
            session,
            actor=None,
            origin="cli",
            act=Deed.RETENTION_PURGE,
            details={name: sum(_rows_of(ready, name)) for name in (kept.name for kept in CLASSES)},
        )
    return ready, _certificate(house, ready, moment)


def _rows_of(removed: list[Due], name: str) -> Iterator[int]:
    return (each.rows for each in removed if each.kept.name == name)


def _remove(house: House, each: Due, moment: datetime) -> None:
    if each.wave is None:
        with house.database.write() as session:
            retention.remove(session, each.kept.name, each.kept.before(moment))
    elif each.kept.name == "contacts":
        with house.database.write() as session:
            retention.forget_contacts(session, each.wave.id)
    else:
        _erase_answers(house, each.wave.id)


def _erase_answers(house: House, wave_id: int) -> None:
    while True:
        with house.database.write() as session:
            rows = retention.answers_of(session, wave_id, BATCH)
            for row in rows:
                erase(session, row, now())
                row.participant_id = None
        if not rows:
            return


def _certificate(house: House, removed: list[Due], moment: datetime) -> Path:
    said = {
        "at": moment.isoformat(timespec="seconds"),
        "removed": [
            {
                "class": each.kept.name,
                "wave": each.wave.code if each.wave else "",
                "set_aside": each.since.isoformat(timespec="seconds") if each.since else "",
                "rows": each.rows,
            }
            for each in removed
        ],
    }
    signature = sign(house.keys.heads, canonical(said)).hex()
    folder = copy_folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"retention-{moment:%Y%m%dT%H%M%S-%f}.json"
    path.write_bytes(orjson.dumps(said | {"signature": signature}, option=orjson.OPT_INDENT_2))
    return path


_UNTIL = (
    Text.of(fr="Il manque une date à venir.", en="A day to come is missing."),
    Text.of(
        fr="Dites jusqu’à quel jour, comme 2027-12-31.", en="Say until which day, as 2027-12-31."
    ),
)
_BECAUSE = (
    Text.of(fr="Il manque la raison.", en="The reason is missing."),
    Text.of(
        fr="Dites en une phrase pourquoi ces données restent nécessaires.",
        en="Say in one sentence why these data are still needed.",
    ),
)
