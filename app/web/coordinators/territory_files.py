"""Import of territories from a file: a preview of every row, then all of them or none."""

from __future__ import annotations

import io
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.definitions.files import read_territories
from app.domain.errors import BadDefinition, BadInput, Fault
from app.domain.permissions import Verb
from app.domain.territories import Territory
from app.domain.territory_checks import check_territories
from app.domain.text import Text
from app.interchange.territories_csv import columns, read_territories_csv
from app.web.coordinators.building import faults_of
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor
from app.web.coordinators.territories import terms_of
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import territories as acts
from app.workflows import uploads
from app.workflows.examining import text_of
from app.workflows.territory_import import import_territories

PURPOSE = "territories"
SHOWN = 50
_NO_FILE = Fault(
    "file",
    Text.of(fr="Aucun fichier, ou un fichier vide.", en="No file, or an empty one."),
    Text.of(fr="Choisissez un fichier YAML ou CSV.", en="Choose a YAML or CSV file."),
)


@blueprint.get("/territories/import")
@enters(Verb.TERRITORY_CHANGE)
def territories_import() -> ResponseReturnValue:
    """The form."""
    return _page()


def _page(faults: tuple[Fault, ...] = (), **values: Any) -> str:
    terms = terms_of(acts.history(house(), actor()))
    return render_template(
        "coordinators/territories_import.html",
        columns=columns(terms),
        faults=faults[:SHOWN],
        fault_count=len(faults),
        **values,
    )


@blueprint.post("/territories/import")
@enters(Verb.TERRITORY_CHANGE)
def territories_preview() -> ResponseReturnValue:
    """What the file would do, row by row; nothing is changed yet."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    try:
        if not content:
            raise BadInput([_NO_FILE])
        rows = import_territories(house(), actor(), _read(content), dry_run=True)
    except (BadInput, BadDefinition) as refusal:
        return _page(faults_of(refusal)), 422
    return _page(rows=rows, upload=uploads.keep(house(), actor(), PURPOSE, content))


@blueprint.post("/territories/import/take")
@enters(Verb.TERRITORY_CHANGE)
def territories_take() -> ResponseReturnValue:
    """Import the file that was previewed."""
    content = uploads.take(house(), actor(), PURPOSE, request.form.get("token", ""))
    try:
        import_territories(house(), actor(), _read(content), dry_run=False)
    except (BadInput, BadDefinition) as refusal:
        return _page(faults_of(refusal)), 422
    return redirect(url_for(".territories", done="import"), 303)


def _read(content: bytes) -> tuple[Territory, ...]:
    """YAML where the file says its format, else CSV."""
    tree = acts.history(house(), actor())
    if b"covalue/territories/" not in content[:4096]:
        return read_territories_csv(io.BytesIO(content), tree, terms_of(tree))
    programme = read_territories(text_of(content))
    twice = [each for each in check_territories(programme) if each.rule == "code_twice"]
    if twice:
        raise BadDefinition(twice)
    return programme.territories
