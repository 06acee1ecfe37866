"""One imported response judged as a whole: its path, the answers that count, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.acceptance import accept
from app.domain.answers import Answer, RespondentRole
from app.domain.errors import Fault
from app.domain.lists import all_counted
from app.domain.questionnaire import Question, Questionnaire
from app.domain.routing import ShownQuestion, path_through
from app.domain.values import Submitted, parse
from app.interchange.csv_reading import Line, place
from app.interchange.responses_csv import OTHER, submitted_of


@dataclass(frozen=True, slots=True)
class Judged:
    """``answers`` on the path, ``faults`` with their places, ``dropped``: columns off the path."""

    answers: Mapping[str, Answer]
    faults: tuple[Fault, ...]
    dropped: tuple[str, ...]


def judge(
    questionnaire: Questionnaire,
    line: Line,
    columns: tuple[str, ...],
    role: RespondentRole,
    at: str,
) -> Judged:
    """Judge every answer of a line by the rules of the web form, where an empty cell is skipped.

    The path is computed first, from what can be read; what is not on it is dropped and named.
    ``at``: when they were given (UTC, ISO 8601), for conditions that count up to that day.
    """
    given = _given(questionnaire, line)
    readable = {
        item: replace(answer, at=at)
        for item, submitted in given.items()
        if isinstance(
            answer := _read(questionnaire.question_by_item[item], item, submitted), Answer
        )
    }
    path = path_through(questionnaire, readable, role)
    answers: dict[str, Answer] = {}
    faults: list[Fault] = []
    for page in path.pages:
        for shown in page.questions:
            verdict = _verdict(shown, given, readable, answers, questionnaire)
            answers |= verdict[0]
            faults += verdict[1]
    placed = tuple(Fault(place(line.number, f.place), f.reason, f.remedy) for f in faults)
    dropped = tuple(
        column for column in columns if line.cells.get(column) and not _used(column, answers)
    )
    return Judged(answers, placed, dropped)


def _used(column: str, answers: Mapping[str, Answer]) -> bool:
    """Whether the cell went into an answer: its item's value, or what stands beside an option."""
    if column in answers:
        return True
    beside = answers.get(column.removesuffix(OTHER))
    return beside is not None and bool(beside.other)


def _given(questionnaire: Questionnaire, line: Line) -> dict[str, Submitted]:
    found = {}
    for item, question in questionnaire.question_by_item.items():
        submitted = submitted_of(question, item, line.cells)
        if submitted is not None:
            found[item] = submitted
    return all_counted(questionnaire, found)


def _read(question: Question, item: str, submitted: Submitted) -> Answer | Fault | None:
    """The answer as far as it can be told without the others; None: ``accept`` must say."""
    if not submitted.why:
        return parse(question, item, submitted, None) if submitted.values else None
    offered = (way.why for way in question.ways_out if way.why == submitted.why)
    why = next(offered, None)
    return None if why is None or submitted.other else Answer(why=why)


def _verdict(
    shown: ShownQuestion,
    given: Mapping[str, Submitted],
    readable: Mapping[str, Answer],
    answers: Mapping[str, Answer],
    questionnaire: Questionnaire,
) -> tuple[dict[str, Answer], tuple[Fault, ...]]:
    """The rules of the form; the short way is for what was read and looks at no other item."""
    items = shown.item_codes
    alone = not (shown.question.limits.compare or shown.question.most or shown.narrowed)
    if alone and all(item in readable for item in items):
        return {item: readable[item] for item in items}, ()
    verdict = accept(shown, given, answers, questionnaire, reminded=True)
    return verdict.answers, verdict.faults
