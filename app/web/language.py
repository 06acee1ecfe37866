"""The language of a page: what the person chose, else what the browser asks for, else French."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import flask_babel
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel
from werkzeug.wrappers import Response

LANGUAGES = {"fr": "Français", "en": "English"}
COOKIE = "language"
YEAR = 365 * 24 * 3600
_HERE = Path(__file__).parent
ROOMS = (  # folders of catalogues, each with <language>/LC_MESSAGES/messages.po
    "translations",
    "participants/translations",
    "participants/assisted_translations",
    "participants/way_translations",
    "coordinators/translations",
    "coordinators/field_translations",
    "coordinators/import_translations",
    "coordinators/paper_translations",
    "coordinators/contact_translations",
    "coordinators/monitor_translations",
    "coordinators/weighting_translations",
    "coordinators/builder_translations",
    "coordinators/framework_translations",
    "coordinators/territory_translations",
    "preview/translations",
    "evaluators/translations",
    "officer/translations",
    "evaluators/judging_translations",
    "evaluators/publishing_translations",
    "evaluators/download_translations",
    "accounts/translations",
    "public/translations",
)
CATALOGUES = ";".join(str(_HERE / room) for room in ROOMS)
ZONE = "Europe/Paris"  # the clock of every page, whatever the server's is
babel = Babel()
gettext: Callable[..., str] = flask_babel.gettext  # the library has no types


def register(app: Flask) -> None:
    """Choose a language for every request, and give it to every template."""
    babel.init_app(app, locale_selector=chosen, default_timezone=ZONE)
    babel.date_formats |= {"date.short": "dd/MM/y", "datetime.short": "dd/MM/y HH:mm"}
    app.jinja_env.globals.update(languages=LANGUAGES, language=current)


def chosen() -> str:
    """The language set by the room for this request, the cookie's, the browser's, or French."""
    wanted = g.get("language") or request.cookies.get(COOKIE)
    if wanted in LANGUAGES:
        return str(wanted)
    return request.accept_languages.best_match(LANGUAGES) or "fr"


def current() -> str:
    """The language of the page being made."""
    return chosen() if has_request_context() else "fr"


def remembered(response: Response, wanted: str) -> Response:
    """The answer, which has the browser keep this language for a year."""
    response.set_cookie(
        COOKIE,
        wanted,
        max_age=YEAR,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response
