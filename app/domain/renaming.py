"""What follows when a code is renamed: conditions, comparisons, and earlier answers in texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.domain.plain_documents import Raw, spots
from app.domain.text import PIPE

_ITEM = re.compile(
    r"(\s*(?:answered\s+)?)([A-Za-z][A-Za-z0-9_]{0,31})(?=[\s=!<>]|$)(.*)", re.DOTALL
)
_COMPARED = re.compile(r"(\s*(?:!=|<=|>=|=|<|>)\s*)(\S+)(\s*)")


def renamed(document: Raw, names: Mapping[str, str]) -> Raw:
    """The document in which everything that named an item names it anew; ``names``: new by old.

    The codes themselves are taken to be changed already; those of a list's places follow it.
    """
    if not names:
        return document
    every = dict(names)
    for each in spots(document):
        question = each.question
        if question.get("type") == "list":
            every |= _of_places(question, names)
    result: Raw = _followed(document, every, "")
    if instead := document.get("instead"):
        follows = {item: every.get(own, own) for item, own in instead.items()}
        result = {**result, "instead": follows}
    return result


def _of_places(listed: Raw, names: Mapping[str, str]) -> dict[str, str]:
    own = {listed["code"], *(each["code"] for each in listed.get("questions", ()))}
    places = range(1, int(listed.get("most", 6)) + 1)
    return {
        f"{old}_{place}": f"{new}_{place}"
        for old, new in names.items()
        if new in own
        for place in places
    }


def _followed(value: Any, names: Mapping[str, str], key: str) -> Any:
    if isinstance(value, dict):
        if key == "shown_when":
            return {word: _conditions(inner, names) for word, inner in value.items()}
        return {inner: _followed(each, names, inner) for inner, each in value.items()}
    if isinstance(value, list):
        return [_followed(each, names, key) for each in value]
    if key == "shown_when":
        return _atom(value, names)
    if key == "compare":
        return _COMPARED.sub(lambda m: f"{m[1]}{names.get(m[2], m[2])}{m[3]}", value)
    return PIPE.sub(lambda m: f"{{{m[1]}:{names.get(m[2], m[2])}|{m[3]}}}", value)


def _conditions(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {word: _conditions(inner, names) for word, inner in value.items()}
    if isinstance(value, list):
        return [_conditions(each, names) for each in value]
    return _atom(value, names)


def _atom(written: str, names: Mapping[str, str]) -> str:
    found = _ITEM.fullmatch(written)
    if found is None:
        return written
    return f"{found[1]}{names.get(found[2], found[2])}{found[3]}"
