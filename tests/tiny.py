"""The tiny questionnaires of ``tests/surveys``, one per feature, and short ways to answer them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.definitions.files import read_module, read_questionnaire
from app.domain.acceptance import Submitted, Verdict, accept
from app.domain.answers import Answer, Answers
from app.domain.questionnaire import Module, Questionnaire, Why
from app.domain.routing import RespondentRole, path_through

SURVEYS = Path(__file__).parent / "surveys"
NAMES = sorted(path.stem for path in SURVEYS.glob("*.yaml") if "module" not in path.stem)


def text_of(name: str) -> str:
    return (SURVEYS / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def survey(name: str) -> Questionnaire:
    return read_questionnaire(text_of(name))


@cache
def module() -> Module:
    return read_module(text_of("slots_module"), survey("slots"))


def given(**values: str | int | float | tuple[str, ...] | Why | None) -> dict[str, Answer]:
    """``given(A1="yes", A2=Why.DONT_KNOW)``; None is left out."""
    return {
        item: Answer(why=value) if isinstance(value, Why) else Answer(value)
        for item, value in values.items()
        if value is not None
    }


def codes(
    questionnaire: Questionnaire, answers: Answers, role: RespondentRole = "self"
) -> list[str]:
    """The codes of the pages on the path."""
    return [shown.code for shown in path_through(questionnaire, answers, role).pages]


def submit(
    name: str,
    item: str,
    value: Submitted | str | tuple[str, ...] = "",
    *,
    stored: Answers | None = None,
    reminded: bool = False,
) -> Verdict:
    """What comes of submitting one item of a tiny questionnaire."""
    questionnaire = survey(name)
    path = path_through(questionnaire, stored or {})
    shown = next(s for page in path.pages for s in page.questions if item in s.item_codes)
    if isinstance(value, str):
        value = Submitted((value,) if value else ())
    elif isinstance(value, tuple):
        value = Submitted(value)
    return accept(shown, {item: value}, stored or {}, questionnaire, reminded=reminded)
