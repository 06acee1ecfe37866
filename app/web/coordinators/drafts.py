"""Drafts of questionnaires and frameworks: upload, look at the difference, publish, discard.

The same pages for both families of definitions, each behind its own permissions.
"""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileStorage
from werkzeug.wrappers import Response

from app.definitions.nodes import MAX_BYTES
from app.definitions.plain_source import as_yaml
from app.domain.checks import Finding
from app.domain.errors import BadDefinition
from app.web.coordinators.definition_words import (
    SEVERITIES,
    SEVERITY_MEANS,
    part_words,
    value_words,
)
from app.web.coordinators.entry import blueprint
from app.web.coordinators.forms import PublishForm, SourceForm
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import design
from app.workflows.design import DraftResult, Shown
from app.workflows.examining import text_of
from app.workflows.reach import VERBS, Family, version


def register(family: Family) -> None:
    """Put the pages of one family's drafts on the blueprint."""
    verbs, base = VERBS[family], f"/{family}s/drafts"

    @blueprint.get(f"{base}/new", endpoint=f"{family}_new")
    @enters(verbs.draft)
    def new() -> ResponseReturnValue:
        return _new_page(family)

    @blueprint.post(f"{base}/new", endpoint=f"{family}_save")
    @enters(verbs.draft)
    def save() -> ResponseReturnValue:
        return _save(family, None)

    @blueprint.get(f"{base}/<int:draft_id>", endpoint=f"{family}_draft")
    @enters(verbs.view)
    def draft(draft_id: int) -> ResponseReturnValue:
        return _draft_page(family, draft_id, None)

    @blueprint.get(f"{base}/<int:draft_id>/edit", endpoint=f"{family}_edit")
    @enters(verbs.draft)
    def edit(draft_id: int) -> ResponseReturnValue:
        return _edit_page(family, draft_id)

    @blueprint.post(f"{base}/<int:draft_id>/edit", endpoint=f"{family}_rewrite")
    @enters(verbs.draft)
    def rewrite(draft_id: int) -> ResponseReturnValue:
        return _save(family, draft_id)

    @blueprint.post(f"{base}/<int:draft_id>/publish", endpoint=f"{family}_publish")
    @enters(verbs.publish)
    def publish(draft_id: int) -> ResponseReturnValue:
        return _publish(family, draft_id)

    @blueprint.post(f"{base}/<int:draft_id>/discard", endpoint=f"{family}_discard")
    @enters(verbs.draft)
    def discard(draft_id: int) -> ResponseReturnValue:
        design.discard_draft(house(), g.actor, family, draft_id)
        return redirect(url_for(f"coordinators.{family}s"), 303)


def _new_page(family: Family) -> ResponseReturnValue:
    """An empty form, or one that begins with a published version."""
    form = SourceForm()
    begun = request.args.get("from", type=int)
    if begun is not None:
        with house().database.read() as session:
            form.text.data = as_yaml(version(session, g.actor, family, begun).source)
    return _form_page(family, form, ())


def _edit_page(family: Family, draft_id: int) -> ResponseReturnValue:
    with house().database.read() as session:
        row = version(session, g.actor, family, draft_id)
    form = SourceForm(data={"text": as_yaml(row.source), "checksum": row.checksum})
    return _form_page(family, form, (), draft_id)


def _form_page(
    family: Family, form: SourceForm, findings: tuple[Finding, ...], draft_id: int | None = None
) -> str:
    return render_template(
        "coordinators/draft_form.html",
        family=family,
        form=form,
        findings=findings,
        draft_id=draft_id,
    )


def _save(family: Family, draft_id: int | None) -> ResponseReturnValue:
    form = SourceForm()
    result = _saved(family, form, draft_id)
    if result.draft_id is None:
        return _form_page(family, form, result.findings, draft_id), 422
    return redirect(url_for(f"coordinators.{family}_draft", draft_id=result.draft_id), 303)


def _saved(family: Family, form: SourceForm, draft_id: int | None) -> DraftResult:
    try:
        source = _source(form)
    except BadDefinition as error:
        return DraftResult(None, error.findings)
    replaces = None if draft_id is None else (draft_id, Shown(form.checksum.data or ""))
    return design.save_draft(house(), g.actor, source, family=family, replaces=replaces)


def _source(form: SourceForm) -> str:
    """The file when one was sent, else the text; lines as the system of the server ends them."""
    sent = form.file.data
    if isinstance(sent, FileStorage) and sent.filename:
        form.text.data = text_of(sent.stream.read(MAX_BYTES + 1))
    return (form.text.data or "").replace("\r\n", "\n")


def _draft_page(family: Family, draft_id: int, form: PublishForm | None) -> str:
    actor = g.actor
    with house().database.read() as session:
        draft = design.draft(session, actor, family, draft_id)
    verbs = VERBS[family]
    return render_template(
        "coordinators/draft.html",
        family=family,
        draft=draft,
        form=form or PublishForm(data=_shown_fields(draft.shown)),
        may_draft=actor.may(verbs.draft, draft.row.territory),
        may_publish=actor.may(verbs.publish, draft.row.territory),
        approval=design.approval_missing(actor, family, draft),
        severities=SEVERITIES,
        severity_means=SEVERITY_MEANS,
        part_words=part_words,
        value_words=value_words,
    )


def _shown_fields(shown: Shown) -> dict[str, str]:
    return {"checksum": shown.checksum, "latest": str(shown.latest or "")}


def _publish(family: Family, draft_id: int) -> ResponseReturnValue:
    form = PublishForm()
    if not form.validate():
        return _draft_page(family, draft_id, form), 422
    latest = form.latest.data or ""
    shown = Shown(form.checksum.data or "", int(latest) if latest.isdecimal() else None)
    design.publish(house(), g.actor, family, draft_id, shown, form.note.data)
    return redirect(url_for(f"coordinators.{family}", version_id=draft_id), 303)


def file_response(source: str, name: str) -> Response:
    """A definition as a YAML file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_yaml(source), mimetype="application/yaml", headers=headers)


register("questionnaire")
register("framework")
