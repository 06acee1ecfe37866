"""Tables of people to be invited, mutated in every way: each is imported whole, or refused in
words, and then nothing is changed.

A trial is one file, imported into a wave that has people already (a new copy of its database each
time). Found is: any failure, a refusal without place, reason or remedy, rows that changed although
it was refused, a second import that does not leave everything as it is, 5 s of CPU or half a
gigabyte.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import collection
from broken_rosters import attempt, hostile
from run import Campaign, Outcome

from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House


def trials(seeds: list[int]) -> Iterator[Outcome]:
    """One file a seed."""
    with tempfile.TemporaryDirectory() as name:
        folder, copy = Path(name), Path(name) / "copy.sqlite"
        first = _house(folder / "first.sqlite")
        upgrade(first.database)
        wave_id = collection.planned(first, folder)
        collection.with_sample(first, wave_id)
        first.database.dispose()
        for seed in seeds:
            shutil.copyfile(folder / "first.sqlite", copy)
            house = _house(copy)
            became, found = attempt(house, wave_id, hostile(seed))
            house.database.dispose()
            yield Outcome(seed, {"files": 1, became: 1}, found)


def _house(path: Path) -> House:
    return House(Database(f"sqlite:///{path}"), Keys.derive(b"of no use" * 4), path.parent)


CAMPAIGNS = {"hostile-rosters": Campaign(300, "files", trials)}
