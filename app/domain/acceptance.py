"""The one place that decides whether a submitted answer may be taken: web, API and import alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.answers import Answer, Answers, RespondentRole, Value
from app.domain.conditions import COMPARISONS
from app.domain.errors import Fault
from app.domain.perspective import said_to, words_for
from app.domain.questionnaire import Kind, Question, Questionnaire, Required, Why
from app.domain.refusals import refuse
from app.domain.routing import ShownQuestion
from app.domain.values import Submitted, is_empty, parse, plain_number

__all__ = ["Submitted", "Verdict", "accept", "as_submitted"]

_NOTHING = Submitted()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a submitted question.

    ``answers``: what may be stored, by item, without sitting and time. ``reminders``: items left
    empty that deserve one gentle reminder (not stored yet). ``faults``: items that must be
    corrected. The page is through when ``complete``.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    reminders: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every item asked has an answer that may be stored."""
        return not self.faults and not self.reminders


@dataclass(frozen=True, slots=True)
class _NeedsReminder:
    item: str


def accept(
    shown: ShownQuestion,
    submitted: Mapping[str, Submitted],
    answers: Answers,
    questionnaire: Questionnaire,
    *,
    reminded: bool = False,
    role: RespondentRole = "self",
) -> Verdict:
    """Judge what was submitted for each item asked in ``shown``.

    ``submitted``: by item code; an absent item is an empty one, items not asked are ignored.
    ``answers``: what is stored so far. ``reminded``: the gentle reminder was shown with all ways
    out, so a question that is asked for softly may now be passed in any of them. ``role``: of who
    answers, whose words the faults repeat.
    """
    shown = replace(shown, question=said_to(shown.question, role))
    taken: dict[str, Answer] = {}
    reminders: list[str] = []
    faults: list[Fault] = []
    for item in shown.item_codes:
        given = _with_kept(shown.question, submitted.get(item, _NOTHING), answers.get(item))
        found = _judge(shown.question, item, given, answers.get(item), reminded)
        if isinstance(found, Answer) and found.value is not None:
            found = _compared(shown.question, item, found, answers, questionnaire, role) or found
        if isinstance(found, Answer) and shown.question.kind is Kind.LIST:
            found = _miscounted(shown.question, item, found, submitted) or found
        if isinstance(found, Answer):
            taken[item] = found
        elif isinstance(found, Fault):
            faults.append(found)
        else:
            reminders.append(found.item)
    return Verdict(taken, tuple(reminders), tuple(faults))


def _with_kept(question: Question, given: Submitted, stored: Answer | None) -> Submitted:
    """A file that is there stays the answer, where no other came and it is not to go."""
    kept = stored.value if stored else None
    if question.kind is not Kind.FILE or given.removed or not given.empty or kept is None:
        return given
    return replace(given, values=(str(kept),))


def _judge(
    question: Question, item: str, given: Submitted, stored: Answer | None, reminded: bool
) -> Answer | Fault | _NeedsReminder:
    if given.why and given.why != Why.SKIPPED:
        if not is_empty(question, given):
            return refuse("both", item)
        return _way_out(question, item, given.why, stored, reminded)
    if not is_empty(question, given):
        return parse(question, item, given, stored)
    specify = next((option for option in question.options if option.specify), None)
    if given.other.strip() and specify is not None:
        return refuse("other_alone", item, specify.text)
    return _empty(question, item, stored, reminded)


def _way_out(
    question: Question, item: str, why: str, stored: Answer | None, reminded: bool
) -> Answer | Fault:
    offered = any(way.why == why for way in question.ways_out)
    reminder_offers = reminded and question.required is Required.SOFT and why in set(Why)
    was_given = stored is not None and stored.why == why
    if offered or reminder_offers or was_given:
        return Answer(why=Why(why))
    return refuse("way_not_offered", item)


def _empty(
    question: Question, item: str, stored: Answer | None, reminded: bool
) -> Answer | Fault | _NeedsReminder:
    if question.required is Required.HARD:
        return refuse("missing", item)
    passed_before = stored is not None and stored.why is Why.SKIPPED
    if question.required is Required.SOFT and not reminded and not passed_before:
        return _NeedsReminder(item)
    return Answer(why=Why.SKIPPED)


def _compared(
    question: Question,
    item: str,
    answer: Answer,
    answers: Answers,
    questionnaire: Questionnaire,
    role: RespondentRole,
) -> Fault | None:
    """The first earlier answer that this one does not stand well to, as a fault."""
    for comparison in question.limits.compare:
        other = answers.get(comparison.item)
        asked = questionnaire.question_by_item.get(comparison.item)
        if other is None or other.value is None or asked is None or answer.value is None:
            continue
        left, right = _alike(answer.value, other.value)
        if not COMPARISONS[comparison.op](left, right):
            return refuse(f"compare_{comparison.op}", item, words_for(asked, role))
    return None


def given_names(question: Question, submitted: Mapping[str, Submitted]) -> int:
    """How many names were given for the places of a list."""
    return sum(not submitted.get(name.code, _NOTHING).empty for name in question.names)


def _miscounted(
    question: Question, item: str, answer: Answer, submitted: Mapping[str, Submitted]
) -> Fault | None:
    """A list's answer is the number of its names, or nothing where there are none."""
    names = given_names(question, submitted)
    if (answer.value or 0) == names:
        return None
    return refuse("list_count", item, limit=names)


def _alike(left: Value, right: Value) -> tuple[Any, Any]:
    """Both as numbers, or as dates cut to the coarser precision of the two."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left, right
    one, other = str(left), str(right)
    length = min(len(one), len(other))
    return one[:length], other[:length]


def as_submitted(question: Question, answer: Answer) -> Submitted:
    """The answer as it would be submitted again: what a form shows when a person comes back."""
    value = answer.value
    if value is None:
        return Submitted(why=answer.why or "")
    if question.kind is Kind.DATE:
        year, month, day = (*str(value).split("-"), "", "")[:3]
        return Submitted(day=day, month=month, year=year)
    if question.kind is Kind.PLACE:
        latitude, longitude, *told = str(value).split()
        return Submitted((latitude, longitude, " ".join(told)))
    if isinstance(value, tuple):
        return Submitted(value, other=answer.other or "")
    written = plain_number(value) if isinstance(value, float) else str(value)
    return Submitted((written,), other=answer.other or "")
