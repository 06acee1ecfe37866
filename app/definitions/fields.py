"""The values that files hold, as marshmallow fields: everything comes in as text.

Errors are ``Trouble`` objects instead of sentences, so that they can be said in any language.
``FORM`` in a field's metadata is its JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, TypeVar, cast

from marshmallow import Schema, ValidationError, fields

from app.definitions.conditions import (
    UnreadableCondition,
    parse_condition,
    parse_operator_and_item,
)
from app.definitions.messages import Trouble, trouble
from app.domain.codes import CODE, OPTION_CODE
from app.domain.questionnaire import Comparison
from app.domain.text import Text

N = TypeVar("N", int, float, Fraction)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
_WHOLE = re.compile(r"[+-]?\d{1,9}")
_FRACTION = re.compile(r"\d{1,9}(\.\d{1,9}|/[1-9]\d{0,8})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
ERRORS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "missing",
    "null": "missing",
    "type": "not_a_mapping",
}


def refusal(found: Trouble | str) -> ValidationError:
    """A marshmallow error that carries a Trouble."""
    return ValidationError(cast("list[str]", [trouble(found) if isinstance(found, str) else found]))


def nested(messages: Mapping[Any, Any]) -> ValidationError:
    """A marshmallow error of inner places: ``{key: messages}``."""
    return ValidationError(dict(messages))


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
    form = {"type": ["string", "boolean"], "pattern": f"^{_LANGUAGE.pattern}$"}
    return Scalar(_matching(_LANGUAGE, "language"), form, required=required)


def line_of_text(*, required: bool = False, high: int = 2_000) -> Scalar:
    """Free text in no particular language (a source, a licence)."""

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


def to_text(value: Any) -> Text:
    """A mapping from language to wording as a Text; ValidationError for anything else."""
    if not isinstance(value, dict) or not value:
        raise refusal(trouble("text", example="{fr: …, en: …}"))
    wrong: dict[str, Any] = {}
    for tag, wording in value.items():
        if not _LANGUAGE.fullmatch(tag):
            wrong[tag] = [trouble("language")]
        elif not isinstance(wording, str):
            wrong[tag] = [trouble("not_a_scalar")]
    if wrong:
        raise nested(wrong)
    return Text(tuple((tag, wording.strip()) for tag, wording in value.items()))


class TextField(fields.Field[Text]):
    """A text in several languages."""

    default_error_messages = ERRORS
    form: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/text"}

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, metadata={"form": self.form})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        return to_text(value)


class ConditionField(fields.Field[Any]):
    """A condition on answers."""

    default_error_messages = ERRORS

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, metadata={"form": {"$ref": "#/$defs/condition"}})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return parse_condition(value)
        except UnreadableCondition as error:
            messages: Any = [trouble("condition")]
            for key in reversed(error.path):
                messages = {key: messages}
            raise ValidationError(messages) from None


class Several(fields.Field[list[Any]]):
    """A list of the same thing."""

    default_error_messages = ERRORS

    def __init__(self, inner: fields.Field[Any], *, least: int = 0, required: bool = False) -> None:
        super().__init__(required=required)
        self.inner = inner
        self.least = least

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refusal("not_a_list")
        if len(value) < self.least:
            raise refusal("too_short")
        return list(each(enumerate(value), self.inner).values())


class ByName(fields.Field[dict[str, Any]]):
    """A mapping from names (spelled as ``name`` wants) to the same thing."""

    default_error_messages = ERRORS

    def __init__(
        self, name: Scalar, inner: fields.Field[Any], *, least: int = 0, required: bool = False
    ) -> None:
        super().__init__(required=required)
        self.name_field = name
        self.inner = inner
        self.least = least

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refusal("not_a_mapping")
        if len(value) < self.least:
            raise refusal("too_short")
        wrong: dict[str, Any] = {}
        for key in value:
            try:
                self.name_field.turn(key)
            except ValidationError as error:
                wrong[key] = error.messages
        if wrong:
            raise nested(wrong)
        return each(value.items(), self.inner)


class Record(fields.Field[dict[str, Any]]):
    """A mapping with the keys of a schema; made late, so that schemas may hold themselves."""

    default_error_messages = ERRORS

    def __init__(self, schema: Callable[[], Schema], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.schema = schema

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        return take(self.schema(), value)


class Either(fields.Field[Any]):
    """One of several forms; ``choose`` looks at the value and says which field reads it."""

    default_error_messages = ERRORS

    def __init__(
        self,
        choose: Callable[[Any], fields.Field[Any]],
        forms: tuple[fields.Field[Any], ...],
        *,
        required: bool = False,
    ) -> None:
        super().__init__(required=required)
        self.choose = choose
        self.forms = forms

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.choose(value).deserialize(value)


def each(pairs: Any, inner: fields.Field[Any]) -> dict[Any, Any]:
    """Every value read by ``inner``; the errors of all of them, by key."""
    read: dict[Any, Any] = {}
    wrong: dict[Any, Any] = {}
    for key, value in pairs:
        try:
            read[key] = inner.deserialize(value)
        except ValidationError as error:
            wrong[key] = error.messages
    if wrong:
        raise nested(wrong)
    return read


def take(schema: Schema, value: Any) -> dict[str, Any]:
    """The mapping read by the schema; ValidationError with the places of what is wrong."""
    if not isinstance(value, dict):
        raise refusal("not_a_mapping")
    return cast("dict[str, Any]", schema.load(value))


def schema_of(**parts: fields.Field[Any]) -> Schema:
    """A schema with these keys and no others."""
    return schema_from(parts)


def schema_from(parts: Mapping[str, fields.Field[Any]]) -> Schema:
    """A schema with these keys and no others (for keys that are words of the language)."""
    made = Schema.from_dict(dict(parts), name="Part")(unknown="raise")
    made.error_messages["unknown"] = "unknown_key"
    made.error_messages["type"] = "not_a_mapping"
    return made
