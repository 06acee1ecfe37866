"""The participants' room: its blueprint, and the pages for what ends a session."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from app.domain.errors import Unavailable
from app.web.pages import house
from app.web.participants import doors
from app.web.participants.display import page
from app.workflows.carried import Carried, keep
from app.workflows.standing import AlreadySent, SessionEnded, WaveOver

blueprint = Blueprint("participants", __name__, template_folder="templates")


@blueprint.errorhandler(SessionEnded)
@blueprint.errorhandler(CSRFError)
def ended(_error: Exception) -> ResponseReturnValue:
    """The session is over: what was saved is safe, and the code opens the door again.

    An answer that came too late waits, sealed, until the code was typed; a file does not.
    """
    status = 400 if request.method == "POST" else 200
    chosen = any(file.filename for file in request.files.values())
    refused = status == 400 and not request.cookies
    if not chosen and (kept := _kept()):
        return page("ended.html", status, kept=kept, chosen=False)
    values = {"kept": False, "chosen": chosen, "refused": refused}
    return doors.without_session(page("ended.html", status, **values))


@blueprint.errorhandler(doors.NotEntering)
def begun(error: doors.NotEntering) -> ResponseReturnValue:
    """A step on the way in that was gone back to: where the questions have begun, they go on."""
    try:
        doors.current(sent=True)
    except SessionEnded:
        return ended(error)
    except (AlreadySent, WaveOver, Unavailable):
        pass  # which the next page says
    return redirect("/r", 303)


def _kept() -> bool:
    """Whether what was just sent waits for the person to come in again."""
    code = (request.view_args or {}).get("code", "")
    if request.endpoint != "participants.answer" or request.method != "POST":
        return False
    fields = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    try:
        return keep(house(), doors.secret(), Carried(str(code)[:40], fields))
    except (SessionEnded, Unavailable):
        return False


@blueprint.errorhandler(AlreadySent)
def already_sent(_error: AlreadySent) -> ResponseReturnValue:
    """The answers were sent: from another tab, or this page was gone back to.

    An answer that was typed meanwhile is not among them, which is said.
    """
    found = doors.current(sent=True)
    late = request.endpoint == "participants.answer" and request.method == "POST"
    when = found.held.submitted_at
    return page("already.html", door="sent", when=when, receipt=True, late=late)


@blueprint.errorhandler(WaveOver)
def over(_error: WaveOver) -> ResponseReturnValue:
    """The survey closed while somebody was answering."""
    held = doors.current(sent=True).held
    return page("closed.html", 200, door="closed", when=held.closed_at or held.closes_at)
