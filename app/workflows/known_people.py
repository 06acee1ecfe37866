"""By which words of a name people are found, and who is in a sample twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.calls import name_keys, plain_letters
from app.protection.keys import digest
from app.storage.calls import waves_with
from app.storage.scratch import Scratch
from app.workflows.acting import House


def keys_of(house: House, wave_id: int, contact: tuple[str, ...]) -> list[tuple[bytes, bool]]:
    """What a person is found by: a digest of each word of the name, and of the whole (True)."""
    if not contact:
        return []
    words = sorted(name_keys(contact[0]))
    found = [(name_digest(house.keys.lookup, wave_id, word), False) for word in words]
    return [*found, (_whole(house, contact), True)]


def known_people(
    session: Session, wave_id: int, wholes: Sequence[bytes], scratch: Scratch
) -> tuple[int, int]:
    """How many of these look like somebody else of the file or wave, and like one of another wave.

    ``wholes``: digests of name and address; ``scratch`` knows those of the file so far.
    """
    waves = waves_with(session, sorted(set(wholes)))
    twice = sum(_twice(scratch.seen(each), wave_id in waves.get(each, ())) for each in wholes)
    return twice, sum(1 for each in wholes if waves.get(each, set()) - {wave_id})


def _twice(times_before: int, is_there: bool) -> int:
    """How many more rows are there twice with this one: the second one makes it two."""
    if is_there or times_before > 1:
        return 1
    return 2 * times_before


def _whole(house: House, contact: tuple[str, ...]) -> bytes:
    """The same for one name at one address, in every wave; it cannot be read."""
    words = sorted(name_keys(contact[0]))
    where = plain_letters(" ".join(contact[1:])).split()
    return digest(house.keys.lookup, f"person {words} {where}")[:12]


def name_digest(key: bytes, wave_id: int, word: str) -> bytes:
    """What a word of a name is found by."""
    return digest(key, f"name {wave_id} {word}")[:12]
