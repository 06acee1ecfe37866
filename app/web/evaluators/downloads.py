"""The files of a release: one form with the filters, a preview, and every format of the choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, g
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, NotFound
from app.domain.permissions import Verb
from app.interchange.summary import CellValue, Column
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.filters import LEGENDS, fields, wanted
from app.web.evaluators.reading import Reading
from app.web.pages import house, problems_of
from app.workflows import disseminate
from app.workflows.choosing import WHOLE, Choice, choice_of
from app.workflows.chosen_summary import summary_of
from app.workflows.definition_files import FORMS as DEFINITION_FORMS
from app.workflows.disseminate import FORMS, hand_out, hand_out_definition, hand_out_report, preview
from app.workflows.extracting import may_ask
from app.workflows.licensing import licence
from app.workflows.release_files import LANGUAGES, TYPES

FIRST_ROWS = 8
SHOWN = ("territory_name", "title", "audience", "value", "low", "high", "n", "reason")
WORDS = {
    "zip": (
        _l("Everything in one archive (ZIP)"),
        _l("All formats, definitions, manifest, checksums, citation, licence."),
    ),
    "xlsx": (_l("Workbook (XLSX)"), _l("Cover, notes, methods and one table a sheet.")),
    "csv": (_l("One figure a line (CSV)"), _l("UTF-8, commas, decimal points.")),
    "excel.csv": (_l("CSV for French Excel"), _l("Semicolons and decimal commas.")),
    "json": (_l("JSON"), _l("Every figure with its metadata, for programs.")),
    "parquet": (_l("Parquet"), _l("Typed columns for R, Python and databases.")),
    "sdmx.csv": (
        _l("SDMX-CSV"),
        _l("For statistical offices; withheld figures have the status N."),
    ),
    "sdmx.xml": (_l("SDMX-ML data"), _l("Structure-specific data, version 2.1.")),
    "structure.xml": (
        _l("SDMX-ML structure"),
        _l("The data structure definition, with its code lists."),
    ),
}


@blueprint.get("/<int:release_id>/downloads")
@enters(Verb.RELEASE_VIEW)
@kept
def downloads(release_id: int) -> ResponseReturnValue:
    """The form, how many rows its choice has, the first of them, and a link to each format."""
    r = reading_of(release_id)
    may = bool(g.actor.scope(Verb.RELEASE_DOWNLOAD))
    if may:
        r = replace(r, seen=r.seen.within(g.actor.scope(Verb.RELEASE_DOWNLOAD)))
    choice, problems = _choice(r)
    return page(
        "downloads.html",
        r,
        may=may,
        choice=choice,
        problems=problems,
        fields=fields(r, choice),
        legends=LEGENDS,
        counted=preview(r.seen, choice),
        first=_first(r, choice),
        forms=[(form, *said) for form, said in WORDS.items()],
        defined=disseminate.defined(house(), g.actor, release_id) if may else (),
        definition_forms=DEFINITION_FORMS,
        reports=[(code, r.name(code)) for code in (r.nation, *r.places)] if may else (),
        licence=licence(r.language),
        may_ask=may_ask(g.actor),
    ), (422 if problems else 200)


def _choice(r: Reading) -> tuple[Choice, dict[str, str]]:
    try:
        return choice_of(r.seen, wanted()), {}
    except BadInput as refusal:
        return WHOLE, problems_of(refusal)


def _first(r: Reading, choice: Choice) -> dict[str, Any]:
    """The heads and the first lines of the tidy file, in words."""
    tidy = summary_of(r.seen, choice, r.language).tidy
    places = [p for p, column in enumerate(tidy.columns) if column.name in SHOWN]
    return {
        "heads": [(tidy.columns[p].title, tidy.columns[p].kind != "text") for p in places],
        "rows": [
            [(_cell(r, row[p], tidy.columns[p]), tidy.columns[p].kind != "text") for p in places]
            for row in tidy.rows[:FIRST_ROWS]
        ],
    }


def _cell(r: Reading, value: CellValue, column: Column) -> str:
    if isinstance(value, int | float):
        return r.number(value, 0 if column.kind == "count" else 1)
    return r.audience(value) if value and column.name == "audience" else value or ""


@blueprint.get("/<int:release_id>/downloads/<language>/<form>")
@enters(Verb.RELEASE_DOWNLOAD)
def download(release_id: int, language: str, form: str) -> ResponseReturnValue:
    """One file; who took it is recorded."""
    if language not in LANGUAGES or form not in FORMS:
        raise NotFound
    seen = disseminate.reach(house(), g.actor, release_id)
    choice = choice_of(seen, wanted())
    name, content = hand_out(house(), g.actor, release_id, form, language, choice)
    return attached(name, content, TYPES[form])


@blueprint.get("/<int:release_id>/definitions/<kind>/<code>/<form>")
@enters(Verb.RELEASE_DOWNLOAD)
def definition_file(release_id: int, kind: str, code: str, form: str) -> ResponseReturnValue:
    """A framework or a questionnaire of this release, as YAML or JSON."""
    if form not in DEFINITION_FORMS:
        raise NotFound
    name, content = hand_out_definition(house(), g.actor, release_id, kind, code, form)
    return attached(name, content, TYPES[form])


@blueprint.get("/<int:release_id>/report/<language>/<code>")
@enters(Verb.RELEASE_DOWNLOAD)
def report(release_id: int, language: str, code: str) -> ResponseReturnValue:
    """The report about a territory, or about the whole, as tagged PDF."""
    if language not in LANGUAGES:
        raise NotFound
    name, content = hand_out_report(house(), g.actor, release_id, language, code)
    return attached(name, content, TYPES["pdf"])


def attached(name: str, content: bytes, kind: str) -> Response:
    """A file that the browser saves under its name."""
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
