"""Notices on personal data: every version, and the form that publishes the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.domain.sound_names import among, notice_sound
from app.interchange.sounds import MOST_BYTES
from app.storage.dossiers import Notice
from app.storage.recordings import recording_names
from app.storage.territories import programme_by_id
from app.web.entrance import enters
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, problems_of
from app.workflows import notices as acts
from app.workflows.notice_recordings import keep_notice_recording

WORDS = {
    "participants": _l("For participants"),
    "described": _l("For the people whom others describe"),
}

SHIPPED = Path(__file__).parents[3] / "surveys" / "recordings"
TEXTS = {
    "fr": _l("whole, in French"),
    "en": _l("whole, in English"),
    "easy_fr": _l("easy words, in French"),
    "easy_en": _l("easy words, in English"),
}


@blueprint.get("/notices")
@enters(Verb.WAVE_VIEW)
def notices() -> ResponseReturnValue:
    """Every version of both notices, newest first."""
    return _page({}, {})


@blueprint.post("/notices")
@enters(Verb.DOSSIER_WRITE)
def notice_publish() -> ResponseReturnValue:
    """Publish the next version of one of them."""
    kind = next((each for each in acts.KINDS if each == request.form.get("kind")), None)
    if kind is None:
        raise BadRequest
    tags = (*acts.LANGUAGES, *acts.EASY_LANGUAGES)
    wordings = {tag: request.form.get(f"text_{tag}", "") for tag in tags}
    try:
        acts.publish_notice(house(), g.actor, kind, wordings)
    except BadInput as refusal:
        return _page(problems_of(refusal), request.form), 422
    return redirect(url_for("officer.notices"), 303)


@blueprint.post("/notices/<int:notice_id>/recording")
@enters(Verb.DOSSIER_WRITE)
def notice_record(notice_id: int) -> ResponseReturnValue:
    """Keep a recording of one text of a version, or take it away."""
    tag, sent = request.form.get("text", ""), request.files.get("file")
    content = sent.stream.read(MOST_BYTES + 1) if sent else b""
    removed = request.form.get("go") == "remove"
    try:
        keep_notice_recording(house(), g.actor, notice_id, tag, None if removed else content)
    except BadInput as refusal:
        problems = {f"sound-{notice_id}-{tag}": said for said in problems_of(refusal).values()}
        return _page(problems, {}), 422
    return redirect(url_for("officer.notices") + f"#aloud-{notice_id}", 303)


def _page(problems: dict[str, str], sent: Any) -> str:
    found = acts.notices(house(), g.actor)
    with house().database.read() as session:
        row = programme_by_id(session, g.actor.programme_id)
    return render_template(
        "officer/notices.html",
        notices=found,
        newest={
            kind: next((each for each in found if each.kind == kind), None) for kind in acts.KINDS
        },
        kinds=list(WORDS.items()),
        programme=row.code if row else "",
        may_write=g.actor.may(Verb.DOSSIER_WRITE),
        problems=problems,
        sent=sent,
        paris=PARIS,
        heard=_heard(found),
        text_words=TEXTS,
    )


def _heard(found: Sequence[Notice]) -> dict[tuple[int, str], tuple[str, str]]:
    """By version and text: the name of its recording, and whether it was ``sent`` in or is
    ``shipped`` with the release; both empty where there is none."""
    with house().database.read() as session:
        there = dict.fromkeys(recording_names(session), "sent")
    there |= {path.name: "shipped" for path in SHIPPED.glob("notice-*.mp3")}
    return {
        (each.id, tag): (name, there.get(name, ""))
        for each in found
        for tag in each.document
        for name in [among(notice_sound(each.checksum, tag), there)]
    }
