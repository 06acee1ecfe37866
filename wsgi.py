"""Entry points for a server: ``wsgi:public``, ``wsgi:office``, and ``wsgi:app`` with both.

Each is made only when it is asked for, so a public process never imports staff code. Commands on
files (``flask evaluate``, ``flask survey check``) need no setting.
"""

from __future__ import annotations

import os

from flask import Flask

from app.factory import Surface, create_app, without_settings
from app.settings import BadSetting, from_environment

_SURFACES: dict[str, Surface] = {"app": "both", "public": "public", "office": "office"}


def __getattr__(name: str) -> Flask:
    if name not in _SURFACES:
        raise AttributeError(name)
    try:
        settings = from_environment(os.environ)
    except BadSetting as error:
        if name == "app" and os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            return without_settings(str(error))
        raise SystemExit(str(error)) from None  # the sentence, for whoever started it
    made = create_app(settings, _SURFACES[name])
    globals()[name] = made
    return made
