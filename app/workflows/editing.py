"""Questionnaires and modules edited on the screens: one act for each kind of edit."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.plain_source import document_in
from app.domain import editing
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.patches import apply, inverse
from app.domain.plain_documents import Raw, digest, spot, spots
from app.domain.text import Text
from app.storage.draft_edits import edit_numbered
from app.storage.surveys import QuestionnaireVersion, questionnaires
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Edit, desk, edited
from app.workflows.reach import Family, version

_FAMILY: Family = "questionnaire"


def change_question(
    house: House, actor: Actor, draft_id: int, code: str, question: Raw, seen: str
) -> int:
    """Say a question otherwise; ``seen``: digest of what the page showed.

    Raises Conflict where somebody changed this very question meanwhile, BadInput for a code that
    answers were given under.
    """
    fixed = _published(house, actor, draft_id)

    def change(document: Raw) -> Raw:
        stored = _unchanged(document, code, seen)
        if digest(stored) == digest(question):
            return document
        for old, new in _codes(stored, question):
            if old != new and old in fixed:
                raise BadInput([Fault("code", *_FIXED)])
        return editing.changed(document, code, question)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", question["code"]), change)


def _codes(before: Raw, after: Raw) -> list[tuple[str, str]]:
    """Codes before and after: of the question, and of rows that stand where they stood."""
    rows, others = before.get("rows", []), after.get("rows", [])
    pairs = zip(rows, others, strict=True) if len(rows) == len(others) else ()
    return [(before["code"], after["code"]), *((a["code"], b["code"]) for a, b in pairs)]


def _unchanged(document: Raw, code: str, seen: str) -> Raw:
    try:
        stored = spot(document, code).question
    except NotFound:
        raise Conflict from None
    if digest(stored) != seen:
        raise Conflict
    return stored


def add_question(
    house: House, actor: Actor, draft_id: int, home: str, question: Raw, after: str = ""
) -> str:
    """One more question, under a free code like the one given; the code."""
    taken = codes_ever_used(house, actor, draft_id)
    code = ""

    def change(document: Raw) -> Raw:
        nonlocal code
        code = editing.free_code(document, question["code"], taken)
        named = {**question, "code": code}
        if after and spot(document, after).of_list:
            return editing.added_to_list(document, spot(document, after).of_list, named)
        return editing.added(document, home, named, after)

    edited(house, actor, _FAMILY, draft_id, Edit("add", question["code"]), change)
    return code


def add_to_list(house: House, actor: Actor, draft_id: int, listed: str, question: Raw) -> str:
    """One more question about each entry of a list; its code."""
    taken = codes_ever_used(house, actor, draft_id)
    code = ""

    def change(document: Raw) -> Raw:
        nonlocal code
        code = editing.free_code(document, question["code"], taken)
        return editing.added_to_list(document, listed, {**question, "code": code})

    edited(house, actor, _FAMILY, draft_id, Edit("add", question["code"]), change)
    return code


def copy_question(house: House, actor: Actor, draft_id: int, code: str) -> str:
    """The question once more, below; the copy's code."""
    taken = codes_ever_used(house, actor, draft_id)
    copy = ""

    def change(document: Raw) -> Raw:
        nonlocal copy
        document, copy = editing.duplicated(document, code, taken)
        return document

    edited(house, actor, _FAMILY, draft_id, Edit("copy", code), change)
    return copy


def move_question(house: House, actor: Actor, draft_id: int, code: str, step: int) -> int:
    """One place earlier (-1) or later (+1)."""

    def change(document: Raw) -> Raw:
        return editing.moved(document, code, step)

    return edited(house, actor, _FAMILY, draft_id, Edit("move", code), change)


def put_question(house: House, actor: Actor, draft_id: int, code: str, home: str) -> int:
    """To the end of another section or slot."""

    def change(document: Raw) -> Raw:
        return editing.put_into(document, code, home)

    return edited(house, actor, _FAMILY, draft_id, Edit("move", code), change)


def retire_question(house: House, actor: Actor, draft_id: int, code: str) -> int:
    """Ask it no more; its code stays taken, and it can be restored."""

    def change(document: Raw) -> Raw:
        return editing.removed(document, code)

    return edited(house, actor, _FAMILY, draft_id, Edit("retire", code), change)


def restore_question(house: House, actor: Actor, draft_id: int, code: str) -> int:
    """Ask a retired question again, as the last published version that had it said it."""
    with house.database.read() as session:
        found = next(
            (
                (home, asked)
                for home, asked in _retired(session, actor, draft_id)
                if asked["code"] == code
            ),
            None,
        )
    if found is None:
        raise NotFound
    home, question = found

    def change(document: Raw) -> Raw:
        known = [section["code"] for section in document.get("sections", ())]
        last = known[-1] if known and home not in known else home
        return editing.added(document, last, question)

    return edited(house, actor, _FAMILY, draft_id, Edit("restore", code), change)


