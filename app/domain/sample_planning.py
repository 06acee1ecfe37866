"""How many people to invite, and what answers carry: plain arithmetic of samples.

For a share p from a simple sample with a design effect: variance deff p (1 - p) / n, times
1 - n / N where the population is known (Cochran, Sampling Techniques, 3rd ed. 1977, 2.6 and 4.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

Z = 1.959964  # two-sided 95 %
POWER = 0.841621  # 80 %


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one asks for; shares between 0 and 1. ``population`` 0: unknown, taken as large."""

    half_width: float
    share: float = 0.5
    effect: float = 1.0  # design effect
    response: float = 0.4
    population: int = 0
    groups: int = 1  # of a breakdown, each to be as precise


@dataclass(frozen=True, slots=True)
class Planned:
    """Answers needed, people to invite; None where the population is too small for it."""

    answers: int
    invited: int | None


def planned(wanted: Wanted) -> Planned:
    """Answers and invitations for the half-width asked. Raises ``ValueError`` for odd shares."""
    if not (0 < wanted.half_width < 1 and 0 < wanted.share < 1 and 0 < wanted.response <= 1):
        raise ValueError("shares lie between 0 and 1")
    if wanted.effect < 1 or wanted.groups < 1 or wanted.population < 0:
        raise ValueError("a design effect and a number of groups are at least 1")
    needed = Z**2 * wanted.effect * wanted.share * (1 - wanted.share) / wanted.half_width**2
    size = wanted.population / wanted.groups
    if size:
        needed = needed / (1 + (needed - 1) / size)
    answers = ceil(needed) * wanted.groups
    invited = ceil(answers / wanted.response)
    too_many = bool(wanted.population) and invited > wanted.population
    return Planned(answers, None if too_many else invited)


def half_width(answers: int, share: float = 0.5, effect: float = 1.0, population: int = 0) -> float:
    """Half the width of the 95 % interval of a share; 1 where nobody answered."""
    if answers < 1:
        return 1.0
    rest = max(0.0, 1 - answers / population) if population else 1.0
    return min(1.0, Z * sqrt(effect * share * (1 - share) / answers * rest))


def detectable(answers: int, share: float = 0.5, effect: float = 1.0) -> float:
    """The change between two such waves of other people that would be seen 4 times in 5."""
    if answers < 1:
        return 1.0
    return min(1.0, (Z + POWER) * sqrt(2 * effect * share * (1 - share) / answers))


def foreseen(answers: int, lately: int, days: float, days_left: float, can_answer: int) -> int:
    """Answers at the closing if the last ``days`` go on, and not more than there are people."""
    if days <= 0 or days_left <= 0:
        return answers
    return answers + min(can_answer, round(lately * days_left / days))
