"""Which passwords are refused: too short, known to everybody, about oneself, or breached.

No composition is asked for and no change after some time (CNIL 2022-100, NIST SP 800-63B): a long
phrase that nobody else uses. Nothing is asked of another service: the breached ones stand in a file
that the operator may fetch, in the order and form in which such lists are given out (SHA-1 in
hexadecimal, sorted, one a line, ":count" after it or not; digests may be cut short).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Literal

from app.protection.common_passwords import is_common

SHORTEST = 12
LONGEST = 200
_SHORTEST_DIGEST = 10  # hexadecimal digits: fewer would refuse good passwords
Weakness = Literal["length", "common", "personal", "breached"]


def weakness(password: str, about: Iterable[str], breached: Path | None) -> Weakness | None:
    """Why this password is refused, or None. ``about``: the person's name and e-mail address."""
    if not SHORTEST <= len(password) <= LONGEST:
        return "length"
    if is_common(password):
        return "common"
    if _is_personal(password, about):
        return "personal"
    if breached is not None and is_breached(password, breached):
        return "breached"
    return None


def _is_personal(password: str, about: Iterable[str]) -> bool:
    """Whether little but the person's own name or address is left in it."""
    rest = password.casefold()
    for part in re.split(r"[\W_]+", " ".join(about).casefold()):
        if len(part) >= 3:
            rest = rest.replace(part, "")
    return len(re.sub(r"[\W\d_]", "", rest)) < 4 and len(rest) < len(password)


def is_breached(password: str, path: Path) -> bool:
    """Whether the password's SHA-1, or a beginning of it, stands in the sorted file."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:  # the first line that is greater than ``wanted`` begins in [low, high]
            middle = (low + high) // 2
            line, after = _line_from(file, middle)
            if line and wanted.startswith(line):
                return True
            if line and line < wanted:
                low = after
            else:
                high = middle
    return False


def _line_from(file: BinaryIO, place: int) -> tuple[bytes, int]:
    """The digest on the first line that begins at ``place`` or after it, and where it ends."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    line = file.readline()
    return line.partition(b":")[0].strip().upper(), file.tell()


def list_fault(path: Path) -> str:
    """What is wrong with a file of breached passwords, by its beginning; empty when nothing is."""
    if not path.is_file():
        return "there is no such file"
    with path.open("rb") as file:
        lines = [file.readline().partition(b":")[0].strip().upper() for _ in range(1000)]
    found = [line for line in lines if line]
    digests = re.compile(rb"[0-9A-F]{%d,40}" % _SHORTEST_DIGEST)
    if not found or not all(digests.fullmatch(line) for line in found):
        return "its lines are not SHA-1 digests in hexadecimal, 10 to 40 digits"
    return "" if found == sorted(found) else "its lines are not sorted"
