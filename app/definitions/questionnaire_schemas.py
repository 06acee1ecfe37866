"""The keys of questionnaire and module files; each kind of question has its own."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from marshmallow import Schema, fields

from app.definitions.fields import (
    ByName,
    ConditionField,
    Either,
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
    language,
    line_of_text,
    member,
    number,
    one_of,
    option_code,
    refusal,
    whole,
)
from app.domain.questionnaire import Audience, Kind, Required, Why

Parts = dict[str, fields.Field[Any]]
LONGEST = 20_000
_WAYS = (Why.DONT_KNOW, Why.PREFER_NOT, Why.NOT_CONCERNED)


@cache
def _option() -> Schema:
    return schema_of(
        code=option_code(required=True),
        text=TextField(required=True),
        score=number(),
        exclusive=flag(),
        specify=flag(),
        closed=flag(),
    )


def _options() -> Several:
    return Several(Record(_option), least=1)


def _by_type(value: Any, *pairs: tuple[type, fields.Field[Any]]) -> fields.Field[Any]:
    for kind, form in pairs:
        if isinstance(value, kind):
            return form
    return pairs[-1][1]


def _list_or_name() -> Either:
    name, listed = code(), _options()
    return Either(
        lambda value: _by_type(value, (str, name), (list, listed)), (name, listed), required=True
    )


class _Maybe(TextField):
    """A text, or nothing where the usual words do."""

    form: ClassVar[dict[str, Any]] = {"anyOf": [{"$ref": "#/$defs/text"}, {"enum": [None, ""]}]}

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        return None if value == "" else super()._deserialize(value, *rest, **more)


def _ways_out() -> Either:
    way = one_of(*_WAYS)
    listed, mapped = Several(way), ByName(way, _Maybe())
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


def _told(kind: Kind) -> Parts:
    return {
        "code": code(required=True),
        "type": one_of(kind, required=True),
        "text": TextField(required=True),
        "hint": TextField(),
        "why_we_ask": TextField(),
        "shown_when": ConditionField(),
        "proxy": _proxy(),
        "status": one_of("draft", "tested"),
        "source": line_of_text(),
    }


def _asked() -> Parts:
    return {"ways_out": _ways_out(), "required": member(Required), "sensitive": flag()}


def _listed() -> Parts:
    return {"options": _list_or_name(), "extra_options": _options()}


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
            "labels": ByName(whole(-100, 100), TextField()),
        },
        Kind.NUMBER: {
            "limits": _limits(
                minimum=number(), maximum=number(), decimals=whole(0, 6), compare=_compare()
            ),
            "unit": TextField(),
        },
        Kind.TEXT: {"limits": _text_limits()},
        Kind.LONG_TEXT: {"limits": _text_limits()},
        Kind.DATE: {
            "precision": one_of("day", "month", "year"),
            "limits": _limits(
                minimum=line_of_text(high=10), maximum=line_of_text(high=10), compare=_compare()
            ),
        },
        Kind.BATTERY: {
            **_listed(),
            "rows": Several(Record(_row), least=1, required=True),
            "layout": one_of("one_by_one", "list"),
        },
    }
    return parts[kind]


@cache
def question(kind: Kind) -> Schema:
    """The keys of one kind of question."""
    if kind is Kind.INFORMATION:
        return schema_from(_told(kind))
    return schema_from({**_told(kind), **_asked(), **_own_parts(kind)})


_QUESTIONS = {kind.value: Record(lambda kind=kind: question(kind)) for kind in Kind}  # type: ignore[misc]


def _question_form(value: Any) -> fields.Field[Any]:
    if not isinstance(value, dict):
        raise refusal("not_a_mapping")
    kind = value.get("type")
    if not isinstance(kind, str) or kind.strip() not in _QUESTIONS:
        rule = trouble("choice", allowed=", ".join(Kind)) if kind else trouble("missing")
        raise type(refusal(rule))({"type": [rule]})
    return _QUESTIONS[kind.strip()]


def _question() -> Either:
    return Either(_question_form, tuple(_QUESTIONS.values()))


@cache
def _page_entry() -> Schema:
    page = schema_of(
        code=code(required=True),
        title=TextField(),
        questions=Several(_question(), least=1, required=True),
    )
    return schema_of(page=Record(lambda: page, required=True))


@cache
def _slot_entry() -> Schema:
    slot = schema_of(code=code(required=True), minutes=number(low=0, high=600))
    return schema_of(slot=Record(lambda: slot, required=True))


_PAGE, _SLOT, _ANY_QUESTION = Record(_page_entry), Record(_slot_entry), _question()


def _entry_form(value: Any, *, slots: bool) -> fields.Field[Any]:
    if isinstance(value, dict) and "page" in value:
        return _PAGE
    if slots and isinstance(value, dict) and "slot" in value:
        return _SLOT
    if isinstance(value, dict) and ("code" in value or "type" in value):
        return _ANY_QUESTION
    raise refusal("entry")


def _entries() -> Several:
    return Several(
        Either(lambda value: _entry_form(value, slots=True), (_ANY_QUESTION, _PAGE, _SLOT)),
        required=True,
    )


def _module_entries() -> Several:
    return Several(
        Either(lambda value: _entry_form(value, slots=False), (_ANY_QUESTION, _PAGE)), least=1
    )


def _option_lists() -> ByName:
    return ByName(code(), _options())


def _languages() -> Several:
    return Several(language(), least=1, required=True)


@cache
def questionnaire() -> Schema:
    """The keys of a questionnaire file."""
    section = schema_of(code=code(required=True), title=TextField(required=True), items=_entries())
    return schema_of(
        format=one_of("covalue/questionnaire/1", required=True),
        code=code(required=True),
        audience=member(Audience, required=True),
        languages=_languages(),
        fallback=language(),
        title=TextField(required=True),
        introduction=TextField(),
        minutes=number(low=0, high=600),
        source=line_of_text(),
        licence=line_of_text(),
        option_lists=_option_lists(),
        ways_out=ByName(one_of(*_WAYS), TextField()),
        sections=Several(Record(lambda: section), least=1, required=True),
    )


@cache
def module() -> Schema:
    """The keys of a module file."""
    core = schema_of(code=code(required=True), number=whole(1, 999_999))
    return schema_of(
        format=one_of("covalue/module/1", required=True),
        code=code(required=True),
        audience=member(Audience, required=True),
        territory=code(required=True),
        core=Record(lambda: core, required=True),
        languages=_languages(),
        title=TextField(required=True),
        source=line_of_text(),
        option_lists=_option_lists(),
        ways_out=ByName(one_of(*_WAYS), TextField()),
        slots=ByName(code(), _module_entries(), least=1, required=True),
    )