def retired(session: Session, actor: Actor, draft_id: int) -> list[Raw]:
    """Questions that a published version asked and this draft does not."""
    return [question for _home, question in _retired(session, actor, draft_id)]


def _retired(session: Session, actor: Actor, draft_id: int) -> list[tuple[str, Raw]]:
    found = desk(session, actor, _FAMILY, draft_id)
    here = {each.question["code"] for each in spots(found.document)}
    known: dict[str, tuple[str, Raw]] = {}
    for row in _versions(session, actor, found.row):
        for each in spots(document_in(row.source).data):
            code = each.question["code"]
            if code not in here and not each.of_list:
                known.setdefault(code, (each.home, each.question))
    return list(known.values())


def _versions(session: Session, actor: Actor, row: Any) -> list[QuestionnaireVersion]:
    """The published versions of the same thing, newest first."""
    same = questionnaires(session, actor.programme_id, frozenset({row.territory}))
    numbered = [each for each in same if each.audience == row.audience and each.number]
    return sorted(numbered, key=lambda each: -(each.number or 0))


def _published(house: House, actor: Actor, draft_id: int) -> set[str]:
    """Codes under which some published version asks."""
    with house.database.read() as session:
        row = version(session, actor, _FAMILY, draft_id)
        found: set[str] = set()
        for each in _versions(session, actor, row):
            found |= set(_asked_in(each.document))
        return found


def _asked_in(document: Any) -> Iterator[str]:
    """The codes of questions and rows in a frozen document, which is not read again for it."""
    if isinstance(document, list):
        for inner in document:
            yield from _asked_in(inner)
    elif isinstance(document, dict):
        if "kind" in document:
            yield document["code"]
            yield from (row["code"] for row in document.get("rows", ()))
        for inner in document.values():
            if isinstance(inner, dict | list):
                yield from _asked_in(inner)


def codes_ever_used(house: House, actor: Actor, draft_id: int) -> Collection[str]:
    """Codes that nothing new may take: published once, here or in the core."""
    used = _published(house, actor, draft_id)
    with house.database.read() as session:
        found = desk(session, actor, _FAMILY, draft_id)
    core = found.around.cores.get(getattr(found.row, "audience", ""))
    if core is not None:
        used |= {item for question in core.questions for item in question.item_codes}
    return used


def say_head(house: House, actor: Actor, draft_id: int, parts: dict[str, Any], seen: str) -> int:
    """Title, introduction, languages and the like; ``seen``: digest of what the page showed."""

    def change(document: Raw) -> Raw:
        if digest(head_of(document)) != seen:
            raise Conflict
        return editing.said_at_head(document, parts)

    return edited(house, actor, _FAMILY, draft_id, Edit("head"), change)


def head_of(document: Raw) -> Raw:
    """What stands at the head of a document: all but its questions and its lists."""
    return {
        key: value
        for key, value in document.items()
        if key not in ("sections", "slots", "option_lists")
    }


def change_parts(
    house: House, actor: Actor, draft_id: int, place: str, change: Callable[[Raw], Raw]
) -> int:
    """Sections, slots and lists of options: added, said otherwise, moved, removed."""
    return edited(house, actor, _FAMILY, draft_id, Edit("head", place), change)


def turn(house: House, actor: Actor, family: Family, draft_id: int, *, back: bool) -> int:
    """Take the last edit back, or do it again. Raises Conflict where there is nothing to turn."""
    with house.database.read() as session:
        found = desk(session, actor, family, draft_id)
        number = found.undo if back else found.redo
        row = edit_numbered(session, family, draft_id, number or 0)
        if row is None:
            raise Conflict(_NOTHING)
        kept = json.loads(row.changes)
        changes = inverse(kept) if back else kept
        place = row.place

    def change(document: Raw) -> Raw:
        if digest(document) != digest(found.document):
            raise Conflict
        return apply(document, changes)

    edit = Edit("undo" if back else "redo", place, number, changes)
    return edited(house, actor, family, draft_id, edit, change)


_FIXED = (
    Text.of(
        fr="Des réponses sont enregistrées sous ce code : il ne change plus.",
        en="Answers are kept under this code: it does not change any more.",
    ),
    Text.of(
        fr="Pour une question d’un autre sens : « Dupliquer », puis retirez celle-ci.",
        en="For a question that means something else: “Duplicate”, then retire this one.",
    ),
)
_NOTHING = Text.of(fr="Il n’y a rien à annuler.", en="There is nothing to undo.")
