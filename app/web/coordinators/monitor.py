"""Pages that watch a collection: targets and alerts, where people leave, who is there twice."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, Fault
from app.domain.field_alerts import Wanted
from app.domain.fieldwork import FieldworkCounts
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.interchange.borders import Borders, borders_in
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import CHANNELS, actor, names, places
from app.web.coordinators.keyed_words import terms_of
from app.web.coordinators.tiles import TileMap, border_map, tile_map
from app.web.entrance import enters
from app.web.language import current
from app.web.pages import house, problems_of
from app.workflows import field_leaving, waves
from app.workflows import field_monitor as acts
from app.workflows.field_warning import line_of

BORDERS = "borders.geojson"  # in the data folder: the operator's
KINDS: dict[str, Any] = {
    "target": _l("target: at least so many"),
    "quota": _l("quota: no more than so many"),
}
LEFT_AT: dict[str, Any] = {
    "": _l("Other pages, at each of which fewer than 5 left"),
    "check": _l("The check of all answers, before sending"),
    "word": _l("The return words"),
}


@blueprint.get("/waves/<int:wave_id>/monitor")
@enters(Verb.FIELDWORK_VIEW)
def wave_monitor(wave_id: int) -> ResponseReturnValue:
    """What needs a look, targets and quotas with their progress, territories side by side."""
    return _monitor(wave_id, {})


def _monitor(wave_id: int, problems: dict[str, str]) -> str:
    found = acts.watched(house(), actor(), wave_id)
    asked = request.args.get("audience", "")
    audiences = [each for each in Audience if each in found.counts.totals]
    audience = next((each for each in audiences if each == asked), (*audiences, None)[0])
    borders, borders_fault = _borders()
    return render_template(
        "coordinators/monitor.html",
        wave=waves.wave(house(), actor(), wave_id),
        alerts=[(each.kind, line_of(each, actor(), current())) for each in found.alerts],
        progress=found.progress,
        tiles=_tiles(found.counts, audience, borders),
        borders_fault=borders_fault,
        audience=audience,
        audiences=audiences,
        names=names(),
        kinds=KINDS,
        channels=CHANNELS,
        places=places(Verb.CONTACT_PLAN),
        may_see_people=bool(actor().scope(Verb.SAMPLE_IMPORT)),
        problems=problems,
        sent=request.form if problems else {},
        done=request.args.get("done"),
    )


def _borders() -> tuple[Borders | None, Fault | None]:
    """The operator's borders, and what is wrong with their file."""
    path = house().folder / BORDERS
    try:
        return borders_in(path, path.stat().st_mtime_ns), None
    except FileNotFoundError:
        return None, None
    except BadInput as refusal:
        return None, refusal.faults[0]


def _tiles(counts: FieldworkCounts, audience: str | None, borders: Borders | None) -> TileMap:
    own = [row for row in counts.rows if row.audience == audience]
    shares = []
    for row in own:
        invited, sent = row.stages["invited"].shown, row.stages["submitted"].shown
        share = min(1.0, sent / invited) if invited and sent is not None else None
        shares.append((row.territory, share))
    by_borders = border_map(shares, borders) if borders and shares else None
    return by_borders or tile_map(shares)


@blueprint.post("/waves/<int:wave_id>/monitor")
@enters(Verb.CONTACT_PLAN)
def wave_target(wave_id: int) -> ResponseReturnValue:
    """Set a target or a quota, or take it away."""
    sent = request.form
    written = sent.get("people", "").strip()
    wanted = Wanted(
        sent.get("territory", ""),
        sent.get("audience", ""),
        sent.get("channel", ""),
        sent.get("kind", ""),
        int(written) if written.isdecimal() and len(written) < 8 else -1,
    )
    try:
        acts.set_target(house(), actor(), wave_id, wanted)
    except BadInput as refusal:
        return _monitor(wave_id, problems_of(refusal)), 422
    return redirect(url_for("coordinators.wave_monitor", wave_id=wave_id, done=1), 303)


@blueprint.get("/waves/<int:wave_id>/leaving")
@enters(Verb.FIELDWORK_VIEW)
def wave_leaving(wave_id: int) -> ResponseReturnValue:
    """At which pages of the questionnaire people leave."""
    return render_template(
        "coordinators/leaving.html",
        wave=waves.wave(house(), actor(), wave_id),
        left=field_leaving.left(house(), actor(), wave_id),
        words=LEFT_AT,
        terms=terms_of(actor(), NATION),
    )


@blueprint.get("/waves/<int:wave_id>/duplicates")
@enters(Verb.SAMPLE_IMPORT)
def wave_duplicates(wave_id: int) -> ResponseReturnValue:
    """Who is in the sample twice, and how many were in another wave."""
    return render_template(
        "coordinators/duplicates.html",
        wave=waves.wave(house(), actor(), wave_id),
        found=field_leaving.duplicates(house(), actor(), wave_id),
        may_open=bool(actor().scope(Verb.DISPOSITION_RECORD)),
        names=names(),
    )
