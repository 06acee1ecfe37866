"""Leaving: sending, the receipt, a pause, the end of a session, taking answers back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from flask import g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from app.domain.errors import Conflict, Unavailable
from app.domain.questionnaire import Audience
from app.protection.codes import printed, written
from app.protection.receipts import printed_receipt
from app.web import language
from app.web.pages import day, house
from app.web.participants import doors, forms
from app.web.participants.arriving import CLEARED
from app.web.participants.choices import changed, forget_choices
from app.web.participants.display import page, same_page
from app.web.participants.doors import anyone, participant
from app.web.participants.page_form import new_key
from app.web.participants.question_page import forget_session
from app.web.participants.room import blueprint
from app.workflows.leaving import end, receipt_code, words_for
from app.workflows.open_calls import code_to_return
from app.workflows.receipts import present_receipt
from app.workflows.sending import Found, stop, submit, withdraw, withdrawable
from app.workflows.standing import SessionEnded

RECEIPT = "receipt"  # on an own device: day of sending, wave and territory, nothing else
_FOUND_STATUS = {"typo": 422, "unknown": 422, "throttled": 429}


@blueprint.post("/envoyer")
@participant
def send() -> ResponseReturnValue:
    """Send the answers; sending twice is sending once."""
    key = (request.form.get("form-key") or "")[:40] or new_key()
    form = forms.EndForm(request.form)
    if changed():
        doors.current()
        return last_page(form, key)
    try:
        submit(house(), doors.secret(), key, form.told())
    except Conflict as error:
        if error.code != Conflict.code:
            raise
        return redirect("/r", 303)  # a page was opened again by another tab
    except Unavailable:
        response = page("not_sent.html", 503, key=key, form=form)
        response.headers["Retry-After"] = "5"
        return response
    return redirect("/recu", 303)


@blueprint.get("/fin")
@participant
def last() -> ResponseReturnValue:
    """Who was there and how it went, if one wants to say; then sending."""
    found = doors.current()
    if found.open is not None:
        return redirect("/r", 303)
    return last_page(forms.EndForm(), new_key())


def last_page(form: forms.EndForm, key: str) -> Response:
    """The page from which answers are sent."""
    return page("last.html", form=form, key=key)


@blueprint.get("/recu")
@participant
def receipt() -> ResponseReturnValue:
    """What was received and when, with the withdrawal code while the session lasts; no answer.

    Afterwards an own device still shows the day, without the code.
    """
    try:
        found = doors.current(sent=True)
    except SessionEnded:
        kept = session.get(RECEIPT)
        if not kept:
            raise
        g.place = tuple(kept["place"])
        when = datetime.fromisoformat(kept["at"])
        return page("receipt.html", received=day(when), code=None, left=True)
    if found.held.withdrawn_at is not None:
        return page("already.html", door="withdrawn", when=found.held.withdrawn_at)
    if found.held.submitted_at is None:
        return redirect("/r", 303)
    code = receipt_code(house(), found)
    if not found.held.shared_device:
        session[RECEIPT] = {
            "at": found.held.submitted_at.isoformat(),
            "place": list(g.place),
            "wave": found.held.wave_id,
        }
    own = {
        "received": day(found.held.submitted_at),
        "receipt": printed_receipt(present_receipt(house(), found)),
    }
    if code:
        own["code"] = f"R {printed(code)}"
    return same_page("receipt.html", own=own, left=False)


@blueprint.get("/pause")
@participant
def pause() -> ResponseReturnValue:
    """How to come back, with the return words for who may know them."""
    found = doors.current()
    return page(
        "pause.html",
        words=words_for(house(), found),
        receipt=printed_receipt(present_receipt(house(), found)),
        code=code_to_return(house(), found),
        until=found.held.closes_at,
        roles=found.held.audience != Audience.PROFESSIONAL,
    )


@blueprint.post("/passer")
@participant
def pass_on() -> ResponseReturnValue:
    """Somebody else goes on with the same answers on this device: who, is asked again."""
    found, code = doors.current(), doors.held_code()
    end(house(), doors.secret())
    sitting = found.sitting
    forget_session()
    if code is None:  # the browser was closed meanwhile: the code is asked again
        return doors.without_session(redirect("/", 303))
    doors.let_in(code)
    kept = {name: sitting[name] for name in ("channel", "assisted_by") if name in sitting}
    if "assisted_by" not in kept:
        kept = {}
    device = "shared" if found.held.shared_device else "own"
    doors.choose(device=device, language=language.current(), **kept)
    return doors.without_session(redirect("/qui", 303))


@blueprint.post("/terminer")
@anyone
def finish() -> ResponseReturnValue:
    """End the session and clear the screen."""
    with suppress(SessionEnded, Unavailable):
        doors.current(sent=True)  # whether somebody stands beside, who takes the device on
    with suppress(SessionEnded):
        end(house(), doors.secret())
    kept = session.get(RECEIPT)
    forget_session()
    if kept:
        session[RECEIPT] = kept
    response = doors.without_session(
        redirect("/ecran" if g.get("assisted") else f"/?{CLEARED}=1", 303)
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return forget_choices(response) if g.get("shared") else response


@blueprint.route("/arreter", methods=["GET", "POST"])
@participant
def stop_here() -> ResponseReturnValue:
    """Stop for good before sending: keep what was answered, or erase it."""
    found = doors.current()
    if request.method != "POST" or changed() or request.form.get("sure") != "erase":
        closes, audience = found.held.closes_at, found.held.audience
        return page("stop.html", until=closes, audience=audience, role=found.role)
    when = stop(house(), doors.secret())
    forget_session()
    return doors.without_session(page("already.html", door="withdrawn", when=when))


@blueprint.route("/retrait", methods=["GET", "POST"])
@anyone
def take_back() -> ResponseReturnValue:
    """Withdraw sent answers with the code of the receipt: the code, a confirmation, done."""
    form = forms.CodeForm(request.form)
    if request.method != "POST" or changed():
        return page("withdraw.html", form=form, found=None, signs=0)
    text, source = form.code.data or "", request.remote_addr or ""
    if request.form.get("sure") == "yes":
        return _withdrawn(withdraw(house(), text, source), form)
    return _withdrawn(withdrawable(house(), text, source), form)


def _withdrawn(found: Found, form: forms.CodeForm) -> Response:
    if found.outcome == "withdrawn":
        return page("already.html", door="withdrawn", when=found.at)
    if found.outcome == "sent":
        return page("withdraw_sure.html", form=form, found=found)
    status, signs = _FOUND_STATUS[found.outcome], written(form.code.data or "")
    return page("withdraw.html", status, form=form, found=found, signs=signs)
