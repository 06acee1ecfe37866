"""Modules between two levels: submit, read the difference against the core, comment, decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.definitions.files import load_questionnaire
from app.domain.checks import Level
from app.domain.composition import items_of_questions, whole_questions
from app.domain.composition_checks import check_fit
from app.domain.conditions import renamed as other_items
from app.domain.differences import questionnaire_differences
from app.domain.errors import BadDefinition, BadInput
from app.domain.permissions import Verb
from app.domain.question_differences import question_differences
from app.domain.questionnaire import Module, Page, Question, Questionnaire, Row
from app.domain.severity import Difference
from app.domain.territories import NATION
from app.storage import reviews
from app.storage.accounts import names_of
from app.storage.surveys import QuestionnaireVersion, versions_by_id
from app.web.condition_words import asked_in, condition_words
from app.web.coordinators.build_outline import slot_minutes, slot_words
from app.web.coordinators.build_shown import board
from app.web.coordinators.building import faults_of
from app.web.coordinators.definition_words import (
    AUDIENCES,
    KINDS,
    SEVERITIES,
    part_words,
    value_words,
)
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.language import current
from app.web.pages import house
from app.workflows import dispensing, reviewing
from app.workflows.beginning_drafts import slots_of
from app.workflows.edit_act import desk
from app.workflows.examining import examine
from app.workflows.feeding import feeds

AnyPart = TypeVar("AnyPart", Row, Question)
DRAFT = "/questionnaires/drafts/<int:draft_id>"
REVIEW = "/questionnaires/reviews/<int:review_id>"


@dataclass(frozen=True)
class Own:
    """One question of the territory, and what it changes in the national item beside it."""

    question: Question
    adapts: Question | None = None
    differences: tuple[Difference, ...] = ()
    divergence: reviews.Divergence | None = None


@blueprint.get(f"{DRAFT}/agree")
@enters(Verb.QUESTIONNAIRE_VIEW)
def agree(draft_id: int) -> ResponseReturnValue:
    """A module against the core only, with its divergences, comments and decisions."""
    return _page(draft_id)


@blueprint.get(REVIEW)
@enters(Verb.QUESTIONNAIRE_VIEW)
def review(review_id: int) -> ResponseReturnValue:
    """A submission: the page of its module."""
    with house().database.read() as session:
        found = reviewing.reviewed(session, g.actor, review_id)
    return redirect(url_for(".agree", draft_id=found.version_id), 303)


def _page(draft_id: int, refusal: BadInput | BadDefinition | None = None) -> ResponseReturnValue:
    with house().database.read() as session:
        found = desk(session, g.actor, "questionnaire", draft_id)
        row = found.row
        scope = frozenset({row.territory})
        audience = getattr(row, "audience", "")
        divergences = reviews.divergences(session, g.actor.programme_id, scope, audience)
        asked = reviews.reviews_of(session, draft_id)
        said = reviews.comments(session, draft_id)
        core_id = getattr(row, "core_id", None) or 0
        pinned = versions_by_id(session, [core_id]).get(core_id)
        people = names_of(session, _people(asked, said, divergences))
        core = found.around.cores.get(audience)
        fed = {
            one.item: feeds(session, g.actor.programme_id, items_of_questions(core, {one.item}))
            for one in divergences
            if one.instead and core is not None
        }
    examined = examine(row.source, found.around)
    module = examined.thing
    if core is None or not isinstance(module, Module):
        return redirect(url_for(".questionnaire_draft", draft_id=draft_id), 303)
    shown = board(found, examined, current())
    asked_of = asked_in([shown.whole])
    page = render_template(
        "coordinators/agree.html",
        row=row,
        module=module,
        slots=[(slot, slot_minutes(shown, slot.code)) for slot in slots_of(core)],
        slot_words=lambda slot: slot_words(core, slot),
        own={slot: _own(core, pages, divergences) for slot, pages in module.pages_by_slot.items()},
        divergences=divergences,
        reviews=asked,
        waiting=next((each for each in asked if each.state == "waiting"), None),
        changed_since=bool(asked) and asked[0].checksum != row.checksum,
        comments=said,
        people=people,
        findings=examined.findings,
        blocking=[each for each in examined.findings if each.level is Level.ERROR],
        conflicts=check_fit(core, module),
        follows=_follows(pinned, core),
        core_items=[q for q in whole_questions(core.pages).values() if q.item_codes],
        faults=faults_of(refusal) if refusal else (),
        fed=fed,
        may_draft=g.actor.may(Verb.QUESTIONNAIRE_DRAFT, row.territory),
        may_comment=g.actor.may(Verb.QUESTIONNAIRE_COMMENT, row.territory),
        may_decide=g.actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION),
        in_words=lambda condition: condition_words(condition, asked_of),
        audiences=AUDIENCES,
        kinds=KINDS,
        severities=SEVERITIES,
        part_words=part_words,
        value_words=value_words,
    )
    return page, 422 if refusal else 200


def _people(
    asked: list[reviews.Review],
    said: list[reviews.ReviewComment],
    divergences: list[reviews.Divergence],
) -> set[int]:
    found = {each.asked_by for each in asked} | {each.decided_by for each in asked}
    found |= {each.said_by for each in said} | {each.allowed_by for each in divergences}
    return {person for person in found if person is not None}


def _follows(pinned: QuestionnaireVersion | None, core: Questionnaire) -> tuple[Difference, ...]:
    """What the core changed since the module was written against it, and simply follows."""
    if pinned is None:
        return ()
    return questionnaire_differences(load_questionnaire(pinned.document), core)


def _own(
    core: Questionnaire, pages: tuple[Page, ...], divergences: list[reviews.Divergence]
) -> list[Own]:
    known = {each.own_item: each for each in divergences}
    asked = whole_questions(core.pages)
    found = []
    for question in whole_questions(pages).values():
        divergence = known.get(question.code)
        national = asked.get(divergence.item) if divergence else None
        beside = question_differences(_named_as(national, question), question) if national else ()
        changed = tuple(one for one in beside if one.part not in ("status", "source"))
        found.append(Own(question, national, changed, divergence))
    return found


def _named_as(national: Question, own: Question) -> Question:
    """The national question with the own codes of its rows and of what it asks about entries."""
    rows, asked = (
        zip(national.rows, own.rows, strict=False),
        zip(national.each, own.each, strict=False),
    )
    names = {before.code: after.code for before, after in rows}
    names |= {before.code: after.code for before, after in asked}

    def named(part: AnyPart) -> AnyPart:
        shown = part.shown_when and other_items(part.shown_when, names)
        return replace(part, code=names.get(part.code, part.code), shown_when=shown)

    return replace(
        national, rows=tuple(map(named, national.rows)), each=tuple(map(named, national.each))
    )


@blueprint.post(f"{DRAFT}/agree/submit")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def agree_submit(draft_id: int) -> ResponseReturnValue:
    """Ask the nation."""
    try:
        reviewing.submit(house(), g.actor, draft_id, request.form.get("note", ""))
    except BadDefinition as refusal:
        return _page(draft_id, refusal)
    return redirect(url_for(".agree", draft_id=draft_id), 303)


@blueprint.post(f"{DRAFT}/agree/adapt")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def agree_adapt(draft_id: int) -> ResponseReturnValue:
    """A national item in the territory's own words."""
    form = request.form
    try:
        code = reviewing.adapt(
            house(),
            g.actor,
            draft_id,
            form.get("item", ""),
            form.get("slot", ""),
            form.get("reason", ""),
            form.get("until", ""),
            instead=form.get("how") == "instead",
        )
    except (BadInput, BadDefinition) as refusal:
        return _page(draft_id, refusal)
    return redirect(url_for(".build_question", draft_id=draft_id, code=code), 303)


