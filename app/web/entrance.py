"""Who may enter a page: every route says it with one of the two decorators below.

Here too is the cookie of a staff session, handed over and taken away in one way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal

from flask import Flask, current_app, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import lazy_gettext as _l

from app.domain.errors import NotAllowed
from app.domain.permissions import SENSITIVE, Verb
from app.protection.sign_on import is_installed
from app.storage.audit import sits
from app.web.errors import SessionOver
from app.web.pages import house
from app.workflows import accounts
from app.workflows.acting import Actor, require
from app.workflows.staff_sessions import confirmed

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the staff menu, as the present actor sees it."""

    label: str
    address: str
    current: bool


# endpoint, words, permission that shows it; of two with the same words the first that it may open
MENU: tuple[tuple[str, Any, Verb], ...] = (
    ("coordinators.work", _l("My work"), Verb.QUESTIONNAIRE_VIEW),
    ("coordinators.questionnaires", _l("Questionnaires"), Verb.QUESTIONNAIRE_VIEW),
    ("coordinators.frameworks", _l("Frameworks"), Verb.FRAMEWORK_VIEW),
    ("coordinators.waves", _l("Waves"), Verb.WAVE_VIEW),
    ("coordinators.series", _l("Series"), Verb.SERIES_VIEW),
    ("evaluators.releases", _l("Results"), Verb.RELEASE_VIEW),
    ("officer.log", _l("Data protection"), Verb.AUDIT_READ),
    ("officer.register", _l("Data protection"), Verb.RIGHTS_CONFIRM),
    ("accounts.people", _l("Accounts"), Verb.ACCOUNT_MANAGE),
)


def register(app: Flask) -> None:
    """Give staff templates their menu, and pages of refusals who is signed in."""
    app.extensions["covalue.signed_in"] = signed_in
    app.jinja_env.globals.update(office_menu=office_menu, sign_on_installed=is_installed)


def staff_cookie() -> str:
    """Name of the cookie that carries the staff session's secret."""
    return "__Host-staff" if current_app.config["SESSION_COOKIE_SECURE"] else "staff"


def staff_secret() -> str:
    """The secret of the staff session that this browser sent; empty when it sent none."""
    return request.cookies.get(staff_cookie(), "")


def hand_over(answer: ResponseReturnValue, secret: str) -> Response:
    """The answer with the session's secret for the browser, until it is closed."""
    response = make_response(answer)
    response.set_cookie(
        staff_cookie(),
        secret,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response


def take_away(answer: ResponseReturnValue) -> Response:
    """The answer after which the browser keeps nothing of the session."""
    session.clear()
    response = make_response(answer)
    response.delete_cookie(
        staff_cookie(),
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def open_to(who: Literal["anyone", "participant"]) -> Callable[[View], View]:
    """Mark a route that needs no account: its own check, if any, is in the view."""

    def mark(view: View) -> View:
        view.entrance = who  # type: ignore[attr-defined] # read by the convention test
        return view

    return mark


def enters(verb: Verb | None) -> Callable[[View], View]:
    """Let in accounts that hold ``verb`` somewhere (None: any account); the act checks where."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            actor = signed_in()
            if actor is None:
                if _sending() and staff_secret() and not _a_script_asks():
                    raise SessionOver
                back = request.path if request.method == "GET" else None
                return redirect(url_for("accounts.sign_in", next=back), 303)
            if verb is not None and not actor.scope(verb):
                require(house(), actor, verb)  # an entry says who was turned away
                raise NotAllowed
            if verb in SENSITIVE and not confirmed(actor.confirmed_at, sending=_sending()):
                return redirect(url_for("accounts.confirm", next=page_above()), 303)
            return view(*args, **values)

        guarded.entrance = verb or "account"  # type: ignore[attr-defined] # as above
        return guarded

    return guard


def _sending() -> bool:
    return request.method not in ("GET", "HEAD")


def _a_script_asks() -> bool:
    """Whether a script of a page has sent the form, and says itself what became of it."""
    return "application/json" in request.headers.get("Accept", "")


def page_above() -> str:
    """This page, or for a form sent the nearest page above its address that can be opened."""
    path, routes = request.path, current_app.url_map.bind("")
    while _sending() and path.count("/") > 1 and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def signed_in() -> Actor | None:
    """The account behind this request's cookie, once per request."""
    if "actor" not in g:
        secret = staff_secret()
        g.actor = accounts.actor_from_session(house(), secret) if secret else None
        if g.actor is not None:
            g.language = g.actor.language
            sits(g.actor.sitting)
    found: Actor | None = g.actor
    return found


def office_menu() -> list[MenuItem]:
    """The entries that the actor may open."""
    actor: Actor = g.actor
    endpoint = request.endpoint or ""
    found: dict[str, MenuItem] = {}
    for target, label, verb in MENU:
        if actor.scope(verb):
            item = MenuItem(str(label), url_for(target), endpoint.startswith(target.rstrip("s")))
            found.setdefault(item.label, item)
    return [*found.values()]
