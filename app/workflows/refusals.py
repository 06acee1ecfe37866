"""Refusals: their status, and entries of those that anybody can cause as often as they like.

Of each kind a process writes the first hundred entries within a quarter of an hour, then one each
time their number has doubled. An entry says how many the process has left out before it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.deeds import Act, Deed
from app.domain.errors import (
    BadDefinition,
    BadInput,
    Conflict,
    CovalueError,
    NotAllowed,
    NotFound,
    Unavailable,
)
from app.storage.audit import record

if TYPE_CHECKING:
    from app.workflows.acting import Actor, House

MOST = 100
SECONDS = 900
_STATUS: dict[type[CovalueError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    BadInput: 422,
    BadDefinition: 422,
    Unavailable: 503,
}


def status_of(error: CovalueError) -> int:
    """The status of HTTP with which pages and API answer a refusal."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)


@dataclass
class _Kind:
    begun: float = -SECONDS
    seen: int = 0
    left_out: int = 0


@dataclass
class Seldom:
    """What a process has seen of each kind, since when. Kinds are few: words of the code, and
    accounts."""

    kinds: dict[str, _Kind] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def due(self, kind: str) -> int | None:
        """How many were left out before this one; None where this one is left out too."""
        with self.lock:
            found = self.kinds.setdefault(kind, _Kind())
            if time.monotonic() - found.begun >= SECONDS:
                found.begun, found.seen = time.monotonic(), 0
            found.seen += 1
            if found.seen > MOST and found.seen & (found.seen - 1):
                found.left_out += 1
                return None
            left_out, found.left_out = found.left_out, 0
            return left_out


def record_refusal(house: House, act: Act, origin: str, why: str) -> None:
    """Write an entry, unless too many of this kind were written lately.

    ``why``: one word of the code, never of the request.
    """
    left_out = house.seldom.due(f"{act} {why}")
    if left_out is None:
        return
    with house.database.write() as session:
        record(
            session,
            actor=None,
            origin=origin,
            act=act,
            outcome="refused",
            details={"why": why, "left_out": left_out},
        )


def record_out_of_reach(house: House, actor: Actor, endpoint: str) -> None:
    """Write an entry of an account that asked for what is not there or not theirs, which it is not
    told apart; unless there were too many of this account lately.

    ``endpoint``: the route's name, nothing of its address.
    """
    left_out = house.seldom.due(f"out of reach of {actor.account_id}")
    if left_out is None:
        return
    with house.seen_by(actor.reach).database.write() as session:
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=Deed.PAGE_OPEN,
            outcome="refused",
            programme_id=actor.programme_id,
            details={"why": "not_found", "endpoint": endpoint, "left_out": left_out},
        )


def record_refused_file(
    house: House, actor: Actor | None, act: Act, thing: str, endpoint: str = ""
) -> None:
    """Write an entry of a file, or a body of the API, that was not taken: nothing of what is in it,
    and not its name. Of an account too many lately are left out; without one, a command was.

    ``act``: what it was brought for; ``thing``: what to, ``"wave:3"``; ``endpoint``: the route's
    name.
    """
    left_out = house.seldom.due(f"file of {actor and actor.account_id}")
    if left_out is None:
        return
    seen = house if actor is None else house.seen_by(actor.reach)
    details = {"why": "file", "endpoint": endpoint} if endpoint else {"why": "file"}
    with seen.database.write() as session:
        record(
            session,
            actor=None if actor is None else actor.account_id,
            origin="cli" if actor is None else actor.origin,
            act=act,
            outcome="refused",
            programme_id=None if actor is None else actor.programme_id,
            thing=thing,
            details=details | {"left_out": left_out},
        )
