"""The page that follows a collection, and records what became of invitations."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadInput, NotFound
from app.domain.permissions import Verb
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import (
    CHANNELS,
    DECLINED,
    DISPOSITIONS,
    STAGES,
    actor,
    names,
)
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import fieldwork as acts
from app.workflows import waves


@blueprint.get("/waves/<int:wave_id>/fieldwork")
@enters(Verb.FIELDWORK_VIEW)
def wave_fieldwork(wave_id: int) -> ResponseReturnValue:
    """Invited, opened, agreed, sent, refused, by territory and audience."""
    going = acts.going(house(), actor(), wave_id)
    counts = going.counts
    most = max((row.stages["invited"].shown or 0 for row in counts.rows), default=0)
    return render_template(
        "coordinators/fieldwork.html",
        wave=waves.wave(house(), actor(), wave_id),
        counts=counts,
        most=most,
        stage_words=STAGES,
        channel_words=CHANNELS,
        disposition_words=DISPOSITIONS,
        reasons=going.reasons,
        reason_words=DECLINED,
        names=names(),
        may_record=bool(actor().scope(Verb.DISPOSITION_RECORD)),
    )


@blueprint.get("/waves/<int:wave_id>/outcomes")
@enters(Verb.DISPOSITION_RECORD)
def wave_outcomes(wave_id: int) -> ResponseReturnValue:
    """The form that records what became of one invitation."""
    return _outcomes(wave_id, {})


@blueprint.post("/waves/<int:wave_id>/outcomes")
@enters(Verb.DISPOSITION_RECORD)
def wave_outcome(wave_id: int) -> ResponseReturnValue:
    """Record it by the reference on the letter."""
    reference = request.form.get("reference", "").strip()[:64]
    said = request.form.get("disposition", "")
    try:
        acts.record_disposition(
            house(), actor(), wave_id, reference, None if said == "none" else said
        )
    except NotFound:
        words = _("No such reference in your territories. Check the letter.")
        return _outcomes(wave_id, {"reference": words}), 422
    except BadInput:
        return _outcomes(wave_id, {"disposition": _("Choose what happened.")}), 422
    return redirect(url_for("coordinators.wave_outcomes", wave_id=wave_id, done=1), 303)


def _outcomes(wave_id: int, problems: dict[str, str]) -> str:
    return render_template(
        "coordinators/outcomes.html",
        wave=waves.wave(house(), actor(), wave_id),
        disposition_words=DISPOSITIONS,
        problems=problems,
        chosen=request.form.get("disposition", ""),
        done=request.args.get("done"),
    )
