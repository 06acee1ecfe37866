"""Words of the builder: relations of conditions, and what an edit did."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.condition_rows import Relation
from app.domain.edit_history import Did

RELATIONS: dict[Relation, Any] = {
    "is": _l("is"),
    "other": _l("is not"),
    "any_of": _l("includes at least one of"),
    "all_of": _l("includes all of"),
    "least": _l("is at least"),
    "most": _l("is at most"),
    "above": _l("is above"),
    "below": _l("is below"),
    "years_least": _l("is so many whole years ago, or more"),
    "years_below": _l("is fewer whole years ago than"),
    "months_least": _l("is so many whole months ago, or more"),
    "months_below": _l("is fewer whole months ago than"),
    "days_least": _l("is so many days ago, or more"),
    "days_below": _l("is fewer days ago than"),
    "length_least": _l("has so many signs, or more"),
    "length_below": _l("has fewer signs than"),
    "answered": _l("has an answer"),
    "empty": _l("has no answer"),
}
DID: dict[Did, Any] = {
    "begin": _l("draft begun"),
    "add": _l("added"),
    "change": _l("changed"),
    "move": _l("moved"),
    "copy": _l("duplicated"),
    "retire": _l("retired"),
    "restore": _l("restored"),
    "head": _l("parts and particulars changed"),
    "undo": _l("undone"),
    "redo": _l("done again"),
}
