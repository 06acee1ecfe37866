"""One piece of text read as a code, a number, a date, a word: the leaves of definition files.

Errors are ``Trouble`` objects instead of sentences, so that they can be said in any language.
The key ``form`` in a field's metadata is its JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import isfinite
from typing import Any, TypeVar, cast

from marshmallow import ValidationError, fields

from app.definitions.conditions import parse_operator_and_item
from app.definitions.messages import Trouble, trouble
from app.domain.codes import CODE, OPTION_CODE
from app.domain.questionnaire import Comparison

N = TypeVar("N", int, float, Fraction)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
_REAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
_WHOLE = re.compile(r"[+-]?\d{1,9}")
_FRACTION = re.compile(r"\d{1,9}(\.\d{1,18}|/[1-9]\d{0,8})?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
ERRORS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "missing",
    "null": "missing",
    "type": "not_a_mapping",
}


def refusal(found: Trouble | str) -> ValidationError:
    """A marshmallow error that carries a Trouble."""
    return ValidationError(cast("list[str]", [trouble(found) if isinstance(found, str) else found]))


class Scalar(fields.Field[Any]):
    """One piece of text, turned by ``turn``, which raises a ValidationError."""

    default_error_messages = ERRORS

    def __init__(
        self, turn: Callable[[str], Any], form: Mapping[str, Any], *, required: bool = False
    ) -> None:
        super().__init__(required=required, metadata={"form": dict(form)})
        self.turn = turn

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise refusal("not_a_scalar")
        return self.turn(value.strip())


def _matching(pattern: re.Pattern[str], rule: str) -> Callable[[str], str]:
    def turn(value: str) -> str:
        if not pattern.fullmatch(value):
            raise refusal(rule)
        return value

    return turn


def code(*, required: bool = False) -> Scalar:
    """A code of an item, page, section, slot, indicator or territory."""
    return Scalar(
        _matching(CODE, "code"),
        {"type": "string", "pattern": f"^{CODE.pattern}$"},
        required=required,
    )


def option_code(*, required: bool = False) -> Scalar:
    """A code of an option: digits may come first."""
    form = {"type": ["string", "integer", "boolean"], "pattern": f"^{OPTION_CODE.pattern}$"}
    return Scalar(_matching(OPTION_CODE, "option_code"), form, required=required)


def language(*, required: bool = False) -> Scalar:
    """A language tag: ``fr``, ``en``, ``pt-BR``."""
    form = {"type": ["string", "boolean"], "pattern": f"^{LANGUAGE.pattern}$"}
    return Scalar(_matching(LANGUAGE, "language"), form, required=required)


def line_of_text(*, required: bool = False, high: int = 2_000) -> Scalar:
    """Free text in no particular language (a licence, a region)."""

    def turn(value: str) -> str:
        if len(value) > high:
            raise refusal(trouble("too_long", high=high))
        return value

    form = {"type": ["string", "number", "boolean"], "maxLength": high}
    return Scalar(turn, form, required=required)


def to_number(value: str) -> float:
    """A finite decimal number; ValidationError for anything else."""
    if not _NUMBER.fullmatch(value):
        raise refusal("number")
    return float(value)


def number(
    *, low: float | None = None, high: float | None = None, required: bool = False
) -> Scalar:
    """A decimal number between ``low`` and ``high``, both included."""

    def turn(value: str) -> float:
        return _bounded(to_number(value), low, high)

    return Scalar(turn, _number_form("number", _NUMBER, low, high), required=required)


def real(*, low: float | None = None, high: float | None = None, required: bool = False) -> Scalar:
    """A number with as many digits as it has, ``2.5e-3`` too, between ``low`` and ``high``."""

    def turn(value: str) -> float:
        if not _REAL.fullmatch(value) or not isfinite(float(value)):
            raise refusal("number")
        return _bounded(float(value), low, high)

    return Scalar(turn, _number_form("number", _REAL, low, high), required=required)


def whole(low: int, high: int, *, required: bool = False) -> Scalar:
    """A whole number between ``low`` and ``high``, both included."""

    def turn(value: str) -> int:
        if not _WHOLE.fullmatch(value):
            raise refusal("whole_number")
        return _bounded(int(value), low, high)

    return Scalar(turn, _number_form("integer", _WHOLE, low, high), required=required)


def fraction(low: int, high: int, *, required: bool = False) -> Scalar:
    """An exact number: ``30``, ``0.6`` or ``1/3``."""

    def turn(value: str) -> Fraction:
        if not _FRACTION.fullmatch(value):
            raise refusal("number")
        return _bounded(Fraction(value), low, high)

    return Scalar(turn, _number_form("number", _FRACTION, low, high), required=required)


def _bounded(value: N, low: float | None, high: float | None) -> N:
    if (low is not None and value < low) or (high is not None and value > high):
        raise refusal(
            trouble(
                "number_range", low="…" if low is None else low, high="…" if high is None else high
            )
        )
    return value


def _number_form(
    kind: str, pattern: re.Pattern[str], low: float | None, high: float | None
) -> dict[str, Any]:
    form: dict[str, Any] = {"type": [kind, "string"], "pattern": f"^{pattern.pattern}$"}
    if low is not None:
        form["minimum"] = low
    if high is not None:
        form["maximum"] = high
    return form


def flag() -> Scalar:
    """``true`` or ``false``."""

    def turn(value: str) -> bool:
        if value not in ("true", "false"):
            raise refusal("flag")
        return value == "true"

    return Scalar(turn, {"enum": [True, False]})


def one_of(*words: str, required: bool = False) -> Scalar:
    """One of a few words."""

    def turn(value: str) -> str:
        if value not in words:
            raise refusal(trouble("choice", allowed=", ".join(words)))
        return value

    return Scalar(turn, {"enum": list(words)}, required=required)


def member(kind: type[StrEnum], *, required: bool = False) -> Scalar:
    """A member of an enumeration, by its value."""
    words = one_of(*kind, required=required)
    return Scalar(lambda value: kind(words.turn(value)), {"enum": list(kind)}, required=required)


def to_date(value: str) -> date:
    """A day that exists, written ``2026-01-31``; ValidationError for anything else."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise refusal(trouble("date", allowed="2026-01-31")) from None


def day(*, required: bool = False) -> Scalar:
    """A date to the day."""
    return Scalar(to_date, {"type": "string", "format": "date"}, required=required)


def comparison() -> Scalar:
    """``<= Q03``: what a value must be compared with an earlier answer."""

    def turn(value: str) -> Comparison:
        try:
            operator, item = parse_operator_and_item(value)
        except ValueError:
            raise refusal("comparison") from None
        return Comparison(operator, item)

    return Scalar(turn, {"type": "string"})
