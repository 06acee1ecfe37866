"""Refusals and failures as pages: plain words, the right status, nothing of what was sent."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException, SecurityError

from app.domain.deeds import Deed
from app.domain.errors import CovalueError, NotFound
from app.protection.logs import last_place
from app.storage.audit import during
from app.web.headers import FromElsewhere, surely_from_here
from app.workflows.refusals import record_out_of_reach, record_refusal, status_of

log = logging.getLogger("covalue.web")


class SessionOver(Forbidden):
    """A form of the staff, sent after its session was over."""


def register(app: Flask) -> None:
    """Answer every refusal and every failure with a page of its own."""
    app.jinja_env.globals.update(to_send_again=to_send_again)
    app.register_error_handler(CovalueError, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(FromElsewhere, from_elsewhere)
    app.register_error_handler(SessionOver, session_over)
    app.register_error_handler(SecurityError, other_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failure)


def refused(error: CovalueError) -> ResponseReturnValue:
    """A refusal from below. Of what is not there, or not theirs, an entry names the account."""
    actor = g.get("actor")
    if isinstance(error, NotFound) and actor is not None:
        with contextlib.suppress(CovalueError):  # refused all the same
            record_out_of_reach(current_app.extensions["covalue"], actor, request.endpoint or "")
    status = status_of(error)
    page = _page(status, error)
    return page, status, ({"Retry-After": "5"} if status == 503 else {})


def to_send_again() -> list[tuple[str, str]]:
    """The fields of a form that could not be saved, for a button that sends them once more.

    None for files, which a page cannot hold, and for what goes with signing in.
    """
    if request.method != "POST" or request.blueprint == "accounts":
        return []
    if any(file.filename for file in request.files.values()):
        return []
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name != "csrf_token"]


def form_too_old(_error: CSRFError) -> ResponseReturnValue:
    """A form without the mark of this browser's session: it was opened before somebody signed in
    or out, here or in another tab. Of staff's pages, what was typed is held to be sent again."""
    signed_in = current_app.extensions.get("covalue.signed_in")
    if signed_in and request.path.startswith("/office/") and surely_from_here() and to_send_again():
        held = "signed_out" if signed_in() is None else "signed_in"
        return _answer(400, code="no_csrf_token", held=held)
    message = _("This form was open for too long. Go back, copy what you wrote, reload, send.")
    return _answer(400, message, code="no_csrf_token")


def session_over(_error: SessionOver) -> ResponseReturnValue:
    """A form of staff, sent after its session was over."""
    if to_send_again():
        return _answer(403, held="signed_out")
    return _answer(403, _("Your session is over. Nothing was saved. Sign in, then do it again."))


def from_elsewhere(_error: FromElsewhere) -> ResponseReturnValue:
    """A form that another site sent in this person's name: refused, and in the audit log."""
    house = current_app.extensions["covalue"]
    with contextlib.suppress(CovalueError):  # refused all the same
        record_refusal(house, Deed.FORM_SEND, "web", "elsewhere")
    message = _("Another site sent this form. Nothing was changed.")
    return _answer(403, message, code="from_elsewhere")


def other_host(_error: SecurityError) -> ResponseReturnValue:
    """A host name that is not ours: no page of ours can be made, since it would lead there."""
    return "400", 400, {"Content-Type": "text/plain"}


def http_error(error: HTTPException) -> ResponseReturnValue:
    """An error of HTTP itself: no such page, wrong method, too large."""
    status = error.code or 500
    if status == 413:
        _read_to_the_end()
    headers = {"Allow": ", ".join(error.valid_methods or ())} if status == 405 else {}  # type: ignore[attr-defined] # only MethodNotAllowed has them
    return _answer(status, headers=headers)


def _read_to_the_end() -> None:
    """Let a browser finish a sending that is too large, within bounds: else it shows no page."""
    left = 4 * (request.max_content_length or 0)
    while left > 0 and (block := request.environ["wsgi.input"].read(min(left, 65536))):
        left -= len(block)


def failure(error: Exception) -> ResponseReturnValue:
    """Something broke. The log says where, never with what values."""
    told = {"kind": type(error).__name__, "endpoint": request.endpoint, "method": request.method}
    told["request"] = during().request
    log.error("failure", extra=told | {"place": last_place(error)})
    return _answer(500)


def _answer(
    status: int,
    message: str = "",
    *,
    code: str = "",
    held: str = "",
    headers: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """A page, or below ``/api`` what programs read, with ``code``."""
    problem = current_app.extensions.get("covalue.problem")
    if problem and request.path.startswith("/api/"):
        answer: Response = problem(status, code)
        answer.headers.extend(headers or {})
        return answer
    return _page(status, None, message, held), status, dict(headers or {})


def _page(status: int, error: CovalueError | None = None, message: str = "", held: str = "") -> str:
    failed = current_app.extensions.get("covalue.failed")
    if failed and not request.path.startswith(("/office", "/api")):
        return str(failed(status))
    return render_template("error.html", status=status, error=error, message=message, held=held)
