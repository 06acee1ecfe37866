"""Packed files (XLSX is a zip) measured before anything of them is unpacked."""

from __future__ import annotations

from typing import BinaryIO, Literal
from zipfile import BadZipFile, ZipFile

MOST_PARTS = 2_000
MOST_RATIO = 300  # unpacked bytes for a packed one; sheets of real offices stay under 40
RATIO_FROM = 2_000_000  # unpacked bytes from which on the ratio is looked at
MOST_HELD = 60_000_000  # unpacked bytes of what is held in memory whole: all but the sheets
SHEETS = "xl/worksheets/"
Reason = Literal["unreadable", "too_costly", "macros"]


class BadPackage(ValueError):
    """A packed file that is not opened; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def measure(stream: BinaryIO, most_unpacked: int) -> None:
    """Look at a workbook's list of parts; nothing is unpacked.

    The sizes of that list bind: what unpacks to more is cut there, and its checksum then differs.
    Raises ``BadPackage``: no package, macros in it, over ``most_unpacked`` bytes, too many parts,
    or parts that are packed as no office program packs them.
    """
    try:
        with ZipFile(stream) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadPackage("unreadable") from error
    names = [part.filename.casefold() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise BadPackage("macros")
    whole = sum(part.file_size for part in parts)
    held = sum(part.file_size for part in parts if not part.filename.startswith(SHEETS))
    packed = sum(part.compress_size for part in parts)
    ratio = whole > RATIO_FROM and whole > MOST_RATIO * packed
    if len(parts) > MOST_PARTS or whole > most_unpacked or held > MOST_HELD or ratio:
        raise BadPackage("too_costly")
    if len(set(names)) < len(names) or "xl/workbook.xml" not in names:
        raise BadPackage("unreadable")
