"""Words of the forms of indicators: kinds of measure, what counts as no, where one stands."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.framework_tree import Standing

MEASURES: dict[str, Any] = {
    "share": _l("share of people for whom something holds"),
    "scale": _l("mean of scores, from 0 to 100"),
    "share_of_items": _l("mean share of several things that hold"),
    "series": _l("administrative series"),
    "gap": _l("difference between a group and the others"),
}
COUNTED: dict[str, Any] = {
    "dont_know": _l("Who does not know"),
    "not_concerned": _l("Who is not concerned"),
    "not_shown": _l("Who was not asked"),
}
STANDINGS: dict[Standing, Any] = {
    "national": _l("counts in the national score"),
    "adapted": _l("instead of a national indicator"),
    "added": _l("the territory’s own"),
    "ledger": _l("shown beside the scores, never scored"),
}
BROKEN_DOWN_BY: dict[str, Any] = {
    "question": _l("what they answered to a question"),
    "who_answers": _l("who answered: the person, or somebody in their place"),
}
AGGREGATIONS: dict[str, Any] = {
    "arithmetic": _l("mean: what is weak can be made up for"),
    "geometric": _l("geometric mean: what is weak weighs more"),
}
_FIELDS: dict[str, Any] = {
    "code": _l("Code"),
    "title": _l("Title"),
    "weight": _l("Weight"),
    "measure": _l("Measure"),
    "unit": _l("Unit"),
    "direction": _l("Direction"),
    "goalposts": _l("Goalposts"),
    "target": _l("Target"),
    "note": _l("Note to the reader"),
    "reason": _l("Reason"),
    "evidence": _l("Evidence"),
    "source": _l("Source"),
    "value": _l("New public value"),
}


def field_words(place: str) -> Any:
    """The field in which a place within an indicator stands; the place itself where none does."""
    return _FIELDS.get(place.partition(".")[0].partition("[")[0], place)
