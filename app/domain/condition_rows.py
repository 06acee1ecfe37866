"""A condition as rows of a form: an item, how it stands, and to what; joined by all or any.

What the rows cannot say (a combination inside another) is kept whole as a row of its own, so that
nothing is lost by opening and saving it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.condition_checks import COUNTED, OPTION_KINDS, comparable
from app.domain.conditions import (
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Includes,
    Not,
    OneOf,
    Operator,
)
from app.domain.counting import UNITS, Unit
from app.domain.questionnaire import Kind, Question

Relation = Literal[
    "is",
    "other",
    "any_of",
    "all_of",
    "least",
    "most",
    "above",
    "below",
    "years_least",
    "years_below",
    "months_least",
    "months_below",
    "days_least",
    "days_below",
    "length_least",
    "length_below",
    "answered",
    "empty",
]
Join = Literal["all", "any"]
_ORDER: dict[str, Operator] = {"least": ">=", "most": "<=", "above": ">", "below": "<"}
_RELATION_OF: dict[str, Relation] = {
    ">=": "least",
    "<=": "most",
    ">": "above",
    "<": "below",
    "!=": "other",
    "=": "is",
}
# What is counted in a date or a text, for the two ways to compare it that rows offer.
COUNTS: dict[Relation, tuple[Unit, Operator]] = {
    f"{unit}_{word}": (unit, op)  # type: ignore[misc]  # one of the words above
    for unit in UNITS
    for word, op in (("least", ">="), ("below", "<"))
}


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One line of the form. ``kept``: a part that the form shows as a sentence only."""

    item: str = ""
    relation: Relation = "is"
    values: tuple[str, ...] = ()
    kept: Condition | None = None


_IN_ORDER = (Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.LIST)


def relations_of(question: Question) -> tuple[Relation, ...]:
    """How an answer to this question may stand in a condition."""
    if question.kind is Kind.CHOICES:
        return ("any_of", "all_of", "answered", "empty")
    order: tuple[Relation, ...] = tuple(_ORDER) if comparable(question) else ()  # type: ignore[arg-type]
    counts = tuple(r for r, (unit, _) in COUNTS.items() if unit in COUNTED.get(question.kind, ()))
    if question.kind in OPTION_KINDS or question.kind in _IN_ORDER:
        return ("is", "other", *order, *counts, "answered", "empty")
    return (*counts, "answered", "empty")


def rows_of(condition: Condition | None) -> tuple[Join, tuple[ConditionRow, ...]]:
    """The rows that say this condition, and how they are joined."""
    if condition is None:
        return "all", ()
    if isinstance(condition, All | Any):
        join: Join = "all" if isinstance(condition, All) else "any"
        return join, tuple(_row(part) for part in condition.parts)
    return "all", (_row(condition),)


def _row(part: Condition) -> ConditionRow:
    if isinstance(part, Not) and isinstance(part.part, Answered):
        return ConditionRow(part.part.item, "empty")
    if isinstance(part, All | Any | Not):
        return ConditionRow(kept=part)
    if isinstance(part, Answered):
        return ConditionRow(part.item, "answered")
    if isinstance(part, Counted):
        said = next((r for r, (u, op) in COUNTS.items() if (u, op) == (part.unit, part.op)), None)
        return ConditionRow(part.item, said, (part.value,)) if said else ConditionRow(kept=part)
    if isinstance(part, Compare):
        return ConditionRow(part.item, _RELATION_OF[part.op], (part.value,))
    if isinstance(part, Includes):
        return ConditionRow(part.item, "all_of" if part.every else "any_of", part.codes)
    return ConditionRow(part.item, "is", part.codes)


def condition_of(join: Join, rows: tuple[ConditionRow, ...]) -> Condition | None:
    """The condition that the rows say; None where they say nothing."""
    parts = tuple(part for row in rows if (part := _part(row)) is not None)
    if len(parts) < 2:
        return parts[0] if parts else None
    return All(parts) if join == "all" else Any(parts)


def _part(row: ConditionRow) -> Condition | None:
    """The row as a condition; with an item alone: that it has an answer. None without an item."""
    if row.kept is not None:
        return row.kept
    if not row.item:
        return None
    if row.relation == "answered":
        return Answered(row.item)
    if row.relation == "empty":
        return Not(Answered(row.item))
    return _compared(row) if row.values else Answered(row.item)


def _compared(row: ConditionRow) -> Condition:
    if row.relation in COUNTS:
        unit, op = COUNTS[row.relation]
        return Counted(row.item, unit, op, row.values[0])
    if row.relation in _ORDER:
        return Compare(row.item, _ORDER[row.relation], row.values[0])
    if row.relation in ("any_of", "all_of"):
        return Includes(row.item, row.values, row.relation == "all_of")
    if row.relation == "is":
        one = len(row.values) == 1
        return Compare(row.item, "=", row.values[0]) if one else OneOf(row.item, row.values)
    others = tuple(Compare(row.item, "!=", value) for value in row.values)
    return others[0] if len(others) == 1 else All(others)
