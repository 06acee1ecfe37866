"""The list ``breakdowns:`` of a national framework file: its keys, how it is read and written."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema

from app.definitions.fields import LineField, Record, Several, TextField, schema_of
from app.definitions.questionnaire_writing import line, text
from app.definitions.scalars import code, member, option_code
from app.definitions.yaml_text import without_empty
from app.domain.breakdowns import LEAST_GROUPS, Breakdown, BrokenDownBy, Group
from app.domain.evidence import Evidence
from app.domain.questionnaire import Audience

Raw = dict[str, Any]


@cache
def breakdown() -> Schema:
    """The keys of one breakdown."""
    group = schema_of(
        code=code(required=True),
        title=TextField(required=True),
        options=Several(option_code(), least=1),
    )
    return schema_of(
        code=code(required=True),
        title=TextField(required=True),
        audience=member(Audience, required=True),
        by=member(BrokenDownBy, required=True),
        question=code(),
        groups=Several(Record(lambda: group), least=LEAST_GROUPS, required=True),
        evidence=member(Evidence),
        source=LineField(),
    )


def breakdowns_from(raw: Raw) -> tuple[Breakdown, ...]:
    """The breakdowns of a file that its schema read."""
    return tuple(
        Breakdown(**{**entry, "groups": tuple(map(_group, entry["groups"]))})
        for entry in raw.get("breakdowns", ())
    )


def _group(raw: Raw) -> Group:
    return Group(raw["code"], raw["title"], tuple(raw.get("options", ())))


def written_breakdown(given: Breakdown) -> Raw:
    """A breakdown as a file has it."""
    groups = [
        {
            "code": group.code,
            "title": text(group.title),
            **without_empty({"options": list(group.options)}),
        }
        for group in given.groups
    ]
    evidence = given.evidence and given.evidence.value
    return {
        "code": given.code,
        "title": text(given.title),
        "audience": given.audience.value,
        "by": given.by.value,
        **without_empty({"question": given.question}),
        "groups": groups,
        **without_empty({"evidence": evidence, "source": line(given.source)}),
    }
