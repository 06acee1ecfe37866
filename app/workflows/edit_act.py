"""The one way in which a draft is edited: permission, edit, reading, one row, never over another.

An edit is a pure function from the document to the next one. It is tried on what is stored; where
somebody else's edit was committed in between, it is tried again on theirs, and says itself
(``Conflict``) whether both can stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.nodes import Document
from app.definitions.plain_source import document_in, source_of
from app.domain.edit_history import Did, next_turns
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.library import LOCKED, broken
from app.domain.patches import Patch, patch
from app.domain.plain_documents import Raw, spots
from app.domain.territories import NATION
from app.storage.database import now
from app.storage.draft_edits import DraftEdit, last_edit, turns_of
from app.storage.reviews import own_item_renamed
from app.storage.surveys import QuestionnaireVersion
from app.workflows.acting import Acted, Actor, House, act
from app.workflows.examining import Examined, read, read_once
from app.workflows.reach import VERBS, Family, version
from app.workflows.surroundings import Surroundings, surroundings
from app.workflows.versions import Version, fill_version, new_version, same_draft

TRIES = 5  # of an edit that others' edits overtake
Change = Callable[[Raw], Raw]


@dataclass(frozen=True)
class Desk:
    """A draft that is being edited, as it stands now."""

    row: Version
    document: Raw
    around: Surroundings
    revision: int  # number of its last edit
    undo: int | None = None  # number of the edit that can be taken back
    redo: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit is, for the history; ``changes`` are worked out where they are not given."""

    did: Did
    place: str = ""
    turns: int | None = None
    changes: Patch | None = field(default=None)


def document_of(session: Session, actor: Actor, family: Family, draft_id: int) -> Raw:
    """What a draft says now, alone. Raises NotFound (a published version too)."""
    row = version(session, actor, family, draft_id)
    if row.number is not None:
        raise NotFound
    return document_in(row.source).data


def desk(session: Session, actor: Actor, family: Family, draft_id: int) -> Desk:
    """A draft to be edited. Raises NotFound (a published version too), BadDefinition."""
    row = version(session, actor, family, draft_id)
    if row.number is not None:
        raise NotFound
    around = surroundings(session, actor.programme_id, actor.territories)
    edits = turns_of(session, family, draft_id)
    undo, redo = next_turns(edits)
    last = edits[-1][0] if edits else 0
    return Desk(row, document_in(row.source).data, around, last, undo, redo)


def edited(
    house: House,
    actor: Actor,
    family: Family,
    draft_id: int,
    edit: Edit,
    change: Change,
    also: Callable[[Acted], None] | None = None,
) -> int:
    """Carry out one edit: the draft's new revision, or the old one where nothing changed.

    ``also``: what else is written in the same transaction. Raises NotFound, NotAllowed, Conflict,
    BadInput from ``change``, and BadDefinition where what
    it makes could not be read again.
    """
    for _ in range(TRIES):
        with house.database.read() as session:
            found = desk(session, actor, family, draft_id)
        after = change(found.document)
        changes = patch(found.document, after) if edit.changes is None else edit.changes
        if not changes:
            return found.revision
        _instruments_whole(found, after)
        source = source_of(after)
        examined = read_once(source, Document(after, {(): 1}), found.around)
        _same_place(found.row, examined)
        thing = f"{family}:{draft_id}"
        with act(house, actor, VERBS[family].draft, found.row.territory, thing) as acted:
            row = version(acted.session, actor, family, draft_id)
            acted.session.refresh(row, with_for_update=True)
            if row.number is not None:
                raise NotFound
            if (row.source, row.checksum) != (found.row.source, found.row.checksum):
                acted.details = {"did": "overtaken"}
                continue
            if also is not None:
                also(acted)
            for old, new in _renamed(found.document, after, changes):
                if isinstance(row, QuestionnaireVersion):
                    own_item_renamed(acted.session, row, old, new)
            return _written(acted, actor, family, row, examined, source, edit, changes)
    raise Conflict


def _renamed(before: Raw, after: Raw, changes: Patch) -> list[tuple[str, str]]:
    """Codes of questions that the edit, an undoing too, replaced by others; two that only changed
    places are none."""
    was, is_now = ({each.question["code"] for each in spots(one)} for one in (before, after))
    found = [(one.get("was"), one.get("is")) for one in changes if one["at"][-1:] == ["code"]]
    return [(str(a), str(b)) for a, b in found if a in was - is_now and b in is_now - was]


def _instruments_whole(found: Desk, after: Raw) -> None:
    """No edit changes a locked instrument of the library: it stands whole, or not at all."""
    before = broken(found.document, found.around.instruments)
    now_broken = [c for c in broken(after, found.around.instruments) if c not in before]
    if now_broken:
        raise BadInput([Fault(code, *LOCKED) for code in now_broken])


def _same_place(row: Version, examined: Examined) -> None:
    """An edit cannot make the draft another audience's or another territory's."""
    if examined.territory != row.territory or examined.audience != getattr(row, "audience", ""):
        raise Conflict


def _written(
    acted: Acted,
    actor: Actor,
    family: Family,
    row: Version,
    examined: Examined,
    source: str,
    edit: Edit,
    changes: Patch,
) -> int:
    session = acted.session
    number = last_edit(session, family, row.id) + 1
    fill_version(session, row, examined, source)
    row.created_by = actor.account_id  # the author is who wrote last
    session.add(_row(actor, family, row, number, edit, changes))
    acted.details = {"did": edit.did, "place": edit.place, "revision": number}
    return number


def _row(
    actor: Actor, family: Family, row: Version, number: int, edit: Edit, changes: Patch
) -> DraftEdit:
    return DraftEdit(
        programme_id=row.programme_id,
        family=family,
        version_id=row.id,
        territory=row.territory,
        number=number,
        at=now(),
        account_id=actor.account_id,
        did=edit.did,
        place=edit.place,
        changes=json.dumps(changes, ensure_ascii=False),
        turns=edit.turns,
    )


def begun(house: House, actor: Actor, family: Family, document: dict[str, Any]) -> int:
    """A new draft that says this; the one that says exactly this already, where there is one.

    Raises NotAllowed, BadDefinition.
    """
    with house.database.read() as session:
        around = surroundings(session, actor.programme_id, actor.territories)
    examined = read(Document(document, {(): 1}), around)
    territory = examined.territory if examined.territory in actor.territories else NATION
    with act(house, actor, VERBS[family].draft, territory) as acted:
        session = acted.session
        row = same_draft(session, actor.programme_id, examined)
        if row is None:
            source = source_of(document)
            row = new_version(session, actor.programme_id, examined, source, actor.account_id)
            session.flush()
            session.add(_row(actor, family, row, 1, Edit("begin"), []))
        acted.thing = f"{family}:{row.id}"
        acted.details = {"did": "begin", "checksum": examined.checksum[:12]}
        return row.id
