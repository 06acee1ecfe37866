"""The legal notice and the map of the pages; and the page for what goes wrong."""

from __future__ import annotations

from flask import g
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.domain.sound_names import FINGERPRINT
from app.web.pages import house
from app.web.participants.display import page, place_at_hand
from app.web.participants.doors import anyone
from app.web.participants.recordings import notice_recordings
from app.web.participants.room import blueprint
from app.workflows.notices import published_notice


@blueprint.get("/mentions-legales")
@anyone
def notice() -> ResponseReturnValue:
    """Who publishes this service and where it is hosted."""
    return page("legal_notice.html")


@blueprint.get("/information/<programme>/<kind>/<int:number>")
@anyone
def information(programme: str, kind: str, number: int) -> ResponseReturnValue:
    """A notice on personal data in one version, as it was when somebody agreed."""
    found = published_notice(house(), programme, kind, number)
    return page(
        "information.html",
        kind=kind,
        text=found.text,
        easy=found.easy,
        number=number,
        since=found.published_at,
        fingerprint=found.checksum[:FINGERPRINT],
        sounds=notice_recordings(found.checksum),
    )


@blueprint.get("/plan-du-site")
@anyone
def site_map() -> ResponseReturnValue:
    """Every page that has an address of its own."""
    return page("site_map.html")


def failed(status: int) -> str:
    """A failure in the participants' own frame, with the telephone of the help."""
    if status == 500:  # what broke may be the way to the telephone number: do not go there again
        g.setdefault("place_found", place_at_hand())
    made: str = page("failed.html", status, code=status).get_data(as_text=True)
    return made


@blueprint.record_once
def show_failures(state: BlueprintSetupState) -> None:
    """Let failures at the participants' addresses be told by this room."""
    state.app.extensions["covalue.failed"] = failed
