"""Who took part in two waves: the same reference, or the same case, in both samples."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.fingerprints import fingerprint
from app.domain.questionnaire import Audience
from app.evaluation.attrition import Outcome
from app.evaluation.linked import Keys
from app.evaluation.waves import Prints
from app.storage.database import Database
from app.storage.extract_reading import Extracted
from app.storage.instruments import compiled
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.waves import exchanges_of, instruments_of

GONE = {"deceased": Outcome.DECEASED, "moved": Outcome.MOVED}


def keys_of(
    session: Session, wave_id: int, folder: Path, data: Mapping[Audience, Extracted]
) -> Keys:
    """For each row who its PSU is in every wave: its case, else its person; None where the wave
    cut the link between people and answers."""
    cases: dict[int, str | None] = {}
    for file in sorted(folder.glob("*.parquet")):
        frame = pl.read_parquet(file, columns=["number", "psu"])
        cases.update(zip(frame["number"].to_list(), frame["psu"].to_list(), strict=True))
    people = references(session, wave_id)
    return {
        audience: [_key(cases.get(number), people.get(number)) for number in each.numbers.tolist()]
        for audience, each in data.items()
    }


def _key(case: str | None, person: str | None) -> str | None:
    if case is not None:
        return f"case:{case}"
    return None if person is None else f"person:{person}"


def references(session: Session, wave_id: int) -> dict[int, str]:
    """The reference behind each response of the wave, where the link was kept."""
    rows = session.execute(
        select(Response.id, Participant.reference)
        .join(Participant, Participant.id == Response.participant_id)
        .where(Response.wave_id == wave_id)
    )
    return dict(iter(rows))


def prints_of(database: Database, session: Session, wave_id: int) -> Prints:
    """The fingerprint of each item that was asked, by territory and audience."""
    made: dict[int, dict[str, str]] = {}

    def printed(number: int) -> dict[str, str]:
        if number not in made:
            asked = compiled(database, number).question_by_item
            made[number] = {item: fingerprint(each, item) for item, each in asked.items()}
        return made[number]

    found = {
        (territory, Audience(audience)): printed(number)
        for (territory, audience), number in instruments_of(session, wave_id).items()
    }
    for (territory, audience), part in exchanges_of(session, wave_id).items():
        found[territory, Audience(audience)] = printed(part.instrument_id)  # it holds the other
    return found


def outcomes(
    session: Session, before: int, after: int, then: Collection[int], now: Collection[int]
) -> dict[tuple[str, str], dict[Outcome, int]]:
    """What became of those who answered in the wave ``before``, by territory and audience.

    ``then``, ``now``: numbers of the responses of the two cuts. Empty where no link was kept.
    """
    people = references(session, before)
    invited = _by_reference(session, after)
    answered = {name for number, name in references(session, after).items() if number in set(now)}
    counts: dict[tuple[str, str], dict[Outcome, int]] = {}
    places = session.execute(
        select(Response.id, Response.territory, Response.audience).where(
            Response.wave_id == before, Response.participant_id.is_not(None)
        )
    )
    wanted = set(then)
    for number, territory, audience in places:
        if number not in wanted:
            continue
        reference = people[number]
        outcome = Outcome.AGAIN if reference in answered else _missing(invited, reference)
        by_outcome = counts.setdefault((territory, audience), {})
        by_outcome[outcome] = by_outcome.get(outcome, 0) + 1
    return counts


def _missing(invited: Mapping[str, str | None], reference: str) -> Outcome:
    if reference not in invited:
        return Outcome.NOT_INVITED
    return GONE.get(invited[reference] or "", Outcome.SILENT)


def _by_reference(session: Session, wave_id: int) -> dict[str, str | None]:
    rows = session.execute(
        select(Participant.reference, Participant.disposition).where(Participant.wave_id == wave_id)
    )
    return dict(iter(rows))
