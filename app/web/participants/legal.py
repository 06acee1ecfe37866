"""Help, accessibility and personal data, in a few words each."""

from __future__ import annotations

import re

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.web.participants.choices import changed, remember
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint


@blueprint.get("/aide")
@anyone
def aid() -> ResponseReturnValue:
    """How to be helped, and how to answer without this service."""
    return page("help.html")


@blueprint.get("/accessibilite")
@anyone
def accessibility() -> ResponseReturnValue:
    """The state of accessibility: not compliant until an audit says otherwise."""
    return page("accessibility.html")


@blueprint.get("/donnees-personnelles")
@anyone
def personal_data() -> ResponseReturnValue:
    """What is done with answers."""
    return page("personal_data.html")


@blueprint.post("/affichage")
@anyone
def display() -> ResponseReturnValue:
    """Language, size and contrast on pages that have no form of their own."""
    changed()
    back = request.form.get("back", "/")
    to = back if back in PLAIN or STOP.fullmatch(back) else "/"
    return remember(redirect(to, 303))


STOP = re.compile(r"/(r|partie|soutien)/[A-Za-z0-9_]{1,64}")
PLAIN = frozenset(
    {"/", "/aide", "/accessibilite", "/donnees-personnelles", "/merci", "/recu", "/pause"}
    | {
        "/verifier",
        "/fin",
        "/r",
        "/parties",
        "/retrait",
        "/mot",
        "/ecran",
        "/mentions-legales",
        "/plan-du-site",
        "/galerie/",
    }
)
