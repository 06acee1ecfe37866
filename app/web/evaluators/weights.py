"""How much the weights cost, and where they come from: one report a territory and audience."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.web.weights_picture import effective_shares
from app.workflows.weight_words import METHODS

Report = dict[str, Any]


@blueprint.get("/<int:release_id>/weights")
@enters(Verb.RELEASE_VIEW)
@kept
def weights(release_id: int) -> ResponseReturnValue:
    """The weighting report of a release."""
    r = reading_of(release_id)
    written: list[Report] = r.seen.manifest.get("weights", [])
    found = [each for place in r.places for each in written if each["territory"] == place]
    told = [each for each in found if not each.get("withheld")]
    return page(
        "weights.html",
        r,
        lede=_lede(r, told),
        reports=found,
        methods={code: r.say(text) for code, text in METHODS.items()},
        chart=effective_shares(
            [(f"{r.name(e['territory'])}, {r.audience(e['audience'])}", e) for e in told],
            r.number,
            r.percent,
            r.mention,
        )
        if told
        else None,
        dated=lambda written: r.day(date.fromisoformat(written)),
    )


def _lede(r: Reading, told: Sequence[Report]) -> str:
    if not told:
        return str(_("This release does not say how its weights came about."))
    calibrated = sum(any(m["margin"] != "frame" for m in each["margins"]) for each in told)
    answers = sum(each["final"]["n"] for each in told)
    effective = sum(each["final"]["n_effective"] for each in told)
    said = ngettext(
        "%(num)d of %(whole)s groups is weighted to known totals of the population.",
        "%(num)d of %(whole)s groups are weighted to known totals of the population.",
        calibrated,
        whole=len(told),
    )
    if not calibrated:
        said = _("No group is weighted to known totals of the population.")
    worth = _(
        "%(answers)s answers are worth %(effective)s of equal weight.",
        answers=r.number(answers, 0),
        effective=r.number(effective, 0),
    )
    return f"{said} {worth}"
