"""One sheet keyed by two people: where they differ, and what comes of the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.domain.answers import Answer, Answers, RespondentRole
from app.domain.questionnaire import Questionnaire, Why
from app.domain.routing import on_path, path_through

Side = Literal["first", "second", "illegible"]
HEAD = "@head"  # stands for the head of a sheet, among the items of a comparison
HEAD_FIELDS = ("role", "relation", "agrees", "measure", "representative", "lang", "notice")


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one person keyed: answers, what could not be read, who answered.

    ``head``: who answered and what is said of the person's agreement, the language and the notice
    of the sheet, by the names of a sitting.
    """

    answers: Answers
    illegible: frozenset[str]
    role: RespondentRole
    head: Mapping[str, str] = field(default_factory=dict)

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
    """The items that were keyed differently, in order; ``HEAD`` first where that differs."""
    items = (item for question in questionnaire.questions for item in question.item_codes)
    found = tuple(item for item in items if first.said(item) != second.said(item))
    same = first.role == second.role and first.head == second.head
    return found if same else (HEAD, *found)


def compared(first: Keyed, second: Keyed) -> int:
    """How many items were keyed by at least one of them, the head counting as one."""
    return len(first.answers.keys() | second.answers.keys()) + 1


def merged(
    questionnaire: Questionnaire, first: Keyed, second: Keyed, decisions: Mapping[str, Side]
) -> Keyed:
    """What counts: what agrees, and elsewhere what was decided; then only what is on the path.

    An item that comes onto the path by a decision, and that was keyed by nobody, is skipped. The
    head is taken whole from one of them: each was allowed as it stood.
    """
    top = second if decisions.get(HEAD) == "second" else first
    role = top.role
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
    return Keyed(kept, frozenset(illegible & path.items), role, top.head)
