"""Our conditions as FHIR ``enableWhen``: every condition is an "all of (any of …)"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.conditions import (
    ORDER,
    All,
    Answered,
    Compare,
    Condition,
    Counted,
    Includes,
    Leaf,
    Not,
    OneOf,
    as_number,
)
from app.domain.conditions import Any as AnyOf
from app.domain.questionnaire import Kind, Question
from app.interchange.export_losses import unlabelled

Json = dict[str, Any]
Clause = tuple[Json, ...]
MAX_CLAUSES = 64
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class NotSaid(ValueError):
    """FHIR has no way to say this."""


def clauses(
    condition: Condition, asked: Mapping[str, Question], *, holds: bool = True
) -> list[Clause]:
    """Clauses that must all hold; one part of each is enough. Raises ``NotSaid``."""
    if isinstance(condition, Not):
        return clauses(condition.part, asked, holds=not holds)
    if isinstance(condition, All | AnyOf):
        parts = [clauses(part, asked, holds=holds) for part in condition.parts]
        if isinstance(condition, All) == holds:
            return [clause for part in parts for clause in part]
        return _multiplied(parts)
    return _leaf(condition, asked, holds=holds)


def _multiplied(parts: list[list[Clause]]) -> list[Clause]:
    found: list[Clause] = [()]
    for part in parts:
        found = [(*before, *clause) for before in found for clause in part]
        if len(found) > MAX_CLAUSES:
            raise NotSaid
    return found


def _leaf(leaf: Leaf, asked: Mapping[str, Question], *, holds: bool) -> list[Clause]:
    question = asked.get(leaf.item)
    if question is None or question.kind in (Kind.LIST, Kind.INFORMATION):
        raise NotSaid
    if isinstance(leaf, Counted):
        raise NotSaid
    if isinstance(leaf, Answered):
        return [(_exists(leaf.item, there=holds),)]
    if isinstance(leaf, OneOf | Includes):
        every = isinstance(leaf, Includes) and leaf.every
        return _codes(question, leaf.item, leaf.codes, every=every, holds=holds)
    return _compared(leaf, question, holds=holds)


def _compared(leaf: Compare, question: Question, *, holds: bool) -> list[Clause]:
    item = leaf.item
    if leaf.op == "=":
        return _codes(question, item, (leaf.value,), every=False, holds=holds)
    if leaf.op == "!=":
        same = (_when(question, item, "=", leaf.value),)
        other = (_when(question, item, "!=", leaf.value),)
        return [(_exists(item, there=True),), other] if holds else [(_exists(item), *same)]
    if question.options:
        return _codes(question, item, scored(question, leaf), every=False, holds=holds)
    if holds:
        return [(_when(question, item, leaf.op, leaf.value),)]
    return [(_exists(item), _when(question, item, _OPPOSITE[leaf.op], leaf.value))]


def scored(question: Question, leaf: Compare) -> tuple[str, ...]:
    """The options whose scores stand so to the value. Raises ``NotSaid`` where none does."""
    wanted = as_number(leaf.value)
    codes = tuple(
        option.code
        for option in question.options
        if option.score is not None and wanted is not None and ORDER[leaf.op](option.score, wanted)
    )
    if not codes:
        raise NotSaid
    return codes


def _codes(
    question: Question, item: str, codes: tuple[str, ...], *, every: bool, holds: bool
) -> list[Clause]:
    whens = [_when(question, item, "=" if holds else "!=", code) for code in codes]
    return [(when,) for when in whens] if every == holds else [tuple(whens)]


def _exists(item: str, *, there: bool = False) -> Json:
    return {"question": item, "operator": "exists", "answerBoolean": there}


def _when(question: Question, item: str, operator: str, value: str) -> Json:
    return {"question": item, "operator": operator, **_answer(question, value)}


def _answer(question: Question, value: str) -> Json:
    if is_boolean(question):
        return {"answerBoolean": value == "true"}
    if is_scale(question):
        return {"answerInteger": int(value)}
    if question.options:
        return {"answerCoding": {"code": value}}
    if question.kind is Kind.NUMBER:
        number = as_number(value)
        if number is None:
            raise NotSaid
        if question.limits.decimals == 0 and number.is_integer():
            return {"answerInteger": int(number)}
        return {"answerDecimal": number}
    if question.kind is Kind.TIME:
        return {"answerTime": f"{value}:00"}
    return {"answerDate" if question.kind is Kind.DATE else "answerString": value}


def is_boolean(question: Question) -> bool:
    """Whether the options are FHIR's own true and false."""
    codes = [option.code for option in question.options]
    return question.kind is Kind.CHOICE and codes == ["true", "false"]


def is_scale(question: Question) -> bool:
    """Whether it is a rating whose values have no words: a slider there."""
    return question.kind is Kind.RATING and unlabelled(question)


def groups_of(wanted: list[Clause]) -> int:
    """How many groups around the item these clauses need."""
    several = sum(1 for clause in wanted if len(clause) > 1)
    return several if several < len(wanted) else max(several - 1, 0)


def enabled(item: Json, wanted: list[Clause]) -> Json:
    """The item with these clauses as its condition; a group around it for each further one."""
    single = [clause[0] for clause in wanted if len(clause) == 1]
    several = [clause for clause in wanted if len(clause) > 1]
    if not several or (len(several) == 1 and not single):
        behaviour = "any" if several else "all"
        whens = list(several[0]) if several else single
        joint = {"enableBehavior": behaviour} if len(whens) > 1 else {}
        return _with(item, whens, joint)
    if single:
        item = _with(item, single, {"enableBehavior": "all"} if len(single) > 1 else {})
    else:
        item = _with(item, list(several.pop()), {"enableBehavior": "any"})
    for number, clause in enumerate(several, 1):
        group = {"linkId": f"{item['linkId']}.if{number}", "type": "group", "item": [item]}
        item = _with(group, list(clause), {"enableBehavior": "any"})
    return item


def _with(item: Json, whens: list[Json], joint: Json) -> Json:
    """The item with its condition before what stands in it, as people read it."""
    inner: Json = {name: item[name] for name in ("answerOption", "item") if name in item}
    rest: Json = {name: value for name, value in item.items() if name not in inner}
    return {**rest, "enableWhen": whens, **joint, **inner}
