"""Pages on which a coordinator writes what came of the answers, and gives it out."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.feedback import FINDINGS, Feedback, Finding
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage.releases import releases_of
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import feedback as acts
from app.workflows import waves


@blueprint.get("/waves/<int:wave_id>/feedback")
@enters(Verb.FEEDBACK_WRITE)
def wave_feedback(wave_id: int) -> ResponseReturnValue:
    """Each territory of one's own, and where its page stands."""
    own = places(Verb.FEEDBACK_WRITE)
    return _shown(
        "feedback.html",
        wave_id,
        releases=_releases(wave_id),
        pages={code: acts.page(house(), actor(), wave_id, code) for code in own},
        places=own,
        done=request.args.get("done"),
    )


def _releases(wave_id: int) -> list[int]:
    with house().database.read() as session:
        rows = releases_of(session, actor().programme_id)
        return [row[0].id for row in rows if row[2].id == wave_id and row[0].state == "published"]


def _shown(template: str, wave_id: int, **values: Any) -> str:
    return render_template(
        f"coordinators/{template}",
        wave=waves.wave(house(), actor(), wave_id),
        names=names(),
        **values,
    )


@blueprint.get("/waves/<int:wave_id>/feedback/<territory>")
@enters(Verb.FEEDBACK_WRITE)
def feedback_form(wave_id: int, territory: str) -> ResponseReturnValue:
    """The guided form, with the figures that may be told beside it."""
    row = acts.page(house(), actor(), wave_id, territory)
    said: dict[str, str] = {}
    for place, finding in enumerate(row.said["findings"] if row else (), 1):
        said[f"finding_{place}"] = finding["code"]
        said |= {f"words_{place}_{tag}": finding["words"].get(tag, "") for tag in ("fr", "en")}
    for name in ("change", "decided", "when"):
        if row:
            said |= {f"{name}_{tag}": row.said[name].get(tag, "") for tag in ("fr", "en")}
    return _form(wave_id, territory, said, {})


def _form(wave_id: int, territory: str, said: dict[str, str], problems: dict[str, str]) -> str:
    releases = _releases(wave_id)
    if not releases or territory not in places(Verb.FEEDBACK_WRITE):
        raise NotFound
    return _shown(
        "feedback_form.html",
        wave_id,
        territory=territory,
        choices=acts.choices(house(), actor(), releases[0], territory),
        said=said,
        problems=problems,
        rows=range(1, FINDINGS + 1),
    )


@blueprint.post("/waves/<int:wave_id>/feedback/<territory>")
@enters(Verb.FEEDBACK_WRITE)
def feedback_write(wave_id: int, territory: str) -> ResponseReturnValue:
    """Keep it, or say what is to be mended."""
    sent = {name: text.replace("\r\n", "\n").strip()[:1000] for name, text in request.form.items()}

    def text(name: str) -> Text:
        return Text.of(fr=sent.get(f"{name}_fr", ""), en=sent.get(f"{name}_en", ""))

    findings = tuple(
        Finding(sent.get(f"finding_{place}", ""), text(f"words_{place}"))
        for place in range(1, FINDINGS + 1)
    )
    said = Feedback(findings, text("change"), text("decided"), text("when"))
    releases = _releases(wave_id)
    if not releases:
        raise NotFound
    try:
        acts.write(house(), actor(), wave_id, territory, releases[0], said)
    except BadInput as refusal:
        return _form(wave_id, territory, sent, problems_of(refusal)), 422
    return redirect(url_for("coordinators.wave_feedback", wave_id=wave_id, done="kept"), 303)


@blueprint.post("/waves/<int:wave_id>/feedback/<territory>/publish")
@enters(Verb.FEEDBACK_WRITE)
def feedback_publish(wave_id: int, territory: str) -> ResponseReturnValue:
    """Give it out."""
    try:
        acts.publish(house(), actor(), wave_id, territory)
    except Conflict:
        return redirect(url_for("coordinators.wave_feedback", wave_id=wave_id, done="old"), 303)
    return redirect(url_for("coordinators.wave_feedback", wave_id=wave_id, done="out"), 303)


@blueprint.post("/waves/<int:wave_id>/feedback/<territory>/sheet")
@enters(Verb.FEEDBACK_WRITE)
def feedback_sheet(wave_id: int, territory: str) -> ResponseReturnValue:
    """The printable sheet, or the letters to those who asked."""
    letters = request.form.get("do") == "letters"
    try:
        name, content = acts.sheets(house(), actor(), wave_id, territory, letters=letters)
    except NotFound:
        return redirect(url_for("coordinators.wave_feedback", wave_id=wave_id, done="nobody"), 303)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)
