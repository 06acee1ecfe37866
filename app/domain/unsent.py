"""Answers that were never sent: how far they go, and what they say where they count anyway."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.answers import Answer, Answers, RespondentRole
from app.domain.conditions import Condition, items_of
from app.domain.questionnaire import Kind, Proxy, Question, Questionnaire, Row, Why
from app.domain.routing import on_path, path_through

PASSED = Answer(why=Why.SKIPPED)


def answered_percent(asked: Questionnaire, answers: Answers, role: RespondentRole) -> float:
    """Percent of the pages with questions, on the path so far, that are answered or passed."""
    pages = [page for page in path_through(asked, answers, role).pages if page.item_codes]
    done = sum(all(code in answers for code in page.item_codes) for page in pages)
    return 100 * done / len(pages) if pages else 0.0


def as_if_sent(asked: Questionnaire, answers: Answers, role: RespondentRole) -> dict[str, Answer]:
    """The answers on the path, and a passed question for everything that was not reached.

    Not reached is also what hangs on an item that was not reached: whether it would have been
    shown is not known, and "not shown" would say that it was not.
    """
    path = path_through(asked, answers, role)
    found = on_path(path, answers)
    unknown: set[str] = set()
    for question in asked.questions:
        for code, parts in _items(question):
            if code in found:
                continue
            refused = role == "proxy" and any(part.proxy is Proxy.NOT_ASKED for part in parts)
            reads = _read(part.shown_when for part in parts)
            listed = question.is_name and question.of_list in unknown
            if code in path.items or listed or (not refused and reads & unknown):
                unknown.add(code)
    return found | dict.fromkeys(sorted(unknown), PASSED)


def _items(question: Question) -> Iterable[tuple[str, tuple[Question | Row, ...]]]:
    """Each item of the question with the parts whose conditions decide whether it is shown."""
    if question.kind is Kind.BATTERY:
        return [(row.code, (question, row)) for row in question.rows]
    return [(code, (question,)) for code in question.item_codes]


def _read(conditions: Iterable[Condition | None]) -> frozenset[str]:
    return frozenset[str]().union(*(items_of(each) for each in conditions if each is not None))
