"""The door of an open call: no code; territory and audience by the address, or asked here."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, session
from flask.typing import ResponseReturnValue

from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.arriving import shut
from app.web.participants.choices import changed
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.leaving import RECEIPT
from app.web.participants.room import blueprint
from app.web.participants.steps import next_step
from app.workflows import open_calls
from app.workflows.entering import Door
from app.workflows.open_calls import Call


@blueprint.route("/ouvert/<code>", methods=["GET", "POST"])
@blueprint.route("/ouvert/<code>/<territory>", methods=["GET", "POST"])
@anyone
def open_call(code: str, territory: str = "") -> ResponseReturnValue:
    """Say where one lives and who one is, as far as the address does not, and begin."""
    call, entered = open_calls.call_of(house(), code)
    known = territory in call.audiences
    g.place = (call.programme_id, territory if known else "FR")
    if entered.door is not Door.OPEN:
        return shut(entered)
    form = forms.OpenCallForm(request.form)
    form.offer(call.territories, call.audiences, territory if known else "")
    if request.method != "POST" or changed():
        return _shown(call, form)
    if not form.validate():
        return _shown(call, form, 422)
    if open_calls.crowded(house(), call.wave_id, request.remote_addr or ""):
        return _shown(call, form, 429, crowded=True)
    doors.let_in(b"")
    again = {"repeat": "device"} if _sent_from_here(call) else {}
    doors.choose(open=[call.wave_id, form.territory.data, form.audience.data], **again)
    return redirect(next_step(open_calls.at_the_door(house(), *doors.entry()["open"])), 303)


def _shown(
    call: Call, form: forms.OpenCallForm, status: int = 200, **values: Any
) -> ResponseReturnValue:
    return page(
        "open_call.html",
        status,
        form=form,
        faults=status == 422,
        again=_sent_from_here(call),
        going_on=doors.going_on(),
        **values,
    )


def _sent_from_here(call: Call) -> bool:
    """Whether answers to this call were sent from this device, which is somebody's own."""
    return bool(session.get(RECEIPT, {}).get("wave") == call.wave_id)
