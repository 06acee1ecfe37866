"""Who may open a participant's page, the cookies that say so, and the steps before consent.

Three cookies: ``language`` and ``look`` are choices; the participant's own carries a secret of 256
bits of which the database keeps a digest. Before consent there is no row to hold anything, so the
few choices made until then stand in the signed session cookie, with no name and no answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from app.web.pages import house
from app.workflows.standing import OWN_DEVICE, SHARED_DEVICE, SessionEnded, Standing, standing

View = TypeVar("View", bound=Callable[..., Any])
_ENTRY = "entry"
_HELD = "code"
_DECLINED = "declined"
# Longer than a session may rest: so that who comes too late is known as the one who was here.
KEPT_BY_BROWSER = 2 * OWN_DEVICE


class NotEntering(SessionEnded):
    """No code was typed here lately, or the questions have begun since."""


def anyone(view: View) -> View:
    """Mark a page that is open to all."""
    view.entrance = "anyone"  # type: ignore[attr-defined] # read by the convention test
    return view


def participant(view: View) -> View:
    """Mark a page behind a code or a participant's session, which the view itself checks."""
    view.entrance = "participant"  # type: ignore[attr-defined] # as above
    return view


def cookie_name() -> str:
    """Name of the cookie with the session's secret."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-participant" if secure else "participant"


def secret() -> str:
    """The secret of this browser's session. Raises SessionEnded where there is none."""
    found = request.cookies.get(cookie_name(), "")
    if not 20 <= len(found) <= 64:
        raise SessionEnded
    return found


def current(*, sent: bool = False) -> Standing:
    """The response behind this request, as it stands. Raises as ``standing``."""
    key = request.form.get("form-key", "") if request.method == "POST" else ""
    found = standing(house(), secret(), key, sent=sent)
    g.place = (found.held.programme_id, found.held.territory)
    g.shared = found.held.shared_device
    g.assisted = _assisted(found)
    return found


def _assisted(found: Standing) -> str:
    """The channel of a sitting that somebody else holds or attends; empty for all others."""
    return found.sitting.get("channel", "") if found.sitting.get("assisted_by") else ""


def going_on() -> Standing | None:
    """The response that this browser is in the middle of, if any."""
    try:
        found = current(sent=True)
    except SessionEnded:
        return None
    return found if found.held.submitted_at is None and found.held.withdrawn_at is None else None


def with_session(answer: ResponseReturnValue, made: str, *, shared: bool) -> Response:
    """Hand the secret to the browser: for a day on an own device, else until it is closed."""
    response = make_response(answer)
    response.set_cookie(
        cookie_name(),
        made,
        max_age=None if shared else KEPT_BY_BROWSER,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def without_session(answer: ResponseReturnValue) -> Response:
    """Take the secret away from the browser."""
    response = make_response(answer)
    if cookie_name() in request.cookies:
        response.delete_cookie(
            cookie_name(), secure=current_app.config["SESSION_COOKIE_SECURE"], samesite="Lax"
        )
    return response


def let_in(code: bytes) -> None:
    """Remember, for a quarter of an hour, whose code was good."""
    session.pop(_DECLINED, None)
    session[_ENTRY] = {"code": code.hex(), "at": int(time.time())}


def entry() -> dict[str, Any]:
    """What was chosen since the code was typed. Raises SessionEnded when that is too long ago, and
    NotEntering where nothing is known of a code."""
    found: dict[str, Any] | None = session.get(_ENTRY)
    if found is None:
        raise NotEntering
    if time.time() - found.get("at", 0) > SHARED_DEVICE.total_seconds():
        session.pop(_ENTRY, None)
        raise SessionEnded
    return found


def code() -> bytes:
    """Digest of the code that was good a moment ago. Raises as ``entry``."""
    found = entry().get("code")
    if not isinstance(found, str):
        raise SessionEnded
    return bytes.fromhex(found)


def choose(**choices: Any) -> None:
    """Add to what was chosen."""
    session[_ENTRY] = entry() | choices | {"at": int(time.time())}


def leave_entry() -> None:
    """Forget what was chosen on the way in."""
    session.pop(_ENTRY, None)


def decline(code: bytes) -> None:
    """Remember, for as long, who said no: a reason may follow."""
    session[_DECLINED] = {"code": code.hex(), "at": int(time.time())}


def declined() -> bytes | None:
    """The digest of the code of who said no a moment ago, until a reason was told."""
    found: dict[str, Any] = session.get(_DECLINED, {})
    if time.time() - found.get("at", 0) > SHARED_DEVICE.total_seconds():
        return None
    return bytes.fromhex(found["code"])


def forget_declined() -> None:
    """The reason was told, or was not wanted."""
    session.pop(_DECLINED, None)


def hold_code(code: bytes) -> None:
    """Keep the code's digest until the browser is closed, for somebody else to go on with."""
    session[_HELD] = code.hex()


def held_code() -> bytes | None:
    """The digest of the code that this browser came in with."""
    found = session.get(_HELD)
    return bytes.fromhex(found) if isinstance(found, str) else None
