"""Codes for what a foreign form names in its own way: the same where it can be, else near it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from app.domain.codes import is_code, is_option_code

LONGEST = 28  # leaves room for the place of an entry of a list
_OTHER = re.compile(r"[^A-Za-z0-9_]+")


def plain_code(name: str, first: str = "Q") -> str:
    """The name as a code; ``first`` stands before one that begins with no letter."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = _OTHER.sub("_", ascii_).strip("_")[:LONGEST]
    if not code:
        return first
    return code if code[0].isalpha() else f"{first}{code}"[:LONGEST]


def plain_option_code(name: str) -> str:
    """The name as a code of an option, which may begin with a digit, or with - before one."""
    name = name.strip()
    sign = "-" if re.fullmatch(r"-[A-Za-z0-9].*", name) else ""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return sign + (_OTHER.sub("_", ascii_).strip("_")[:LONGEST] or "o")


@dataclass
class Names:
    """Gives each name a code of its own."""

    first: str = "Q"
    options: bool = False
    _taken: set[str] = field(default_factory=set)

    def code(self, name: str, places: int = 0) -> str:
        """A code that nothing has yet; ``places``: nor any of its forms ``…_1``, ``…_2``."""
        right = is_option_code(name) if self.options else is_code(name) and len(name) <= LONGEST
        wanted = name if right else ""
        if not wanted:
            wanted = plain_option_code(name) if self.options else plain_code(name, self.first)
        code, number = wanted, 2
        while not self._taken.isdisjoint(_forms(code, places)):
            end = f"_{_letters(number - 2)}" if places else f"_{number}"
            code = f"{wanted[: LONGEST - len(end)]}{end}"
            number += 1
        self._taken.update(_forms(code, places))
        return code


def _letters(number: int) -> str:
    """0 as ``a``, 25 as ``z``, 26 as ``aa``: a number there would be taken for a place."""
    before = _letters(number // 26 - 1) if number >= 26 else ""
    return before + chr(97 + number % 26)


def _forms(code: str, places: int) -> set[str]:
    return {code, *(f"{code}_{place}" for place in range(1, places + 1))}
