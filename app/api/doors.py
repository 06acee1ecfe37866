"""Who may call: a token, or the staff session of the browser; the same permissions as on pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from flask import current_app, g, request

from app.api.problems import problem
from app.domain.errors import NotAllowed
from app.domain.permissions import SENSITIVE, Verb
from app.storage.audit import sits
from app.workflows.accounts import actor_from_session
from app.workflows.acting import Actor, House, require
from app.workflows.api_tokens import actor_from_token
from app.workflows.staff_sessions import confirmed

View = Callable[..., Any]


def house() -> House:
    """The house that this application serves, as the account signed in may see it."""
    found = cast(House, current_app.extensions["covalue"])
    actor: Actor | None = g.get("actor")
    return found if actor is None else found.seen_by(actor.reach)


def calls(verb: Verb) -> Callable[[View], View]:
    """Let in accounts that hold ``verb`` somewhere; who is not signed in gets 401."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            bearer = _bearer()
            actor = _signed_in() if bearer is None else actor_from_token(house(), bearer)
            if actor is None and bearer is not None:
                return problem(401, "no_such_token", "Make another token on your page.")
            if actor is None:
                return problem(401, "not_signed_in", "Send a token, or sign in first.")
            g.actor = actor
            sits(actor.sitting)
            if not actor.scope(verb):
                require(house(), actor, verb)  # an entry says who was turned away
                raise NotAllowed
            if bearer is None and verb in SENSITIVE and not confirmed(actor.confirmed_at):
                return problem(401, "confirm_first", "Confirm that it is you, in the browser.")
            return view(*args, **values)

        guarded.entrance = verb  # type: ignore[attr-defined] # read by the convention test
        return guarded

    return guard


def _bearer() -> str | None:
    """The token of the request, if it sends one."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _signed_in() -> Actor | None:
    name = "__Host-staff" if current_app.config["SESSION_COOKIE_SECURE"] else "staff"
    secret = request.cookies.get(name, "")
    found = actor_from_session(house(), secret) if secret else None
    return None if found is None else replace(found, origin="api")
