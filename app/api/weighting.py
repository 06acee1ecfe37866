"""What may be sent: known totals of a wave, values of series; and the weights of a release."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from flask import Response, g
from flask_wtf.csrf import generate_csrf

from app.api import schemas
from app.api.doors import calls, house
from app.api.problems import problem
from app.api.views import answer, blueprint
from app.domain.errors import NotFound
from app.domain.known_totals import KnownTotal
from app.domain.permissions import Verb
from app.domain.series import SeriesValue
from app.storage.published import published
from app.workflows import known_totals as acts
from app.workflows.series import enter
from app.workflows.waves import wave_by_code


def sent_as(schema: Schema) -> dict[str, Any] | Response:
    """What was sent as JSON, or what is wrong with it (names of fields only)."""
    sent = g.get("sent")
    thing = sent if isinstance(sent, dict) else {}
    errors = schema.validate(thing)
    if errors:
        return problem(422, "bad_input", "Some parts cannot be taken.", fields=errors)
    read: dict[str, Any] = schema.load(thing)
    return read


@blueprint.get("/session")
@blueprint.doc(summary="What is needed to send something", responses=[401, 403])
@blueprint.output(schemas.Session)
@calls(Verb.WAVE_VIEW)
def session() -> Any:
    """The token of this session, to be sent back as the header X-CSRFToken."""
    return answer(schemas.Session(), {"csrf_token": generate_csrf()})


@blueprint.get("/waves/<code>/totals")
@blueprint.doc(summary="Known totals of a wave's populations", responses=[401, 403, 404])
@blueprint.output(schemas.KnownTotals)
@calls(Verb.MARGINS_VIEW)
def totals(code: str) -> Any:
    """The totals that count, in the territories of this account."""
    wave = wave_by_code(house(), g.actor, code)
    rows = acts.known(house(), g.actor, wave.id).rows
    return answer(schemas.KnownTotals(), {"items": [row.total for row in rows]})


@blueprint.post("/waves/<code>/totals")
@blueprint.doc(summary="Enter known totals", responses=[401, 403, 404, 422])
@blueprint.input(schemas.KnownTotals, location="json", validation=False)
@blueprint.output(schemas.Entered)
@calls(Verb.MARGINS_ENTER)
def totals_enter(code: str, **_unread: Any) -> Any:
    """Enter totals, all of them or none; margins that they name are replaced as a whole."""
    read = sent_as(schemas.KnownTotals())
    if isinstance(read, Response):
        return read
    placed = [(f"items {number}", KnownTotal(**each)) for number, each in enumerate(read["items"])]
    wave = wave_by_code(house(), g.actor, code)
    return answer(schemas.Entered(), acts.enter(house(), g.actor, wave.id, placed))


@blueprint.post("/series")
@blueprint.doc(summary="Enter values of administrative series", responses=[401, 403, 422])
@blueprint.input(schemas.SeriesSent, location="json", validation=False)
@blueprint.output(schemas.Entered)
@calls(Verb.SERIES_ENTER)
def series_enter(**_unread: Any) -> Any:
    """Enter values, all of them or none; one in the place of another supersedes it."""
    read = sent_as(schemas.SeriesSent())
    if isinstance(read, Response):
        return read
    placed = [
        (
            f"items {number}",
            SeriesValue(start=each.pop("period_start"), end=each.pop("period_end"), **each),
        )
        for number, each in enumerate(read["items"])
    ]
    return answer(schemas.Entered(), enter(house(), g.actor, placed))


@blueprint.get("/releases/<int:release_id>/weights")
@blueprint.doc(summary="How a release was weighted", responses=[401, 403, 404])
@blueprint.output(schemas.Weights)
@calls(Verb.RELEASE_VIEW)
def weights(release_id: int) -> Response:
    """The weighting report, as on the page."""
    seen = published(house().database, g.actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    near = seen.within(g.actor.scope(Verb.RELEASE_VIEW))
    items = [each for each in seen.manifest.get("weights", ()) if each["territory"] in near.places]
    return answer(schemas.Weights(), {"items": items})
