"""One page of a draft in the participants' renderer, empty, in a frame of the builder."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.acceptance import accept
from app.domain.answers import RespondentRole
from app.domain.errors import Fault
from app.domain.permissions import Verb
from app.domain.questionnaire import Kind, Proxy
from app.domain.routing import ShownPage, ShownQuestion
from app.storage.instruments import Frozen
from app.web import language
from app.web.entrance import enters
from app.web.headers import POLICY
from app.web.pages import house
from app.web.participants.choices import SIZES
from app.web.participants.page_form import given, new_key
from app.web.participants.question_page import Shown, html
from app.web.participants.ways import Ways
from app.web.preview.room import blueprint
from app.workflows.trying import Tried, tried

_IN_FRAME = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
_WITHOUT_SCRIPT = _IN_FRAME.replace("script-src 'self'", "script-src 'none'")


@blueprint.get("/<int:draft_id>/<code>")
@enters(Verb.QUESTIONNAIRE_VIEW)
def page(draft_id: int, code: str) -> ResponseReturnValue:
    """The page, in the language, for the role and in the size of text that the address says."""
    found = _opened(draft_id)
    return _made(found, _page(found, code))


@blueprint.post("/<int:draft_id>/<code>")
@enters(Verb.QUESTIONNAIRE_VIEW)
def judge(draft_id: int, code: str) -> ResponseReturnValue:
    """What a participant would be told of these answers; else the page again. Nothing is kept."""
    found = _opened(draft_id)
    asked = _page(found, code)
    sent = given(asked.page, request.form, request.files).answers
    verdicts = [accept(one, sent, {}, found.whole, role=_role()) for one in asked.questions]
    faults = tuple(fault for each in verdicts for fault in each.faults)
    reminders = tuple(item for each in verdicts for item in each.reminders)
    if faults or (reminders and request.form.get("form-reminded") != "1"):
        return _made(found, asked, faults, reminders, 422)
    return redirect(request.full_path.rstrip("?"), 303)


def _role() -> RespondentRole:
    return "proxy" if request.args.get("role") == "proxy" else "self"


def _opened(draft_id: int) -> Tried:
    with house().database.read() as session:
        found = tried(session, g.actor, draft_id)
    g.place = (g.actor.programme_id, found.territory)
    query = request.query_string.decode("ascii", "replace")
    g.ways = Ways(
        questions=f"/office/preview/{draft_id}/",
        query=f"?{query}" if query else "",
        recordings=f"{url_for('trial.door')}recordings/",
        service="#",  # its links lead nowhere from here
    )
    if request.args.get("lang") in language.LANGUAGES:
        g.language = request.args["lang"]
    g.look = request.args["size"] if request.args.get("size") in SIZES else ""
    return found


def _page(found: Tried, code: str) -> ShownPage:
    """The page whatever its condition; for a proxy without what is not asked of one."""
    asked, role = found.page(code), request.args.get("role", "self")
    questions = []
    for question in asked.questions:
        if question.is_name or (role == "proxy" and question.proxy is Proxy.NOT_ASKED):
            continue
        rows = tuple(
            row for row in question.rows if role != "proxy" or row.proxy is not Proxy.NOT_ASKED
        )
        if rows or question.kind is not Kind.BATTERY:
            questions.append(ShownQuestion(question, rows))
    return ShownPage(asked, tuple(questions))


def _made(
    found: Tried,
    asked: ShownPage,
    faults: tuple[Fault, ...] = (),
    reminders: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    shown = Shown(
        Frozen(found.checksum, found.whole),
        asked,
        _role(),
        {},
        new_key(),
        values=given(asked.page, request.form).answers if faults or reminders else None,
        faults=faults,
        reminders=reminders,
    )
    response = make_response(html(shown), status)
    plain = request.args.get("script") == "no"
    response.headers["Content-Security-Policy"] = _WITHOUT_SCRIPT if plain else _IN_FRAME
    return response
