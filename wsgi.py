"""Entry points for a server: ``wsgi:public``, ``wsgi:office``, and ``wsgi:app`` with both.

Each is made only when it is asked for, so a public process never imports staff code, and most
commands no page. Commands on files (``flask evaluate``, ``flask survey check``) need no setting.
"""

from __future__ import annotations

import os
import sys

from flask import Flask

from app.settings import BadSetting, Settings, from_environment
from app.workflows.housing import Surface

_SURFACES: dict[str, Surface] = {"app": "both", "public": "public", "office": "office"}
# Commands on all pages: those of the frameworks, and the worker, which draws some of them.
_OF_PAGES = {"run", "routes", "shell", "spec", "worker"}


def __getattr__(name: str) -> Flask:
    if name not in _SURFACES:
        raise AttributeError(name)
    try:
        settings = from_environment(os.environ)
    except BadSetting as error:
        if name == "app" and os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            from app.cli.commands import without_settings

            return without_settings(str(error))
        raise SystemExit(str(error)) from None  # the sentence, for whoever started it
    globals()[name] = made = _made(settings, name)
    return made


def _made(settings: Settings, name: str) -> Flask:
    if (
        name == "app"
        and os.environ.get("FLASK_RUN_FROM_CLI") == "true"
        and not _OF_PAGES & set(sys.argv)
    ):
        from app.cli.commands import without_pages

        return without_pages(settings)
    from app.factory import create_app

    made = create_app(settings, _SURFACES[name])
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # commands that matter say it themselves
        from app.workflows.watching_starts import note_start

        note_start(made.extensions["covalue"], name, os.environ)
    return made


def hold_clock(name: str) -> None:
    """Refuse to start the surface of this name on a clock that is behind the audit log.

    ``config/gunicorn.py`` asks once, before it serves; not again at a reload. Where the database is
    away nothing is known, and pages come that keep what people write.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from app.domain.errors import CovalueError
    from app.workflows.housing import house_of
    from app.workflows.watching_clock import clock_behind

    try:
        settings = from_environment(os.environ)
    except BadSetting:  # said by the process that serves
        return
    house = house_of(settings, _SURFACES[name])
    try:
        seconds = clock_behind(house, public=name == "public")
    except (CovalueError, SQLAlchemyError):
        return
    if seconds:
        raise SystemExit(
            f"This machine's clock is {seconds:.0f} s behind the audit log. Set it right."
        )
