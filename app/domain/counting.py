"""What conditions count in one answer: years, months or days since a date, the signs of a text.

Counted is up to the day on which the date was answered, which stays with the answer: a path never
changes because time goes by. What a date leaves open is its first month or day. A day that is yet
to come counts below 0.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

Unit = Literal["years", "months", "days", "length"]
UNITS: tuple[Unit, ...] = get_args(Unit)
SINCE: tuple[Unit, ...] = ("years", "months", "days")
MOST = 100_000  # what is counted, and what it is compared with
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def first_day(written: str) -> date | None:
    """The first day of an ISO date, month or year; None where it is none."""
    if _DAY.fullmatch(written) is None:
        return None
    try:
        return date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return None


def counted(unit: Unit, written: str, on: str) -> int | None:
    """How many ``unit`` an answer comes to; ``on``: the ISO day on which it was given.

    None where the answer is no date, or nobody knows when it was given.
    """
    if unit == "length":
        return len(written)
    begun, day = first_day(written), first_day(on)
    if begun is None or day is None:
        return None
    if unit == "days":
        return (day - begun).days
    months = (day.year - begun.year) * 12 + day.month - begun.month - (day.day < begun.day)
    return months if unit == "months" else months // 12
