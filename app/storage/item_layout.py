"""How each item of a questionnaire is kept as columns: which arrays it has, and its codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.questionnaire import Kind, Question, Questionnaire

Form = Literal["choice", "choices", "number", "written", "place", "file", "status"]

FORMS: dict[Kind, Form] = {
    Kind.CHOICE: "choice",
    Kind.RATING: "choice",
    Kind.BATTERY: "choice",
    Kind.CHOICES: "choices",
    Kind.NUMBER: "number",
    Kind.LIST: "number",  # how many entries; what is asked about each has items of its own
    Kind.DATE: "written",
    Kind.TIME: "written",
    Kind.PLACE: "place",  # to a tenth of a degree: the point itself stays where it was written
    Kind.FILE: "file",  # its kind and size; the file itself stays where it is
    Kind.TEXT: "status",  # free words stay where they were written
    Kind.LONG_TEXT: "status",
}
MOST_CHOICES = 62  # one bit each of a signed whole number


@dataclass(frozen=True, slots=True)
class ItemLayout:
    """One item: its form, its option codes with their scores, and the range of its numbers."""

    form: Form
    codes: tuple[str, ...] = ()
    scores: tuple[float | None, ...] = ()
    lowest: float | None = None
    highest: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file's metadata."""
        return {
            "form": self.form,
            "codes": list(self.codes),
            "scores": list(self.scores),
            "range": [self.lowest, self.highest],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ItemLayout:
        """The inverse of ``to_dict``."""
        return cls(data["form"], tuple(data["codes"]), tuple(data["scores"]), *data["range"])


Layout = Mapping[str, ItemLayout]


def layout_of(questionnaires: Iterable[Questionnaire]) -> dict[str, ItemLayout]:
    """The layout of every item of these instruments: the union over versions, oldest first.

    Codes keep their place when a later version adds options, since options are never deleted.
    """
    found: dict[str, ItemLayout] = {}
    for questionnaire in questionnaires:
        for item, question in questionnaire.question_by_item.items():
            fresh = _item_layout(question)
            found[item] = joined(found[item], fresh) if item in found else fresh
    return found


def joined(one: ItemLayout, other: ItemLayout) -> ItemLayout:
    """One layout that holds the codes of both; the first keeps its order and its scores."""
    scores = dict(zip(other.codes, other.scores, strict=True))
    scores |= dict(zip(one.codes, one.scores, strict=True))
    codes = (*one.codes, *(code for code in other.codes if code not in one.codes))
    return ItemLayout(
        one.form,
        codes,
        tuple(scores[code] for code in codes),
        _end(min, one.lowest, other.lowest),
        _end(max, one.highest, other.highest),
    )


def _end(choose: Any, *ends: float | None) -> float | None:
    known = [end for end in ends if end is not None]
    return choose(known) if known else None


def _item_layout(question: Question) -> ItemLayout:
    form = FORMS[question.kind]
    if form == "number":
        return ItemLayout(
            form,
            lowest=_number(question.limits.minimum),
            highest=_number(question.limits.maximum),
        )
    if form not in ("choice", "choices"):
        return ItemLayout(form)
    if len(question.options) > MOST_CHOICES and form == "choices":
        raise ValueError(f"{question.code} has more than {MOST_CHOICES} options")
    scores = tuple(option.score for option in question.options)
    return ItemLayout(
        form,
        tuple(option.code for option in question.options),
        scores,
        _end(min, *scores),
        _end(max, *scores),
    )


def _number(limit: float | str | None) -> float | None:
    return float(limit) if isinstance(limit, int | float) else None
