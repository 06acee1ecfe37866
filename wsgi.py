"""Entry points for a server: ``wsgi:public``, ``wsgi:office``, and ``wsgi:app`` with both.

Each is made only when it is asked for, so a public process never imports staff code.
"""

from __future__ import annotations

import os

from flask import Flask

from app.factory import Surface, create_app
from app.settings import from_environment

_SURFACES: dict[str, Surface] = {"app": "both", "public": "public", "office": "office"}


def __getattr__(name: str) -> Flask:
    if name not in _SURFACES:
        raise AttributeError(name)
    made = create_app(from_environment(os.environ), _SURFACES[name])
    globals()[name] = made
    return made
