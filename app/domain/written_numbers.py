"""Numbers as offices write them: with a decimal comma or a point, thousands apart by a space.

A comma with three digits after it, as in ``1,000``, is one in French and a thousand in English.
Nothing is guessed: such a number is refused, in every file and form that this module reads for. A
weight is taken of a file that is parted by semicolons, as where commas begin decimals.
"""

from __future__ import annotations

import math
import re

from app.domain.text import Text

_SPACES = re.compile(r"[\s\u00a0\u202f]")
LARGEST_WEIGHT = 1e6
_PLAIN = re.compile(r"[+-]?[0-9]*[.,]?[0-9]*([eE][+-]?[0-9]+)?")  # no 1_000, no other digits
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
Said = tuple[Text, Text]  # reason, remedy

NOT_A_NUMBER: Said = (
    Text.of(fr="Ce n’est pas un nombre.", en="This is not a number."),
    Text.of(fr="Écrivez un nombre, par exemple 1250.", en="Write a number, say 1250."),
)
READ_TWO_WAYS: Said = (
    Text.of(
        fr="Ce nombre se lit de deux façons\u00a0: sa virgule peut commencer les décimales, ou "
        "séparer les milliers.",
        en="This number can be read in two ways: the comma may begin the decimals or part the "
        "thousands.",
    ),
    Text.of(
        fr="Écrivez 1 ou 1000 au lieu de 1,000\u00a0; 1,25 ou 1250 au lieu de 1,250.",
        en="Write 1 or 1000 in place of 1,000; 1.25 or 1250 in place of 1,250.",
    ),
)


def reads_two_ways(cell: str) -> bool:
    """Whether the comma of a number may begin its decimals or part its thousands: 1,000."""
    return _TWO_WAYS.fullmatch(cell.strip()) is not None


def number_in(cell: str) -> float | None:
    """The number written in a cell; None where it is not one, or reads two ways."""
    if reads_two_ways(cell):
        return None
    written = _SPACES.sub("", cell)
    if not _PLAIN.fullmatch(written):
        return None
    try:
        found = float(written.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def number_fault(cell: str) -> Said | None:
    """Why ``number_in`` finds none, and what to do."""
    if reads_two_ways(cell):
        return READ_TWO_WAYS
    return NOT_A_NUMBER if number_in(cell) is None else None


def weight_of(value: str, *, decimal_comma: bool) -> float | None:
    """The weight written in a cell, with a comma or a point; None where it is not one, or reads two
    ways: 1,000. ``decimal_comma``: of a file in which a comma begins decimals for certain."""
    if not _PLAIN.fullmatch(value) or (reads_two_ways(value) and not decimal_comma):
        return None
    try:
        weight = float(value.replace(",", ".")) if value else 1.0
    except ValueError:
        return None
    return weight if math.isfinite(weight) and 0 < weight <= LARGEST_WEIGHT else None


def weight_fault(value: str, *, decimal_comma: bool) -> Said | None:
    """Why ``weight_of`` finds none, and what to do."""
    if weight_of(value, decimal_comma=decimal_comma) is not None:
        return None
    if reads_two_ways(value) and not decimal_comma:
        return READ_TWO_WAYS
    return (
        Text.of(fr="Ce poids n’est pas utilisable.", en="This weight cannot be used."),
        Text.of(
            fr="Écrivez un nombre positif, ou rien.", en="Write a positive number, or nothing."
        ),
    )
