"""The versions of a questionnaire, module or framework, and what differs between any two."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.domain.severity import Severity
from app.storage.accounts import names_of
from app.web.coordinators.definition_words import (
    AUDIENCES,
    SEVERITIES,
    part_words,
    value_words,
)
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows.reach import Family
from app.workflows.version_history import between, history
from app.workflows.versions import Version


@blueprint.get("/questionnaires/<int:version_id>/history")
@enters(Verb.QUESTIONNAIRE_VIEW)
def questionnaire_history(version_id: int) -> ResponseReturnValue:
    """Who published what, when and why; any two versions beside each other."""
    return _page("questionnaire", version_id)


@blueprint.get("/frameworks/<int:version_id>/history")
@enters(Verb.FRAMEWORK_VIEW)
def framework_history(version_id: int) -> ResponseReturnValue:
    """The same of a framework, against the dates of data cuts."""
    return _page("framework", version_id)


def _page(family: Family, version_id: int) -> ResponseReturnValue:
    with house().database.read() as session:
        found = history(session, g.actor, family, version_id)
        people = names_of(
            session,
            {who for row in found.rows for who in (row.published_by, row.created_by) if who},
        )
    rows = found.rows
    chosen = [_number(name) for name in ("before", "after")]
    if None in chosen:
        chosen = [each.id for each in _pair(rows, found.here)]
    compared = between(found, chosen[0] or 0, chosen[1] or 0)
    return render_template(
        "coordinators/version_history.html",
        family=family,
        found=found,
        people=people,
        compared=compared,
        severities=SEVERITIES,
        breaking=Severity.BREAKING,
        audiences=AUDIENCES,
        part_words=part_words,
        value_words=value_words,
    )


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _pair(rows: list[Version], here: Version) -> list[Version]:
    """The version asked for, after the one before it."""
    index = next(i for i, row in enumerate(rows) if row.id == here.id)
    return [rows[max(index - 1, 0)], here]
