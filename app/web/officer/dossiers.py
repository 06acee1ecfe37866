"""The data protection dossier of a wave: filled in, approved, printed; and the register of all."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.definitions.checksums import checksum
from app.domain.dossier_fields import FIELDS, told
from app.domain.errors import BadDefinition, BadInput
from app.domain.permissions import Verb
from app.interchange.tables_csv import table_csv
from app.web.entrance import enters
from app.web.language import current
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, in_language, problems_of
from app.workflows import dossiers, notices
from app.workflows.acting import Actor


@blueprint.get("/waves/<int:wave_id>")
@enters(Verb.WAVE_VIEW)
def dossier(wave_id: int) -> ResponseReturnValue:
    """The dossier as it stands; ``start``: another wave's, to begin with."""
    return _dossier(wave_id)


@blueprint.post("/waves/<int:wave_id>")
@enters(Verb.DOSSIER_WRITE)
def dossier_write(wave_id: int) -> ResponseReturnValue:
    """Keep the fields and the choice of notices."""
    try:
        dossiers.write_dossier(house(), g.actor, wave_id, request.form)
        chosen = [request.form.get(kind, 0, type=int) for kind in notices.KINDS]
        if all(chosen):
            notices.show_notices(house(), g.actor, wave_id, *chosen)
    except BadInput as refusal:
        return _dossier(wave_id, problems=problems_of(refusal), sent=request.form), 422
    return redirect(url_for("officer.dossier", wave_id=wave_id, saved=1), 303)


@blueprint.post("/waves/<int:wave_id>/approve")
@enters(Verb.DOSSIER_APPROVE)
def dossier_approve(wave_id: int) -> ResponseReturnValue:
    """The officer's approval of the words that the page showed."""
    try:
        dossiers.approve_dossier(house(), g.actor, wave_id, request.form.get("seen", ""))
    except BadDefinition as refusal:
        return _dossier(wave_id, findings=refusal.findings), 422
    return redirect(url_for("officer.dossier", wave_id=wave_id, saved=1), 303)


def _dossier(wave_id: int, **values: Any) -> str:
    actor: Actor = g.actor
    seen = dossiers.dossier(house(), actor, wave_id)
    others = [
        other
        for other in dossiers.register(house(), actor)
        if other.row is not None and other.values and other.wave.id != wave_id
    ]
    start = request.args.get("start", type=int)
    begun = next((other.values for other in others if other.wave.id == start), seen.values)
    return render_template(
        "officer/dossier.html",
        seen=seen,
        fields=FIELDS,
        told=told,
        others=[] if seen.values else others,
        notices=notices.notices(house(), actor),
        anonymous=notices.anonymity_told(house(), actor, seen.wave),
        keeps=dossiers.keeps_closed(house(), actor, wave_id)
        if seen.wave.state == "planned"
        else [],
        may_write=actor.may(Verb.DOSSIER_WRITE) and seen.wave.state != "closed",
        may_approve=actor.may(Verb.DOSSIER_APPROVE) and seen.wave.state != "closed",
        checksum="" if seen.row is None else checksum(seen.row.fields),
        saved="saved" in request.args,
        paris=PARIS,
        **({"problems": {}, "findings": (), "sent": begun} | values),
    )


@blueprint.get("/register")
@enters(Verb.WAVE_VIEW)
def register() -> ResponseReturnValue:
    """The register of processing (article 30), made from the dossiers; to be printed too."""
    return render_template(
        "officer/register.html",
        may_confirm=g.actor.may(Verb.RIGHTS_CONFIRM),
        rows=dossiers.register(house(), g.actor),
        fields=FIELDS,
        told=told,
        paris=PARIS,
    )


@blueprint.get("/register.csv")
@enters(Verb.WAVE_VIEW)
def register_csv() -> ResponseReturnValue:
    """The same as a file: one processing a line, as a French spreadsheet opens it."""
    heads = [
        _("Wave"),
        _("Title"),
        _("Approved on"),
        *(each.label.in_(current()) for each in FIELDS),
    ]
    rows = [_line(seen) for seen in dossiers.register(house(), g.actor)]
    answer = Response(table_csv(heads, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="register.csv"'
    return answer


def _line(seen: dossiers.DossierSeen) -> list[str]:
    at = seen.row.approved_at if seen.row is not None and seen.approved else None
    day = "" if at is None else at.astimezone(PARIS).strftime("%d/%m/%Y")
    said = [told(each.name, seen.values).in_(current()) for each in FIELDS]
    return [seen.wave.code, in_language(seen.wave.title), day, *said]
