"""Two frameworks over the same people: does a territory stand elsewhere by its own values?"""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Verb
from app.evaluation.crosswalk import COMPARED, CrosswalkRow
from app.evaluation.tables import Observation, What
from app.web.entrance import enters
from app.web.evaluators import pictures
from app.web.evaluators.cross import ends
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.overview import moved_sentence
from app.web.evaluators.reading import Reading
from app.web.evaluators.shift_parts import PARTS, parts_of
from app.workflows.late_words import late_said


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the national framework does not see of a territory: its own values and their level."""

    territory: str
    share: float
    rows: tuple[tuple[CrosswalkRow, Observation | None], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a territory's standing is: the places it may hold, all together, by the national
    framework and by its own applied to all; the share of the methods that keep the shift's sign."""

    territory: str
    national: tuple[int, int] | None
    own: tuple[int, int] | None
    methods: Observation | None


@blueprint.get("/<int:release_id>/compare")
@enters(Verb.RELEASE_VIEW)
@kept
def compare(release_id: int) -> ResponseReturnValue:
    """The standing of every territory by the national framework and by its own."""
    r = reading_of(release_id, "territory")
    return page(
        "compare.html",
        r,
        lede=moved_sentence(r),
        shifts=pictures.shifts(r),
        distances=pictures.distances(r),
        unseen=[each for place in r.places if (each := _unseen(r, place)) is not None],
        smallest=_range(r, What.SMALLEST_DETECTABLE),
        covered=_range(r, What.COVERED_SHARE),
        margin=_range(r, What.MARGIN),
        parts=[made for place in r.places if (made := parts_of(r, place)) is not None],
        parts_said=PARTS.values(),
        standings=_standings(r),
        late=late_said(r.seen, r.language),
        What=What,
    )


def _standings(r: Reading) -> list[Standing]:
    """Of each territory of which there is anything to say."""
    national = r.seen.national.code
    found = []
    for place in r.places:
        own = r.seen.own.get(place)
        each = Standing(
            place,
            ends(r.one(place, What.RANK, "simultaneous", national)),
            ends(r.one(place, What.RANK, "simultaneous", own.code)) if own else None,
            r.own(place, What.METHOD_SHARE),
        )
        if each.national or each.own or each.methods:
            found.append(each)
    return found


def _unseen(r: Reading, place: str) -> Unseen | None:
    found = r.seen.crosswalk(place)
    if found is None:
        return None
    rows = tuple(
        (row, r.one(place, What.INDICATOR, row.own))
        for row in found.rows
        if row.own is not None and row.comparable not in (None, *COMPARED)
    )
    return Unseen(place, float(found.unseen_weight), rows)


def _range(r: Reading, what: What) -> str:
    """The least and the greatest of a figure over the territories, in words."""
    found = [
        seen
        for place in r.places
        if (seen := r.own(place, what)) is not None and seen.shown and seen.value is not None
    ]
    if not found:
        return ""
    low = min(found, key=lambda seen: seen.value or 0.0)
    high = max(found, key=lambda seen: seen.value or 0.0)
    if r.value(low) == r.value(high):
        return r.value(low)
    return str(_("%(low)s to %(high)s", low=r.value(low), high=r.value(high)))
