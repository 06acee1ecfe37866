"""The API ``/api/v1``: what staff may read, as JSON; the same rights and the same figures."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from flask import Response, g, json, request, url_for

from app.api import schemas, strict_json
from app.api.doors import calls, house
from app.api.problems import http_problem, problem, refused, refuses_with_problems
from app.domain.errors import CovalueError, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.frameworks import latest_frameworks
from app.storage.published import published
from app.storage.releases import releases_of
from app.storage.surveys import questionnaires as questionnaires_of
from app.storage.territories import ProgrammeRow
from app.storage.waves import waves_of
from app.workflows.acting import require
from app.workflows.library_shelf import shelf
from app.workflows.series import values_of
from app.workflows.summaries import summary

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")
blueprint.register_error_handler(CovalueError, refused)


@blueprint.record_once
def describe(state: Any) -> None:
    """What the API says of itself, and how it refuses."""
    state.app.config.update(
        OPENAPI_VERSION="3.1.0",
        HTTP_ERROR_SCHEMA=schemas.Problem,
        VALIDATION_ERROR_SCHEMA=schemas.Problem,
    )
    state.app.spec_callback = refuses_with_problems
    state.app.extensions["covalue.problem"] = http_problem


@blueprint.before_request
def read_strictly() -> Response | None:
    """Refuse JSON that is none, or means two things, before anything else reads it."""
    content = request.get_data() if request.is_json else b""
    if content:
        try:
            g.sent = strict_json.read(content)
        except strict_json.NotTaken as refusal:
            return problem(422, "bad_json", str(refusal))
    return None


def answer(schema: Schema, data: Any) -> Response:
    """The data as the schema writes them, with an ETag: unchanged data are not sent again."""
    response = Response(json.dumps(schema.dump(data)), mimetype="application/json")
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value] # it is a Flask response


def queried(schema: Schema) -> dict[str, Any] | Response:
    """The query of the address, or what is wrong with it (names of fields only)."""
    errors = schema.validate(request.args)
    if errors:
        return problem(422, "bad_query", "Some parts of the query cannot be taken.", fields=errors)
    loaded: dict[str, Any] = schema.load(request.args)
    return loaded


@blueprint.get("/programme")
@blueprint.doc(summary="The programme of this account", responses=[401, 403])
@blueprint.output(schemas.Programme)
@calls(Verb.WAVE_VIEW)
def programme() -> Any:
    """The programme that the account works for."""
    with house().database.read() as session:
        found = session.get_one(ProgrammeRow, g.actor.programme_id)
    return answer(schemas.Programme(), found)


@blueprint.get("/territories")
@blueprint.doc(summary="Places of the programme", responses=[401, 403])
@blueprint.output(schemas.Territories)
@calls(Verb.WAVE_VIEW)
def territories() -> Any:
    """Every place; names and borders are public."""
    items = [
        {
            "code": each.code,
            "name": each.name.as_dict(),
            "parent": each.parent,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
            "population_75": each.population_75,
        }
        for each in g.actor.territories.values()
    ]
    return answer(schemas.Territories(), {"items": items})


@blueprint.get("/questionnaires")
@blueprint.doc(summary="Published questionnaires and modules", responses=[401, 403])
@blueprint.output(schemas.Questionnaires)
@calls(Verb.QUESTIONNAIRE_VIEW)
def questionnaires() -> Any:
    """Published versions in the territories of this account, and the national cores."""
    scope = g.actor.scope(Verb.QUESTIONNAIRE_VIEW) | {NATION}
    with house().database.read() as session:
        found = questionnaires_of(session, g.actor.programme_id, scope)
    items = [row for row in found if row.number is not None]
    return answer(schemas.Questionnaires(), {"items": items})


@blueprint.get("/library")
@blueprint.doc(summary="The library, with who uses which version", responses=[401, 403])
@blueprint.output(schemas.Library)
@calls(Verb.QUESTIONNAIRE_VIEW)
def library() -> Any:
    """The nation's entries and those of the territories of this account, newest version first."""
    with house().database.read() as session:
        return answer(schemas.Library(), {"items": shelf(session, g.actor)})


