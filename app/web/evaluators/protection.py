"""What a release withholds and why, with what a reader could derive: for the protection officer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, page, reading_of
from app.web.evaluators.reading import Reading
from app.web.evaluators.states import STATES
from app.web.pages import house
from app.workflows.protection_records import Hidden, protection_of

CAUSES = {
    "small": _l("fewer people than the threshold"),
    "uniform": _l("all of these people answered alike"),
    "dominated": _l("one person carries over half of the weight"),
    "together": _l("goes with another cell that says the same"),
    "difference": _l("with another figure, or an earlier release, it would leave few people alone"),
    "complementary": _l("hides another withheld cell"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One withheld cell in words."""

    place: str
    title: str
    cause: str
    low: str
    high: str
    room: str


@blueprint.get("/<int:release_id>/protection")
@enters(Verb.PROTECTION_VIEW)
def protection(release_id: int) -> ResponseReturnValue:
    """Every withheld cell with its cause and the interval that is left open."""
    record = protection_of(house(), g.actor, release_id)
    r = reading_of(release_id)
    return page(
        "protection.html",
        r,
        record=record,
        lines=[_line(r, each) for each in record.cells],
        causes=CAUSES,
        state_words=STATES,
        counted={cause: sum(c.cause == cause for c in record.cells) for cause in CAUSES},
    )


def _line(r: Reading, each: Hidden) -> Line:
    title = r.say(each.title)
    return Line(
        r.name(each.territory),
        f"{title}, {r.audience(each.audience)}" if each.audience else title,
        str(CAUSES.get(each.cause, each.cause)),
        r.number(each.low),
        r.number(each.high),
        r.number(each.high - each.low) if each.high > each.low else str(_("told before")),
    )
