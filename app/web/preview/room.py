"""The blueprint of the previews, made apart so that every view module can import it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "preview",
    __name__,
    url_prefix="/office/preview",
    template_folder="../participants/templates",
)
