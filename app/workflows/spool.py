"""What an import is going to write, kept sealed in an unnamed file until all is judged.

One batch after the other, so that memory holds one. The key stays in the memory of the process:
what a crash leaves on the disk opens for nobody. Pickles are safe here, since only what this run
sealed is read back.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from app.protection.sealing import RunSeal

Thing = TypeVar("Thing")


class Spool(Generic[Thing]):
    """Batches that were put in, to be taken out in the same order."""

    def __init__(self, file: IO[bytes]) -> None:
        """``file``: empty, for writing and reading."""
        self._file = file
        self._seal = RunSeal()
        self._count = 0

    def put(self, batch: list[Thing]) -> None:
        """Add what is ready to be written."""
        sealed = self._seal.close(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL), str(self._count))
        self._file.write(len(sealed).to_bytes(8) + sealed)
        self._count += 1

    def batches(self) -> Iterator[list[Thing]]:
        """Everything that was put in."""
        self._file.seek(0)
        for number in range(self._count):
            sealed = self._file.read(int.from_bytes(self._file.read(8)))
            yield pickle.loads(self._seal.open(sealed, str(number)))


@contextmanager
def spool(folder: Path) -> Iterator[Spool[Any]]:
    """A spool in the house's folder: it holds answers or people, like the database beside it."""
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Spool(file)
