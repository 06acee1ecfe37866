"""Questionnaires from other programs, and for them: a report first, then a draft or a file."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.definitions.files import load_module, load_questionnaire
from app.domain.checks import Finding
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience, Questionnaire, Section
from app.domain.territories import NATION
from app.interchange.import_report import ForeignFault, Said
from app.storage.surveys import QuestionnaireVersion
from app.web.coordinators.definition_words import AUDIENCES
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import names
from app.web.entrance import enters
from app.web.pages import house, in_language
from app.workflows import design, uploads
from app.workflows.foreign_forms import (
    MAX_BYTES,
    SUFFIXES,
    WRITERS,
    Format,
    ImportedForm,
    export_form,
    format_of,
    read_form,
)
from app.workflows.reach import version
from app.workflows.surroundings import Surroundings, surroundings

PURPOSE = "foreign form"
MIMES = {
    Format.XLSFORM: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.FHIR: "application/fhir+json",
}
FORMATS = {
    Format.XLSFORM: "XLSForm (ODK, KoboToolbox, SurveyCTO)",
    Format.LIMESURVEY: "LimeSurvey (.lss)",
    Format.FHIR: "FHIR Questionnaire (JSON)",
}


@blueprint.get("/questionnaires/import")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def questionnaire_import() -> ResponseReturnValue:
    """Choose a file, and what it is to become."""
    return _import_page()


@blueprint.post("/questionnaires/import")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def questionnaire_import_report() -> ResponseReturnValue:
    """Read the file and say what became of each part; nothing is stored yet."""
    around = _around()
    goal = request.form.get("goal", "")
    sent = request.files.get("file")
    content = sent.stream.read(MAX_BYTES + 1) if sent else b""
    if not content:
        return _import_page(problems={"file": _("Choose the file of the form.")}), 422
    if goal not in _goals(around):
        return _import_page(problems={"goal": _("Choose what the form becomes.")}), 422
    try:
        form = read_form(content, format_of(content))
        source = _source(form, goal, around)
    except ForeignFault as fault:
        return _import_page(problems={"file": in_language(fault.said.message)}, at=fault.said), 422
    token = uploads.keep(house(), g.actor, PURPOSE, source.encode())
    return _import_page(form=form, upload=token)


@blueprint.post("/questionnaires/import/keep")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def questionnaire_import_keep() -> ResponseReturnValue:
    """Keep the form that was shown as a draft."""
    token = request.form.get("token", "")
    source = uploads.take(house(), g.actor, PURPOSE, token).decode()
    result = design.save_draft(house(), g.actor, source, family="questionnaire")
    if result.draft_id is None:
        return _import_page(findings=result.findings), 422
    uploads.forget(house(), token)
    return redirect(url_for(".questionnaire_draft", draft_id=result.draft_id), 303)


def _around() -> Surroundings:
    with house().database.read() as session:
        return surroundings(session, g.actor.programme_id, g.actor.territories)


def _import_page(
    *,
    problems: dict[str, str] | None = None,
    at: Said | None = None,
    form: ImportedForm | None = None,
    upload: str = "",
    findings: tuple[Finding, ...] = (),
) -> str:
    return render_template(
        "coordinators/foreign_import.html",
        goals=_goals(_around()),
        goal=request.form.get("goal", ""),
        formats=FORMATS,
        problems=problems or {},
        at=at,
        form=form,
        upload=upload,
        findings=findings,
        most=MAX_BYTES // 1_000_000,
    )


def _goals(around: Surroundings) -> dict[str, str]:
    """What a form may become for this account: a national questionnaire, or a module."""
    scope = g.actor.scope(Verb.QUESTIONNAIRE_DRAFT)
    if NATION in scope:
        return {
            f"core:{a.value}": _("National questionnaire: %(who)s", who=AUDIENCES[a])
            for a in Audience
        }
    return {
        f"module:{territory}:{audience}:{slot}": _(
            "Module of %(place)s in the slot %(slot)s: %(who)s",
            place=names()[territory],
            slot=slot,
            who=AUDIENCES[Audience(audience)],
        )
        for territory in sorted(scope)
        for audience, core in around.cores.items()
        for slot in _slots(core)
    }


def _slots(core: Questionnaire) -> list[str]:
    entries = [entry for section in core.sections for entry in section.entries]
    return [entry.code for entry in entries if not hasattr(entry, "questions")]


def _source(form: ImportedForm, goal: str, around: Surroundings) -> str:
    kind, *rest = goal.split(":")
    if kind == "core":
        return form.as_core(Audience(rest[0]))
    territory, audience, slot = rest
    number = around.core_numbers.get(audience)
    return form.as_module(territory, around.cores[audience], number, slot)


@blueprint.get("/questionnaires/<int:version_id>/export")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaire_export(version_id: int) -> ResponseReturnValue:
    """The formats for other programs, and what each of them has no place for."""
    row, thing = _version(version_id)
    formats = {form: export_form(thing, form).lines for form in WRITERS}
    return render_template(
        "coordinators/foreign_export.html", row=row, thing=thing, formats=formats, names=FORMATS
    )


@blueprint.get("/questionnaires/<int:version_id>/export/<form>")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaire_export_file(version_id: int, form: str) -> ResponseReturnValue:
    """The questionnaire as a file for another program."""
    if form not in [one.value for one in WRITERS]:
        raise NotFound
    row, thing = _version(version_id)
    wanted = Format(form)
    state = f"v{row.number}" if row.number else f"draft-{row.id}"
    name = f"{row.audience}-{row.territory}-{state}.{SUFFIXES[wanted]}"
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(export_form(thing, wanted).content, mimetype=MIMES[wanted], headers=headers)


def _version(version_id: int) -> tuple[QuestionnaireVersion, Questionnaire]:
    with house().database.read() as session:
        row = version(session, g.actor, "questionnaire", version_id)
    if row.territory == NATION:
        return row, load_questionnaire(row.document)
    module = load_module(row.document)
    sections = tuple(Section(s, module.title, pages) for s, pages in module.pages_by_slot.items())
    thing = Questionnaire(module.code, module.audience, module.title, module.languages, sections)
    return row, thing
