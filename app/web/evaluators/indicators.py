"""The indicators of a release, and one indicator by territory with the questions behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.frameworks import (
    Component,
    Gap,
    Indicator,
    Scale,
    Series,
    Share,
    ShareOfItems,
    indicators,
    items_of,
    leaves,
)
from app.domain.permissions import Verb
from app.domain.questionnaire import Question
from app.evaluation.tables import Observation, What
from app.web.entrance import enters
from app.web.evaluators import groups, over_waves, pictures, spread
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.metadata import exactly, metadata
from app.web.evaluators.reading import Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """A question behind an indicator, for one audience; ``rows``: the lines of a list it reads."""

    audience: str
    question: Question
    rows: tuple[str, ...]


@blueprint.get("/<int:release_id>/indicators")
@enters(Verb.RELEASE_VIEW)
@kept
def indicator_list(release_id: int) -> ResponseReturnValue:
    """Every indicator: the national ones by dimension, then the territories' own, the ledger."""
    r = reading_of(release_id)
    national = [
        (r.say(node.title), [leaf.indicator for leaf in leaves(node)])
        for node in r.seen.national.dimensions
    ]
    known = {each.code for _title, several in national for each in several}
    own = [
        (
            place,
            [each for each in indicators(r.seen.own[place]) if each.code not in known],
        )
        for place in r.places
        if place in r.seen.own
    ]
    ledger = {each.code: each for tree in r.seen.frameworks for each in tree.ledger}
    return page(
        "indicators.html", r, national=national, own=own, ledger=list(ledger.values()), What=What
    )


@blueprint.get("/<int:release_id>/indicators/<code>")
@enters(Verb.RELEASE_VIEW)
@kept
def indicator(release_id: int, code: str) -> ResponseReturnValue:
    """One indicator in every territory that has it."""
    r = reading_of(release_id, "territory", "audience", "wave", "group")
    if code not in r.seen.indicators:
        raise NotFound
    found = r.indicator(code)
    seen = [(place, each) for place in r.places if (each := r.figure(place, code))]
    nation = r.figure(r.nation, code)
    trend = over_waves.lines_of(r, code)
    return page(
        "indicator.html",
        r,
        indicator=found,
        lede=_lede(r, code, nation, [each for _place, each in seen]),
        chart=pictures.indicator(r, code),
        seen=seen,
        nation=nation,
        measures=[
            (each.audience.value, measure_in_words(each), exactly(r, each))
            for each in found.components
        ],
        metadata=metadata(r, found),
        questions=questions_of(r, found),
        waves=(*over_waves.earlier_codes(r), r.seen.wave),
        spread=spread.spreads(r, code),
        in_band=spread.said,
        broken=groups.side_by_side(r, code),
        trend=trend,
        trend_chart=over_waves.indicator_picture(r, code, trend),
    )


def _lede(r: Reading, code: str, nation: Observation | None, seen: list[Observation]) -> str:
    if nation is not None and nation.shown:
        return str(
            _(
                "In the mean of the territories: %(value)s %(interval)s.",
                value=r.measured(code, nation),
                interval=r.interval(nation),
            ).replace(" .", ".")
        )
    shown = [each for each in seen if each.shown]
    if len(seen) == 1 and shown:
        return str(
            _(
                "Asked in one territory only: %(value)s %(interval)s.",
                value=r.measured(code, shown[0]),
                interval=r.interval(shown[0]),
            ).replace(" .", ".")
        )
    return str(_("There is no national figure: %(reason)s.", reason=r.value(nation)))


def measure_in_words(component: Component) -> str:
    """What is computed, in a sentence."""
    measure = component.measure
    if isinstance(measure, Series):
        return str(_("A figure from administrative records, not from answers."))
    if isinstance(measure, Gap):
        return str(_("The level of one group minus the level of the others; never scored."))
    if isinstance(measure, Share):
        return str(_("The share of those concerned for whom the answer counts as yes."))
    if isinstance(measure, Scale):
        said = _("The mean of the answers, each from 0 to 100.")
        turned = ", ".join(measure.reversed)
        return str(said + (" " + _("Turned round: %(items)s.", items=turned) if turned else ""))
    assert isinstance(measure, ShareOfItems)
    return str(_("The mean share of the listed elements that hold for a person."))


def questions_of(r: Reading, found: Indicator) -> list[Asked]:
    """The questions that the indicator reads, in the order of the questionnaire."""
    asked = []
    for component in found.components:
        known = r.seen.questions.get(component.audience, {})
        read = items_of(component.measure)
        several = {question.code: question for item, question in known.items() if item in read}
        for question in several.values():
            rows = tuple(r.say(row.text) for row in question.rows if row.code in read)
            asked.append(Asked(component.audience.value, question, rows))
    return asked
