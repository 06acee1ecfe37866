"""What an import is going to write, kept in an unnamed file of the house until all is judged.

One batch after the other, so that memory holds one. Pickles are safe here: the file has no name,
nobody else can write to it, and it is gone with the process.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

Thing = TypeVar("Thing")


class Spool(Generic[Thing]):
    """Batches that were put in, to be taken out in the same order."""

    def __init__(self, file: IO[bytes]) -> None:
        """``file``: empty, for writing and reading."""
        self._file = file
        self._count = 0

    def put(self, batch: list[Thing]) -> None:
        """Add what is ready to be written."""
        pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def batches(self) -> Iterator[list[Thing]]:
        """Everything that was put in."""
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)


@contextmanager
def spool(folder: Path) -> Iterator[Spool[Any]]:
    """A spool in the house's folder: it holds answers or people, like the database beside it."""
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Spool(file)
