"""What a file has said so far, on disk while it is read: memory does not grow with the file.

A database of SQLite without a name, gone with whoever opened it; it has nothing to do with ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


class Scratch:
    """Words with the line on which they stood first, and keys with how often they were there."""

    def __init__(self, made: sqlite3.Connection) -> None:
        """``made``: a connection to an empty database that nobody else has."""
        self._made = made
        made.execute("CREATE TABLE word (word TEXT PRIMARY KEY, line INT) WITHOUT ROWID")
        made.execute("CREATE TABLE key (key BLOB PRIMARY KEY, times INT) WITHOUT ROWID")

    def first(self, word: str, line: int) -> int:
        """The line on which this word stood first; this one, where it is new."""
        if self._made.execute("INSERT OR IGNORE INTO word VALUES (?, ?)", (word, line)).rowcount:
            return line
        found = self._made.execute("SELECT line FROM word WHERE word = ?", (word,)).fetchone()
        return int(found[0])

    def seen(self, key: bytes) -> int:
        """How often this key was there before; from now on once more."""
        (times,) = self._made.execute(
            "INSERT INTO key VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1 "
            "RETURNING times",
            (key,),
        ).fetchone()
        return int(times) - 1


@contextmanager
def scratch() -> Iterator[Scratch]:
    """An empty one, in the system's folder for what lasts a moment."""
    made = sqlite3.connect("", isolation_level=None)
    try:
        made.execute("BEGIN")
        yield Scratch(made)
    finally:
        made.close()
