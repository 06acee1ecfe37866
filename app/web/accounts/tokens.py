"""The page of tokens: what programs of this person may do through the API."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.web.accounts.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house, in_language, problems_of
from app.workflows import api_tokens

SCOPE_WORDS = {
    "read": _l("Read figures, frameworks, questionnaires, waves and series"),
    "download": _l("Download files of releases"),
    "counts": _l("Read the counts of a collection"),
    "sample": _l("Bring people into a sample, and list it"),
    "dispositions": _l("Say what became of invitations, and list it"),
}


@blueprint.get("/tokens")
@enters(Verb.TOKEN_MAKE)
def tokens() -> ResponseReturnValue:
    """The tokens of this account, and the form that makes another."""
    return _page({})


@blueprint.post("/tokens")
@enters(Verb.TOKEN_MAKE)
def token_make() -> ResponseReturnValue:
    """Make a token and show it this once."""
    days = request.form.get("days", "")
    try:
        made = api_tokens.make_token(
            house(),
            g.actor,
            request.form.get("label", ""),
            request.form.getlist("scope"),
            int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            request.form.get("territory") or None,
        )
    except BadInput as refusal:
        return _page(problems_of(refusal)), 422
    return _page({}, made)


@blueprint.post("/tokens/<int:token_id>/revoke")
@enters(Verb.TOKEN_MAKE)
def token_revoke(token_id: int) -> ResponseReturnValue:
    """End a token at once."""
    api_tokens.revoke_token(house(), g.actor, token_id)
    return redirect(url_for("accounts.tokens"), 303)


def _places() -> dict[str, str]:
    """Names of the territories that the account reaches, by code."""
    reach = g.actor.reach.territories or ()
    return {
        code: in_language(place.name)
        for code, place in g.actor.territories.items()
        if code in reach
    }


def _page(problems: dict[str, str], made: str = "") -> str:
    return render_template(
        "accounts/tokens.html",
        tokens=api_tokens.tokens(house(), g.actor),
        scopes=SCOPE_WORDS,
        days=api_tokens.DAYS,
        places=_places(),
        sent=request.form,
        problems=problems,
        made=made,
    )
