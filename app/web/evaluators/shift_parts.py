"""What a standing shift is made of: its parts, which add up to it exactly."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.evaluation.comparison import ShiftPart
from app.evaluation.tables import Observation, What
from app.web.evaluators.reading import Reading

PARTS = {
    ShiftPart.WEIGHTED_DIFFERENTLY: _l("the same indicators, weighted differently"),
    ShiftPart.REFORMULATED: _l("indicators put in its own way"),
    ShiftPart.DROPPED: _l("national indicators that it drops"),
}


@dataclass(frozen=True, slots=True)
class Decomposed:
    """A territory's shift with its parts, in the order of ``PARTS``."""

    territory: str
    shift: Observation
    parts: tuple[Observation | None, ...]


def parts_of(r: Reading, place: str) -> Decomposed | None:
    """The shift of a territory taken apart; None where it is not shown."""
    shift = r.own(place, What.STANDING_SHIFT)
    parts = tuple(r.own(place, What.SHIFT_PART, part.value) for part in PARTS)
    if shift is None or not shift.shown or not any(each and each.shown for each in parts):
        return None
    return Decomposed(place, shift, parts)
