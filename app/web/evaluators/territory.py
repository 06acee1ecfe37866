"""The profile of a territory: its indicators under both frameworks, and what sets it apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.coproduction import LevelOfCoproduction, Phase
from app.domain.errors import NotFound
from app.domain.frameworks import Framework, Indicator, Relation, global_weights, leaves
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.crosswalk import COMPARED, CrosswalkRow
from app.evaluation.tables import Observation, What
from app.web.entrance import enters
from app.web.evaluators import groups, over_waves, pictures
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.web.evaluators.shift_parts import PARTS, parts_of
from app.web.pages import house
from app.workflows.acting import require
from app.workflows.beside_words import LEVELS, PHASES, beside_title
from app.workflows.in_groups import Figures
from app.workflows.late_words import late_said


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in the profile: here, in the nation, and its weight in each framework."""

    indicator: Indicator
    here: Observation | None
    nation: Observation | None
    national_weight: Fraction | None
    own_weight: Fraction | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension with its scores under both frameworks and its indicators."""

    title: str
    national: Observation | None
    own: Observation | None
    lines: tuple[Line, ...]


@blueprint.get("/<int:release_id>/territories/<code>")
@enters(Verb.RELEASE_VIEW)
@kept
def territory(release_id: int, code: str) -> ResponseReturnValue:
    """The profile of one territory; another's is not open to a coordinator."""
    if code not in g.actor.territories or code == NATION:
        raise NotFound
    require(house(), g.actor, Verb.RELEASE_VIEW, code)
    r = reading_of(release_id)
    if code not in r.places:
        raise NotFound
    found = r.seen.crosswalk(code)
    rows = found.rows if found else ()
    return page(
        "territory.html",
        r,
        code=code,
        lede=_lede(r, code),
        chart=pictures.dimensions(r, code),
        parts=tuple(_parts(r, code)),
        broken=groups.of_territory(r, code),
        crosswalk=found,
        changes=[row for row in rows if row.relation is not Relation.KEPT],
        local=[row for row in rows if _is_local(row)],
        ledger=_ledger(r, code),
        shift=r.own(code, What.STANDING_SHIFT),
        decomposed=parts_of(r, code),
        parts_said=PARTS.values(),
        late=late_said(r.seen, r.language, code),
        waves=(*over_waves.earlier_codes(r), r.seen.wave),
        lines=(lines := over_waves.wave_lines(r, code)),
        wave_chart=over_waves.picture(r, code, lines),
        missing=_missing(r, code),
        gap=r.own(code, What.GAP_DESCRIPTION),
        hidden=sum(
            each.confidentiality == "N" for each in r.seen.table.of(What.INDICATOR, territory=code)
        ),
        coproduction=_coproduction(r, code),
        how=_how(r, code),
        levels=[r.say(LEVELS[level.value]) for level in LevelOfCoproduction],
        What=What,
    )


def _coproduction(r: Reading, code: str) -> list[tuple[str, Observation, Observation | None]]:
    """By audience: the share that took part in anything here, and the breadth of it."""
    table = r.seen.table
    return [
        (audience.value, took, table.one(code, None, What.BREADTH, "", audience.value))
        for audience in Audience
        if (took := table.one(code, None, What.PARTICIPATION, "", audience.value)) is not None
    ]


def _how(r: Reading, code: str) -> list[tuple[str, list[tuple[str, Figures]]]]:
    """By audience: of each phase, the share that took part at each level here."""
    table = r.seen.table
    found = []
    for audience in Audience:
        lines = [
            (
                r.say(PHASES[phase.value]),
                tuple(
                    table.one(
                        code, None, What.COPRODUCTION, f"{phase}.{level}", audience.value
                    )
                    for level in LevelOfCoproduction
                ),
            )
            for phase in Phase
        ]  # fmt: skip
        if any(seen is not None for _title, several in lines for seen in several):
            found.append((audience.value, lines))
    return found


def _missing(r: Reading, code: str) -> list[tuple[Observation, str]]:
    """What became of those who answered in an earlier wave, in words."""
    return [
        (seen, r.say(title))
        for seen in r.seen.table.of(What.ATTRITION, territory=code)
        if (title := beside_title(r.seen, seen)) is not None
    ]


def _is_local(row: CrosswalkRow) -> bool:
    return row.comparable not in (None, *COMPARED)


def _lede(r: Reading, code: str) -> str:
    """The verdict with the share that it covers, or why there is none."""
    shift = r.own(code, What.STANDING_SHIFT)
    name = r.name(code)
    if shift is None:
        return str(_("%(name)s has no framework of its own.", name=name))
    if not shift.shown:
        return str(_("Its standing cannot be compared: %(reason)s.", reason=r.value(shift)))
    said = r.verdict(shift) if shift.verdict else r.short(shift)
    if shift.coverage is None:
        return f"{said[:1].upper()}{said[1:]}."
    return str(
        _(
            "By its own weighting of what everyone was asked (%(share)s of its values):"
            " %(verdict)s.",
            share=r.percent(shift.coverage),
            verdict=said,
        )
    )


def _parts(r: Reading, code: str) -> Iterator[Part]:
    """The dimensions of the national framework, each with all its indicators here."""
    own = r.seen.own.get(code)
    national = r.seen.national
    weights = global_weights(national)
    own_weights = global_weights(own) if own else {}
    found = r.seen.crosswalk(code)
    relations = {row.own or row.national: row.relation.value for row in found.rows} if found else {}
    for node in national.dimensions:
        codes = [leaf.indicator.code for leaf in leaves(node)]
        codes += [each for each in _codes_under(own, node.code) if each not in codes]
        yield Part(
            r.say(node.title),
            r.national(code, What.DIMENSION, node.code),
            r.own(code, What.DIMENSION, node.code),
            tuple(
                Line(
                    r.indicator(each),
                    r.one(code, What.INDICATOR, each),
                    r.one(NATION, What.INDICATOR, each),
                    weights.get(each),
                    own_weights.get(each),
                    relations.get(each),
                )
                for each in codes
            ),
        )


def _codes_under(own: Framework | None, dimension: str) -> list[str]:
    if own is None:
        return []
    return [
        leaf.indicator.code
        for node in own.dimensions
        if node.code == dimension
        for leaf in leaves(node)
    ]


def _ledger(r: Reading, code: str) -> list[tuple[Indicator, Observation, Observation | None]]:
    return [
        (
            r.indicator(seen.code),
            seen,
            r.one(NATION, What.LEDGER, seen.code),
        )
        for seen in r.seen.table.of(What.LEDGER, territory=code)
        if seen.code in r.seen.indicators
    ]
