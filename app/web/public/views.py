"""The pages of published releases, as they were drawn, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.storage.public_pages import first_pages, public_page
from app.web.language import current
from app.web.pages import house

blueprint = Blueprint("public", __name__, url_prefix="/results", template_folder="templates")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
KEPT = "public, max-age=300"


def anyone(view: View) -> View:
    """Open to everybody."""
    view.entrance = "anyone"  # type: ignore[attr-defined] # read by the convention test
    return view


@blueprint.get("/<programme>")
@anyone
def releases(programme: str) -> ResponseReturnValue:
    """The published releases of a programme, newest first."""
    with house().database.read() as session:
        found = first_pages(session, programme[:60], current())
    if not found:
        raise NotFound
    response = Response(render_template("public/releases.html", found=found))
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
