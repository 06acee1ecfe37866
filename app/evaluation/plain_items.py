"""Answers in plain columns of text as item columns: codes, numbers, several codes, ways out.

A cell holds the option's code, codes with ``|`` between, or a number; ``!dont_know``,
``!prefer_not``, ``!not_concerned``, ``!not_shown`` say why there is none; empty is skipped. What a
cell held is never repeated in a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.conditions import as_number
from app.domain.errors import BadInput, Fault
from app.domain.questionnaire import Kind, Limits, Question
from app.evaluation.columns import Integers, ItemColumn, Status
from app.evaluation.plan import ItemPlan, Plan
from app.evaluation.rectangle import MOST_FAULTS, Rectangle
from app.evaluation.refusing import fault

Statuses = NDArray[np.int8]
WHY = {
    "dont_know": Status.DONT_KNOW,
    "prefer_not": Status.PREFER_NOT,
    "not_concerned": Status.NOT_CONCERNED,
    "skipped": Status.SKIPPED,
    "not_shown": Status.NOT_SHOWN,
}


def items_of(questions: Mapping[str, Question]) -> dict[str, ItemPlan]:
    """The items of a questionnaire by code; free texts are not among them."""
    found = {}
    for item, question in questions.items():
        if question.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.FILE, Kind.INFORMATION):
            continue
        limits = question.limits if question.kind is Kind.NUMBER else Limits()
        found[item] = ItemPlan(
            item,
            {option.code: option.score for option in question.options},
            _number(limits.minimum),
            _number(limits.maximum),
            several=question.kind is Kind.CHOICES,
        )
    return found


def _number(limit: float | str | None) -> float | None:
    return float(limit) if isinstance(limit, int | float) else None


def as_planned(data: Rectangle, plan: Plan) -> Rectangle:
    """The data with what the plan says of cells: which stand for no answer, and territories."""
    codes = {
        each.read: {cell: f"!{why}" for cell, why in each.missing.items()} for each in plan.items
    }
    if plan.territory is not None:
        codes[plan.territory] = dict(plan.territories)
    return data.recoded(codes)


def item_column(data: Rectangle, item: ItemPlan) -> ItemColumn:
    """The answers to one item over all rows. Raises ``BadInput`` by line for what is no answer."""
    cells = data.text(item.read)
    status = np.array([_status(cell) for cell in cells], dtype=np.int8)
    valued = np.flatnonzero(status == Status.VALUE)
    given = [cells[row] for row in valued.tolist()]
    if item.several:
        return _several(data, item, status, valued, given)
    if item.scores:
        return _coded(data, item, status, valued, given)
    if item.lowest is None and item.highest is None and any(as_number(c) is None for c in given):
        return _words(status, valued, given)
    return _numbers(data, item, status, valued, given)


def _status(cell: str) -> Status:
    if cell in ("", "NA"):
        return Status.SKIPPED
    if cell.startswith("!"):
        return WHY.get(cell[1:], Status.VALUE)
    return Status.VALUE


def _faults(data: Rectangle, item: ItemPlan, rows: Iterable[int], remedy: tuple[str, str]) -> None:
    found: list[Fault] = [
        fault(
            f"{data.lines[row]} {item.read}",
            ("Cette cellule n’est pas une réponse possible.", "This cell is no possible answer."),
            remedy,
        )
        for row in rows
    ]
    if found:
        raise BadInput(found[:MOST_FAULTS])


def _listed(item: ItemPlan) -> tuple[str, str]:
    codes = ", ".join(item.scores)
    return (f"Codes possibles : {codes}.", f"Possible codes: {codes}.")


def _ends(item: ItemPlan) -> tuple[float | None, float | None]:
    scores = [score for score in item.scores.values() if score is not None]
    low = item.lowest if item.lowest is not None else min(scores, default=None)
    return low, item.highest if item.highest is not None else max(scores, default=None)


def _coded(
    data: Rectangle, item: ItemPlan, status: Statuses, valued: Integers, given: Sequence[str]
) -> ItemColumn:
    codes = tuple(item.scores)
    index = {code: place for place, code in enumerate(codes)}
    wrong = [int(row) for row, cell in zip(valued, given, strict=True) if cell not in index]
    _faults(data, item, wrong, _listed(item))
    code = np.full(len(status), -1, dtype=np.int16)
    code[valued] = [index[cell] for cell in given]
    scores = [np.nan if score is None else score for score in item.scores.values()]
    low, high = _ends(item)
    return ItemColumn(status, None, code, codes, None, low, high, np.array(scores, np.float64))


def _several(
    data: Rectangle, item: ItemPlan, status: Statuses, valued: Integers, given: Sequence[str]
) -> ItemColumn:
    chosen = [[part.strip() for part in cell.split("|")] for cell in given]
    codes = tuple(item.scores) or tuple(sorted({part for parts in chosen for part in parts}))
    index = {code: place for place, code in enumerate(codes)}
    wrong = [
        int(row)
        for row, parts in zip(valued, chosen, strict=True)
        if any(part not in index for part in parts)
    ]
    _faults(data, item, wrong, _listed(item))
    ticked = np.zeros((len(status), len(codes)), dtype=bool)
    for row, parts in zip(valued, chosen, strict=True):
        ticked[row, [index[part] for part in parts]] = True
    none = np.full(len(status), -1, dtype=np.int16)
    return ItemColumn(status, np.full(len(status), np.nan), none, codes, ticked)


def _words(status: Statuses, valued: Integers, given: Sequence[str]) -> ItemColumn:
    codes = tuple(sorted(set(given)))
    index = {code: place for place, code in enumerate(codes)}
    code = np.full(len(status), -1, dtype=np.int32)
    code[valued] = [index[cell] for cell in given]
    numbers = [as_number(each) for each in codes]
    scores = np.array([np.nan if number is None else number for number in numbers], np.float64)
    return ItemColumn(status, None, code, codes, scores=scores, written=True)


def _numbers(
    data: Rectangle, item: ItemPlan, status: Statuses, valued: Integers, given: Sequence[str]
) -> ItemColumn:
    read = [as_number(cell.replace(",", ".")) for cell in given]
    low, high = item.lowest, item.highest
    wrong = [
        int(row)
        for row, number in zip(valued, read, strict=True)
        if number is None
        or (low is not None and number < low)
        or (high is not None and number > high)
    ]
    _faults(
        data,
        item,
        wrong,
        (f"Il faut un nombre entre {low} et {high}, ou vide.",
         f"A number between {low} and {high} is needed, or nothing."),
    )  # fmt: skip
    number = np.full(len(status), np.nan)
    number[valued] = [np.nan if each is None else each for each in read]
    none = np.full(len(status), -1, dtype=np.int16)
    return ItemColumn(status, number, none, (), None, low, high)
