"""The translation grid of a draft: two languages side by side, states, and a workbook both ways."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.interchange import translations_xlsx
from app.interchange.translations_xlsx import RowReport
from app.web.coordinators.building import BASE, faults_of, frame, opened
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows.translating import Grid, grid, translate, use_language

STATES: dict[str, Any] = {
    "missing": _l("missing"),
    "stale": _l("stale: the source changed"),
    "to_review": _l("to review"),
    "done": _l("done"),
}
OUTCOMES: dict[str, Any] = {
    "taken": _l("taken"),
    "same": _l("unchanged"),
    "empty": _l("left empty: nothing taken"),
    "unknown": _l("no such text in the draft: nothing taken"),
    "source_changed": _l("the source changed since: nothing taken"),
    "twice": _l("a second row for the same text: nothing taken"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get(f"{BASE}/translations")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def translations(draft_id: int) -> ResponseReturnValue:
    """One part of the draft in two languages, or what is in one state."""
    return _page(draft_id)


def _grid(draft_id: int) -> Grid:
    with house().database.read() as session:
        return grid(session, g.actor, draft_id, request.values.get("lang", "")[:12])


def _page(
    draft_id: int,
    report: list[RowReport] | None = None,
    kept: tuple[str, ...] = (),
    faults: tuple[Fault, ...] = (),
    unread: tuple[str, ...] = (),
    status: int = 200,
) -> ResponseReturnValue:
    shown, found = opened(draft_id), _grid(draft_id)
    homes = list(dict.fromkeys(row.home for row in found.rows))
    state = request.args.get("state", "")
    part = request.values.get("part", homes[0] if homes else "")
    rows = [
        row for row in found.rows if (row.state == state if state in STATES else row.home == part)
    ]
    page = render_template(
        "coordinators/translations.html",
        **frame(shown),
        grid=found,
        rows=rows[:300],
        more=max(0, len(rows) - 300),
        homes=homes,
        part=part,
        state=state,
        states=STATES,
        outcomes=OUTCOMES,
        report=report,
        kept=kept,
        faults=faults,
        unread=unread,
        here="translations",
    )
    return page, status


@blueprint.post(f"{BASE}/translations")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def translations_save(draft_id: int) -> ResponseReturnValue:
    """Save what was typed; what somebody else wrote meanwhile stays, and is named."""
    found = _grid(draft_id)
    said, shown = {}, {}
    for row in found.rows:
        if f"t-{row.name}" in request.form:
            said[row.name] = request.form[f"t-{row.name}"].replace("\r\n", "\n").strip()
            shown[row.name] = request.form.get(f"was-{row.name}", "").replace("\r\n", "\n")
    kept = translate(house(), g.actor, draft_id, found.target, said, shown)
    if kept:
        return _page(draft_id, kept=kept, status=409)
    part = request.form.get("part", "")
    address = url_for(".translations", draft_id=draft_id, lang=found.target, part=part)
    return redirect(address, 303)


@blueprint.post(f"{BASE}/translations/language")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def translations_language(draft_id: int) -> ResponseReturnValue:
    """Leave a language out of what is published, or take it in."""
    use = request.form.get("go") == "use"
    tag = request.form.get("lang", "")
    if not tag or tag == _grid(draft_id).source:
        raise NotFound
    use_language(house(), g.actor, draft_id, tag, use=use)
    return redirect(url_for(".translations", draft_id=draft_id, lang=tag), 303)


@blueprint.get(f"{BASE}/translations.xlsx")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def translations_file(draft_id: int) -> ResponseReturnValue:
    """Every text as a workbook."""
    opened(draft_id)
    found = _grid(draft_id)
    name = f"translations-{draft_id}-{found.target}.xlsx"
    content = translations_xlsx.written(found.rows, found.source, found.target)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=_XLSX, headers=headers)


@blueprint.post(f"{BASE}/translations.xlsx")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def translations_upload(draft_id: int) -> ResponseReturnValue:
    """Take a workbook back, and say what became of every row."""
    found = _grid(draft_id)
    sent = request.files.get("file")
    content = sent.stream.read(translations_xlsx.MOST_BYTES + 1) if sent else b""
    try:
        said, report = translations_xlsx.read(content, found.rows, found.source, found.target)
        unread = translations_xlsx.other_sheets(content)
        translate(house(), g.actor, draft_id, found.target, said)
    except BadInput as refusal:
        return _page(draft_id, faults=faults_of(refusal), status=422)
    return _page(draft_id, report=report, unread=unread)
