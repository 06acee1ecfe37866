"""The library: its entries, one with its versions and uses, and what goes in and out of drafts."""

from __future__ import annotations

import json
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadDefinition, BadInput, Fault, NotFound
from app.domain.library import EntryKind, Licence
from app.domain.patches import patch
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.accounts import names_of
from app.web.coordinators.building import edit_words, faults_of
from app.web.coordinators.definition_words import AUDIENCES
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import library as acts
from app.workflows import library_shelf
from app.workflows.library import Taken
from app.workflows.library_shelf import Shown

KINDS: dict[EntryKind, Any] = {
    EntryKind.QUESTION: _l("Question"),
    EntryKind.BLOCK: _l("Block"),
    EntryKind.LIST: _l("List of answers"),
    EntryKind.INSTRUMENT: _l("Validated instrument, locked"),
}
LICENCES: dict[Licence, Any] = {
    Licence.FREE: _l("free to use"),
    Licence.HELD: _l("permission held"),
    Licence.TO_SUPPLY: _l("text to be supplied"),
}
_ENTRY = "/library/<int:entry_id>"


@blueprint.get("/library")
@enters(Verb.QUESTIONNAIRE_VIEW)
def library() -> ResponseReturnValue:
    """Every entry within reach, with how many questionnaires use which version."""
    with house().database.read() as session:
        shelf = library_shelf.shelf(session, g.actor)
    return render_template(
        "coordinators/library.html",
        shelf=shelf,
        kinds=KINDS,
        licences=LICENCES,
        may_keep=g.actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION),
    )


@blueprint.get(_ENTRY)
@enters(Verb.QUESTIONNAIRE_VIEW)
def library_entry(entry_id: int) -> ResponseReturnValue:
    """One entry: what it says, its versions, who uses them, and the way into a draft."""
    return _entry_page(entry_id)


def _entry_page(
    entry_id: int, faults: tuple[Fault, ...] = (), status: int = 200
) -> ResponseReturnValue:
    with house().database.read() as session:
        found = library_shelf.entry_shown(session, g.actor, entry_id)
        drafts = library_shelf.drafts_for(session, g.actor)
        makers = {each.made_by for each in found.versions if each.made_by}
        people = names_of(session, makers)
    may = g.actor.scope(Verb.QUESTIONNAIRE_DRAFT)
    using = {use.row.id for use in found.uses}
    page = render_template(
        "coordinators/library_entry.html",
        found=found,
        drafts=[
            each
            for each in drafts
            if each[0].id not in using and found.entry.territory in (NATION, each[0].territory)
        ],
        may=may,
        people=people,
        kinds=KINDS,
        licences=LICENCES,
        audiences=AUDIENCES,
        said=_said(found),
        changed={
            each.number: _changed(each.document, found.latest.document)
            for each in found.versions[1:]
        },
        faults=faults,
    )
    return page, status


def _changed(before: Any, after: Any) -> tuple[str, str]:
    """What the newest version takes away and puts there, as far as it is words."""
    return edit_words(json.dumps(patch(before, after), ensure_ascii=False))


def _said(found: Shown) -> list[tuple[str, Any]]:
    """Code and wording of what the newest version holds."""
    document = found.latest.document
    listed = document.get("options", [])
    for entry in document.get("entries", ()):
        listed = [*listed, *(entry["page"]["questions"] if "page" in entry else [entry])]
    return [(each["code"], each["text"]) for each in listed]


@blueprint.get("/library/new")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def library_new() -> ResponseReturnValue:
    """Take something of a version or draft in; without one, keep a place for an instrument."""
    return _new_page()


def _new_page(faults: tuple[Fault, ...] = (), status: int = 200) -> ResponseReturnValue:
    version_id = request.values.get("version", 0, type=int)
    may_keep = g.actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION)
    row, places = None, dict[EntryKind, list[str]]()
    with house().database.read() as session:
        if version_id:
            row, places = library_shelf.places_of(session, g.actor, version_id)
        elif not may_keep:
            raise NotFound
        entries = [
            each.entry
            for each in (library_shelf.shelf(session, g.actor) if row else ())
            if g.actor.may(Verb.QUESTIONNAIRE_DRAFT, each.entry.territory)
        ]
    page = render_template(
        "coordinators/library_new.html",
        row=row,
        places={
            kind: codes
            for kind, codes in places.items()
            if kind is not EntryKind.INSTRUMENT or may_keep
        },
        entries=entries,
        kinds=KINDS,
        licences=LICENCES,
        audiences=AUDIENCES,
        faults=faults,
    )
    return page, status


@blueprint.post("/library/new")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def library_add() -> ResponseReturnValue:
    """A new entry, or one more version of the entry that was chosen."""
    form = request.form
    kind, _, place = form.get("what", EntryKind.INSTRUMENT).partition(":")
    if kind not in set(EntryKind):
        raise NotFound
    version_id = form.get("version", 0, type=int)
    taken = Taken(version_id, place, form.get("licence", ""), form.get("source", "").strip())
    entry_id = form.get("entry", 0, type=int)
    try:
        if entry_id:
            acts.add_version(house(), g.actor, entry_id, EntryKind(kind), taken)
        else:
            code, title = form.get("code", "").strip(), form.get("title", "").strip()
            entry_id = acts.add_entry(house(), g.actor, EntryKind(kind), code, title, taken)
    except BadInput as refusal:
        return _new_page(refusal.faults, 422)
    return redirect(url_for(".library_entry", entry_id=entry_id), 303)


@blueprint.post(f"{_ENTRY}/put")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def library_put(entry_id: int) -> ResponseReturnValue:
    """Put the newest version into a section or slot of a draft."""
    written, _, home = request.form.get("draft", "").partition(":")
    draft_id = _draft(written)
    try:
        acts.put_into_draft(house(), g.actor, entry_id, draft_id, home)
    except (BadInput, BadDefinition) as refusal:
        return _entry_page(entry_id, faults_of(refusal), 422)
    return redirect(url_for(".build", draft_id=draft_id), 303)


@blueprint.post(f"{_ENTRY}/draft")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def library_in_draft(entry_id: int) -> ResponseReturnValue:
    """Bring a draft up to the newest version, or take the entry out of it."""
    draft_id, action = _draft(request.form.get("draft", "")), request.form.get("go", "")
    if action not in ("bring_up", "take_out"):
        raise NotFound
    act = acts.bring_up if action == "bring_up" else acts.take_out
    try:
        act(house(), g.actor, entry_id, draft_id)
    except (BadInput, BadDefinition) as refusal:
        return _entry_page(entry_id, faults_of(refusal), 422)
    return redirect(url_for(".build", draft_id=draft_id), 303)


def _draft(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise NotFound
    return int(written)
