"""Dates as people write them: three boxes or one line, French or English month names."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

from app.domain.text import Text

Precision = Literal["day", "month", "year"]
PARTS: dict[Precision, int] = {"day": 3, "month": 2, "year": 1}

FRENCH = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _plain(word: str) -> str:
    """Lower case, without accents."""
    signs = unicodedata.normalize("NFKD", word.strip().lower().rstrip("."))
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


LONGEST = 40  # signs of a month: long ones take long to be made plain
_MONTHS = tuple((_plain(fr), _plain(en)) for fr, en in zip(FRENCH, ENGLISH, strict=True))
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_ORDINAL = re.compile(r"(\d{1,2})(?:er|re|e|st|nd|rd|th)?")


def month_number(written: str) -> int | None:
    """1 to 12 for ``7``, ``07``, ``juillet``, ``Juil.`` or ``july``; None for anything else."""
    word = _plain(written) if len(written.strip()) <= LONGEST else ""
    if re.fullmatch(r"[0-9]{1,2}", word):
        return int(word) if 1 <= int(word) <= 12 else None
    exact = [n for n, names in enumerate(_MONTHS, 1) if word in names]
    if exact:
        return exact[0]
    begun = {
        number
        for number, names in enumerate(_MONTHS, 1)
        if len(word) >= 3 and any(name.startswith(word) for name in names)
    }
    return begun.pop() if len(begun) == 1 else None


def iso_date(day: str, month: str, year: str, precision: Precision) -> str | None:
    """The ISO date cut to its precision (``1938-07``); None where it does not exist."""
    year = year.strip()
    if not re.fullmatch(r"[0-9]{4}", year) or year == "0000":
        return None
    if precision == "year":
        return year
    month_found = month_number(month)
    if month_found is None:
        return None
    if precision == "month":
        return f"{year}-{month_found:02d}"
    day_found = _ORDINAL.fullmatch(day.strip().lower(), 0)
    try:
        return date(int(year), month_found, int(day_found[1]) if day_found else 0).isoformat()
    except ValueError:
        return None


def split_date(written: str, precision: Precision) -> tuple[str, str, str]:
    """Day, month and year out of ``1938-07-14``, ``14/07/1938`` or ``14 juillet 1938``."""
    if found := _ISO.fullmatch(written):
        return found[3] or "", found[2] or "", found[1]
    parts = [part for part in re.split(r"[\s/.,-]+", written) if part]
    if len(parts) != PARTS[precision]:
        return "", "", ""
    day, month, year = ("", "", *parts)[-3:]
    return day, month, year


def spoken_date(iso: str) -> Text:
    """``1938-07-14`` as « 14 juillet 1938 » and “14 July 1938”, to whatever precision it has."""
    year, month, day = (*iso.split("-"), "", "")[:3]
    if not month:
        return Text.of(fr=year, en=year)
    index = int(month) - 1
    numbers = f"{int(day)} " if day else ""
    first = "1er " if numbers == "1 " else numbers
    return Text.of(fr=f"{first}{FRENCH[index]} {year}", en=f"{numbers}{ENGLISH[index]} {year}")
