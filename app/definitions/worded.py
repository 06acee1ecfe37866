"""A text that somebody in the person's place may read in other words, in files.

``{fr: …, en: …}`` where the same words stand for all, else ``{text: {…}, proxy: {…}}``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.definitions.fields import Either, Record, TextField, schema_of
from app.definitions.yaml_text import Flow
from app.domain.text import NO_TEXT, Text


@cache
def _both() -> Schema:
    return schema_of(text=TextField(required=True), proxy=TextField())


def worded(usual: fields.Field[Any] | None = None, *, required: bool = False) -> Either:
    """The field of such a text; ``usual``: what it is where no other words are told apart."""
    alone, both = usual or TextField(), Record(_both)
    return Either(
        lambda value: both if isinstance(value, dict) and "text" in value else alone,
        (alone, both),
        required=required,
    )


def own_and_other(read: Text | dict[str, Any] | None) -> tuple[Text, Text]:
    """What the field read: the words for all, and those for a proxy; empty where there are none."""
    if read is None or isinstance(read, Text):
        return read or NO_TEXT, NO_TEXT
    return read["text"], read.get("proxy", NO_TEXT)


def written(own: Text, other: Text) -> Flow:
    """Both as they stand in a file."""
    if not other.wordings:
        return Flow(own.as_dict())
    return Flow({"text": Flow(own.as_dict()), "proxy": Flow(other.as_dict())})
