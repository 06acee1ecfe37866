"""The builder: a draft's outline, its head, its sections and lists; undo, and the history."""

from __future__ import annotations

import json
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.definitions.plain_source import document_in
from app.domain.errors import BadDefinition, BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.plain_documents import other_words, own_words
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.storage.accounts import names_of
from app.storage.draft_edits import DraftEdit, edits_of, last_edit_of_place
from app.web.coordinators.build_outline import outline, slot_words
from app.web.coordinators.build_shown import Board, board
from app.web.coordinators.builder_words import DID
from app.web.coordinators.definition_words import AUDIENCES, KINDS
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.headers import POLICY
from app.web.language import current
from app.web.pages import house, in_language
from app.workflows import beginning_drafts, editing
from app.workflows.edit_act import Desk, desk
from app.workflows.examining import Examined, checked, read_once

BASE = "/questionnaires/drafts/<int:draft_id>/build"
FRAMED = f"{POLICY}; frame-src 'self'"  # of pages in which the preview stands in a frame


def opened(draft_id: int) -> Board:
    """The draft, read and checked, as the builder shows it. Raises NotFound, BadDefinition."""
    with house().database.read() as session:
        found = desk(session, g.actor, "questionnaire", draft_id)
    if found.row.territory not in g.actor.scope(Verb.QUESTIONNAIRE_DRAFT):
        raise NotFound
    return board(found, _examined(found), current())


def _examined(found: Desk) -> Examined:
    document = document_in(found.row.source)
    return checked(read_once(found.row.source, document, found.around), document, found.around)


def frame(shown: Board) -> dict[str, Any]:
    """What every page of the builder shows beside its own matter."""
    return {
        "shown": shown,
        "row": shown.desk.row,
        "parts_of": outline(shown),
        "length": shown.length(),
        "audiences": AUDIENCES,
        "kinds": KINDS,
        "national": shown.desk.row.territory == NATION,
        "own_words": own_words,
        "other_words": other_words,
    }


@blueprint.get("/questionnaires/new")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_new() -> ResponseReturnValue:
    """Begin: from what is published, empty, from a file, or a module of a territory."""
    return _new_page()


def _new_page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    may_core = g.actor.may(Verb.QUESTIONNAIRE_DRAFT, NATION)
    with house().database.read() as session:
        cores = beginning_drafts.cores_to_begin_from(session, g.actor)
        published = beginning_drafts.published_to_go_on(session, g.actor)
    page = render_template(
        "coordinators/build_new.html",
        cores=cores,
        published=published,
        audiences=AUDIENCES,
        kinds=KINDS,
        territories=sorted(g.actor.scope(Verb.QUESTIONNAIRE_DRAFT) - {NATION}),
        may_core=may_core,
        problem=problem,
        slots_of=beginning_drafts.slots_of,
        slot_words=slot_words,
    )
    return page, status


@blueprint.post("/questionnaires/new")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_begin() -> ResponseReturnValue:
    """An empty core; or a territory's module with its first question in a slot."""
    form, audience = request.form, request.form.get("audience", "")
    if audience not in set(Audience):
        raise NotFound
    title = {tag: form.get(f"title-{tag}", "").strip() for tag in ("fr", "en")}
    if form.get("what") == "module":
        draft_id = beginning_drafts.begin_module(
            house(), g.actor, audience, form.get("territory", ""), form.get("slot", "")
        )
    elif not title["fr"]:
        return _new_page("title", 422)
    else:
        wanted = tuple(tag for tag, words in title.items() if words)
        languages = wanted if len(wanted) == 1 else ("fr", "en")
        said = {tag: title[tag] for tag in languages}
        draft_id = beginning_drafts.begin_core(house(), g.actor, audience, languages, said)
    return redirect(url_for(".build", draft_id=draft_id), 303)


@blueprint.post("/questionnaires/<int:version_id>/build")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_from(version_id: int) -> ResponseReturnValue:
    """Go on from a published version, in a draft."""
    draft_id = beginning_drafts.begin_from(house(), g.actor, "questionnaire", version_id)
    return redirect(url_for(".build", draft_id=draft_id), 303)


