"""The page of the forecast and of the planner: what half-width, what shift, what can be shown."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Verb
from app.domain.sample_planning import Planned, Wanted, detectable, planned
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import forecast as acts
from app.workflows import waves

FIELDS = {
    "half_width": "5",
    "share": "50",
    "response": "40",
    "effect": "1",
    "population": "",
    "groups": "1",
}


@blueprint.get("/waves/<int:wave_id>/forecast")
@enters(Verb.FIELDWORK_VIEW)
def wave_forecast(wave_id: int) -> ResponseReturnValue:
    """How the collection goes, what it will carry, and a calculation for the next one."""
    asked = {name: request.args.get(name, begin)[:12] for name, begin in FIELDS.items()}
    plan, problem = _planned(asked) if request.args else (None, "")
    pace = acts.forecast(house(), actor(), wave_id)
    return render_template(
        "coordinators/forecast.html",
        wave=waves.wave(house(), actor(), wave_id),
        pace=pace,
        asked=asked,
        plan=plan,
        shift=detectable(plan.answers) if plan else None,
        problem=problem,
        names=names(),
    )


def _planned(asked: dict[str, str]) -> tuple[Planned | None, str]:
    try:
        given = {name: float(text.replace(",", ".") or 0) for name, text in asked.items()}
        wanted = Wanted(
            given["half_width"] / 100,
            given["share"] / 100,
            given["effect"],
            given["response"] / 100,
            int(given["population"]),
            int(given["groups"]),
        )
        return planned(wanted), ""
    except (ValueError, OverflowError):
        return None, _("Shares lie between 0 and 100, the effect and the groups are at least 1.")
