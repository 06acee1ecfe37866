"""The public page that says what came of the answers of a territory."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.web.pages import house
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint
from app.workflows.told import read


@blueprint.get("/resultats/<wave>/<territory>")
@anyone
def results(wave: str, territory: str) -> ResponseReturnValue:
    """Three findings, what will change, who decided it, when."""
    return page("results.html", results=read(house(), wave, territory))
