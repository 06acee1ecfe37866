"""The signed session and the token of forms, signed and checked once for each browser.

A browser sends the same session cookie with every page, and its forms may all carry the same
token, which is bound to that session. Signing and checking them anew took a quarter of a page.
What is remembered is what was signed or found good here; all else takes the usual way.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Generic, TypeVar

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer

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
    """Flask's own, which remembers the cookies that it signed or whose signature was good."""

    def __init__(self) -> None:
        self._good: _Recent[dict[str, Any]] = _Recent()
        self._signs: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and checks: the same for every request."""
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request; a copy, so that what is remembered never changes."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie:
            return self.session_class()
        known = self._good.get(cookie)
        if known is not None:
            return self.session_class(_copied(known))
        found = super().open_session(app, request)
        if found:
            self._good.keep(cookie, _copied(found))
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to hand out where nothing changed."""
        if session.modified or session.permanent:
            super().save_session(app, session, response)
            if session:
                signed = response.headers.getlist("Set-Cookie")[-1].partition(";")[0]
                self._good.keep(signed.partition("=")[2], _copied(session))
        elif session.accessed and "Vary" not in response.headers:
            response.headers.add("Vary", "Cookie")
        elif session.accessed:
            response.vary.add("Cookie")


def _copied(known: Mapping[str, Any]) -> dict[str, Any]:
    """A session with the dictionaries in it; they hold plain values."""
    return {name: dict(each) if isinstance(each, dict) else each for name, each in known.items()}


class FormGuard(CSRFProtect):  # type: ignore[misc] # Flask-WTF has no types
    """Flask-WTF's own check of every form, which knows the tokens that were made here again."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse, with its page, a form without this session's token."""
        if request.method == "GET" or _is_a_program():
            return
        made = _tokens().get(session.get("csrf_token", ""))
        sent = request.form.get("csrf_token", "")
        if made is not None and compare_digest(made.encode(), sent.encode()):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)


def _is_a_program() -> bool:
    """Whether the request has a token of the API: no browser sends one by itself, and beside it no
    cookie opens anything."""
    said = request.headers.get("Authorization", "")
    return request.blueprint == "api" and said.lower().startswith("bearer ")


def _tokens() -> _Recent[str]:
    """The tokens made by this process, by the secret of their session."""
    found: _Recent[str] = current_app.extensions.setdefault("covalue.tokens", _Recent())
    return found


def token() -> str:
    """The token for the forms of this browser's session."""
    known = _tokens().get(session.get("csrf_token", ""))
    if known is None:
        known = str(generate_csrf())
        _tokens().keep(session["csrf_token"], known)
    return known