@blueprint.post("/questionnaires/next")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_next() -> ResponseReturnValue:
    """Go on from the version that was chosen."""
    begun: ResponseReturnValue = build_from(request.form.get("version", 0, type=int))
    return begun


@blueprint.get(BASE)
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build(draft_id: int) -> ResponseReturnValue:
    """The outline with what is wrong, how long it is, and the way to each question."""
    try:
        shown = opened(draft_id)
    except BadDefinition:  # what surrounds it changed: the draft's own page says what
        return redirect(url_for(".questionnaire_draft", draft_id=draft_id), 303)
    with house().database.read() as session:
        gone = editing.retired(session, g.actor, draft_id)
    return render_template("coordinators/build.html", **frame(shown), gone=gone, here="")


@blueprint.post(f"{BASE}/turn")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_turn(draft_id: int) -> ResponseReturnValue:
    """Undo, or redo; then the question that was turned, where it is still there."""
    back = request.form.get("go") != "redo"
    editing.turn(house(), g.actor, "questionnaire", draft_id, back=back)
    place = request.form.get("place", "")
    if place and place in opened(draft_id).spots:
        return redirect(url_for(".build_question", draft_id=draft_id, code=place), 303)
    return redirect(url_for(".build", draft_id=draft_id), 303)


@blueprint.get(f"{BASE}/history")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_history(draft_id: int) -> ResponseReturnValue:
    """Every edit: who, when, what; newest first."""
    shown = opened(draft_id)
    with house().database.read() as session:
        edits = edits_of(session, "questionnaire", draft_id)[::-1]
        people = names_of(session, {each.account_id for each in edits if each.account_id})
    return render_template(
        "coordinators/build_history.html",
        **frame(shown),
        edits=edits,
        people=people,
        did=DID,
        edit_words=edit_words,
        here="history",
    )


def faults_of(refusal: BadInput | BadDefinition) -> tuple[Fault, ...]:
    """What is wrong, whatever refused it; an edit has no lines to name."""
    if isinstance(refusal, BadInput):
        return refusal.faults
    return tuple(Fault(each.place, each.message, each.remedy) for each in refusal.findings)


def overtaken_by(draft_id: int, place: str) -> tuple[DraftEdit | None, str]:
    """The last edit of this place, and who made it."""
    with house().database.read() as session:
        edit = last_edit_of_place(session, "questionnaire", draft_id, place)
        who = names_of(session, {edit.account_id}) if edit and edit.account_id else {}
    return edit, next(iter(who.values()), "")


def overtaken_page(draft_id: int, place: str, back: str, here: str = "") -> ResponseReturnValue:
    """Somebody else was faster: nothing is overwritten, and what was typed is there to be taken."""
    edit, who = overtaken_by(draft_id, place)
    shown = opened(draft_id)
    typed = [
        (name.rpartition("-")[2], words)
        for name, words in request.form.items(multi=True)
        if words.strip() and name.rpartition("-")[2] in shown.languages
    ]
    page = render_template(
        "coordinators/build_overtaken.html",
        **frame(shown),
        edit=edit,
        who=who,
        typed=typed,
        back=back,
        here=here,
    )
    return page, 409


def edit_words(kept: str) -> tuple[str, str]:
    """What an edit took away and what it put there, as far as it is words; 200 signs of each."""
    changes = json.loads(kept)
    sides = (" · ".join(_leaves([each[side] for each in changes])) for side in ("was", "is"))
    before, after = (side if len(side) <= 200 else f"{side[:199]}…" for side in sides)
    return before, after


def _leaves(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    inner = value.values() if isinstance(value, dict) else value
    return [word for each in inner for word in _leaves(each)]


def problem_words(faults: tuple[Fault, ...]) -> list[str]:
    """Each problem as a sentence in the language of the page."""
    return [f"{in_language(each.reason)} {in_language(each.remedy)}" for each in faults]
