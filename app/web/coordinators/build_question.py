"""The builder's page of one question: say it, see it as a participant does, move it about."""

from __future__ import annotations

from flask import g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.definitions.question_schemas import WAYS
from app.domain.checks import Finding
from app.domain.errors import BadDefinition, BadInput, Conflict, Fault, NotFound
from app.domain.new_questions import new_question
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw, digest, spot
from app.domain.questionnaire import Kind, Proxy, Required
from app.domain.sound_names import among
from app.storage.recordings import recording_names
from app.web.condition_words import asked_in, condition_words
from app.web.coordinators.build_form import TEXTS, question_from
from app.web.coordinators.build_locked import locked_page
from app.web.coordinators.build_outline import outline
from app.web.coordinators.build_sent import Sent
from app.web.coordinators.build_shown import codes_of, editor
from app.web.coordinators.builder_words import RELATIONS
from app.web.coordinators.building import (
    BASE,
    FRAMED,
    faults_of,
    frame,
    opened,
    overtaken_by,
    overtaken_page,
    problem_words,
)
from app.web.coordinators.definition_words import LEVELS
from app.web.coordinators.definition_words import WAYS as WAY_WORDS
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.headers import MICROPHONE
from app.web.pages import house, in_language
from app.workflows import beginning_drafts, editing
from app.workflows.edit_act import document_of
from app.workflows.feeding import feeds
from app.workflows.library_shelf import newest


@blueprint.get(f"{BASE}/q/<code>")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_question(draft_id: int, code: str) -> ResponseReturnValue:
    """The editor of one question, between the outline and the preview; of the core: locked."""
    shown = opened(draft_id)
    return shown_page(draft_id, code) if code in shown.spots else locked_page(shown, code)


def shown_page(
    draft_id: int,
    code: str,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
    typed: Raw | None = None,
) -> ResponseReturnValue:
    """The editor of a question, with what is wrong; ``typed``: what was sent and is not saved, to
    be gone on with. Raises NotFound, BadDefinition."""
    shown = opened(draft_id)
    found = spot(shown.desk.document, code)
    with house().database.read() as session:
        fed = feeds(session, g.actor.programme_id, codes_of(found.question))
        sounds = recording_names(session)
        link = found.question.get("library")
        newer = newest(session, g.actor, shown.desk.row.territory, link["entry"]) if link else None
    edited = editor(shown, found, fed)
    if typed is not None:
        edited = edited.typed_over(typed)
    asked = asked_in([shown.whole])
    order = list(shown.spots)
    page = render_template(
        "coordinators/build_question.html",
        **frame(shown),
        edited=edited,
        question=edited.question,
        findings=shown.at(*codes_of(found.question)),
        faults=faults,
        here=found.question["code"],
        recorded=lambda stem: among(stem, sounds),
        newer=newer if link and newer and newer[1] > int(link["version"]) else None,
        texts=TEXTS,
        ways=WAYS,
        way_words=WAY_WORDS,
        relations=RELATIONS,
        required=Required,
        proxies=Proxy,
        homes=[
            home
            for home in frame(shown)["parts_of"]
            if home.slot or shown.desk.document.get("sections")
        ],
        in_words=lambda condition: condition_words(condition, asked),
        before=order[order.index(code) - 1] if code in order[1:] else "",
        after=order[order.index(code) + 1] if code in order[:-1] else "",
    )
    return page, status, {"Content-Security-Policy": FRAMED, "Permissions-Policy": MICROPHONE}


@blueprint.post(f"{BASE}/q/<code>")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_save(draft_id: int, code: str) -> ResponseReturnValue:
    """Save what was typed; by itself while typing, where the browser has script."""
    by_itself = request.headers.get("Accept", "").startswith("application/json")
    with house().database.read() as session:
        document = document_of(session, g.actor, "questionnaire", draft_id)
    question: Raw | None = None
    try:
        stored = spot(document, code).question
        question = question_from(Sent(request.form, document["languages"]), stored)
        editing.change_question(
            house(), g.actor, draft_id, code, question, request.form.get("seen", "")
        )
    except (Conflict, NotFound):
        return _overtaken(draft_id, code, by_itself=by_itself)
    except (BadInput, BadDefinition) as refusal:
        faults = faults_of(refusal)
        if by_itself:
            return jsonify(problems=problem_words(faults)), 422
        return shown_page(draft_id, code, faults, 422, question)
    if by_itself:
        return _saved(draft_id, question["code"])
    place = request.form.get("go", "").partition("-")[2].rstrip("0123456789")
    anchor = {"o": "options", "x": "options", "r": "rows", "c": "condition"}.get(place, "")
    address = url_for(".build_question", draft_id=draft_id, code=question["code"])
    return redirect(f"{address}#{anchor}" if anchor else address, 303)


