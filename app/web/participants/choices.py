"""What a person chose of language, size of text and contrast, and the cookies that keep it."""

from __future__ import annotations

from functools import cache

from flask import current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import refresh

from app.web import language

LOOK = "look"
SIZES = ("", "large", "larger")
CONTRAST = "contrast"
PRINT = "imprimer"  # in an address: the same page in large print, for a printer
YEAR = 365 * 24 * 3600


def look() -> str:
    """The classes of the page: a size of text, and contrast, as chosen before; or large print."""
    if request.query_string and PRINT in request.args and request.method == "GET":
        return "larger contrast print"
    chosen: str | None = g.get("look")
    return _known_look(request.cookies.get(LOOK, "")) if chosen is None else chosen


@cache
def _known_look(chosen: str) -> str:
    words = chosen[:40].split()
    size = next((size for size in SIZES[1:] if size in words), "")
    return " ".join(word for word in (size, CONTRAST if CONTRAST in words else "") if word)


def changed() -> bool:
    """Whether this form was sent by one of the buttons for language, size or contrast.

    The choice then holds for the page being made, and ``page`` hands out its cookie.
    """
    tag, wanted = request.form.get("set-language"), request.form.get("set-look")
    if tag in language.LANGUAGES:
        g.language = g.new_language = tag
        g.pop("voice", None)
        refresh()
        return True
    if wanted is not None:
        g.look = g.new_look = _known_look(wanted)
        return True
    return False


def remember(answer: ResponseReturnValue) -> Response:
    """Hand out the cookies of what was just chosen."""
    response = make_response(answer)
    for cookie, chosen in ((language.COOKIE, "new_language"), (LOOK, "new_look")):
        if chosen in g:
            _keep(response, cookie, g.get(chosen), None if g.get("shared") else YEAR)
    return response


def until_closed(response: Response) -> Response:
    """A shared device keeps what was chosen before it was said to be shared no longer either."""
    for cookie in (language.COOKIE, LOOK):
        if cookie in request.cookies:
            _keep(response, cookie, request.cookies[cookie], None)
    return response


def forget_choices(response: Response) -> Response:
    """Whoever comes next on this device chooses a language and a size of text anew."""
    for cookie in (language.COOKIE, LOOK):
        if cookie in request.cookies:
            secure = current_app.config["SESSION_COOKIE_SECURE"]
            response.delete_cookie(cookie, secure=secure, samesite="Lax")
    return response


def _keep(response: Response, cookie: str, chosen: str, seconds: int | None) -> None:
    response.set_cookie(
        cookie,
        chosen,
        max_age=seconds,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
