"""The audiences of a release side by side: gaps on mirrored questions, indicators of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.frameworks import Indicator
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.evaluation.gaps import GapVerdict
from app.evaluation.tables import Observation, What
from app.web.charts import Chart, Row, draw
from app.web.entrance import enters
from app.web.evaluators import pictures
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.beside_words import gap_sentence


@dataclass(frozen=True, slots=True)
class Pair:
    """Two audiences on one question: their levels, the gap, and what may be said of it."""

    code: str
    title: str
    first: Observation | None
    second: Observation | None
    gap: Observation | None
    said: str


@blueprint.get("/<int:release_id>/audiences")
@enters(Verb.RELEASE_VIEW)
@kept
def audiences(release_id: int) -> ResponseReturnValue:
    """Gaps on the questions that mean the same for two audiences, and what each audience says of
    the indicators that several of them answer."""
    r = reading_of(release_id, "territory")
    if not r.seen.table.of(What.AUDIENCE_GAP):
        raise NotFound
    beside = r.seen.manifest.get("beside", {})
    pairs = beside.get("pairs", {})
    nation = [_pair(r, r.nation, code, each) for code, each in pairs.items()]
    return page(
        "audiences.html",
        r,
        lede=_gaps_lede(nation),
        chart=_gaps(r, nation, float(beside.get("margin", 0.0))),
        nation=nation,
        by_place=[
            (place, [_pair(r, place, code, each) for code, each in pairs.items()])
            for place in r.places
        ],
        first=r.audience(next(iter(pairs.values()))["first"]),
        second=r.audience(next(iter(pairs.values()))["second"]),
        margin=r.number(float(beside.get("margin", 0.0)), 0),
        heard=[each.value for each in Audience if any(each in said for said in _heard(r))],
        several=[
            (
                place,
                [(each, said) for each in r.of_several if (said := _by_audience(r, place, each))],
            )
            for place in (r.nation, *r.places)
        ],
    )


def _heard(r: Reading) -> list[set[str]]:
    """Of each indicator that several audiences answer, which."""
    return [{part.audience.value for part in each.components} for each in r.of_several]


def _by_audience(r: Reading, place: str, indicator: Indicator) -> dict[str, Observation]:
    """What each audience says of an indicator in a place; who is not asked is not in it."""
    return {
        part.audience.value: seen
        for part in indicator.components
        if (seen := r.seen.table.one(place, None, What.COMPONENT, indicator.code, part.audience))
    }


def _gaps_lede(pairs: Sequence[Pair]) -> str:
    """Over the nation: of how many questions a gap is said, none that matters, or nothing."""
    told = [each.gap.verdict for each in pairs if each.gap is not None and each.gap.shown]
    apart = sum(each in (GapVerdict.HIGHER, GapVerdict.LOWER) for each in told)
    alike = sum(each == GapVerdict.EQUIVALENT for each in told)
    open_ = len(pairs) - apart - alike
    said = [
        *([_("a gap on %(some)s", some=apart)] if apart else ()),
        *([_("no gap that matters on %(some)s", some=alike)] if alike else ()),
        *([_("nothing can be said of %(some)s", some=open_)] if open_ else ()),
    ]
    return str(
        _(
            "Of %(whole)s questions that mean the same for both: %(said)s.",
            whole=len(pairs),
            said=", ".join(map(str, said)),
        )
    )


def _pair(r: Reading, place: str, code: str, pair: dict[str, Any]) -> Pair:
    table = r.seen.table
    gap = table.one(place, None, What.AUDIENCE_GAP, code)
    return Pair(
        code,
        r.say(Text.of(pair["title"])),
        table.one(place, None, What.MIRRORED, code, pair["first"]),
        table.one(place, None, What.MIRRORED, code, pair["second"]),
        gap,
        (gap_sentence(r.seen, gap, r.language) if gap else None) or r.value(gap, signed=True),
    )


def _gaps(r: Reading, pairs: Sequence[Pair], margin: float) -> Chart:
    rows = [
        Row(
            each.title,
            tuple(pictures.mark(each.gap, "nation")),
            ((pictures.words(r, each.gap, signed=True), ""),),
        )
        for each in pairs
    ]
    title = _("Gap between the two audiences, mean of the territories")
    return draw(
        "audience-gaps",
        title,
        pictures.described(r, rows),
        rows,
        pictures.scale_of(r, rows, signed=True, reference=(0.0, _("no gap")), band=margin),
        mention=r.mention,
    )