def _saved(draft_id: int, code: str) -> ResponseReturnValue:
    """What the page must know to go on: the new digest, what the check says now, the outline."""
    shown = opened(draft_id)
    question = spot(shown.desk.document, code).question
    edited = editor(shown, spot(shown.desk.document, code), ())
    page = url_for("preview.page", draft_id=draft_id, code=edited.page) if edited.page else ""
    entries = (entry for part in outline(shown) for entry in part.entries)
    line = next((entry for entry in entries if entry.code == code), None)
    return jsonify(
        seen=digest(question),
        code=code,
        page=page,
        findings=[_told(each) for each in shown.at(*codes_of(question))],
        blocks=_blocks(shown.errors()),
        blocking=shown.errors() > 0,
        line={
            "words": (line and line.words) or _("(no wording yet)"),
            "blocks": _blocks(line.errors) if line and line.errors else "",
        },
    )


def _blocks(errors: int) -> str:
    return str(ngettext("%(num)d blocks", "%(num)d block", errors))


def _told(found: Finding) -> dict[str, str]:
    """A finding for the script of the page, which writes it as the page does."""
    return {
        "level": found.level.value,
        "word": str(LEVELS[found.level]),
        "place": found.place,
        "message": in_language(found.message),
        "remedy": in_language(found.remedy),
    }


def _overtaken(draft_id: int, code: str, *, by_itself: bool) -> ResponseReturnValue:
    if by_itself:
        return jsonify(who=overtaken_by(draft_id, code)[1]), 409
    there = code in opened(draft_id).spots
    back = url_for(".build_question", draft_id=draft_id, code=code) if there else ""
    return overtaken_page(draft_id, code, back, code if there else "")


@blueprint.post(f"{BASE}/q/<code>/act")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_act(draft_id: int, code: str) -> ResponseReturnValue:
    """Move, put elsewhere, duplicate or retire a question."""
    action = request.form.get("go", "")
    actor, at = g.actor, house()
    to = code
    try:
        if action in ("up", "down"):
            editing.move_question(at, actor, draft_id, code, -1 if action == "up" else 1)
        elif action == "put":
            editing.put_question(at, actor, draft_id, code, request.form.get("home", ""))
        elif action == "copy":
            to = editing.copy_question(at, actor, draft_id, code)
        elif action == "retire":
            editing.retire_question(at, actor, draft_id, code)
            return redirect(url_for(".build", draft_id=draft_id), 303)
        else:
            raise NotFound
    except (BadInput, BadDefinition) as refusal:
        return shown_page(draft_id, code, faults_of(refusal), 422)
    return redirect(url_for(".build_question", draft_id=draft_id, code=to), 303)


@blueprint.post(f"{BASE}/add")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_add(draft_id: int) -> ResponseReturnValue:
    """A new question; then its page."""
    form = request.form
    if form.get("type") not in set(Kind):
        raise NotFound
    shown = opened(draft_id)
    wish = form.get("code", "").strip() or beginning_drafts.next_code(shown.desk)
    question = new_question(Kind(form["type"]), wish, shown.languages)
    home, after, listed = form.get("home", ""), form.get("after", ""), form.get("listed", "")
    try:
        if listed:
            code = editing.add_to_list(house(), g.actor, draft_id, listed, question)
        else:
            code = editing.add_question(house(), g.actor, draft_id, home, question, after)
    except BadDefinition as refusal:
        raise BadInput(faults_of(refusal)) from None
    return redirect(url_for(".build_question", draft_id=draft_id, code=code), 303)


@blueprint.post(f"{BASE}/restored")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_restore(draft_id: int) -> ResponseReturnValue:
    """A retired question is asked again."""
    code = request.form.get("code", "")
    editing.restore_question(house(), g.actor, draft_id, code)
    return redirect(url_for(".build_question", draft_id=draft_id, code=code), 303)
