"""The second step of signing in, the first factor that one makes, and proving again."""

from __future__ import annotations

import segno
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadInput
from app.protection.keys import digest
from app.protection.passkeys import registration_options, request_options
from app.protection.second_factors import new_totp_secret, totp_address
from app.storage.factors import credentials_of
from app.web.accounts.entry import blueprint, held, holds, inside, proof, site
from app.web.entrance import hand_over
from app.web.pages import house, problems_of
from app.workflows import own_account, proving

_TOTP = "totp"  # in the signed session: the secret that this browser is being shown


@blueprint.get("/second-step")
@holds("second")
def second() -> ResponseReturnValue:
    """Ask for the second factor."""
    return _second("")


@blueprint.post("/second-step")
@holds("second")
def second_submit() -> ResponseReturnValue:
    """Let in who has it."""
    tried = proving.prove(house(), held(), proof())
    if tried.outcome != "in":
        return _second(_refusal(tried.outcome)), 429 if tried.outcome == "throttled" else 422
    return hand_over(redirect(inside(request.form.get("next")), 303), tried.secret)


def _second(refusal: str) -> str:
    return render_template(
        "accounts/second.html", refusal=refusal, asked=_asked(), next=request.values.get("next", "")
    )


def _refusal(outcome: str) -> str:
    if outcome == "throttled":
        return str(_("There were too many tries. Wait a quarter of an hour, then try again."))
    return str(_("This proof was not accepted. A code is good once: wait for the next one."))


def _asked() -> str:
    """What a passkey is asked to sign; empty where the account has none."""
    with house().database.read() as storage:
        known = credentials_of(storage, held().account_id)
    return request_options(site(), held().challenge, known) if known else ""


@blueprint.get("/confirm")
@holds("in")
def confirm() -> ResponseReturnValue:
    """Ask for a proof before a sensitive act."""
    return _confirm("")


@blueprint.post("/confirm")
@holds("in")
def confirm_submit() -> ResponseReturnValue:
    """Go on to the page that was wanted."""
    tried = proving.prove(house(), held(), proof())
    if tried.outcome != "in":
        return _confirm(_refusal(tried.outcome)), 429 if tried.outcome == "throttled" else 422
    return hand_over(redirect(inside(request.form.get("next")), 303), tried.secret)


def _confirm(refusal: str) -> str:
    return render_template(
        "accounts/confirm.html",
        refusal=refusal,
        asked=_asked(),
        next=request.values.get("next", ""),
        has_password=held().has_password,
    )


@blueprint.get("/second-factors/new")
@holds("enrol", "in", confirmed_first=True)
def factor_new() -> ResponseReturnValue:
    """Show how to add a second factor: an app that shows codes, or a passkey."""
    session[_TOTP] = session.get(_TOTP) or new_totp_secret()
    return _factor({})


@blueprint.post("/second-factors/app")
@holds("enrol", "in", confirmed_first=True)
def factor_app() -> ResponseReturnValue:
    """Add the app, once it shows the right code."""
    secret = session.get(_TOTP)
    if not secret:
        return redirect(url_for("accounts.factor_new"), 303)
    label = request.form.get("label", "") or _("Authenticator app")
    try:
        added = own_account.add_totp(house(), held(), secret, request.form.get("code", ""), label)
    except BadInput as refusal:
        return _factor(problems_of(refusal)), 422
    return _made(added)


@blueprint.post("/second-factors/passkey")
@holds("enrol", "in", confirmed_first=True)
def factor_passkey() -> ResponseReturnValue:
    """Add the passkey that the browser has made."""
    label = request.form.get("label", "") or _("Passkey")
    answer = request.form.get("answer", "")
    try:
        added = own_account.add_passkey(house(), held(), site(), answer, label)
    except BadInput as refusal:
        session[_TOTP] = session.get(_TOTP) or new_totp_secret()
        return _factor(problems_of(refusal)), 422
    return _made(added)


def _made(added: own_account.Added) -> ResponseReturnValue:
    """The codes for a lost factor, shown this once; or back to the own account."""
    session.pop(_TOTP, None)
    if not added.recovery_codes:
        return hand_over(redirect(url_for("accounts.own", done="factor"), 303), added.secret)
    page = render_template("accounts/recovery_codes.html", codes=added.recovery_codes)
    return hand_over(page, added.secret)


def _factor(problems: dict[str, str]) -> str:
    who, secret = held(), session[_TOTP]
    with house().database.read() as storage:
        known = credentials_of(storage, who.account_id)
    user = digest(house().keys.lookup, f"passkey user {who.account_id}")
    return render_template(
        "accounts/factor.html",
        problems=problems,
        first=who.step == "enrol",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr=segno.make(totp_address(secret, who.email, "Covalue"), error="m").svg_data_uri(
            scale=4, border=4, light="white"
        ),
        asked=registration_options(site(), who.challenge, user, who.email, who.name, known),
    )
