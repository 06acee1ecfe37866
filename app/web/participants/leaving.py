"""Leaving: sending, the receipt, a pause, the end of a session, taking answers back."""

from __future__ import annotations

from contextlib import suppress

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from app.domain.errors import Conflict, Unavailable
from app.protection.codes import printed
from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.display import changed, day, page, same_page
from app.web.participants.doors import anyone, participant
from app.web.participants.page_form import new_key
from app.web.participants.question_page import forget_session
from app.web.participants.room import blueprint
from app.workflows.leaving import end, receipt_code, words_for
from app.workflows.sending import Found, submit, withdraw, withdrawable
from app.workflows.standing import SessionEnded

_FOUND_STATUS = {"typo": 422, "unknown": 422, "throttled": 429}


@blueprint.post("/envoyer")
@participant
def send() -> ResponseReturnValue:
    """Send the answers; sending twice is sending once."""
    key = (request.form.get("form-key") or "")[:40] or new_key()
    try:
        submit(house(), doors.secret(), key)
    except Conflict as error:
        if error.code != Conflict.code:
            raise
        return redirect("/r", 303)  # a page was opened again by another tab
    except Unavailable:
        response = page("not_sent.html", 503, key=key)
        response.headers["Retry-After"] = "5"
        return response
    return redirect("/recu", 303)


@blueprint.get("/recu")
@participant
def receipt() -> ResponseReturnValue:
    """What was received and when, with the withdrawal code while the session lasts; no answer."""
    found = doors.current(sent=True)
    if found.held.withdrawn_at is not None:
        return page("already.html", door="withdrawn", when=found.held.withdrawn_at)
    if found.held.submitted_at is None:
        return redirect("/r", 303)
    code = receipt_code(house(), found)
    own = {"received": day(found.held.submitted_at)}
    if code:
        own["code"] = f"R {printed(code)}"
    return same_page("receipt.html", own=own)


@blueprint.get("/pause")
@participant
def pause() -> ResponseReturnValue:
    """How to come back, with the return words for who may know them."""
    found = doors.current()
    return page(
        "pause.html",
        words=words_for(house(), found),
        until=found.held.closes_at,
        shared=found.held.shared_device,
    )


@blueprint.post("/terminer")
@anyone
def finish() -> ResponseReturnValue:
    """End the session and clear the screen."""
    with suppress(SessionEnded, Unavailable):
        doors.current(sent=True)  # whether somebody stands beside, who takes the device on
    with suppress(SessionEnded):
        end(house(), doors.secret())
    forget_session()
    response = doors.without_session(redirect("/ecran" if g.get("assisted") else "/", 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.route("/retrait", methods=["GET", "POST"])
@anyone
def take_back() -> ResponseReturnValue:
    """Withdraw sent answers with the code of the receipt: the code, a confirmation, done."""
    form = forms.CodeForm(request.form)
    if request.method == "GET" or changed():
        return page("withdraw.html", form=form, found=None)
    text, source = form.code.data or "", request.remote_addr or ""
    if request.form.get("sure") == "yes":
        return _withdrawn(withdraw(house(), text, source), form)
    return _withdrawn(withdrawable(house(), text, source), form)


def _withdrawn(found: Found, form: forms.CodeForm) -> Response:
    if found.outcome == "withdrawn":
        return page("already.html", door="withdrawn", when=found.at)
    if found.outcome == "sent":
        return page("withdraw_sure.html", form=form, found=found)
    return page("withdraw.html", _FOUND_STATUS[found.outcome], form=form, found=found)
