"""Where a campaign is guessed at, sources are slowed sooner; who has a code is not kept out."""

from __future__ import annotations

import pytest
from builders import World
from sqlalchemy import select

from app.protection.codes import check_digit
from app.storage.throttle import Throttle, all_attempts, campaign, count
from app.workflows.acting import House
from app.workflows.entering import Door, enter
from app.workflows.sending import withdrawable
from app.workflows.throttling import BUSY, LEAST, MOST_WRONG, SHARDS, tries


def guess(number: int) -> str:
    """A code that nobody has."""
    digits = f"{number:011}"
    return f"{digits}{check_digit(digits)}"


def doors(house: House, source: str, times: int) -> list[Door]:
    return [enter(house, guess(number), source).door for number in range(times)]


def wrong(house: House, door: str, times: int) -> None:
    """So many wrong attempts at a door, from everywhere."""
    with house.database.write() as session:
        for shard in range(SHARDS):
            count(session, campaign(door, shard), by=times // SHARDS)


def test_many_sources_together_have_fewer_tries_each(house: House, invited: World) -> None:
    wrong(house, "code", BUSY - SHARDS * (MOST_WRONG + 1))
    assert doors(house, "192.0.2.1", MOST_WRONG) == [Door.UNKNOWN] * MOST_WRONG
    wrong(house, "code", BUSY)
    assert doors(house, "192.0.2.2", LEAST + 1) == [Door.UNKNOWN] * LEAST + [Door.THROTTLED]
    assert doors(house, "192.0.2.3", LEAST - 1) == [Door.UNKNOWN] * (LEAST - 1)
    for code in invited.codes:  # from one address: a right one is no guess
        assert enter(house, code, "192.0.2.3").door is Door.OPEN
    assert withdrawable(house, f"R {guess(1)}", "192.0.2.2").outcome == "unknown", "another door"


def test_an_attempt_is_counted_once_for_the_alarm_and_names_nobody(house: House) -> None:
    with house.database.write() as session:
        tries(house, "code", "192.0.2.1").count(session, wrong=True)
        tries(house, "code", "192.0.2.1").count(session, wrong=False)
    with house.database.read() as session:
        assert all_attempts(session, 10) == 1
        buckets = session.scalars(select(Throttle.bucket)).all()
    assert len(buckets) == 2
    assert not [each for each in buckets if b"192.0.2" in each]


@pytest.mark.parametrize("address", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"])
def test_a_network_is_one_source(house: House, address: str) -> None:
    assert tries(house, "code", address) == tries(house, "code", "2001:db8:1:2::5")
    assert tries(house, "code", address) != tries(house, "code", "2001:db8:1:3::5")
