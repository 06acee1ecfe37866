"""What could be published of a wave, before and while it runs."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.interchange.figure_words import number, percent
from app.interchange.figures_csv import write_csv
from app.web.entrance import enters
from app.web.evaluators.downloads import attached
from app.web.evaluators.entry import blueprint
from app.web.language import current
from app.web.pages import house
from app.workflows.forecasting import HEADS, STATES, forecast, sheet
from app.workflows.summary_words import AUDIENCES


@blueprint.get("/forecast/<int:wave_id>")
@enters(Verb.FIELDWORK_VIEW)
def publishable(wave_id: int) -> ResponseReturnValue:
    """Where there are enough answers, and how many are missing elsewhere."""
    found = forecast(house(), g.actor, wave_id)
    language = current()
    return render_template(
        "evaluators/forecast.html",
        found=found,
        wave_id=wave_id,
        heads={name: words.in_(language) for name, words in HEADS.items()},
        states={name: words.in_(language) for name, words in STATES.items()},
        names=_names(),
        audiences={code: words.in_(language) for code, words in AUDIENCES.items()},
        number=lambda value: number(value, language, 0),
        percent=lambda share: percent(share, language),
    )


@blueprint.get("/forecast/<int:wave_id>/csv")
@enters(Verb.FIELDWORK_VIEW)
def publishable_csv(wave_id: int) -> ResponseReturnValue:
    """The same as CSV."""
    found = forecast(house(), g.actor, wave_id)
    content = write_csv(sheet(found, _names(), current()))
    return attached(f"forecast-{wave_id}.csv", content, "text/csv")


def _names() -> dict[str, str]:
    return {code: each.name.in_(current()) for code, each in g.actor.territories.items()}
