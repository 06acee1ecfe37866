"""By which words of a name people are found, and who is in a sample twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.calls import name_keys, plain_letters
from app.interchange.sample_csv import SampleRow
from app.protection.keys import digest
from app.storage.calls import add_name_keys, ids_of, waves_with
from app.workflows.acting import House


@dataclass(frozen=True, slots=True)
class SampleReport:
    """How many rows are new, and how many were there already with the same content."""

    new: int
    same: int
    by_place: dict[tuple[str, str], int]  # new ones by (territory, audience)
    twice: int = 0  # new ones with name and address of somebody else in the file or the wave
    before: int = 0  # new ones whose name and address were in another wave


def keep_names(house: House, session: Session, wave_id: int, rows: Sequence[SampleRow]) -> None:
    """By which words a person is found on the telephone."""
    named = [row for row in rows if row.contact]
    there = ids_of(session, wave_id, [row.reference for row in named])
    add_name_keys(
        session,
        [
            {
                "wave_id": wave_id,
                "participant_id": there[row.reference],
                "digest": name_digest(house.keys.lookup, wave_id, key),
            }
            for row in named
            for key in sorted(name_keys(row.contact[0]))
        ]
        + [
            {
                "wave_id": wave_id,
                "participant_id": there[row.reference],
                "digest": _person_digest(house, row),
            }
            for row in named
        ],
    )


def known_people(
    house: House, session: Session, wave_id: int, rows: Sequence[SampleRow]
) -> tuple[int, int]:
    """How many rows look like somebody else of the file or wave, and like one of another wave."""
    digests = Counter(_person_digest(house, row) for row in rows if row.contact)
    waves = waves_with(session, list(digests))
    twice = sum(n for each, n in digests.items() if n > 1 or wave_id in waves.get(each, ()))
    before = sum(n for each, n in digests.items() if waves.get(each, set()) - {wave_id})
    return twice, before


def _person_digest(house: House, row: SampleRow) -> bytes:
    """The same for one name at one address, in every wave; it cannot be read."""
    words = sorted(name_keys(row.contact[0]))
    where = plain_letters(" ".join(row.contact[1:])).split()
    return digest(house.keys.lookup, f"person {words} {where}")[:12]


def name_digest(key: bytes, wave_id: int, word: str) -> bytes:
    """What a word of a name is found by."""
    return digest(key, f"name {wave_id} {word}")[:12]
