"""The blueprint of the data protection officer's pages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint

blueprint = Blueprint(
    "officer", __name__, url_prefix="/office/privacy", template_folder="templates"
)
PARIS = ZoneInfo("Europe/Paris")
