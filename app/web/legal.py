"""What the law wants said on every surface: who runs the service, how accessible it is declared.

Both files are read when the application is made, so that a mistake in them stops the start with
its line, and never a page.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app
from flask_babel import gettext as _

from app.definitions.legal_reading import (
    Institution,
    Statement,
    read_institution,
    read_statement,
)

CONFIG = Path(__file__).parents[2] / "config"
# Where a complaint may go when nobody answers (the words of the imposed format are in the page).
DEFENDER = (
    "https://formulaire.defenseurdesdroits.fr/",
    "https://www.defenseurdesdroits.fr/saisir/delegues",
)


def register(app: Flask) -> None:
    """Read both files and give templates what they say. Raises BadDefinition."""
    app.extensions["covalue.legal"] = (
        read_institution((CONFIG / "institution.yaml").read_text("utf-8")),
        read_statement((CONFIG / "accessibility.yaml").read_text("utf-8")),
    )
    app.jinja_env.globals.update(
        institution=institution,
        statement=statement,
        accessibility_state=accessibility_state,
        defender=DEFENDER,
    )


def institution() -> Institution:
    """Who runs this service."""
    found: Institution = current_app.extensions["covalue.legal"][0]
    return found


def statement() -> Statement:
    """The accessibility statement."""
    found: Statement = current_app.extensions["covalue.legal"][1]
    return found


def accessibility_state() -> str:
    """The state in the words that the law wants at every page's foot."""
    words: dict[str, str] = {
        "none": _("Accessibility: not compliant"),
        "partial": _("Accessibility: partially compliant"),
        "full": _("Accessibility: fully compliant"),
    }
    return words[statement().state]
