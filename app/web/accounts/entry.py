"""The blueprint of the accounts' pages, and what its view modules share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, request, url_for

from app.protection.passkeys import Site
from app.storage.audit import sits
from app.web.entrance import signed_in, staff_secret
from app.web.pages import house
from app.workflows.proving import Proof, Signed, Typed
from app.workflows.staff_sessions import Holder, confirmed, holder

blueprint = Blueprint("accounts", __name__, url_prefix="/office", template_folder="templates")
View = Callable[..., Any]
STEPS = {"in": "accounts.start", "second": "accounts.second", "enrol": "accounts.factor_new"}
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


def held_here() -> Holder | None:
    """Who holds the session of this request, which acts in it from here on."""
    held = holder(house(), staff_secret())
    if held is not None:
        sits(held.sitting)
    return held


def holds(*steps: str, confirmed_first: bool = False) -> Callable[[View], View]:
    """Let in who holds a session at one of these steps; the others are led to where they are.

    ``confirmed_first``: whoever is in proves again to sit there when that was long ago.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            held = held_here()
            if held is None:
                return redirect(url_for("accounts.sign_in"), 303)
            if held.step not in steps:
                return redirect(url_for(STEPS[held.step]), 303)
            g.held, g.language = held, held.language
            signed_in()
            sending = request.method == "POST"
            if (
                confirmed_first
                and held.passed
                and not confirmed(held.confirmed_at, sending=sending)
            ):
                return redirect(url_for("accounts.confirm", next=url_for("accounts.own")), 303)
            return view(*args, **values)

        guarded.entrance = "account"  # type: ignore[attr-defined] # read by the convention test
        return guarded

    return guard


def held() -> Holder:
    """Who holds the session; views behind ``holds`` have somebody."""
    found: Holder = g.held
    return found


def site() -> Site:
    """Where this page is, as passkeys know it; the host name was checked at the door."""
    return Site(request.host.partition(":")[0], request.host_url.rstrip("/"))


def proof() -> Proof:
    """What the form that was sent proves with: the answer of a passkey, or what was typed."""
    answer = request.form.get("answer", "")
    return Signed(site(), answer) if answer else Typed(request.form.get("code", "")[:1024])


def inside(address: str | None) -> str:
    """The address when it leads to a page of this service, else the start page."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")):
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc and address.isprintable() and "\\" not in address:
            return address
    return url_for("accounts.start")


def browser_words() -> str:
    """The browser in two words, by which its owner knows it again."""
    agent = request.user_agent.string
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    if not browser and re.search(r"Safari/", agent):
        browser = "Safari"
    system = next((name for name in _SYSTEMS if name in agent), "")
    return ", ".join(word for word in (browser, system.replace("Macintosh", "Mac")) if word)
