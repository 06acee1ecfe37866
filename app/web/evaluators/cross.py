"""Who stands where by one framework's tree applied to all: places that are possible, and flips."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.permissions import Verb
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import rounded
from app.web.charts import Chart, Mark, Row, Scale, draw
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.pictures import described
from app.web.evaluators.reading import Reading

UP, DOWN, BETWEEN = "▲", "▼", "·"


@dataclass(frozen=True, slots=True)
class Place:
    """A territory in the chosen column: score, possible places, chance of being first."""

    code: str
    score: Observation | None
    alone: tuple[int, int] | None
    together: tuple[int, int] | None
    first: Observation | None


@dataclass(frozen=True, slots=True)
class Flip:
    """Two territories that the two trees put in opposite orders; ``higher``: by the nation's."""

    higher: str
    lower: str
    resolved: bool


@blueprint.get("/<int:release_id>/cross")
@enters(Verb.RELEASE_VIEW)
@kept
def cross(release_id: int) -> ResponseReturnValue:
    """Every territory by one framework, cut to what everyone was asked."""
    r = reading_of(release_id)
    columns = [each for each in r.seen.frameworks if _of(r, What.CROSS, each.code)]
    codes = [each.code for each in columns]
    wanted = request.args.get("framework", "")
    chosen = wanted if wanted in codes else r.seen.national.code
    found = [_place(r, place, chosen) for place in r.places]
    own = next((each.territory for each in columns if each.code == chosen), None)
    return page(
        "cross.html",
        r,
        lede=_lede(found),
        frameworks=columns,
        chosen=chosen,
        territory=own,
        found=found,
        chart=_ranks(r, chosen, found),
        ranked=sum(each.together is not None for each in found),
        cell=lambda place, code: _symbol(r, place, code),
        order={
            code: r.seen.table.one(own, chosen, What.ORDER, code) if own else None
            for code in ("kendall_tau_b", "spearman")
        },
        flips=_flips(r, chosen),
        What=What,
    )


def _place(r: Reading, place: str, framework: str) -> Place:
    return Place(
        place,
        r.one(place, What.CROSS, framework=framework),
        ends(r.one(place, What.RANK, "marginal", framework)),
        ends(r.one(place, What.RANK, "simultaneous", framework)),
        r.one(place, What.FIRST_PLACE, framework=framework),
    )


def _of(r: Reading, what: What, framework: str) -> list[Observation]:
    return [each for each in r.seen.table.of(what) if each.framework == framework]


def ends(seen: Observation | None) -> tuple[int, int] | None:
    """The best and the worst place of a rank set; None where there is none to show."""
    if seen is None or not seen.shown or seen.low is None or seen.high is None:
        return None
    return round(seen.low), round(seen.high)


def _lede(found: list[Place]) -> str:
    ranked = [each.together for each in found if each.together is not None]
    missing = len(found) - len(ranked)
    without = (
        ""
        if not missing
        else " "
        + ngettext(
            "One territory has no place: a figure is missing there.",
            "%(num)d territories have no place: a figure is missing there.",
            missing,
        )
    )
    if len(ranked) < 2:
        return str(_("Fewer than two territories can be put in an order.")) + without
    exact = sum(low == high for low, high in ranked)
    first = sum(low == 1 for low, _high in ranked)
    said = ngettext(
        "One territory has one possible place only.",
        "%(num)d territories have one possible place only.",
        exact,
    )
    if not exact:
        said = _("No territory has one possible place only: this is no league table.")
    return (
        f"{said} "
        + str(
            ngettext(
                "One of %(whole)s can be first.",
                "%(num)d of %(whole)s could be first.",
                first,
                whole=len(ranked),
            )
        )
        + without
    )


def _ranks(r: Reading, framework: str, found: list[Place]) -> Chart:
    """The places that each territory may hold, together (95 % for all at once)."""
    rows = []
    for each in sorted(found, key=lambda one: one.together or (99, 99)):
        if each.together is None:
            seen = each.score
            why = _("incomplete: no place") if seen and seen.shown else r.value(seen)
            rows.append(Row(r.name(each.code), (), ((why, ""),)))
            continue
        low, high = each.together
        marks = (Mark(low, low, high), Mark(high))[: 1 + (low < high)]  # no place is likelier
        rows.append(
            Row(r.name(each.code), marks, ((_place_words(low, high), r.value(each.score)),))
        )
    places = max((each.together[1] for each in found if each.together), default=1)
    scale = Scale(tuple((float(n), str(n)) for n in range(1, max(places, 2) + 1)))
    title = _("Places that each territory may hold, by %(framework)s", framework=framework)
    return draw("ranks", title, described(r, rows), rows, scale, mention=r.mention)


def _place_words(low: int, high: int) -> str:
    if low == high:
        return str(_("place %(place)s", place=low))
    return str(_("place %(low)s to %(high)s", low=low, high=high))


def _symbol(r: Reading, place: str, framework: str) -> tuple[str, str]:
    """A sign for a cell of the cross table, and its words: surely in the upper or lower half."""
    held = ends(r.one(place, What.RANK, "simultaneous", framework))
    places = [
        found[1]
        for each in _of(r, What.RANK, framework)
        if each.code == "simultaneous" and (found := ends(each))
    ]
    if held is None or not places:
        return "", ""
    half = max(places) / 2
    if held[1] <= half:
        return UP, _("surely in the upper half")
    if held[0] > half + 0.5:
        return DOWN, _("surely in the lower half")
    return BETWEEN, _("could be in either half")


def _flips(r: Reading, framework: str) -> list[Flip]:
    found = []
    for seen in _of(r, What.FLIP, framework):
        other, _dot, tree = seen.code.partition(".")
        if tree == "national" and seen.shown and (seen.value or 0.0) != 0:
            near = rounded(seen).value or 0.0
            pair = (seen.territory, other) if near >= 0 else (other, seen.territory)
            found.append(Flip(*pair, resolved="resolved" in seen.flags))
    return sorted(found, key=lambda each: (not each.resolved, each.higher, each.lower))
