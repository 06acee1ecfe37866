"""Frameworks: the list, and one version with its tree, its weights and what it changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.definitions.files import load_framework
from app.domain.errors import BadDefinition
from app.domain.frameworks import (
    Framework,
    Measure,
    Node,
    Relation,
    global_weights,
    indicators,
    leaves,
    node_weight,
    overlap,
)
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.accounts import names_of
from app.storage.frameworks import FrameworkVersion, published_nationals
from app.web.condition_words import asked_in
from app.web.coordinators.definition_words import AUDIENCES, EVIDENCE, RELATIONS, percent
from app.web.coordinators.drafts import file_response
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.measure_words import measure_words
from app.web.pages import house
from app.workflows.examining import examine
from app.workflows.overview import Entry, overview
from app.workflows.reach import version
from app.workflows.surroundings import Surroundings, surroundings


@dataclass(frozen=True, slots=True)
class Beside:
    """A territory's framework beside the national one it extends, in shares of the whole."""

    national: Framework
    overlap: Fraction  # sum of the smaller weight over the indicators that both have
    unseen: Fraction  # weight of what the territory values and the nation does not measure
    left_out: Fraction  # national weight of what the territory drops or replaces


@blueprint.get("/frameworks")
@enters(Verb.FRAMEWORK_VIEW)
def frameworks() -> ResponseReturnValue:
    """The national framework and the territories' own that the account may read."""
    with house().database.read() as session:
        entries, people = overview(session, g.actor, "framework")
        nationals = nationals_of(published_nationals(session, g.actor.programme_id))
    return render_template(
        "coordinators/frameworks.html",
        entries=entries,
        people=people,
        beside={entry.territory: _entry_beside(entry, nationals) for entry in entries},
        indicators=indicators,
        percent=percent,
        may_draft=bool(g.actor.scope(Verb.FRAMEWORK_DRAFT)),
    )


@blueprint.get("/frameworks/<int:version_id>")
@enters(Verb.FRAMEWORK_VIEW)
def framework(version_id: int) -> ResponseReturnValue:
    """One published version. A draft has its own page."""
    with house().database.read() as session:
        row = version(session, g.actor, "framework", version_id)
        if row.number is None:
            return redirect(url_for(".framework_draft", draft_id=version_id), 303)
        around = surroundings(session, g.actor.programme_id, g.actor.territories)
        people = names_of(session, {row.published_by} if row.published_by else set())
        nationals = nationals_of(published_nationals(session, g.actor.programme_id))
    thing = load_framework(row.document)
    asked = asked_in(q for several in around.asked_in(row.territory).values() for q in several)

    def in_words(measure: Measure) -> str:
        return measure_words(measure, asked)

    return render_template(
        "coordinators/framework.html",
        row=row,
        thing=thing,
        findings=_findings(row, around),
        published_by=people.get(row.published_by or 0),
        total=sum((node_weight(node) for node in thing.dimensions), Fraction(0)),
        weights=global_weights(thing),
        leaves=leaves,
        node_weight=node_weight,
        inside=_inside,
        beside=beside_of(thing, nationals),
        national_titles=_titles(nationals),
        in_words=in_words,
        percent=percent,
        audiences=AUDIENCES,
        relations=RELATIONS,
        evidence=EVIDENCE,
        added=Relation.ADDED,
        may_draft=g.actor.may(Verb.FRAMEWORK_DRAFT, row.territory),
    )


@blueprint.get("/frameworks/<int:version_id>.yaml")
@enters(Verb.FRAMEWORK_VIEW)
def framework_file(version_id: int) -> ResponseReturnValue:
    """The file as it was uploaded or loaded."""
    with house().database.read() as session:
        row = version(session, g.actor, "framework", version_id)
    state = f"v{row.number}" if row.number else f"draft-{row.id}"
    return file_response(row.source, f"framework-{row.territory}-{state}.yaml")


def _findings(row: FrameworkVersion, around: Surroundings) -> tuple[object, ...]:
    try:
        return examine(row.source, around).findings
    except BadDefinition as error:
        return error.findings


def nationals_of(rows: list[FrameworkVersion]) -> dict[int, Framework]:
    """The published versions of the national framework by number."""
    return {
        row.number: replace(load_framework(row.document), version=row.number)
        for row in rows
        if row.number is not None
    }


def _titles(nationals: dict[int, Framework]) -> dict[str, object]:
    """The title of every national indicator by its code, the newest words last."""
    return {
        indicator.code: indicator.title
        for national in nationals.values()
        for indicator in indicators(national)
    }


def _entry_beside(entry: Entry, nationals: dict[int, Framework]) -> Beside | None:
    if entry.territory == NATION or not isinstance(entry.thing, Framework):
        return None
    return beside_of(entry.thing, nationals)


def beside_of(own: Framework, nationals: dict[int, Framework]) -> Beside | None:
    """The framework beside the national version that it extends; None where it extends none."""
    national = nationals.get(own.extends[1]) if own.extends else None
    if national is None:
        return None
    own_weights, national_weights = global_weights(own), global_weights(national)
    none = Fraction(0)
    return Beside(
        national,
        overlap(own, national),
        sum((w for code, w in own_weights.items() if code not in national_weights), none),
        sum((w for code, w in national_weights.items() if code not in own_weights), none),
    )


def _inside(dimension: Node) -> dict[str, Fraction]:
    """Share of the dimension that each of its indicators carries; they sum to one."""
    found = list(leaves(dimension))
    total = sum((leaf.weight for leaf in found), Fraction(0))
    return {leaf.indicator.code: leaf.weight / total for leaf in found} if total else {}
