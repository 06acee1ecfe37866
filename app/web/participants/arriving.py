"""Coming in: welcome and code, the square of a letter, language, device."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from app.protection import codes
from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.choices import changed, remember
from app.web.participants.display import page, same_page
from app.web.participants.doors import anyone, participant
from app.web.participants.room import blueprint
from app.web.participants.steps import keep, next_step, step, who_entered
from app.workflows import entering
from app.workflows.entering import Door, Entered

CLEARED = "fini"  # in the address after a screen was cleared
STATUS = {Door.TYPO: 422, Door.UNKNOWN: 422, Door.THROTTLED: 429, Door.REPLACED: 422}


@blueprint.route("/", methods=["GET", "POST"])
@anyone
def welcome() -> ResponseReturnValue:
    """The welcome page and its one field."""
    form = forms.CodeForm(request.form)
    if request.method != "POST":
        going_on = doors.going_on() is not None
        told: dict[str, Any] = {"going_on": going_on, "cleared": CLEARED in request.args}
        return same_page("welcome.html", *told.values(), form=form, door=None, **told)
    if changed():
        return page("welcome.html", form=form, door=None, going_on=doors.going_on())
    entered = entering.enter(house(), form.code.data or "", request.remote_addr or "")
    if entered.door is Door.OPEN and entered.invited:
        doors.let_in(entered.invited.code)
        return redirect(next_step(entered), 303)
    return _closed_door(entered, form)


@blueprint.get("/q/<token>")
@anyone
def by_link(token: str) -> ResponseReturnValue:
    """The square of a letter: the token becomes a cookie at once, and no address carries it on."""
    entered = entering.enter_by_link(house(), token, request.remote_addr or "")
    if entered.door is Door.OPEN and entered.invited:
        doors.let_in(entered.invited.code)
        return redirect(next_step(entered), 303)
    if entered.door is Door.UNKNOWN:
        form = forms.CodeForm()
        return page("welcome.html", 404, form=form, door="unknown_square", going_on=None)
    return _closed_door(entered, forms.CodeForm())


def _closed_door(entered: Entered, form: forms.CodeForm) -> Response:
    if entered.invited:
        g.place = (entered.invited.programme_id, entered.invited.territory)
    if entered.door in STATUS:
        status, door = STATUS[entered.door], entered.door.value
        signs = codes.written(form.code.data or "")
        return page("welcome.html", status, form=form, door=door, going_on=None, signs=signs)
    return shut(entered)


def shut(entered: Entered) -> Response:
    """The page for a code that is right and opens nothing now."""
    sent = entered.door in (Door.SENT, Door.WITHDRAWN)
    template = "already.html" if sent else "closed.html"
    return page(template, door=entered.door.value, when=entered.when)


@blueprint.route("/langue", methods=["GET", "POST"])
@participant
def choose_language() -> ResponseReturnValue:
    """Two rows, each in its own language."""
    entered = who_entered()
    if request.method != "POST" or not changed():
        return page("language.html", 422 if request.method == "POST" else 200)
    if "new_language" not in g:
        return page("language.html")
    doors.choose(language=g.new_language)
    return remember(redirect(next_step(entered), 303))


@blueprint.route("/appareil", methods=["GET", "POST"])
@participant
def device() -> ResponseReturnValue:
    """Whose device this is: a shared one keeps nothing and locks early."""
    form = forms.DeviceForm(request.form)
    return step(form, "device.html", keep(form))
