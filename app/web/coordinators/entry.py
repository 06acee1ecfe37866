"""The blueprint of the coordinators' pages, made apart so that every view module can import it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("coordinators", __name__, url_prefix="/office", template_folder="templates")
