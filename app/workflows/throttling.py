"""Wrong codes are slowed at their source, and sooner where a whole campaign is being guessed at.

A source (an address, a network) may be wrong ten times in ten minutes before it waits. While all
together are wrong two hundred times at the same kind of door, each may be wrong three times. Nobody
is ever kept out by what others do: who was not wrong is always looked at.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.protection.keys import digest
from app.storage.prepared import Driver
from app.storage.throttle import attempts, campaign, count
from app.workflows.acting import House

MINUTES = 10
MOST_WRONG = 10  # of one source in that time; then a pause, for the source only
BUSY = 200  # of all sources in that time; from there on each has ``LEAST``
LEAST = 3
SHARDS = 8  # counters of a campaign: who comes in must not wait for one another's


@dataclass(frozen=True, slots=True)
class Tries:
    """The counters that an attempt counts towards."""

    source: bytes
    together: bytes
    minutes: int = MINUTES
    most: int = MOST_WRONG
    busy: int = BUSY
    least: int = LEAST

    def must_wait(self, at: Session | Driver) -> bool:
        """Whether the source has to wait; the same two questions are asked for everybody."""
        own = attempts(at, self.source, self.minutes)
        busy = attempts(at, self.together, self.minutes) * SHARDS >= self.busy
        return own >= (self.least if busy else self.most)

    def count(self, at: Session | Driver, *, wrong: bool) -> None:
        """Count a wrong attempt; a right one costs the same work."""
        count(at, self.source, self.together, by=int(wrong))


def tries(house: House, door: str, address: str) -> Tries:
    """The counters for a kind of door (``code``, ``short code``) and an address."""
    source = digest(house.keys.throttle, f"{door} {network_of(address)}")
    return Tries(source, campaign(door, source[0] % SHARDS))


def network_of(address: str) -> str:
    """The source that attempts are counted for: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
