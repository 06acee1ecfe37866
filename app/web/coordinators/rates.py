"""The page of outcome rates, and of what those who did not answer look like."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.outcome_rates import RATES, Category
from app.domain.permissions import Verb
from app.web.coordinators.contact import CHANNELS
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import outcomes as acts
from app.workflows import waves

CATEGORIES: dict[str, Any] = {
    Category.COMPLETE: _l("Sent"),
    Category.PARTIAL: _l("Partial"),
    Category.REFUSAL: _l("Refused or broke off"),
    Category.NON_CONTACT: _l("Not reached"),
    Category.OTHER: _l("Other: died, in hospital, in contact"),
    Category.UNKNOWN: _l("Nothing came back"),
    Category.INELIGIBLE: _l("Out of scope"),
}
VARIABLES: dict[str, Any] = {
    "stratum": _l("Stratum"),
    "sub_area": _l("Sub-area"),
    "language": _l("Language"),
}
WAYS: dict[str, Any] = CHANNELS | {"none": _l("not written to by the plan"), "": _l("all")}


@blueprint.get("/waves/<int:wave_id>/rates")
@enters(Verb.FIELDWORK_VIEW)
def wave_rates(wave_id: int) -> ResponseReturnValue:
    """Rates by territory, audience and way of contact."""
    found = acts.outcomes(house(), actor(), wave_id)
    return render_template(
        "coordinators/rates.html",
        wave=waves.wave(house(), actor(), wave_id),
        rows=found.rows,
        audiences=list(dict.fromkeys(row.audience for row in found.rows)),
        frame=found.frame,
        at=found.at,
        categories=CATEGORIES,
        variables=VARIABLES,
        ways=WAYS,
        rate_names=RATES,
        names=names(),
    )
