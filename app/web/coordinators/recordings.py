"""A question read aloud: its recordings sent in and taken away in the builder."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.interchange.sounds import MOST_BYTES
from app.web.coordinators.build_question import shown_page
from app.web.coordinators.building import BASE
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import recordings


@blueprint.post(f"{BASE}/q/<code>/recording")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_record(draft_id: int, code: str) -> ResponseReturnValue:
    """Keep a recording of the question as it is worded now, or take it away."""
    item, language = request.form.get("item", ""), request.form.get("language", "")
    sent = request.files.get("file")
    try:
        if request.form.get("go") == "remove":
            recordings.drop_recording(house(), g.actor, draft_id, item, language)
        else:
            content = sent.stream.read(MOST_BYTES + 1) if sent else b""
            recordings.keep_recording(house(), g.actor, draft_id, item, language, content)
    except BadInput as refusal:
        return shown_page(draft_id, code, refusal.faults, 422)
    return redirect(url_for(".build_question", draft_id=draft_id, code=code) + "#aloud", 303)
