"""The factory: settings in, a web application out, with one surface or both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.settings import Settings
from app.web import crowd, errors, headers, health, language, legal, occasions, pages, static_files
from app.web.form_files import FormRequest
from app.web.sessions import FormGuard, Sessions
from app.workflows.housing import Surface, house_of

csrf = FormGuard()


class _Public(Flask):
    """Flask, where no view is a coroutine: it asks that of nine functions at each request."""

    request_class = FormRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class _Office(_Public, APIFlask):
    """The same with the API."""


def create_app(settings: Settings, surface: Surface = "both") -> Flask:
    """Make the application. ``public`` has no staff route, ``office`` no participant route."""
    app = _bare(surface)
    app.config.update(
        SECRET_KEY=settings.keys.forms,
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=(1 if surface == "public" else 32) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_SSL_STRICT=False,  # our pages send no referrer; the token and SameSite stand
        WTF_CSRF_TIME_LIMIT=None,  # tied to the session: a pause loses nothing
        SESSION_COOKIE_NAME="__Host-covalue" if settings.secure_cookies else "covalue",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_TRANSLATION_DIRECTORIES=language.CATALOGUES,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign] # Flask's own way
    app.extensions["covalue"] = house_of(settings, surface)
    app.extensions["covalue"].reserve.keep()
    app.extensions["covalue.settings"] = settings
    app.session_interface = Sessions()
    occasions.register(app)
    crowd.register(app)
    headers.register(app, secure=settings.secure_cookies)
    static_files.register(app)
    csrf.init_app(app)
    language.register(app)
    errors.register(app)
    pages.register(app)
    legal.register(app)
    app.register_blueprint(health.blueprint)
    if surface in ("public", "both"):
        _register_public(app)
    if surface in ("office", "both"):
        _register_office(app)
    if settings.metrics:
        from app.web import metrics

        metrics.register(app, settings.metrics)
    return app


def _bare(surface: Surface) -> Flask:
    if surface == "public":
        return _Public("app.web", static_folder="static", template_folder="templates")
    return _Office(
        "app.web",
        title="Covalue",
        version="1",
        static_folder="static",
        template_folder="templates",
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        json_errors=False,
    )


def _register_public(app: Flask) -> None:
    from app.web import public
    from app.web.participants import views as participants
    from app.web.participants import wishes
    from app.web.public import heads

    app.register_blueprint(participants.blueprint)
    csrf.exempt(wishes.wish)  # a mail program's own button; the link itself is the secret
    app.register_blueprint(public.blueprint)
    app.register_blueprint(heads.blueprint)
    if app.extensions["covalue"].demonstration:
        from app.web.participants import gallery

        app.register_blueprint(gallery.blueprint)


def _register_office(app: Flask) -> None:
    from app.api import blueprint as api
    from app.api.evaluating import blueprint as evaluate
    from app.cli import commands
    from app.web import entrance, refused_files
    from app.web.accounts import blueprint as accounts
    from app.web.coordinators import blueprint as coordinators
    from app.web.evaluators import blueprint as evaluators
    from app.web.evaluators import public_copies
    from app.web.officer import blueprint as officer
    from app.web.preview import blueprint as preview
    from app.web.preview import trials

    commands.register(app)
    entrance.register(app)
    refused_files.register(app)
    public_copies.register(app)
    trial = trials.blueprint
    for blueprint in (accounts, coordinators, evaluators, officer, preview, trial, api, evaluate):
        app.register_blueprint(blueprint)
    csrf.exempt(evaluate)  # it changes nothing, and other sites get no answer of ours to read
