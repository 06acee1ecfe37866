"""The signed session and the token of forms, signed and checked once for each browser.

A browser sends the same session cookie with every page, and its forms may all carry the same
token, which is bound to that session. Signing and checking them anew took a quarter of a page.
"""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from typing import Any, Generic, TypeVar

from flask import Flask, Request, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

_MOST = 4096  # browsers
Value = TypeVar("Value")


class _Recent(OrderedDict[str, Value], Generic[Value]):
    """What was made of the latest texts."""

    def keep(self, text: str, value: Value) -> Value:
        self[text] = value
        if len(self) > _MOST:
            self.popitem(last=False)
        return value


class Sessions(SecureCookieSessionInterface):
    """Flask's own, which remembers the cookies whose signature was good."""

    def __init__(self) -> None:
        self._good: _Recent[dict[str, Any]] = _Recent()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request; a copy, so that what is remembered never changes."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        known = self._good.get(cookie)
        if known is not None:
            return self.session_class(deepcopy(known))
        found = super().open_session(app, request)
        if found:
            self._good.keep(cookie, deepcopy(dict(found)))
        return found


def token() -> str:
    """The token for the forms of this browser's session."""
    tokens: _Recent[str] = current_app.extensions.setdefault("covalue.tokens", _Recent())
    secret = session.get("csrf_token", "")
    known = tokens.get(secret)
    if known is None:
        known = str(generate_csrf())
        tokens.keep(session["csrf_token"], known)
    return known
