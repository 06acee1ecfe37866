"""Co-production of a release: who takes part, how, and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.coproduction import LevelOfCoproduction, Phase
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.evaluation.tables import Observation, What
from app.web.charts import Chart, Row, draw
from app.web.entrance import enters
from app.web.evaluators import pictures
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.beside_words import LEVELS, PHASES, profession, role

STEPS = ("○", "◔", "◑", "◕", "●")  # of the largest share on the page: no colour needed


@dataclass(frozen=True)
class Shares:
    """What one audience did: a table of phases by levels for each place."""

    audience: str
    places: Sequence[str]
    breadth: Chart


@blueprint.get("/<int:release_id>/coproduction")
@enters(Verb.RELEASE_VIEW)
@kept
def coproduction(release_id: int) -> ResponseReturnValue:
    """Who took part, in which phases and at which level, and with which professions."""
    r = reading_of(release_id, "territory")
    cells = [each for each in r.seen.table.of(What.COPRODUCTION) if each.shown]
    if not r.seen.table.of(What.COPRODUCTION):
        raise NotFound
    highest = max((each.value or 0.0 for each in cells), default=0.0)

    def symbol(seen: Observation | None) -> str:
        if seen is None or not seen.shown or seen.value is None or highest == 0:
            return ""
        return STEPS[min(round(4 * seen.value / highest), 4)]

    beside = r.seen.manifest.get("beside", {})
    codes = {each.code: None for each in r.seen.table.of(What.PARTICIPATION) if each.code}
    return page(
        "coproduction.html",
        r,
        audiences=[_shares(r, audience) for audience in Audience if _has(r, audience)],
        phases=[(phase.value, r.say(PHASES[phase.value])) for phase in Phase],
        levels=[(level.value, r.say(LEVELS[level.value])) for level in LevelOfCoproduction],
        professions=[(code, r.say(profession(r.seen, code))) for code in codes],
        roles=[(code, r.say(role(r.seen, code))) for code in beside.get("ties", {})],
        one=lambda place, what, code, audience: r.seen.table.one(place, None, what, code, audience),
        symbol=symbol,
        everywhere=(r.nation, *r.places),
        designs=_designs(r),
        What=What,
    )


def _has(r: Reading, audience: Audience) -> bool:
    return bool(r.seen.table.of(What.COPRODUCTION, audience=audience.value))


def _shares(r: Reading, audience: Audience) -> Shares:
    rows = []
    for place in (r.nation, *r.places):
        seen = r.seen.table.one(place, None, What.BREADTH, "", audience.value)
        words = ((pictures.words(r, seen), ""),)
        rows.append(Row(r.name(place), tuple(pictures.mark(seen, "nation")), words))
    title = _("Breadth of participation, %(audience)s", audience=r.audience(audience.value))
    chart = draw(
        f"breadth-{audience.value}",
        title,
        pictures.described(r, rows),
        rows,
        pictures.scale_of(r, rows, within=(0.0, 100.0)),
        mention=r.mention,
    )
    return Shares(audience.value, (r.nation, *r.places), chart)


def _designs(r: Reading) -> dict[tuple[str, str], Observation]:
    return {
        (each.territory, each.code): each
        for each in r.seen.table.of(What.DESIGN_DISTANCE)
        if each.code in r.places
    }