@blueprint.post(f"{DRAFT}/agree/again")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def agree_ask_again(draft_id: int) -> ResponseReturnValue:
    """The national item is asked again."""
    dispensing.ask_again(house(), g.actor, draft_id, request.form.get("item", ""))
    return redirect(url_for(".agree", draft_id=draft_id), 303)


@blueprint.post(f"{REVIEW}/comment")
@enters(Verb.QUESTIONNAIRE_COMMENT)
def review_comment(review_id: int) -> ResponseReturnValue:
    """Say something about a question."""
    return _done(review_id, "comment")


@blueprint.post(f"{REVIEW}/decide")
@enters(Verb.QUESTIONNAIRE_PUBLISH)
def review_decide(review_id: int) -> ResponseReturnValue:
    """Approve, or ask for changes."""
    return _done(review_id, "decide")


def _done(review_id: int, what: str) -> ResponseReturnValue:
    form, actor = request.form, g.actor
    with house().database.read() as session:
        draft_id = reviewing.reviewed(session, actor, review_id).version_id
    words = form.get("words", "")
    try:
        if what == "comment":
            reviewing.comment(house(), actor, review_id, form.get("place", ""), words)
        else:
            approve = form.get("go") == "approve"
            reviewing.decide(house(), actor, review_id, approve=approve, words=words)
    except BadInput as refusal:
        return _page(draft_id, refusal)
    return redirect(url_for(".agree", draft_id=draft_id), 303)
