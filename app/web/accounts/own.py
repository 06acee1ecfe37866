"""The own account: second factors, recovery codes, password, and where one is signed in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput
from app.web.accounts.entry import blueprint, held, holds
from app.web.entrance import hand_over
from app.web.pages import house, problems_of
from app.workflows import own_account


@blueprint.get("/account")
@holds("in")
def own() -> ResponseReturnValue:
    """What the account has, and where it is signed in."""
    return render_template(
        "accounts/own.html",
        held=held(),
        sessions=own_account.signed_in_at(house(), held()),
        codes_left=own_account.recovery_codes_left(house(), held()),
        identities=own_account.identities(house(), held()),
        done=request.args.get("done"),
    )


def _back(done: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.own", done=done), 303)


@blueprint.post("/second-factors/<int:factor_id>/remove")
@holds("in", confirmed_first=True)
def factor_remove(factor_id: int) -> ResponseReturnValue:
    """Remove one second factor."""
    own_account.remove_factor(house(), held(), factor_id)
    return _back("removed")


@blueprint.post("/recovery-codes")
@holds("in", confirmed_first=True)
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them this once."""
    codes = own_account.new_recovery_codes(house(), held())
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.get("/password")
@holds("in", confirmed_first=True)
def password() -> ResponseReturnValue:
    """The form that changes the password."""
    return _password({})


@blueprint.post("/password")
@holds("in", confirmed_first=True)
def password_change() -> ResponseReturnValue:
    """Change it; every other session ends."""
    present, wanted = request.form.get("present", ""), request.form.get("password", "")
    try:
        secret = own_account.change_password(house(), held(), present[:1024], wanted[:1024])
    except BadInput as refusal:
        return _password(problems_of(refusal)), 422
    return hand_over(_back("password"), secret)


def _password(problems: dict[str, str]) -> str:
    return render_template("accounts/password.html", problems=problems, held=held())


@blueprint.post("/sessions/<reference>/end")
@holds("in")
def session_end(reference: str) -> ResponseReturnValue:
    """End one session of the account."""
    own_account.end_one(house(), held(), reference)
    return _back("ended")


@blueprint.post("/sessions/end-others")
@holds("in")
def sessions_end_others() -> ResponseReturnValue:
    """End every session but this one."""
    own_account.end_others(house(), held())
    return _back("ended")


@blueprint.post("/account/unlink")
@holds("in", confirmed_first=True)
def unlink() -> ResponseReturnValue:
    """Sign in through the institution no more."""
    own_account.unlink_identity(house(), held())
    return _back("unlinked")
