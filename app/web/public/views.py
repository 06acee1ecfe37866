"""The pages of published releases, as they were drawn, and the list of them."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.storage.count_tables import open_releases
from app.storage.public_pages import first_pages, public_page
from app.web.language import current
from app.web.pages import house
from app.web.public.entry import KEPT, anyone, blueprint


@blueprint.get("/<programme>")
@anyone
def releases(programme: str) -> ResponseReturnValue:
    """The published releases of a programme, newest first."""
    with house().database.read() as session:
        found = first_pages(session, programme[:60], current())
        counted = open_releases(session, programme[:60])
    if not found:
        raise NotFound
    response = Response(render_template("public/releases.html", found=found, counted=counted))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@blueprint.get("/<programme>/<path:rest>")
@anyone
def page(programme: str, rest: str) -> ResponseReturnValue:
    """A page or a file of a release; a query that no page has is left out."""
    address = f"{programme}/{rest.rstrip('/')}"[:300]
    query = request.query_string.decode("ascii", "replace")[:100]
    asked = (f"{address}?{query}", address) if query else (address,)
    found = public_page(house().database, *asked)
    if found is None:
        raise NotFound
    kind, body, etag = found
    response = Response(body, content_type=kind)
    response.set_etag(etag)
    response.headers["Cache-Control"] = KEPT
    return response.make_conditional(request)
