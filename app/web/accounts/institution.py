"""The institution's sign-in: there and back, for a session, a link, or an invitation."""

from __future__ import annotations

import hmac
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.protection import sign_on
from app.protection.sign_on import Identity, NoIdentity, Provider
from app.web.accounts.entry import blueprint, browser_words, held_here
from app.web.accounts.forms import SignInForm
from app.web.accounts.invitation import KEPT
from app.web.entrance import hand_over, open_to, staff_secret, take_away
from app.web.pages import house
from app.workflows import signing_on

_UNDER_WAY = "institution"  # in the signed session: what has to come back


def provider() -> Provider:
    """The provider that the settings name. Raises NotFound where they name none."""
    found = house().sign_on
    if found is None or not sign_on.is_installed():
        raise NotFound
    return found


def _back() -> str:
    return f"{house().office_url}{url_for('accounts.institution_back')}"


@blueprint.get("/institution/<any(in, link, invitation):purpose>")
@open_to("anyone")
def institution(purpose: str) -> ResponseReturnValue:
    """Send the browser to the provider; nothing is changed here."""
    try:
        begun = sign_on.begin(provider(), _back())
    except NoIdentity:
        return _refused(), 502
    session[_UNDER_WAY] = {
        "purpose": purpose,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
    }
    return redirect(begun.address, 303)


@blueprint.get("/institution/back")
@open_to("anyone")
def institution_back() -> ResponseReturnValue:
    """Come back from the provider: what was begun in this browser, once."""
    begun: dict[str, Any] = session.pop(_UNDER_WAY, {})
    state = request.args.get("state", "")
    if not begun or not hmac.compare_digest(state.encode(), begun["state"].encode()):
        return _refused(), 422
    try:
        who = sign_on.finish(
            provider(), _back(), request.args.get("code", ""), begun["nonce"], begun["verifier"]
        )
    except NoIdentity:
        return _refused(), 422
    return {"in": _enter, "link": _link, "invitation": _accept}[begun["purpose"]](who)


def _enter(who: Identity) -> ResponseReturnValue:
    tried = signing_on.sign_on(house(), who, staff_secret(), browser_words())
    if tried.outcome == "wrong":
        return _refused(
            _("This identity opens no account here. Link it on the page of your account.")
        ), 422
    session.clear()
    target = "accounts.second" if tried.outcome == "half" else "accounts.start"
    return hand_over(redirect(url_for(target), 303), tried.secret)


def _link(who: Identity) -> ResponseReturnValue:
    held = held_here()
    if held is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if not held.may_change:
        return redirect(url_for("accounts.confirm", next=url_for("accounts.own")), 303)
    signing_on.link(house(), held, who)
    return redirect(url_for("accounts.own", done="linked"), 303)


def _accept(who: Identity) -> ResponseReturnValue:
    signing_on.link_invited(house(), session.get(KEPT, ""), who)
    return take_away(redirect(url_for("accounts.sign_in"), 303))


def _refused(words: str = "") -> str:
    words = words or _(
        "Your institution did not confirm who you are. Nothing was changed. Try again."
    )
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None), refusal=words)
