"""The keys of a question; each kind has its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from marshmallow import Schema, fields

from app.definitions.fields import (
    ByName,
    ConditionField,
    Either,
    LineField,
    Record,
    Several,
    TextField,
    schema_from,
    schema_of,
)
from app.definitions.messages import trouble
from app.definitions.scalars import (
    Scalar,
    code,
    comparison,
    flag,
    line_of_text,
    member,
    number,
    one_of,
    option_code,
    refusal,
    whole,
)
from app.definitions.worded import worded
from app.domain.answer_files import Medium
from app.domain.questionnaire import Kind, Required, Why

Parts = dict[str, fields.Field[Any]]
LONGEST = 20_000
MOST_ENTRIES = 12  # of a list: on paper every place has its questions
EACH = tuple(kind for kind in Kind if kind not in (Kind.BATTERY, Kind.LIST))
WAYS = (Why.DONT_KNOW, Why.PREFER_NOT, Why.NOT_CONCERNED)


@cache
def _option() -> Schema:
    return schema_of(
        code=option_code(required=True),
        text=TextField(required=True),
        score=number(),
        exclusive=flag(),
        specify=flag(),
        closed=flag(),
        shown_when=ConditionField(),
        proxy=TextField(),
    )


def options() -> Several:
    """The options of a question, or of a list of options."""
    return Several(Record(_option), least=1)


def _by_type(value: Any, *pairs: tuple[type, fields.Field[Any]]) -> fields.Field[Any]:
    for kind, form in pairs:
        if isinstance(value, kind):
            return form
    return pairs[-1][1]


def _list_or_name() -> Either:
    name, listed = code(), options()
    return Either(
        lambda value: _by_type(value, (str, name), (list, listed)), (name, listed), required=True
    )


class _Maybe(TextField):
    """A text, or nothing where the usual words do."""

    form: ClassVar[dict[str, Any]] = {"anyOf": [{"$ref": "#/$defs/text"}, {"enum": [None, ""]}]}

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        return None if value == "" else super()._deserialize(value, *rest, **more)


def usual_ways() -> ByName:
    """The usual words of the ways out in a file."""
    return ByName(one_of(*WAYS), worded())


def _ways_out() -> Either:
    way = one_of(*WAYS)
    listed, mapped = Several(way), ByName(way, worded(_Maybe()))
    return Either(lambda value: _by_type(value, (dict, mapped), (list, listed)), (listed, mapped))


def _proxy() -> Either:
    word, text = one_of("not_asked"), TextField()
    return Either(lambda value: _by_type(value, (str, word), (dict, text)), (word, text))


def _pattern() -> Scalar:
    return line_of_text(high=200)


def _length() -> Scalar:
    return whole(0, LONGEST)


@cache
def _row() -> Schema:
    return schema_of(
        code=code(required=True),
        text=TextField(required=True),
        shown_when=ConditionField(),
        proxy=_proxy(),
    )


def _limits(**parts: fields.Field[Any]) -> Record:
    schema = schema_of(**parts)
    return Record(lambda: schema)


def _compare() -> Several:
    return Several(comparison(), least=1)


def _text_limits() -> Record:
    return _limits(
        min_length=_length(), max_length=_length(), pattern=_pattern(), pattern_text=TextField()
    )


@cache
def _library() -> Schema:
    """Which item of which version of the library a question is."""
    return schema_of(
        entry=code(required=True),
        version=whole(1, 999_999, required=True),
        item=code(required=True),
    )


def _told(kind: Kind) -> Parts:
    return {
        "code": code(required=True),
        "type": one_of(kind, required=True),
        "text": TextField(required=True),
        "hint": worded(),
        "why_we_ask": worded(),
        "interviewer_note": TextField(),
        "shown_when": ConditionField(),
        "proxy": _proxy(),
        "status": one_of("draft", "tested"),
        "source": LineField(),
        "library": Record(_library),
    }


def _asked() -> Parts:
    return {"ways_out": _ways_out(), "required": member(Required), "sensitive": flag()}


def _listed() -> Parts:
    return {"options": _list_or_name(), "extra_options": options()}


def _own_parts(kind: Kind) -> Parts:
    """The keys that only this kind of question has."""
    parts: dict[Kind, Parts] = {
        Kind.CHOICE: _listed(),
        Kind.CHOICES: {
            **_listed(),
            "limits": _limits(min_choices=whole(1, 200), max_choices=whole(1, 200)),
        },
        Kind.RATING: {
            "from": whole(-100, 100, required=True),
            "to": whole(-100, 100, required=True),
            "labels": ByName(whole(-100, 100), worded()),
        },
        Kind.NUMBER: {
            "limits": _limits(
                minimum=number(), maximum=number(), decimals=whole(0, 6), compare=_compare()
            ),
            "unit": TextField(),
        },
        Kind.TEXT: {"limits": _text_limits(), "scan": flag()},
        Kind.LONG_TEXT: {"limits": _text_limits()},
        Kind.DATE: {
            "precision": one_of("day", "month", "year"),
            "limits": _limits(
                minimum=line_of_text(high=10), maximum=line_of_text(high=10), compare=_compare()
            ),
        },
        Kind.TIME: {
            "limits": _limits(
                minimum=line_of_text(high=5), maximum=line_of_text(high=5), compare=_compare()
            ),
        },
        Kind.PLACE: {},
        Kind.FILE: {"accepts": Several(member(Medium), least=1, required=True)},
        Kind.BATTERY: {
            **_listed(),
            "rows": Several(Record(_row), least=1, required=True),
            "layout": one_of("one_by_one", "list"),
        },
        Kind.LIST: {
            "name": TextField(required=True),
            "entry": TextField(required=True),
            "most": whole(1, MOST_ENTRIES),
            "questions": Several(_of_each(), least=1),
        },
    }
    return parts[kind]


@cache
def question(kind: Kind) -> Schema:
    """The keys of one kind of question."""
    if kind is Kind.INFORMATION:
        return schema_from(_told(kind))
    return schema_from({**_told(kind), **_asked(), **_own_parts(kind)})


def _of_each() -> Either:
    """A question asked about each entry of a list: any kind but those of several items."""
    forms = {kind.value: Record(lambda kind=kind: question(kind)) for kind in EACH}  # type: ignore[misc]

    def form(value: Any) -> fields.Field[Any]:
        return form_of(value, forms)

    return Either(form, tuple(forms.values()))


def form_of(value: Any, forms: Mapping[str, fields.Field[Any]]) -> fields.Field[Any]:
    """The form for the value's type, among these; a refusal in words where there is none."""
    if not isinstance(value, dict):
        raise refusal("not_a_mapping")
    kind = value.get("type")
    if not isinstance(kind, str) or kind.strip() not in forms:
        rule = trouble("choice", allowed=", ".join(forms)) if kind else trouble("missing")
        raise type(refusal(rule))({"type": [rule]})
    return forms[kind.strip()]
