"""Edits of a national questionnaire’s sections, and of the slots it keeps for territories.

Each is a function from a plain document to the next one, as in ``domain.editing``.
"""

from __future__ import annotations

from typing import Any

from app.domain.editing import refuse_taken, swapped
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.plain_documents import Raw
from app.domain.text import Text


def with_section(document: Raw, code: str, title: Raw) -> Raw:
    """The document with one more section, empty, at its end. Raises BadInput."""
    refuse_taken(document, code)
    sections = [*document["sections"], {"code": code, "title": title, "items": []}]
    return {**document, "sections": sections}


def section_changed(document: Raw, code: str, new: str, title: Raw) -> Raw:
    """The document with a section's other code and title. Raises NotFound, BadInput."""
    if new != code:
        refuse_taken(document, new)
    return _sections(document, code, lambda each: [{**each, "code": new, "title": title}])


def section_removed(document: Raw, code: str) -> Raw:
    """The document without an empty section. Raises BadInput where it holds something."""
    section = next((each for each in document["sections"] if each["code"] == code), None)
    if section is None:
        raise NotFound
    if section["items"] or len(document["sections"]) == 1:
        raise BadInput([Fault(code, *_NOT_EMPTY)])
    return _sections(document, code, lambda _: [])


def section_moved(document: Raw, code: str, step: int) -> Raw:
    """The document with the section one place earlier (-1) or later (+1)."""
    index = next((i for i, each in enumerate(document["sections"]) if each["code"] == code), None)
    if index is None:
        raise NotFound
    return swapped(document, ("sections", index), step)


def with_slot(document: Raw, section: str, code: str, minutes: str) -> Raw:
    """The document with a slot for territories at the end of a section. Raises BadInput."""
    refuse_taken(document, code)
    slot = {"slot": {"code": code, **({"minutes": minutes} if minutes else {})}}
    return _sections(document, section, lambda each: [{**each, "items": [*each["items"], slot]}])


def slot_removed(document: Raw, code: str) -> Raw:
    """The document without a slot for territories. Raises NotFound."""
    for section in document["sections"]:
        kept = [each for each in section["items"] if each.get("slot", {}).get("code") != code]
        if len(kept) < len(section["items"]):
            left = {**section, "items": kept}
            return _sections(document, section["code"], lambda _, left=left: [left])
    raise NotFound


def _sections(document: Raw, code: str, change: Any) -> Raw:
    if code not in {each["code"] for each in document["sections"]}:
        raise NotFound
    sections = [
        after
        for each in document["sections"]
        for after in (change(each) if each["code"] == code else [each])
    ]
    return {**document, "sections": sections}


_NOT_EMPTY = (
    Text.of(
        fr="Cette partie contient encore des questions, ou c’est la seule.",
        en="This section still holds questions, or it is the only one.",
    ),
    Text.of(
        fr="Déplacez d’abord ce qu’elle contient.",
        en="Move what it holds first.",
    ),
)
