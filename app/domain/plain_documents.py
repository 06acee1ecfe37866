"""A definition as plain values: text, lists, mappings; where its questions stand in it.

Nothing here changes what it is given: every change is a new document that shares the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.errors import NotFound

Raw = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What holds entries: a section of a core, or a slot that a module fills."""

    code: str
    path: Path  # of the list of entries
    entries: list[Raw]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a question stands. ``of_list``: code of the list that asks it about each entry."""

    home: str
    path: Path
    question: Raw
    of_list: str = ""


def own_words(text: Raw | None) -> Raw:
    """The wordings of a text by language, where it may have others for a proxy."""
    said: Raw = text or {}
    return said["text"] if isinstance(said.get("text"), dict) else said


def other_words(text: Raw | None) -> Raw:
    """Its other wordings, for a proxy."""
    said: Raw = text or {}
    return said.get("proxy", {}) if isinstance(said.get("text"), dict) else {}


def both_words(own: Raw, other: Raw) -> Raw:
    """The text with these wordings, as files have it."""
    return {"text": own, "proxy": other} if any(other.values()) else own


def homes(document: Raw) -> Iterator[Home]:
    """The sections of a core, or the slots of a module, in order."""
    for index, section in enumerate(document.get("sections", ())):
        yield Home(section["code"], ("sections", index, "items"), section["items"])
    for slot, entries in document.get("slots", {}).items():
        yield Home(slot, ("slots", slot), entries)


def spots(document: Raw) -> Iterator[Spot]:
    """Every question in order, those of lists after their list."""
    for home in homes(document):
        for index, entry in enumerate(home.entries):
            if "slot" in entry:
                continue
            path: Path = (*home.path, index)
            if "page" in entry:
                for inner, question in enumerate(entry["page"]["questions"]):
                    yield Spot(home.code, (*path, "page", "questions", inner), question)
            else:
                yield Spot(home.code, path, entry)
                yield from _of_list(home.code, path, entry)


def _of_list(home: str, path: Path, listed: Raw) -> Iterator[Spot]:
    for index, question in enumerate(listed.get("questions", ())):
        yield Spot(home, (*path, "questions", index), question, listed["code"])


def spot(document: Raw, code: str) -> Spot:
    """Where the question with this code, or the battery with this row, stands. Raises NotFound."""
    for found in spots(document):
        if found.question["code"] == code:
            return found
    for found in spots(document):
        if any(row["code"] == code for row in found.question.get("rows", ())):
            return found
    raise NotFound


def codes(document: Raw) -> set[str]:
    """Every code that something of the document has, but for those of options."""
    found = {section["code"] for section in document.get("sections", ())}
    found |= set(document.get("slots", ()))
    for home in homes(document):
        for entry in home.entries:
            found |= {entry[part]["code"] for part in ("page", "slot") if part in entry}
    for each in spots(document):
        question = each.question
        found.add(question["code"])
        found |= {row["code"] for row in question.get("rows", ())}
        found |= _made_codes(question)
    return found


def _made_codes(question: Raw) -> set[str]:
    """The codes that a list's places will have."""
    inner = [question["code"], *(each["code"] for each in question.get("questions", ()))]
    places = range(1, int(question.get("most", 6)) + 1) if question.get("type") == "list" else ()
    return {f"{code}_{place}" for code in inner for place in places}


def at(document: Any, path: Path) -> Any:
    """What stands at the path."""
    for key in path:
        document = document[key]
    return document


def with_value(document: Raw, path: Path, value: Any) -> Raw:
    """The document with another value at the path."""
    changed: Raw = _with(document, path, value)
    return changed


def _with(document: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = _with(document[path[0]] if path[1:] else None, path[1:], value)
    return copy


def without(document: Raw, path: Path) -> Raw:
    """The document without what stands at the path."""
    inner = at(document, path[:-1]).copy()
    del inner[path[-1]]
    return with_value(document, path[:-1], inner)


def with_entry(document: Raw, path: Path, index: int, entry: Raw) -> Raw:
    """The document with one more entry in the list at the path."""
    entries = [*at(document, path)]
    entries.insert(index, entry)
    return with_value(document, path, entries)


def digest(value: Any) -> str:
    """Twelve hexadecimal digits that change when anything in the value does."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:12]
