"""The keys of questionnaire and module files, but for those of their questions."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.definitions.fields import (
    ByName,
    Either,
    LineField,
    Record,
    Several,
    TextField,
    schema_of,
)
from app.definitions.question_schemas import form_of, options, question, usual_ways
from app.definitions.scalars import (
    code,
    language,
    line_of_text,
    member,
    number,
    one_of,
    refusal,
    whole,
)
from app.definitions.worded import worded
from app.domain.questionnaire import Audience, Kind

_QUESTIONS = {kind.value: Record(lambda kind=kind: question(kind)) for kind in Kind}  # type: ignore[misc]


def _question_form(value: Any) -> fields.Field[Any]:
    return form_of(value, _QUESTIONS)


def _question() -> Either:
    return Either(_question_form, tuple(_QUESTIONS.values()))


@cache
def _page_entry() -> Schema:
    page = schema_of(
        code=code(required=True),
        title=worded(),
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
    return ByName(code(), options())


@cache
def _library_list() -> Schema:
    return schema_of(entry=code(required=True), version=whole(1, 999_999, required=True))


def _library_lists() -> ByName:
    """Which version of the library each list of options is."""
    return ByName(code(), Record(_library_list))


def _languages() -> Several:
    return Several(language(), least=1, required=True)


@cache
def questionnaire() -> Schema:
    """The keys of a questionnaire file."""
    section = schema_of(code=code(required=True), title=worded(required=True), items=_entries())
    return schema_of(
        format=one_of("covalue/questionnaire/1", required=True),
        code=code(required=True),
        audience=member(Audience, required=True),
        languages=_languages(),
        fallback=language(),
        title=TextField(required=True),
        introduction=worded(),
        minutes=number(low=0, high=600),
        source=LineField(),
        licence=line_of_text(),
        option_lists=_option_lists(),
        library_lists=_library_lists(),
        ways_out=usual_ways(),
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
        source=LineField(),
        option_lists=_option_lists(),
        library_lists=_library_lists(),
        ways_out=usual_ways(),
        instead=ByName(code(), code()),
        slots=ByName(code(), _module_entries(), least=1, required=True),
    )
