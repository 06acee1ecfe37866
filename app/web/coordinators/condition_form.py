"""Conditions as rows of a form: what was sent as a condition, and a condition as rows to show.

Fields begin with the form's own letters (``c0-item``). A row whose item was changed asks again for
its answers; a part that rows cannot say is carried whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.definitions.conditions import (
    UnreadableCondition,
    Written,
    parse_condition,
    write_condition,
)
from app.domain.condition_rows import (
    COUNTS,
    ConditionRow,
    Join,
    condition_of,
    relations_of,
    rows_of,
)
from app.domain.conditions import Condition
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.questionnaire import Question, Questionnaire
from app.domain.text import Text

MOST = 200  # entries of a list that a form may send
Row = tuple[ConditionRow, Question | None, tuple[str, ...]]  # with what it reads, and how it may


@dataclass(frozen=True)
class Rows:
    """A condition as a form shows it. ``written``: the whole, to be said as a sentence."""

    join: Join
    rows: tuple[Row, ...]
    written: Condition | None

    def sentence(self, in_words: Callable[[Condition], str]) -> str:
        """The whole condition in words."""
        return in_words(self.written) if self.written else ""

    @staticmethod
    def carried(kept: Condition) -> str:
        """A part that rows cannot say, as the form carries it."""
        return json.dumps(write_condition(kept), ensure_ascii=False)


def rows_shown(written: Any, asked: dict[str, Question], *, counts: bool = True) -> Rows:
    """The rows of a condition as a definition writes it; None: no rows.

    ``counts``: whether years, months, days or signs may be counted, as no figure may.
    """
    condition = parse_condition(written) if written else None
    join, rows = rows_of(condition)
    return Rows(
        join,
        tuple((row, asked.get(row.item), _relations(asked.get(row.item), counts)) for row in rows),
        condition,
    )


def _relations(question: Question | None, counts: bool) -> tuple[str, ...]:
    offered = relations_of(question) if question else ("answered", "empty")
    return offered if counts else tuple(one for one in offered if one not in COUNTS)


def items_asked(questionnaire: Questionnaire, pages: int | None = None) -> tuple[Question, ...]:
    """What a condition may read, item by item; of the first ``pages`` pages only, where given."""
    return tuple(
        _item(question, item)
        for page in questionnaire.pages[:pages]
        for question in page.questions
        if not question.of_list
        for item in question.item_codes
    )


def _item(question: Question, item: str) -> Question:
    """A question as a condition reads it: of a battery, one row with the words of the row."""
    if question.code == item:
        return question
    row = next(row for row in question.rows if row.code == item)
    return replace(question, code=item, text=row.text)


def by_code(asked: Iterable[Question]) -> dict[str, Question]:
    """Questions by the code of their item."""
    return {question.code: question for question in asked}


def count_of(form: MultiDict[str, str], prefix: str) -> int:
    """How many entries of a list the form showed."""
    written = form.get(f"{prefix}-count", "0")
    return min(int(written), MOST) if written.isascii() and written.isdigit() else 0


def condition_sent(form: MultiDict[str, str], prefix: str) -> Written | None:
    """The condition that the rows of the form say, as definitions write it; None: nothing.

    Raises ``BadInput`` where no definition can hold it.
    """
    pressed = form.get("go", "")
    rows = [
        _row(form, f"{prefix}{number}")
        for number in range(count_of(form, prefix))
        if pressed != f"drop-{prefix}{number}"
    ]
    join: Join = "any" if form.get(f"{prefix}-join") == "any" else "all"
    condition = condition_of(join, tuple(rows))
    if condition is None:
        return None
    written = write_condition(condition)
    try:
        parse_condition(written)
    except UnreadableCondition:
        raise BadInput([Fault(prefix, *_UNREADABLE)]) from None
    return written


_UNREADABLE = (
    Text.of(
        fr="Une condition porte sur une question ou une valeur qui ne peut pas s’écrire.",
        en="A condition is about a question or a value that cannot be written.",
    ),
    Text.of(
        fr="Choisissez la question par son code ; donnez un nombre, une date ou un code.",
        en="Choose the question by its code; give a number, a date or the code of an answer.",
    ),
)


def _row(form: MultiDict[str, str], name: str) -> ConditionRow:
    if kept := form.get(f"{name}-kept"):
        return ConditionRow(kept=_carried(kept))
    item = form.get(f"{name}-item", "").strip()
    if item != form.get(f"{name}-was", ""):
        return ConditionRow(item, "answered")  # its answers are chosen on the next page
    relation: Any = form.get(f"{name}-relation", "")
    values = [value.strip() for value in form.getlist(f"{name}-value") if value.strip()]
    return ConditionRow(item, relation, tuple(values))


def _carried(kept: str) -> Condition:
    try:
        return parse_condition(json.loads(kept))
    except (UnreadableCondition, ValueError, RecursionError):
        raise NotFound from None
