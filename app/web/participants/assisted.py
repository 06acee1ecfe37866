"""Coming in with somebody at one's side: an interview of the staff, a visit of a home help.

The codes are typed here, so that no address carries one and the staff's pages may live on
another host. Afterwards the screen is cleared before the device changes hands.
"""

from __future__ import annotations

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.arriving import STATUS, shut
from app.web.participants.choices import changed
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint
from app.web.participants.steps import next_step
from app.workflows.assisted import Accompanied, accompany, take_over
from app.workflows.entering import Door


@blueprint.route("/entretien", methods=["GET", "POST"])
@anyone
def interview() -> ResponseReturnValue:
    """Go on from the staff's screen with the short code that it shows."""
    form = forms.ShortCodeForm(request.form)
    if request.method != "POST" or changed():
        return page("interview.html", form=form, door=None)
    found = take_over(house(), form.short.data or "", request.remote_addr or "")
    return _judged(found, "interview.html", form)


@blueprint.route("/accompagnement", methods=["GET", "POST"])
@anyone
def visit() -> ResponseReturnValue:
    """A home help who assists once: the code of the visit, and the person's own."""
    form = forms.ShortCodeForm(request.form)
    if request.method != "POST" or changed():
        return page("visit.html", form=form, door=None)
    short, code = form.short.data or "", form.code.data or ""
    found = accompany(house(), short, code, request.remote_addr or "")
    return _judged(found, "visit.html", form, role="helped")


def _judged(
    found: Accompanied, template: str, form: forms.ShortCodeForm, **choices: str
) -> ResponseReturnValue:
    entered = found.entered
    if entered.invited:
        g.place = (entered.invited.programme_id, entered.invited.territory)
    if entered.door in STATUS:
        return page(template, STATUS[entered.door], form=form, door=entered.door.value)
    if entered.door is not Door.OPEN or entered.invited is None:
        return shut(entered)
    doors.let_in(entered.invited.code)
    doors.choose(device="shared", channel=found.channel, assisted_by=found.assisted_by, **choices)
    return redirect(next_step(entered), 303)


@blueprint.get("/ecran")
@anyone
def cleared() -> ResponseReturnValue:
    """Nothing of anybody: the screen on which a device changes hands."""
    return page("cleared.html")