@blueprint.get("/frameworks/<code>")
@blueprint.doc(summary="A framework's latest published version", responses=[401, 403, 404])
@blueprint.output(schemas.Framework)
@calls(Verb.FRAMEWORK_VIEW)
def framework(code: str) -> Any:
    """The national framework, or the own framework of a territory of this account."""
    with house().database.read() as session:
        found = latest_frameworks(session, g.actor.programme_id)
    row = next((each for each in found if each.code == code), None)
    if row is None:
        raise NotFound
    if row.territory != NATION:
        require(house(), g.actor, Verb.FRAMEWORK_VIEW, row.territory)
    return answer(schemas.Framework(), row)


@blueprint.get("/waves")
@blueprint.doc(summary="Rounds of collection", responses=[401, 403])
@blueprint.output(schemas.Waves)
@calls(Verb.WAVE_VIEW)
def waves() -> Any:
    """Every wave of the programme."""
    with house().database.read() as session:
        found = waves_of(session, g.actor.programme_id)
    return answer(schemas.Waves(), {"items": found})


@blueprint.get("/series")
@blueprint.doc(summary="Values of administrative series", responses=[401, 403])
@blueprint.output(schemas.SeriesValues)
@calls(Verb.SERIES_VIEW)
def series() -> Any:
    """The values that count, in the territories of this account, with their source."""
    return answer(schemas.SeriesValues(), {"items": values_of(house(), g.actor)})


@blueprint.get("/releases")
@blueprint.doc(summary="Releases of figures", responses=[401, 403])
@blueprint.output(schemas.Releases)
@calls(Verb.RELEASE_VIEW)
def releases() -> Any:
    """Every release with its manifest."""
    with house().database.read() as session:
        rows = releases_of(session, g.actor.programme_id)
    items = [
        {
            "id": release.id,
            "number": release.number,
            "wave": wave.code,
            "data_at": cut.made_at,
            "made_at": release.made_at,
            "threshold": release.threshold,
            "synthetic": release.manifest["synthetic"],
            "withdrawn": release.withdrawn_at is not None,
            "checksum": release.checksum,
            "manifest": release.manifest,
        }
        for release, cut, wave in rows
    ]
    return answer(schemas.Releases(), {"items": items})


@blueprint.get("/releases/<int:release_id>/figures")
@blueprint.doc(summary="Figures of a release", responses=[401, 403, 404, 422])
@blueprint.input(schemas.FigureQuery, location="query", validation=False)
@blueprint.output(schemas.Figures)
@calls(Verb.RELEASE_VIEW)
def figures(release_id: int, **_unread: Any) -> Any:
    """Figures as on the pages and in the files; a foreign territory is refused."""
    query = queried(schemas.FigureQuery())
    if isinstance(query, Response):
        return query
    seen = published(house().database, g.actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    wanted = query.get("territory")
    if wanted is not None and wanted not in seen.territories:
        raise NotFound
    if wanted not in (None, NATION):
        require(house(), g.actor, Verb.RELEASE_VIEW, wanted)
    tidy = summary(seen.within(g.actor.scope(Verb.RELEASE_VIEW)), query["language"]).tidy
    names = [column.name for column in tidy.columns]
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in tidy.rows
    ]
    rows = [
        row
        for row in rows
        if wanted in (None, row["territory"]) and query.get("what") in (None, row["what"])
    ]
    start = (query["page"] - 1) * query["per_page"]
    more = start + query["per_page"] < len(rows)
    body = {
        "items": rows[start : start + query["per_page"]],
        "page": query["page"],
        "per_page": query["per_page"],
        "total": len(rows),
        "next": _next(release_id, query) if more else None,
        "synthetic": seen.synthetic,
    }
    return answer(schemas.Figures(), body)


def _next(release_id: int, query: dict[str, Any]) -> str:
    return url_for("api.figures", release_id=release_id, **(query | {"page": query["page"] + 1}))
