"""One sheet keyed by two people: where they differ, and what comes of the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.answers import Answer, Answers, RespondentRole
from app.domain.questionnaire import Questionnaire, Why
from app.domain.routing import on_path, path_through

Side = Literal["first", "second", "illegible"]
ROLE = "@role"  # stands for who answered, among the items of a comparison


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one person keyed: answers, what could not be read, who answered."""

    answers: Answers
    illegible: frozenset[str]
    role: RespondentRole

    def said(self, item: str) -> tuple[object, ...] | None:
        """What stands for an item, so that equal is equal; None: not asked in this keying."""
        answer = self.answers.get(item)
        if answer is None:
            return None
        value = _plain(answer.value) if isinstance(answer.value, str) else answer.value
        return value, answer.why, _plain(answer.other or ""), item in self.illegible


def _plain(written: str) -> str:
    """A text without what two people may well type differently: case and spaces."""
    return " ".join(written.casefold().split())


def differing(questionnaire: Questionnaire, first: Keyed, second: Keyed) -> tuple[str, ...]:
    """The items that were keyed differently, in order; ``ROLE`` first where that differs."""
    items = (item for question in questionnaire.questions for item in question.item_codes)
    found = tuple(item for item in items if first.said(item) != second.said(item))
    return (ROLE, *found) if first.role != second.role else found


def compared(first: Keyed, second: Keyed) -> int:
    """How many items were keyed by at least one of them, with who answered."""
    return len(first.answers.keys() | second.answers.keys()) + 1


def merged(
    questionnaire: Questionnaire, first: Keyed, second: Keyed, decisions: Mapping[str, Side]
) -> Keyed:
    """What counts: what agrees, and elsewhere what was decided; then only what is on the path.

    An item that comes onto the path by a decision, and that was keyed by nobody, is skipped.
    """
    role = second.role if decisions.get(ROLE) == "second" else first.role
    answers: dict[str, Answer] = {}
    illegible: set[str] = set()
    for item in first.answers.keys() | second.answers.keys():
        side = decisions.get(item, "first")
        if side == "illegible":
            answers[item] = Answer(why=Why.SKIPPED)
            illegible.add(item)
            continue
        chosen = second if side == "second" else first
        if item in chosen.answers:
            answers[item] = chosen.answers[item]
            illegible |= {item} & chosen.illegible
    path = path_through(questionnaire, answers, role)
    kept = on_path(path, answers)
    kept |= {item: Answer(why=Why.SKIPPED) for item in path.items - kept.keys()}
    return Keyed(kept, frozenset(illegible & path.items), role)
