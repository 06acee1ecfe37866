"""Why people decline: told by who wants to, and counted only where nobody can be picked out."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.fieldwork import FEWEST, Count

REASONS = ("no_time", "not_well", "screen", "private", "no_use", "not_concerned", "other")
Place = tuple[str, str]  # territory, audience


def told_reasons(told: Mapping[Place, Mapping[str, int]]) -> dict[Place, dict[str, Count]]:
    """The reasons told at each place, for each audience alike.

    A reason of fewer than ``FEWEST`` people is not given, nor is a place where none has more. How
    many gave no reason is never said, so that no total leads to a number that is hidden.
    """
    shown = {}
    for place, numbers in told.items():
        counts = {reason: numbers.get(reason, 0) for reason in REASONS}
        if max(counts.values()) >= FEWEST:
            shown[place] = {
                reason: Count(number if number >= FEWEST else None)
                for reason, number in counts.items()
            }
    return shown
