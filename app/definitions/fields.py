"""Texts, conditions, lists and mappings of definition files, as marshmallow fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from marshmallow import Schema, ValidationError, fields

from app.definitions.conditions import UnreadableCondition, parse_condition
from app.definitions.messages import trouble
from app.definitions.scalars import ERRORS, LANGUAGE, Scalar, line_of_text, refusal
from app.domain.text import NO_TEXT, Text


def nested(messages: Mapping[Any, Any]) -> ValidationError:
    """A marshmallow error of inner places: ``{key: messages}``."""
    return ValidationError(dict(messages))


def to_text(value: Any) -> Text:
    """A mapping from language to wording as a Text; ValidationError for anything else."""
    if not isinstance(value, dict) or not value:
        raise refusal(trouble("text", example="{fr: …, en: …}"))
    wrong: dict[str, Any] = {}
    for tag, wording in value.items():
        if not LANGUAGE.fullmatch(tag):
            wrong[tag] = [trouble("language")]
        elif not isinstance(wording, str):
            wrong[tag] = [trouble("not_a_scalar")]
    if wrong:
        raise nested(wrong)
    return Text(tuple((tag, wording.strip()) for tag, wording in value.items()))


class TextField(fields.Field[Text]):
    """A text in several languages; ``may_go``: ``{}`` says that there is none any more."""

    default_error_messages = ERRORS
    form: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/text"}
    none: ClassVar[dict[str, Any]] = {"type": "object", "maxProperties": 0}

    def __init__(self, *, required: bool = False, may_go: bool = False) -> None:
        form = {"anyOf": [self.form, self.none]} if may_go else self.form
        super().__init__(required=required, metadata={"form": form})
        self._may_go = may_go

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        return NO_TEXT if self._may_go and value == {} else to_text(value)


class LineField(fields.Field[Text]):
    """A text in several languages, or one line that is the same in each (a source)."""

    default_error_messages = ERRORS
    form: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/line"}
    line: ClassVar[Scalar] = line_of_text()

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, metadata={"form": self.form})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        if isinstance(value, dict):
            text = to_text(value)
            for _tag, wording in text.wordings:
                self.line.deserialize(wording)
            return text
        return Text.written(self.line.deserialize(value))


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
