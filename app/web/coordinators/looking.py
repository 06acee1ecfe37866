"""The page that asks why contacts are opened, before they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput
from app.domain.looking import OF_MANY, REASONS
from app.domain.permissions import Verb
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import looking, waves

WHY: dict[str, Any] = {
    "inviting": _l("We invite, remind or visit people"),
    "asked": _l("Somebody called or wrote to us"),
    "undelivered": _l("A letter or a message came back"),
    "rights": _l("Somebody asks about their data"),
    "checking": _l("The sample is checked for mistakes"),
    "other": _l("Another reason, in words"),
}
View = Callable[..., ResponseReturnValue]


def with_reason(view: View, *, many: bool = False) -> View:
    """Show the view once a reason that holds for it was given, and ask for it before.

    ``many``: it lists people whom nobody asked for.
    """

    @wraps(view)
    def asked(wave_id: int, **values: Any) -> ResponseReturnValue:
        try:
            looking.reason_of(house(), actor(), wave_id, values.get("reference", ""), many=many)
            return view(wave_id, **values)
        except looking.ReasonOwed:
            if request.method == "POST":  # nothing is done unasked; the page above asks
                return redirect(request.path, 303)
            return _page(wave_id, request.path, {})

    return asked


with_reason_for_many = partial(with_reason, many=True)


@blueprint.route("/waves/<int:wave_id>/reason", methods=["GET", "POST"])
@enters(Verb.DISPOSITION_RECORD)
def look_reason(wave_id: int) -> ResponseReturnValue:
    """Why contacts are opened in this sitting; then on to the page that asked."""
    desk = url_for("coordinators.help_desk", wave_id=wave_id)
    to = request.values.get("to", "")
    inside = to.startswith(url_for("coordinators.wave", wave_id=wave_id) + "/")
    to = to if inside and "//" not in to else desk
    if request.method == "GET":
        return _page(wave_id, to, {})
    try:
        looking.give_reason(
            house(),
            actor(),
            wave_id,
            request.form.get("why", ""),
            request.form.get("words", "")[:500],
        )
    except BadInput as refusal:
        return _page(wave_id, to, problems_of(refusal)), 422
    return redirect(to, 303)


def reason_words(wave_id: int) -> str:
    """The reason given for this wave, in words; empty where none was."""
    found = looking.given(actor(), wave_id)
    return "" if found is None else found.words or str(WHY[found.why])


def _page(wave_id: int, to: str, problems: dict[str, str]) -> str:
    lists = to == url_for("coordinators.wave_calls", wave_id=wave_id)
    return render_template(
        "coordinators/look_reason.html",
        wave=waves.wave(house(), actor(), wave_id),
        to=to,
        reasons=[(why, WHY[why]) for why in (OF_MANY if lists else REASONS)],
        problems=problems,
        typed=request.form,
    )
