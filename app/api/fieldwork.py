"""A collection through the API: the counts, and what became of invitations.

Nobody is named in an address: people are found by the number on their letter, in what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apiflask import Schema
from flask import Response, g, request, url_for

from app.api import fieldwork_schemas as schemas
from app.api.doors import calls, house
from app.api.schemas import Paging
from app.api.views import answer, blueprint, queried
from app.api.weighting import sent_as
from app.domain.errors import NotFound
from app.domain.fieldwork import Count, FieldworkRow
from app.domain.permissions import Verb
from app.storage import sample_lists
from app.workflows import fieldwork as acts
from app.workflows.waves import wave_by_code

# Of a wave and territories, how many there are, and those of a page: from where, and how many.
Rows = Callable[..., tuple[int, Sequence[Any]]]


def part(query: Mapping[str, Any], items: Sequence[Any], total: int, **address: Any) -> Any:
    """A page of a list with the address of the next one; ``items`` are those of the page."""
    page, size = query["page"], query["per_page"]
    following = url_for(request.endpoint or "", **address, **{**query, "page": page + 1})
    return {
        "items": items,
        "page": page,
        "per_page": size,
        "total": total,
        "next": following if page * size < total else None,
    }


def start_of(query: Mapping[str, Any]) -> int:
    """How many rows stand before the page asked for."""
    return int((query["page"] - 1) * query["per_page"])


def listed(code: str, verb: Verb, schema: Schema, rows_of: Rows) -> Any:
    """A page of people of a wave, of the territories in which this account may do this."""
    query = queried(Paging())
    if isinstance(query, Response):
        return query
    wave, scope = wave_by_code(house(), g.actor, code), g.actor.scope(verb)
    with house().database.read() as session:
        total, rows = rows_of(session, wave.id, scope, start_of(query), query["per_page"])
    return answer(schema, part(query, rows, total, code=code))


@blueprint.get("/waves/<code>/counts")
@blueprint.doc(summary="How a collection goes", responses=[401, 403, 404, 422])
@blueprint.input(schemas.CountQuery, location="query", validation=False)
@blueprint.output(schemas.Counts)
@calls(Verb.FIELDWORK_VIEW)
def counts(code: str, **_unread: Any) -> Any:
    """Invited, opened, agreed, sent by territory and audience, under the threshold rule."""
    query = queried(schemas.CountQuery())
    if isinstance(query, Response):
        return query
    wave = wave_by_code(house(), g.actor, code)
    found = acts.counts(house(), g.actor, wave.id)
    wanted = query.get("territory")
    if wanted is not None and wanted not in g.actor.scope(Verb.FIELDWORK_VIEW):
        raise NotFound
    rows = [row for row in found.rows if wanted in (None, row.territory)]
    shown = rows[start_of(query) :][: query["per_page"]]
    body = part(query, [_row(row) for row in shown], len(rows), code=code)
    totals = {audience: _plain(stages) for audience, stages in found.totals.items()}
    return answer(schemas.Counts(), body | {"totals": totals})


def _row(row: FieldworkRow) -> dict[str, Any]:
    return {
        "territory": row.territory,
        "audience": row.audience,
        "stages": _plain(row.stages),
        "channels": _plain(row.channels),
        "dispositions": _plain(row.dispositions),
    }


def _plain(counted: Mapping[str, Count]) -> dict[str, int | None]:
    return {str(name): count.shown for name, count in counted.items()}


@blueprint.get("/waves/<code>/dispositions")
@blueprint.doc(summary="What became of invitations", responses=[401, 403, 404, 422])
@blueprint.input(Paging, location="query", validation=False)
@blueprint.output(schemas.Dispositions)
@calls(Verb.DISPOSITION_RECORD)
def dispositions(code: str, **_unread: Any) -> Any:
    """Refused, moved, deceased and the like, in the territories of this account."""
    return listed(code, Verb.DISPOSITION_RECORD, schemas.Dispositions(), sample_lists.said_of)


@blueprint.post("/waves/<code>/dispositions")
@blueprint.doc(summary="Say what became of invitations", responses=[401, 403, 404, 422])
@blueprint.input(schemas.SaidSent, location="json", validation=False)
@blueprint.output(schemas.Recorded)
@calls(Verb.DISPOSITION_RECORD)
def dispositions_record(code: str, **_unread: Any) -> Any:
    """All or none; sent again it changes nothing."""
    read = sent_as(schemas.SaidSent())
    if isinstance(read, Response):
        return read
    wave = wave_by_code(house(), g.actor, code)
    said = [(each["reference"], each["disposition"]) for each in read["items"]]
    return answer(schemas.Recorded(), acts.record_dispositions(house(), g.actor, wave.id, said))
