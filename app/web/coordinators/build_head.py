"""The builder's page of a draft's head: title, languages, sections, slots, lists of answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadDefinition, BadInput, Conflict, Fault
from app.domain.permissions import Verb
from app.domain.plain_documents import digest
from app.domain.questionnaire import Questionnaire
from app.web.coordinators.build_outline import slot_words
from app.web.coordinators.build_parts import change_of
from app.web.coordinators.build_sent import Sent
from app.web.coordinators.building import BASE, faults_of, frame, opened, overtaken_page
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import editing

_HEAD = ("title", "introduction", "source", "licence", "minutes", "fallback")


@blueprint.get(f"{BASE}/head")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_head(draft_id: int) -> ResponseReturnValue:
    """Title, introduction, languages, minutes, source; sections, slots and lists of options."""
    return _head_page(draft_id)


def _head_page(
    draft_id: int,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
    sent: Mapping[str, str] = MappingProxyType({}),
    **typed: Any,
) -> ResponseReturnValue:
    """``typed``: parts of the head as they were sent and are not saved; ``sent``: the form of a
    section, slot or list that was refused."""
    shown = opened(draft_id)
    document, core = shown.desk.document, shown.examined.thing
    page = render_template(
        "coordinators/build_head.html",
        **frame(shown),
        document=document,
        said=document | typed,
        seen=digest(editing.head_of(document)),
        seen_part=digest,
        faults=faults,
        sent=sent,
        slot_words=partial(slot_words, core) if isinstance(core, Questionnaire) else None,
        here="head",
    )
    return page, status


@blueprint.post(f"{BASE}/head")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_say_head(draft_id: int) -> ResponseReturnValue:
    """Save the head."""
    document = opened(draft_id).desk.document
    parts = _head_parts(document)
    try:
        editing.say_head(house(), g.actor, draft_id, parts, request.form.get("seen", ""))
    except Conflict:
        return overtaken_page(draft_id, "", url_for(".build_head", draft_id=draft_id))
    except (BadInput, BadDefinition) as refusal:
        return _head_page(draft_id, faults_of(refusal), 422, **parts)
    return redirect(url_for(".build_head", draft_id=draft_id), 303)


def _head_parts(document: dict[str, Any]) -> dict[str, Any]:
    form = request.form
    languages = [tag.strip() for tag in form.get("languages", "").split(",") if tag.strip()]
    parts: dict[str, Any] = {"languages": languages or document["languages"]}
    sent = Sent(form, document["languages"])
    for key in _HEAD:
        if key == "title":
            parts[key] = sent.text(key)
        elif key == "introduction":
            parts[key] = sent.worded(key) or None
        elif key == "source":
            parts[key] = sent.line(key)
        elif key in form:
            parts[key] = form[key].strip().replace(",", ".") if key == "minutes" else form[key]
    if "sections" not in document:
        for key in ("introduction", "licence", "minutes", "fallback"):
            parts.pop(key, None)
    return parts


@blueprint.post(f"{BASE}/parts")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_parts(draft_id: int) -> ResponseReturnValue:
    """Sections and slots: added, renamed, moved, removed."""
    place, change = change_of(request.form, opened(draft_id).languages)
    try:
        editing.change_parts(house(), g.actor, draft_id, place, change)
    except Conflict:
        back = url_for(".build_head", draft_id=draft_id)
        return overtaken_page(draft_id, place, f"{back}#parts")
    except (BadInput, BadDefinition) as refusal:
        return _head_page(draft_id, faults_of(refusal), 422, sent=request.form)
    return redirect(url_for(".build_head", draft_id=draft_id) + "#parts", 303)
