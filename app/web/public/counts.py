"""Counts that anybody may ask for: the page of a question or two, and its file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.questionnaire import Audience
from app.interchange.figures_csv import write_csv
from app.interchange.summary import Column, Sheet
from app.storage.count_tables import asked_of, open_table
from app.web.language import LANGUAGES, gettext
from app.web.pages import house
from app.web.public.counted import CountedTable, Questions
from app.web.public.entry import KEPT, anyone, blueprint

COLUMNS = (
    ("territory", "text"),
    ("territory_name", "text"),
    ("rows_question", "text"),
    ("rows_answer", "text"),
    ("columns_question", "text"),
    ("columns_answer", "text"),
    ("people", "number"),
    ("note", "text"),
)


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``table`` is None where these two are not given together."""

    audience: str
    audiences: dict[str, Questions]
    rows: str
    columns: str
    place: str
    table: CountedTable | None

    @property
    def questions(self) -> Questions:
        """What may be asked of the audience."""
        return self.audiences[self.audience]

    @property
    def places(self) -> list[str]:
        """The territories that are shown: of two questions one, of one all."""
        if self.table is None:
            return []
        return [self.place] if self.columns else list(self.table.layers)


@blueprint.get("/<programme>/<release>/<language>/counts")
@anyone
def counts(programme: str, release: str, language: str) -> ResponseReturnValue:
    """The numbers of people by a question and territory, or by two questions."""
    asked = _asked(programme, release, language)
    others = [
        (code, f"/results/{programme}/{release}/{code}/counts?{query()}")
        for code in LANGUAGES
        if code != language
    ]
    page = render_template(
        "public/counts.html",
        asked=asked,
        others=others,
        base=f"/results/{programme}/{release}/{language}",
        note=_note(asked.questions),
        query=query(),
    )
    return _kept(page.encode(), "text/html; charset=utf-8")


@blueprint.get("/<programme>/<release>/<language>/counts.csv")
@anyone
def counts_file(programme: str, release: str, language: str) -> ResponseReturnValue:
    """The numbers that the page with the same question shows, one a line."""
    asked = _asked(programme, release, language)
    if asked.table is None:
        raise NotFound
    questions = asked.questions
    rows = tuple(
        (
            each.place,
            asked.table.name(each.place),
            questions.words(asked.rows),
            each.row,
            questions.words(asked.columns) if asked.columns else "",
            each.column,
            each.people,
            _note(questions),
        )
        for each in asked.table.numbers(asked.places)
    )
    heads = tuple(Column(name, name) for name, _kind in COLUMNS)
    return _kept(write_csv(Sheet("counts", "", "", heads, rows)), "text/csv; charset=utf-8")


def query() -> str:
    """What the address asks for, as it stands there."""
    return request.query_string.decode("ascii", "replace")[:300]


def _asked(programme: str, release: str, language: str) -> Asked:
    """Read the address; what it does not say is the first there is. Raises NotFound."""
    if language not in LANGUAGES:
        raise NotFound
    g.language = language
    address = f"{programme}/{release}"[:300]
    database = house().database
    found = asked_of(database, address, [each.value for each in Audience])
    audiences = {code: Questions(body, language) for code, body in found.items()}
    audiences = {code: each for code, each in audiences.items() if each.codes}
    if not audiences:
        raise NotFound
    audience = _one_of(request.args.get("audience"), tuple(audiences))
    questions = audiences[audience]
    rows = _one_of(request.args.get("rows"), questions.codes)
    columns = request.args.get("columns", "")
    columns = columns if columns in questions.codes and columns != rows else ""
    kept = questions.stored(rows, columns)
    body = None if kept is None else open_table(database, address, audience, *kept)
    if body is None:
        return Asked(audience, audiences, rows, columns, "", None)
    together = gettext("All territories counted")
    table = CountedTable.read(questions, rows, columns, together, body)
    place = _one_of(request.args.get("territory"), tuple(table.layers))
    return Asked(audience, audiences, rows, columns, place, table)


def _one_of(wanted: str | None, there: tuple[str, ...]) -> str:
    return wanted if wanted in there else there[0]


def _note(questions: Questions) -> str:
    """What must be known of each number."""
    about = questions.about
    return gettext(
        "Each number has a random noise of at most %(largest)s people (standard deviation "
        "%(spread)s). Numbers do not add up to their totals.",
        largest=about["largest"],
        spread=f"{about['variance'] ** 0.5:g}",
    )


def _kept(body: bytes, kind: str) -> Response:
    response = Response(body, content_type=kind)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = KEPT
    response.make_conditional(request)
    return response
