"""Where people leave a questionnaire: pages told by as many people as may be told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.fieldwork import FEWEST


@dataclass(frozen=True, slots=True)
class LeftAt:
    """People who left at one page, or at several that few left at (``page`` empty)."""

    page: str
    people: int


def told(left: Mapping[str, int]) -> list[LeftAt]:
    """The pages at which at least ``FEWEST`` people left, the most first, and the others together.

    Where the others are fewer than that, the smallest page joins them, so that nothing follows from
    the sum; where all of them are too few, nothing is told.
    """
    large = sorted(
        ((page, people) for page, people in left.items() if people >= FEWEST),
        key=lambda each: (-each[1], each[0]),
    )
    rest = sum(people for people in left.values() if 0 < people < FEWEST)
    while large and 0 < rest < FEWEST:
        rest += large.pop()[1]
    found = [LeftAt(page, people) for page, people in large]
    return [*found, LeftAt("", rest)] if rest >= FEWEST else found
