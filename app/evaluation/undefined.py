"""A figure that cannot be computed says why and where; it is never NaN and never zero."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undefined:
    """Why there is no figure.

    ``why``: a stable word (``constant_item``, ``not_converged``, …; docs/methods-comparability.md
    lists them); ``place``: the item, model or round it concerns, empty where it is the whole.
    """

    why: str
    place: str = ""


Figure = float | Undefined
