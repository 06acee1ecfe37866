"""Headers: nothing from elsewhere, nothing kept, nothing told; no form of another site."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

# The same for everybody, and may be kept.
PUBLISHED = ("public.page", "public.counts", "public.counts_file", "heads.file")
KEEP_THEIR_OWN = frozenset({*PUBLISHED, "static"})
NO_DEVICE = "camera=(), microphone=(), geolocation=()"
PLACE = "camera=(), microphone=(), geolocation=(self)"  # where a page asks for a place
MICROPHONE = "camera=(), microphone=(self), geolocation=()"  # where a page records

ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", NO_DEVICE),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class FromElsewhere(Forbidden):
    """A form that a page of another site has sent."""


def sent_from_here() -> bool:
    """Whether a page of this very origin has sent the form, as far as the browser says.

    ``Sec-Fetch-Site`` cannot be forged by a page; where a browser sends none, ``Origin`` is
    compared. Our pages send no referrer, so a browser may write ``null`` there: then, and where
    both are missing, the token of the form decides alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host


def surely_from_here() -> bool:
    """Whether the browser itself says that a page of this very origin has sent the form."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    return site == "same-origin" if site else urlsplit(origin).netloc == request.host


def register(app: Flask, *, secure: bool) -> None:
    """Put the headers on every response; static files may be kept, pages may not."""

    @app.before_request
    def refuse_what_comes_from_elsewhere() -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not sent_from_here():
            raise FromElsewhere

    @app.after_request
    def put(response: Response) -> Response:
        if g.get("asks_place"):
            response.headers["Permissions-Policy"] = PLACE
        endpoint = request.endpoint
        if endpoint not in KEEP_THEIR_OWN or not (
            endpoint == "static" or response.status_code in (200, 304)
        ):
            response.headers["Cache-Control"] = "no-store"
        return response

    always = [*ALWAYS, HTTPS_ONLY] if secure else [*ALWAYS]
    app.wsgi_app = _with(app.wsgi_app, always)  # type: ignore[method-assign,assignment] # Flask's own way


def _with(served: Wsgi, always: list[tuple[str, str]]) -> Wsgi:
    """Every answer with these headers, but where it says its own, put on as the server takes it:
    set one by one on the response, each is looked for among all others."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            said = {name for name, _ in headers}
            return start(status, headers + [one for one in always if one[0] not in said], error)

        return served(environ, begin)

    return answer
