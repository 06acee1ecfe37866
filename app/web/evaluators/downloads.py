"""The files of a release: one page that says what each holds, and the files themselves."""

from __future__ import annotations

from flask import Response, g
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, page, reading_of
from app.web.pages import house
from app.workflows.disseminate import hand_out, offered
from app.workflows.release_files import FORMATS, LANGUAGES, TYPES

WORDS = {
    "xlsx": (_l("Workbook (XLSX)"), _l("Cover, notes, methods and one table a sheet.")),
    "csv": (_l("One figure a line (CSV)"), _l("UTF-8, commas, decimal points.")),
    "excel.csv": (_l("CSV for French Excel"), _l("Semicolons and decimal commas.")),
    "json": (_l("JSON"), _l("Every figure with its metadata, for programs.")),
}


@blueprint.get("/<int:release_id>/downloads")
@enters(Verb.RELEASE_VIEW)
def downloads(release_id: int) -> ResponseReturnValue:
    """What can be taken, with name, weight and checksum."""
    r = reading_of(release_id)
    may = bool(g.actor.scope(Verb.RELEASE_DOWNLOAD))
    offers = offered(house(), g.actor, release_id, r.language) if may else ()
    return page("downloads.html", r, offers=offers, words=WORDS, may=may)


@blueprint.get("/<int:release_id>/downloads/<language>/<form>")
@enters(Verb.RELEASE_DOWNLOAD)
def download(release_id: int, language: str, form: str) -> ResponseReturnValue:
    """One file; who took it is recorded."""
    if language not in LANGUAGES or form not in FORMATS:
        raise NotFound
    name, content = hand_out(house(), g.actor, release_id, form, language)
    response = Response(content, mimetype=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
