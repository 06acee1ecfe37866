"""Pages of accompanied sessions: hand-over of an interview, show-cards, codes of visits."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, places
from app.web.entrance import enters, staff_secret, take_away
from app.web.headers import POLICY
from app.web.pages import house, problems_of
from app.workflows import assisting as acts
from app.workflows import papers, signing_in, waves
from app.workflows.assisting import Channel
from app.workflows.entering import Door

CHANNELS: dict[str, Channel] = {"visit": "web_assisted", "phone": "phone"}


@blueprint.get("/waves/<int:wave_id>/interview")
@enters(Verb.RESPONSE_ASSIST)
def wave_interview(wave_id: int) -> ResponseReturnValue:
    """The person's code, typed with the person, and how they are met."""
    return _interview(wave_id, {})


def _interview(wave_id: int, problems: dict[str, str]) -> str:
    return render_template(
        "coordinators/interview.html",
        wave=waves.wave(house(), actor(), wave_id),
        problems=problems,
        sent=request.form,
    )


def _refusals() -> dict[Door, str]:
    unknown = _("This code belongs to nobody of this wave in your territories.")
    return {
        Door.TYPO: _("One digit is wrong or missing: read the 12 digits again together."),
        Door.UNKNOWN: unknown,
        Door.THROTTLED: _("Too many unknown codes in a short time. Wait ten minutes."),
        Door.REPLACED: _("This code was replaced: a newer letter has another one."),
        Door.NOT_YET: _("The wave takes no answers yet."),
        Door.CLOSED: _("The wave takes no answers any more."),
        Door.SENT: _("This person’s answers have arrived already."),
        Door.WITHDRAWN: _("This person took the answers back."),
    }


@blueprint.post("/waves/<int:wave_id>/interview")
@enters(Verb.RESPONSE_ASSIST)
def wave_interview_begin(wave_id: int) -> ResponseReturnValue:
    """Judge the code, and make the short one that goes on from here."""
    channel = CHANNELS.get(request.form.get("channel", ""))
    if channel is None:
        return _interview(wave_id, {"channel": _("Choose how you meet the person.")}), 422
    waves.wave(house(), actor(), wave_id)
    found = acts.hand_over(house(), actor(), wave_id, request.form.get("code", ""), channel)
    if found.handover_id is None:
        return _interview(wave_id, {"code": _refusals()[found.door]}), 422
    return redirect(url_for("coordinators.interview", number=found.handover_id), 303)


@blueprint.get("/interviews/<int:number>")
@enters(Verb.RESPONSE_ASSIST)
def interview(number: int) -> ResponseReturnValue:
    """The short code, for who made it; and the way to the public page."""
    shown = acts.shown(house(), actor(), number)
    page = "entretien" if shown.kind == "handover" else "accompagnement"
    response = make_response(
        render_template(
            "coordinators/interview_code.html",
            shown=shown,
            digits=f"{shown.code[:4]} {shown.code[4:]}",
            address=f"{house().public_url}/{page}",
        )
    )
    parts = urlsplit(house().public_url)  # the form below signs out here and is sent on to there
    origin = f"{parts.scheme}://{parts.netloc}"
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin}"
    )
    return response


@blueprint.post("/interviews/leave")
@enters(Verb.RESPONSE_ASSIST)
def interview_leave() -> ResponseReturnValue:
    """Sign out, so that the device may be handed to the person, and go to the public page."""
    signing_in.sign_out(house(), staff_secret())
    return take_away(redirect(f"{house().public_url}/entretien", 303))


@blueprint.get("/waves/<int:wave_id>/cards")
@enters(Verb.RESPONSE_ASSIST)
def wave_cards(wave_id: int) -> str:
    """Choose the show-cards to print."""
    return render_template(
        "coordinators/cards.html",
        wave=waves.wave(house(), actor(), wave_id),
        places=places(Verb.RESPONSE_ASSIST),
    )


@blueprint.get("/waves/<int:wave_id>/cards.pdf")
@enters(Verb.RESPONSE_ASSIST)
def wave_cards_pdf(wave_id: int) -> Response:
    """The answers to each question on a card, in large print."""
    territory = request.args.get("territory", "")
    audience = request.args.get("audience", Audience.ELDERLY.value)
    wanted = request.args.get("language", "fr")
    content = papers.show_cards(house(), actor(), wave_id, territory, audience, wanted)
    name = f"cards-{territory}-{audience}-{wanted}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/waves/<int:wave_id>/visits")
@enters(Verb.VISIT_CODE_ISSUE)
def wave_visits(wave_id: int) -> ResponseReturnValue:
    """The visits to come, and the form that makes a code for one."""
    return _visits(wave_id, {})


def _visits(wave_id: int, problems: dict[str, str]) -> str:
    return render_template(
        "coordinators/visits.html",
        wave=waves.wave(house(), actor(), wave_id),
        visits=acts.visits(house(), actor(), wave_id),
        problems=problems,
        sent=request.form,
        done=request.args.get("done"),
    )


@blueprint.post("/waves/<int:wave_id>/visits")
@enters(Verb.VISIT_CODE_ISSUE)
def wave_visit_make(wave_id: int) -> ResponseReturnValue:
    """Make a code for one person and one day."""
    waves.wave(house(), actor(), wave_id)
    try:
        day: date | None = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        day = None
    try:
        reference = request.form.get("reference", "")
        number = acts.issue_visit_code(house(), actor(), wave_id, reference, day)
    except BadInput as refusal:
        return _visits(wave_id, problems_of(refusal)), 422
    return redirect(url_for("coordinators.interview", number=number), 303)


@blueprint.post("/waves/<int:wave_id>/visits/<int:number>/revoke")
@enters(Verb.VISIT_CODE_ISSUE)
def wave_visit_revoke(wave_id: int, number: int) -> ResponseReturnValue:
    """Let a visit's code open nothing any more."""
    acts.revoke_visit_code(house(), actor(), number)
    return redirect(url_for("coordinators.wave_visits", wave_id=wave_id, done="revoked"), 303)
