"""Answers without names: asking for them, deciding, and where each request stands."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, page, reading_of
from app.web.language import current
from app.web.pages import house, problems_of
from app.workflows import extracting
from app.workflows.acting import Actor
from app.workflows.extracting import New
from app.workflows.summary_words import AUDIENCES

STATES = {
    "asked": _l("waits for a decision"),
    "refused": _l("not allowed"),
    "making": _l("being made"),
    "failed": _l("could not be made"),
    "made": _l("made"),
}


@blueprint.get("/extracts")
@enters(Verb.RELEASE_VIEW)
def extracts() -> ResponseReturnValue:
    """The requests of this account; for who decides, everybody's."""
    actor: Actor = g.actor
    decides = actor.may(Verb.EXTRACT_ALLOW)
    return render_template(
        "evaluators/extracts.html",
        mine=extracting.mine(house(), actor),
        others=[each for each in extracting.all_of(house(), actor) if _foreign(each, actor)]
        if decides
        else (),
        decides=decides,
        states=STATES,
        names={code: each.name.in_(current()) for code, each in actor.territories.items()},
        audiences={code: text.in_(current()) for code, text in AUDIENCES.items()},
    )


def _foreign(each: extracting.Request, actor: Actor) -> bool:
    return each.row.asked_by != actor.account_id


@blueprint.get("/<int:release_id>/extract")
@enters(Verb.EXTRACT_ASK)
def extract(release_id: int) -> ResponseReturnValue:
    """The form that asks for the answers behind a release."""
    return _form(release_id, New((), (), "", current()), {})


@blueprint.post("/<int:release_id>/extract")
@enters(Verb.EXTRACT_ASK)
def extract_ask(release_id: int) -> ResponseReturnValue:
    """Ask; somebody else decides."""
    sent = request.form
    new = New(
        tuple(dict.fromkeys(sent.getlist("territory"))),
        tuple(dict.fromkeys(sent.getlist("audience"))),
        sent.get("purpose", ""),
        current(),
    )
    try:
        extracting.ask(house(), g.actor, release_id, new)
    except BadInput as refusal:
        return _form(release_id, new, problems_of(refusal)), 422
    return redirect(url_for("evaluators.extracts"), 303)


@blueprint.post("/extracts/<int:request_id>/decide")
@enters(Verb.EXTRACT_ALLOW)
def extract_decide(request_id: int) -> ResponseReturnValue:
    """Allow or refuse a request."""
    extracting.decide(
        house(),
        g.actor,
        request_id,
        allowed=request.form.get("decision") == "allow",
        reason=request.form.get("reason", ""),
    )
    return redirect(url_for("evaluators.extracts"), 303)


def _form(release_id: int, new: New, problems: dict[str, str]) -> str:
    r = reading_of(release_id)
    scope = g.actor.scope(Verb.EXTRACT_ASK)
    return page(
        "extract.html",
        r,
        new=new,
        problems=problems,
        places=[(code, r.name(code)) for code in r.places if code in scope],
        audiences=[(each.value, r.audience(each)) for each in Audience],
    )
