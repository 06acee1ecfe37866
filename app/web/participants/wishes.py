"""The page behind the link of a message: silence, or the results, without a code or a sign-in."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.contact import NO_MESSAGES, WISHES
from app.web.pages import house
from app.web.participants.choices import changed, remember
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint
from app.workflows import wishes as acts


@blueprint.get("/s/<token>")
@anyone
def wishes(token: str) -> ResponseReturnValue:
    """What one may ask for; opening the page asks for nothing."""
    acts.whose(house(), token)
    return page("wishes.html", asked="", missing=False, own_form=True)


@blueprint.post("/s/<token>")
@anyone
def wish(token: str) -> ResponseReturnValue:
    """Write it down. A mail program's own button sends no form of ours (RFC 8058): silence."""
    acts.whose(house(), token)
    if changed():
        return remember(redirect(request.path, 303))
    said = request.form.get("wish", "")
    if request.form.get("List-Unsubscribe") == "One-Click":
        said = NO_MESSAGES
    if said not in WISHES:
        return page("wishes.html", 422, asked="", missing=True, own_form=True)
    acts.wish(house(), token, said)
    return page("wishes.html", asked=said, missing=False)
