"""Questionnaires and modules: the list, and one version to read."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.definitions.files import load_module, load_questionnaire
from app.domain.conditions import Condition
from app.domain.errors import BadDefinition
from app.domain.permissions import Verb
from app.domain.questionnaire import Module, Questionnaire, Section
from app.domain.territories import NATION
from app.storage.accounts import names_of
from app.storage.surveys import QuestionnaireVersion
from app.web.condition_words import asked_in, condition_words
from app.web.coordinators.definition_words import AUDIENCES, KINDS, WAYS
from app.web.coordinators.drafts import file_response
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows.examining import examine
from app.workflows.overview import overview
from app.workflows.reach import version
from app.workflows.surroundings import surroundings


@blueprint.get("/questionnaires")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaires() -> ResponseReturnValue:
    """Every questionnaire and module that the account may read, by audience."""
    with house().database.read() as session:
        entries, people = overview(session, g.actor, "questionnaire")
    return render_template(
        "coordinators/questionnaires.html",
        entries=entries,
        people=people,
        audiences=AUDIENCES,
        may_draft=bool(g.actor.scope(Verb.QUESTIONNAIRE_DRAFT)),
    )


@blueprint.get("/questionnaires/<int:version_id>")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaire(version_id: int) -> ResponseReturnValue:
    """One published version: its outline, its findings, its file. A draft has its own page."""
    with house().database.read() as session:
        row = version(session, g.actor, "questionnaire", version_id)
        if row.number is None:
            return redirect(url_for(".questionnaire_draft", draft_id=version_id), 303)
        around = surroundings(session, g.actor.programme_id, g.actor.territories)
        people = names_of(session, {row.published_by} if row.published_by else set())
    try:
        findings = examine(row.source, around).findings
    except BadDefinition as error:
        findings = error.findings
    thing = _definition(row)
    core = around.cores.get(row.audience)
    asked = asked_in([*([core] if core else []), _as_questionnaire(thing)])

    def in_words(condition: Condition) -> str:
        return condition_words(condition, asked)

    return render_template(
        "coordinators/questionnaire.html",
        row=row,
        thing=thing,
        sections=_outline(thing),
        findings=findings,
        published_by=people.get(row.published_by or 0),
        in_words=in_words,
        audiences=AUDIENCES,
        kinds=KINDS,
        ways=WAYS,
        may_draft=g.actor.may(Verb.QUESTIONNAIRE_DRAFT, row.territory),
    )


@blueprint.get("/questionnaires/<int:version_id>.yaml")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaire_file(version_id: int) -> ResponseReturnValue:
    """The file as it was uploaded or loaded."""
    with house().database.read() as session:
        row = version(session, g.actor, "questionnaire", version_id)
    state = f"v{row.number}" if row.number else f"draft-{row.id}"
    return file_response(row.source, f"{row.audience}-{row.territory}-{state}.yaml")


def _definition(row: QuestionnaireVersion) -> Questionnaire | Module:
    if row.territory == NATION:
        return load_questionnaire(row.document)
    return load_module(row.document)


def _as_questionnaire(thing: Questionnaire | Module) -> Questionnaire:
    """A module's own questions as a questionnaire, to look them up."""
    if isinstance(thing, Questionnaire):
        return thing
    return Questionnaire(
        thing.code, thing.audience, thing.title, thing.languages, tuple(_outline(thing))
    )


def _outline(thing: Questionnaire | Module) -> list[Section]:
    """The sections; for a module one for each slot it fills."""
    if isinstance(thing, Questionnaire):
        return list(thing.sections)
    return [Section(slot, thing.title, pages) for slot, pages in thing.pages_by_slot.items()]
