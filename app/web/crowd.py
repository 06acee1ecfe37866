"""More people than the server can serve: newcomers are asked to wait, who has begun goes on.

The server tells how many requests wait for a thread of this process. Past ``DOOR`` nobody new comes
in; past ``FULL`` nothing is looked up any more: pages come back with their answers and 503.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, request

from app.domain.errors import Unavailable

WAITING = "covalue.waiting"  # set by the server: how many requests wait
DOOR, FULL = 60, 300  # about half a second, about three
NEWCOMERS = {"participants.welcome"}
BESIDE = {"health.health", "health.ready", "static", "participants.answer"}  # look for themselves


def register(app: Flask) -> None:
    """Look before each request; what is refused may be sent again in a moment."""

    @app.before_request
    def look() -> None:
        if request.endpoint in BESIDE or not full(DOOR):
            return
        if request.endpoint in NEWCOMERS or full(FULL):
            raise Unavailable


def full(most: int = FULL) -> bool:
    """Whether more than so many wait."""
    waiting: Callable[[], int] | None = current_app.extensions.get(WAITING)
    return waiting is not None and waiting() > most
