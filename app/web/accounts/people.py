"""Accounts of others: invite, give and take back rights, end sessions, mend what is lost."""

from __future__ import annotations

from datetime import date

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput, Fault
from app.domain.permissions import Grant, Role, Verb
from app.domain.text import Text
from app.web.accounts.entry import blueprint
from app.web.accounts.words import FACTORS, ROLES
from app.web.entrance import enters
from app.web.language import LANGUAGES, current
from app.web.pages import house, in_language, problems_of
from app.workflows import account_care, accounts, invitations

_MANAGES = Verb.ACCOUNT_MANAGE


@blueprint.get("/accounts")
@enters(_MANAGES)
def people() -> ResponseReturnValue:
    """Every account within reach, with its rights."""
    return render_template(
        "accounts/people.html",
        listed=accounts.list_accounts(house(), g.actor),
        roles=ROLES,
        places=_places(),
    )


@blueprint.get("/accounts/invite")
@enters(_MANAGES)
def invite() -> ResponseReturnValue:
    """The form that invites a colleague."""
    return _invite({})


@blueprint.post("/accounts/invite")
@enters(_MANAGES)
def invite_submit() -> ResponseReturnValue:
    """Make the account, and show its link this once."""
    email, name = request.form.get("email", ""), request.form.get("name", "")
    try:
        link = invitations.invite(
            house(),
            g.actor,
            email=email[:254],
            name=name[:100],
            grant=_grant(),
            language=_language(),
        )
    except BadInput as refusal:
        return _invite(problems_of(refusal)), 422
    return _link(link)


def _invite(problems: dict[str, str]) -> str:
    return render_template(
        "accounts/invite.html",
        problems=problems,
        sent=request.form,
        chosen=_language(),
        roles=ROLES,
        places=_places(),
    )


def _language() -> str:
    """The language that was chosen for the invited person: at first, that of the page."""
    chosen = request.form.get("language", "")
    return chosen if chosen in LANGUAGES else current()


def _link(link: invitations.Link) -> str:
    return render_template(
        "accounts/link.html",
        account=account_care.cared_for(house(), g.actor, link.account_id),
        address=url_for("accounts.invitation_link", secret=link.secret, _external=True),
        until=link.expires_at,
        mailed=link.mailed,
    )


def _places() -> dict[str, str]:
    """Names of the territories whose accounts the actor may manage."""
    reach = g.actor.scope(_MANAGES)
    places = g.actor.territories.items()
    return {code: in_language(place.name) for code, place in places if code in reach}


def _grant() -> Grant:
    """The right in the form that was sent. Raises BadInput."""
    role = request.form.get("role", "")
    if role not in tuple(Role):
        raise BadInput([_NO_ROLE])
    return Grant(
        Role(role),
        request.form.get("territory", ""),
        _day("from"),
        _day("until"),
        bool(request.form.get("only_viewing")),
    )


def _day(name: str) -> date | None:
    written = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise BadInput([Fault(name, *_NO_DAY)]) from None


@blueprint.get("/accounts/<int:account_id>")
@enters(_MANAGES)
def person(account_id: int) -> ResponseReturnValue:
    """One account: its rights, its ways in, and what can be done for it."""
    return _person(account_id, {})


def _person(account_id: int, problems: dict[str, str]) -> str:
    return render_template(
        "accounts/person.html",
        account=account_care.cared_for(house(), g.actor, account_id),
        problems=problems,
        sent=request.form,
        roles=ROLES,
        factors=FACTORS,
        places=_places(),
        done=request.args.get("done"),
    )


def _done(account_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.person", account_id=account_id, done=done), 303)


@blueprint.post("/accounts/<int:account_id>/grants")
@enters(_MANAGES)
def person_grant(account_id: int) -> ResponseReturnValue:
    """Give one more right."""
    try:
        account_care.grant_role(house(), g.actor, account_id, _grant())
    except BadInput as refusal:
        return _person(account_id, problems_of(refusal)), 422
    return _done(account_id, "granted")


@blueprint.post("/accounts/<int:account_id>/grants/<int:grant_id>/revoke")
@enters(_MANAGES)
def person_revoke(account_id: int, grant_id: int) -> ResponseReturnValue:
    """Take one right back."""
    account_care.revoke_grant(house(), g.actor, account_id, grant_id)
    return _done(account_id, "revoked")


@blueprint.post("/accounts/<int:account_id>/link")
@enters(_MANAGES)
def person_link(account_id: int) -> ResponseReturnValue:
    """Make a new link and show it this once."""
    return _link(invitations.new_link(house(), g.actor, account_id))


@blueprint.post("/accounts/<int:account_id>/end-sessions")
@enters(_MANAGES)
def person_end_sessions(account_id: int) -> ResponseReturnValue:
    """End every session of the account."""
    account_care.end_sessions(house(), g.actor, account_id)
    return _done(account_id, "ended")


@blueprint.post("/accounts/<int:account_id>/reset-factors")
@enters(_MANAGES)
def person_reset_factors(account_id: int) -> ResponseReturnValue:
    """Remove second factors and recovery codes."""
    account_care.reset_factors(house(), g.actor, account_id)
    return _done(account_id, "reset")


@blueprint.post("/accounts/<int:account_id>/disable")
@enters(_MANAGES)
def person_disable(account_id: int) -> ResponseReturnValue:
    """Let the account in no more."""
    account_care.disable(house(), g.actor, account_id)
    return _done(account_id, "disabled")


@blueprint.post("/accounts/<int:account_id>/enable")
@enters(_MANAGES)
def person_enable(account_id: int) -> ResponseReturnValue:
    """Let it in again."""
    account_care.enable(house(), g.actor, account_id)
    return _done(account_id, "enabled")


_NO_ROLE = Fault(
    "role",
    Text.of(fr="Aucun rôle n’est choisi.", en="No role is chosen."),
    Text.of(fr="Choisissez-en un.", en="Choose one."),
)
_NO_DAY = (
    Text.of(fr="Ce n’est pas un jour.", en="This is not a day."),
    Text.of(fr="Écrivez année-mois-jour.", en="Write year-month-day."),
)
