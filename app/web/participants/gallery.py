"""The gallery at /galerie: every kind of question in every state, for tests and for people.

Registered in the demonstration only. The pages come from the participants' own templates and are
judged by the same rules; nothing is saved, and the database is not asked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.web.participants.choices import changed, remember
from app.web.participants.display import page
from app.web.participants.doors import anyone
from app.web.participants.gallery_states import (
    ANSWERED,
    AWAY,
    BEFORE,
    EMPTY,
    ERROR,
    REMINDER,
    REMOVING,
    gallery,
    states_of,
)
from app.web.participants.page_form import given, new_key
from app.web.participants.question_page import html

blueprint = Blueprint("gallery", __name__, url_prefix="/galerie", template_folder="templates")
_STATUS = {ERROR: 422, REMINDER: 422, AWAY: 503}
_shipped = cache(gallery)


@blueprint.get("/")
@anyone
def index() -> ResponseReturnValue:
    """Every page and state, to choose from."""
    return page("gallery.html", pages=[(each, states_of(each)) for each in _shipped().pages])


@blueprint.get("/<state>/<code>")
@anyone
def show(state: str, code: str) -> ResponseReturnValue:
    """A page in a state."""
    shown = _shipped().showing(code, state, new_key())
    if shown is None:
        raise NotFound
    if state == REMOVING:
        return _removing(code)
    return _made(html(shown), state, _STATUS.get(state, 200))


@blueprint.post("/<state>/<code>")
@anyone
def judge(state: str, code: str) -> ResponseReturnValue:
    """What comes of sending the page: something to mend, or the next page. Nothing is kept."""
    asked = _shipped().page(code)
    if asked is None or state not in states_of(asked):
        raise NotFound
    if changed():
        return remember(redirect(url_for("gallery.show", state=state, code=code), 303))
    if "remove" in request.form:
        return _removing(code)
    if "remove-sure" in request.form or "clear" in request.form:
        return redirect(url_for("gallery.show", state=EMPTY, code=code), 303)
    sent = given(asked.page, request.form, request.files).answers
    shown, _answers = _shipped().judged(asked, sent, new_key())
    if request.form.get("form-reminded") == "1":
        shown = replace(shown, reminders=())
    if shown.faults or shown.reminders:
        return _made(html(shown), EMPTY, 422)
    codes = [each.code for each in _shipped().pages]
    after = codes[codes.index(code) + 1 :]
    if not after:
        return redirect(url_for("gallery.index"), 303)
    return redirect(url_for("gallery.show", state=EMPTY, code=after[0]), 303)


def _removing(code: str) -> ResponseReturnValue:
    """The page that asks before an entry of a list goes."""
    name, answer = next((item, one) for item, one in BEFORE.items() if one.entry)
    assert name.startswith(code)  # the gallery has one list
    made = page(
        "remove.html", code=code, number=answer.entry, called=answer.value, key=new_key()
    ).get_data(as_text=True)
    return _made(made, ANSWERED, 200)


def _made(shown: str, state: str, status: int) -> ResponseReturnValue:
    """The page as a participant sees it, but its form and its way back stay in the gallery."""
    made = shown.replace('="/r/', f'="{url_for("gallery.index")}{state}/')
    return remember(make_response(made, status))
