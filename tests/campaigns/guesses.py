"""Codes guessed through the throttle: how many are looked at, and whether one opens a door.

A trial of ``code-guesses`` is 10,000 guesses, each with a right check digit, from a hundred sources
(networks of IPv6 among them) against 10,000 live codes. A source that goes on is told to wait, and
its guesses are not looked at; with 10^11 codes possible, one guess in ten million would hit.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from builders import world
from participants import EVERY_KIND
from run import Campaign, Outcome

from app.protection.codes import check_digit
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House
from app.workflows.entering import Door, enter

GUESSES, LIVE, SOURCES, DIGITS = 10_000, 10_000, 100, 11


def guesses(seeds: list[int], count: int = GUESSES, live: int = LIVE) -> Iterator[Outcome]:
    """So many guesses a seed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'guesses.sqlite'}")
        house = House(database, Keys.derive(b"a secret that is only good for tests"), folder)
        upgrade(database)
        codes = set(world(house, EVERY_KIND, people=live).codes)
        for seed in seeds:
            draw, doors = random.Random(seed), Counter[Door]()
            found = []
            for _ in range(count):
                digits = "".join(draw.choices("0123456789", k=DIGITS))
                code = f"{digits}{check_digit(digits)}"
                door = enter(house, code, _source(seed, draw.randrange(SOURCES))).door
                doors[door] += 1
                if door is Door.OPEN:
                    found.append("a door was opened by a guess")
                elif door is Door.UNKNOWN and code in codes:
                    found.append("a live code was not known")
            counted = {
                "guesses": count,
                "guesses looked at": count - doors[Door.THROTTLED],
                "guesses told to wait": doors[Door.THROTTLED],
            }
            yield Outcome(seed, counted, found)
        database.dispose()


def _source(seed: int, number: int) -> str:
    """An address: of IPv4, or any of a network of IPv6, which counts as one source."""
    if number % 2:
        return f"2001:db8:{seed % 65536:x}:{number:x}::{random.randrange(1, 65536):x}"
    return f"198.18.{seed % 256}.{number}"


CAMPAIGNS: dict[str, Campaign] = {"code-guesses": Campaign(1_000_000, "guesses", guesses)}
