"""Points on the map as people and devices write them: ``44,8378 ; -0,5792``, ``44°50'16" N``.

Kept as latitude and longitude in degrees (WGS 84) with a space between, then, where a device told
them, altitude and accuracy in metres: the way ODK writes a ``geopoint``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.text import Text

Axis = Literal["latitude", "longitude"]
DECIMALS = 6  # of a degree: a tenth of a metre
LONGEST = 120  # signs of a place as typed
COARSE = 1  # decimals of a degree that leave the response: about eleven kilometres
MOST: dict[Axis, float] = {"latitude": 90.0, "longitude": 180.0}

_SIDES: dict[Axis, dict[str, int]] = {
    "latitude": {"n": 1, "s": -1},
    "longitude": {"e": 1, "w": -1},
}
_LETTERS = {
    **dict.fromkeys(("nord", "north"), "n"),
    **dict.fromkeys(("sud", "south"), "s"),
    **dict.fromkeys(("est", "east"), "e"),
    **dict.fromkeys(("o", "ouest", "west"), "w"),
}
_DEGREES = re.compile(
    r"""(?P<before>[a-z]+)?\s*(?P<sign>[+-])?\s*(?P<degrees>\d{1,3}(?:[.,]\d{1,12})?)
    (?:\s*[°º]\s*(?:(?P<minutes>\d{1,2}(?:[.,]\d{1,12})?)\s*['′]\s*
    (?:(?P<seconds>\d{1,2}(?:[.,]\d{1,12})?)\s*(?:"|″|''|′′)\s*)?)?)?
    \s*(?P<after>[a-z]+)?""",
    re.VERBOSE | re.ASCII,
)
_METRES = re.compile(r"-?\d{1,5}(?:[.,]\d{1,12})?", re.ASCII)
_TYPED = str.maketrans("−–’‘“”\u00a0\u202f\t", "--''\"\"   ")
# The first way that parts the text is taken: a semicolon, the letter of a side, a comma, spaces.
_BETWEEN = (
    re.compile(r"\s*;\s*"),
    re.compile(r"[\s,]+(?=[ew]\s*\d)"),
    re.compile(r"(?<=[ns])[\s,]+(?=\d)"),
    re.compile(r",\s+|,(?=[^,]*\.)"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east; metres above the sea and of accuracy, where a device told them."""

    latitude: float
    longitude: float
    altitude: float | None = None
    accuracy: float | None = None

    @property
    def written(self) -> str:
        """As it is kept; an altitude that is not known stands as 0 before an accuracy."""
        numbers = [_plain(self.latitude, DECIMALS), _plain(self.longitude, DECIMALS)]
        if self.altitude is not None or self.accuracy is not None:
            numbers.append(_plain(self.altitude or 0.0, 1))
        if self.accuracy is not None:
            numbers.append(_plain(self.accuracy, 1))
        return " ".join(numbers)


def _plain(number: float, decimals: int) -> str:
    written = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def degrees(written: str, axis: Axis) -> float | None:
    """Degrees north or east; None where no such latitude or longitude is written.

    Comma or point, a minus or N, S, E, W, O and their words, minutes and seconds.
    """
    found = _DEGREES.fullmatch(_tidy(written))
    if found is None or (found["before"] and found["after"]):
        return None
    side = found["before"] or found["after"]
    if side and (side not in _SIDES[axis] or found["sign"]):
        return None
    minutes, seconds = (_number(found[part]) for part in ("minutes", "seconds"))
    if minutes >= 60 or seconds >= 60:
        return None
    value = _number(found["degrees"]) + minutes / 60 + seconds / 3600
    if value > MOST[axis]:
        return None
    turned = -1 if found["sign"] == "-" else _SIDES[axis].get(side or "", 1)
    return round(turned * value, DECIMALS) + 0.0


def _tidy(written: str) -> str:
    """Small letters and plain signs, single spaces, one letter for each side of the compass."""
    text = " ".join(written.translate(_TYPED).casefold().split())
    return re.sub("[a-z]+", lambda word: _LETTERS.get(word[0], word[0]), text)


def _number(written: str | None) -> float:
    return float((written or "0").replace(",", "."))


def parts_of(written: str) -> tuple[str, ...]:
    """One text cut into latitude, longitude and what a device told besides."""
    text = _tidy(written)
    for between in _BETWEEN:
        parts = tuple(part.strip() for part in between.split(text) if part.strip())
        if len(parts) > 1:
            return parts
    return (text,)


def point_of(given: Sequence[str]) -> Point | None:
    """The point that these parts say: latitude, longitude, then altitude and accuracy or neither.

    None where a latitude or longitude is wrong or missing, or something else stands beside them.
    """
    if not 2 <= len(given) <= 4:
        return None
    latitude, longitude = degrees(given[0], "latitude"), degrees(given[1], "longitude")
    if latitude is None or longitude is None:
        return None
    metres = given[2:]
    if not all(_METRES.fullmatch(each) for each in metres):
        return None
    told = [_number(each) for each in metres]
    if len(told) > 1 and told[1] < 0:
        return None
    return Point(latitude, longitude, *told)


def coarse(written: str) -> str:
    """A kept place to a tenth of a degree, without altitude and accuracy."""
    return " ".join(_plain(float(part), COARSE) for part in written.split()[:2])


def spoken_place(written: str) -> Text:
    """A kept place as « 44,8378° nord, 0,5792° ouest » and “44.8378° north, 0.5792° west”."""
    latitude, longitude, *told = (float(part) for part in written.split())
    north = ("nord", "north") if latitude >= 0 else ("sud", "south")
    east = ("est", "east") if longitude >= 0 else ("ouest", "west")
    y, x = (_plain(abs(number), DECIMALS) for number in (latitude, longitude))
    fr = f"{y}°\u00a0{north[0]}, {x}°\u00a0{east[0]}".replace(".", ",")
    en = f"{y}°\u00a0{north[1]}, {x}°\u00a0{east[1]}"
    if len(told) > 1:
        near = _plain(told[1], 0)
        fr, en = f"{fr} (à {near}\u00a0m près)", f"{en} (within {near}\u00a0m)"
    return Text.of(fr=fr, en=en)
