"""Room on the disk that is kept for answers: a file that goes when there is none left.

Files and background work are refused long before (``workflows.uploads``). When the disk is full all
the same, whoever meets it removes this file, and answers go in while somebody makes room.
"""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

FILE = "reserve"
MEGABYTE = 1024 * 1024
FULL = 16 * MEGABYTE  # bytes that are free on a disk that is full
log = logging.getLogger("covalue.disk")


@dataclass(frozen=True, slots=True)
class Reserve:
    """``size`` bytes in a file of ``folder``; none: nothing is kept."""

    folder: Path
    size: int

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    @property
    def is_kept(self) -> bool:
        """Whether the room is there, or none was asked for."""
        return self.size == 0 or self.path.exists()

    def keep(self) -> None:
        """Make the file where it is lacking and the disk has room for three; its blocks are its."""
        if self.is_kept or not self.folder.is_dir():
            return
        if shutil.disk_usage(self.folder).free < 3 * self.size:
            return
        part = self.folder / f"{FILE}.{os.getpid()}"
        try:
            self._fill(part)
        except OSError:  # the folder is not ours to write to: /ready says so
            part.unlink(missing_ok=True)
            log.warning("no room could be kept for answers")
            return
        part.replace(self.path)

    def _fill(self, part: Path) -> None:
        with part.open("wb") as made:
            part.chmod(0o600)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(made.fileno(), 0, self.size)
            else:  # macOS
                made.writelines(bytes(MEGABYTE) for _ in range(self.size // MEGABYTE))

    def give_up(self) -> bool:
        """Remove the file if its disk is full; whether that made room."""
        try:
            if self.size == 0 or shutil.disk_usage(self.folder).free >= FULL:
                return False
            self.path.unlink()
        except OSError:  # no folder; or another process was quicker, and once is enough
            return False
        log.critical("the disk is full: the room kept for answers was given up")
        return True


NO_RESERVE = Reserve(Path(), 0)
