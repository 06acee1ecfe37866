"""One thing again and again, in a thread beside other work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

END_WITHIN = 30.0  # seconds that a turn under way has when the block is over


@contextmanager
def in_turns(name: str, every: float, turn: Callable[[], None]) -> Iterator[None]:
    """Take ``turn`` every so many seconds until the block is over; ``name``: of the thread.

    An error of a turn ends the thread: what may go wrong, ``turn`` answers for.
    """
    over = threading.Event()

    def run() -> None:
        while not over.wait(every):
            turn()

    thread = threading.Thread(target=run, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=END_WITHIN)
