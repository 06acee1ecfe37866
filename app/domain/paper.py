"""A questionnaire on paper: numbers of its questions, keys of its boxes, what a box lets skip.

Who keys a sheet types what is printed beside the boxes, so both read it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.conditions import All, Any, Condition, Not, Operand, holds
from app.domain.questionnaire import Kind, Option, Question, Questionnaire, WayOut

_WAYS = "abc"


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick: what is typed for it, and the option or the way out that it stands for."""

    key: str
    option: Option | None = None
    way: WayOut | None = None


def boxes(question: Question) -> tuple[Box, ...]:
    """The boxes of a question, or of each row of a battery, in their order.

    An option's key is its code where all codes are whole numbers, else its place from 1; ways
    out are letters. Closed options are not printed.
    """
    options = [option for option in question.options if not option.closed]
    coded = all(option.code.isdecimal() for option in options)
    ticked = [
        Box(option.code if coded else str(place), option=option)
        for place, option in enumerate(options, 1)
    ]
    ways = [Box(letter, way=way) for letter, way in zip(_WAYS, question.ways_out, strict=False)]
    return (*ticked, *ways)


def numbers(questionnaire: Questionnaire) -> dict[str, str]:
    """The printed number of each item: ``7``, and ``7a``, ``7b`` for the rows of a battery.

    A battery's own code has its number too, also where its rows stand on pages of their own; so
    has a list's, whose names are its rows.
    What asks nothing has none.
    """
    rows: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        if question.is_name:
            rows[question.of_list].append(question.code)
        elif question.kind is not Kind.INFORMATION:
            rows.setdefault(question.code, []).extend(row.code for row in question.rows)
    found: dict[str, str] = {}
    for number, (code, items) in enumerate(rows.items(), 1):
        found[code] = str(number)
        found |= {item: f"{number}{_letters(place)}" for place, item in enumerate(items)}
    return found


def _letters(place: int) -> str:
    """a to z, then aa, ab …"""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + last)


def skips(questionnaire: Questionnaire) -> dict[tuple[str, str], str]:
    """Where a tick leads past questions: by (item, key of the box), the code of the next question.

    The empty text leads to the end. Only what is certain is said: a question is skipped when it
    cannot be shown whatever else is answered. Of questions with one answer, and of their ways out.
    """
    asked = [each for each in questionnaire.questions if each.kind is not Kind.INFORMATION]
    found: dict[tuple[str, str], str] = {}
    for place, question in enumerate(asked):
        if question.kind not in (Kind.CHOICE, Kind.RATING):
            continue
        for box in boxes(question):
            past = _past(asked, place, box)
            if past > place + 1:
                to = asked[past].code if past < len(asked) else ""
                found[question.code, box.key] = to
    return found


def _past(asked: list[Question], place: int, box: Box) -> int:
    """The place of the first question that may still be shown after this tick."""
    option = box.option
    operand = Operand((option.code,), option.score, chosen=True) if option else None
    certain: dict[str, Operand | None] = {asked[place].code: operand}
    past = place + 1
    while past < len(asked) and _never_shown(asked[past], certain):
        certain |= dict.fromkeys(asked[past].item_codes)
        past += 1
    return past


def _never_shown(question: Question, certain: Mapping[str, Operand | None]) -> bool:
    conditions = [question.shown_when]
    if question.rows and question.shown_when is None:
        conditions = [row.shown_when for row in question.rows]
    return all(
        condition is not None and outcome(condition, certain) is False for condition in conditions
    )


def outcome(condition: Condition, certain: Mapping[str, Operand | None]) -> bool | None:
    """Whether the condition holds, or None while that depends on items not in ``certain``."""
    if isinstance(condition, Not):
        inner = outcome(condition.part, certain)
        return None if inner is None else not inner
    if isinstance(condition, All | Any):
        parts = [outcome(part, certain) for part in condition.parts]
        decisive = isinstance(condition, Any)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if condition.item not in certain:
        return None
    return holds(condition, certain.get)
