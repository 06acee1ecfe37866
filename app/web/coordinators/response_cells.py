"""The page of non-response cells: what is proposed after the closing, its effect, the decision."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, Conflict
from app.domain.known_totals import OF_THE_SAMPLE
from app.domain.permissions import Verb
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.entrance import enters
from app.web.pages import house, in_language, problems_of
from app.workflows import response_cells as acts
from app.workflows import waves as waves_acts
from app.workflows.response_cells import CellChoice

VARIABLES: dict[str, Any] = {
    "stratum|sub_area": _l("stratum and sub-area"),
    "stratum": _l("stratum"),
    "sub_area": _l("sub-area"),
}


@blueprint.get("/waves/<int:wave_id>/cells")
@enters(Verb.MARGINS_VIEW)
def wave_cells(wave_id: int) -> ResponseReturnValue:
    """What is proposed, as the address says how, and what was decided."""
    try:
        return _page(wave_id, _choice(request.args))
    except BadInput as refusal:
        return _page(wave_id, CellChoice(), problems=problems_of(refusal)), 422


def _choice(sent: Any) -> CellChoice:
    """The choice in an address or a form; a number that is none is refused with the others."""
    plain = CellChoice()
    variables = tuple(sent.get("variables", "|".join(plain.variables)).split("|"))
    fewest = sent.get("fewest", str(plain.fewest)).strip()
    return CellChoice(variables, int(fewest) if fewest.isdecimal() and len(fewest) < 6 else 0)


def _page(wave_id: int, choice: CellChoice, **values: Any) -> str:
    view = acts.response_cells(house(), actor(), wave_id, choice)
    own = places(Verb.CELLS_DECIDE)
    return render_template(
        "coordinators/response_cells.html",
        wave=waves_acts.wave(house(), actor(), wave_id),
        view=view,
        chosen="|".join(choice.variables),
        variable_words=VARIABLES,
        known=OF_THE_SAMPLE,
        own=own,
        free=[each for each in view.places if each.is_free and each.territory in own],
        names=names(),
        number=lambda value, decimals=0: format_decimal(round(value, decimals)),
        percent=lambda share: format_percent(share, "#,##0.# %"),
        done=request.args.get("done"),
        **values,
    )


def _marks() -> dict[tuple[str, str], str]:
    """The proposals that were seen: by territory and audience."""
    found = {}
    for each in request.form.getlist("seen"):
        territory, audience, mark = (*each.split(".", 2), "", "")[:3]
        found[territory, audience] = mark
    return found


@blueprint.post("/waves/<int:wave_id>/cells")
@enters(Verb.CELLS_DECIDE)
def wave_cells_decide(wave_id: int) -> ResponseReturnValue:
    """Accept the proposal that was seen, some cells joined by hand or not, or refuse it."""
    territory, _dot, audience = request.form.get("place", "").partition(".")
    place, problems = (territory, audience), {}
    choice, mark = _choice(request.form), request.form.get("mark", "")
    try:
        if "all" in request.form:
            acts.accept_all(house(), actor(), wave_id, choice, _marks())
        elif "refuse" in request.form:
            acts.refuse(house(), actor(), wave_id, place, request.form.get("reason", ""))
        elif "join" in request.form:
            chosen = {int(each) for each in request.form.getlist("joined") if each.isdecimal()}
            why = request.form.get("joining", "")
            acts.accept_joined(
                house(), actor(), wave_id, place, choice, mark, chosen=chosen, reason=why
            )
        else:
            acts.accept(house(), actor(), wave_id, place, choice, mark)
    except BadInput as refusal:
        problems = problems_of(refusal)
    except Conflict as refusal:
        problems = {"places": in_language(refusal.message)}
    if problems:
        shown = CellChoice() if problems.keys() & {"variables", "fewest"} else choice
        return _page(wave_id, shown, problems=problems, at=".".join(place)), 422
    return redirect(url_for("coordinators.wave_cells", wave_id=wave_id, done=1), 303)
