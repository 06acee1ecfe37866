"""Pages of the contact plan: its steps, a new one, a preview, in force or ended."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain import contact
from app.domain.errors import BadInput, Conflict
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.domain.text import NO_TEXT, Text
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import contacting as acts
from app.workflows import waves
from app.workflows.contacting import NewStep

CHANNELS: dict[str, Any] = {
    contact.LETTER: _l("letter"),
    contact.MAIL: _l("e-mail"),
    contact.SMS: _l("short message"),
}
KINDS: dict[str, Any] = {
    contact.INVITATION: _l("invitation"),
    contact.REMINDER: _l("reminder"),
}
OUTCOMES: dict[str | None, Any] = {
    "printed": _l("printed"),
    "sent": _l("sent"),
    None: _l("waiting"),
    "refused": _l("refused by the server"),
    "bounced": _l("came back"),
    "unwanted": _l("held back: answered, refused or the like"),
    "doubtful": _l("in doubt"),
    "expired": _l("too old to be sent"),
}


@blueprint.get("/waves/<int:wave_id>/contact")
@enters(Verb.FIELDWORK_VIEW)
def wave_contact(wave_id: int) -> ResponseReturnValue:
    """The steps of the plan and what came of each."""
    seen = acts.plan(house(), actor(), wave_id)
    doubtful = sum(
        count
        for each in seen
        for outcome, count in each.outcomes.items()
        if outcome in ("doubtful", "expired")
    )
    return _shown("contact.html", wave_id, steps=seen, doubtful=doubtful)


def _shown(template: str, wave_id: int, **values: Any) -> str:
    return render_template(
        f"coordinators/{template}",
        wave=waves.wave(house(), actor(), wave_id),
        channel_words=CHANNELS,
        kind_words=KINDS,
        outcome_words=OUTCOMES,
        names=names(),
        may_plan=bool(actor().scope(Verb.CONTACT_PLAN)),
        **values,
    )


@blueprint.get("/waves/<int:wave_id>/contact/new")
@enters(Verb.CONTACT_PLAN)
def contact_new(wave_id: int) -> ResponseReturnValue:
    """A new step, with words to begin from."""
    channel = request.args.get("channel", contact.MAIL)
    kind = request.args.get("kind", contact.INVITATION)
    if channel not in contact.CHANNELS or kind not in contact.KINDS:
        channel, kind = contact.MAIL, contact.INVITATION
    days = 0 if kind == contact.INVITATION else 14
    subject = contact.SUBJECTS[kind] if channel == contact.MAIL else NO_TEXT
    new = NewStep("", "", channel, kind, days, subject, contact.TEXTS[channel, kind])
    return _form(wave_id, new, {})


def _form(wave_id: int, new: NewStep, problems: dict[str, str]) -> str:
    return _shown(
        "contact_new.html",
        wave_id,
        new=new,
        problems=problems,
        places=_own_places(),
        audiences=list(Audience),
        known=contact.NAMES,
        longest=contact.LONGEST[new.channel],
    )


def _own_places() -> dict[str, str]:
    scope = actor().scope(Verb.CONTACT_PLAN)
    whole = {NATION: names()[NATION]} if NATION in scope else {}
    return whole | places(Verb.CONTACT_PLAN)


@blueprint.post("/waves/<int:wave_id>/contact/new")
@enters(Verb.CONTACT_PLAN)
def contact_add(wave_id: int) -> ResponseReturnValue:
    """Keep the step, or show the form with what is to be mended."""
    sent = request.form
    days = sent.get("after_days", "").strip()
    new = NewStep(
        sent.get("territory", ""),
        sent.get("audience", ""),
        sent.get("channel", ""),
        sent.get("kind", ""),
        int(days) if days.isdecimal() and len(days) < 6 else -1,
        Text.of(fr=_lines("subject_fr").strip(), en=_lines("subject_en").strip()),
        Text.of(fr=_lines("text_fr"), en=_lines("text_en")),
    )
    try:
        step_id = acts.add_step(house(), actor(), wave_id, new)
    except BadInput as refusal:
        return _form(wave_id, new, problems_of(refusal)), 422
    return redirect(url_for("coordinators.contact_step", wave_id=wave_id, step_id=step_id), 303)


def _lines(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")[:5000]


@blueprint.get("/waves/<int:wave_id>/contact/<int:step_id>")
@enters(Verb.FIELDWORK_VIEW)
def contact_step(wave_id: int, step_id: int) -> ResponseReturnValue:
    """One step: its words as people get them, whom it reaches, what can be done."""
    return _step(wave_id, step_id, "")


def _step(wave_id: int, step_id: int, problem: str) -> str:
    seen = acts.step_seen(house(), actor(), wave_id, step_id)
    return _shown(
        "contact_step.html",
        wave_id,
        seen=seen,
        preview=acts.preview(house(), actor(), wave_id, seen.step),
        places=places(Verb.LETTERS_PRINT),
        batches=acts.batches(house(), actor(), step_id),
        may_change=actor().may(Verb.CONTACT_PLAN, seen.step.territory),
        problem=problem,
    )


@blueprint.post("/waves/<int:wave_id>/contact/<int:step_id>")
@enters(Verb.CONTACT_PLAN)
def contact_change(wave_id: int, step_id: int) -> ResponseReturnValue:
    """Put the step in force, or end it."""
    change = acts.end_step if request.form.get("do") == "end" else acts.set_in_force
    try:
        change(house(), actor(), wave_id, step_id)
    except Conflict as refusal:
        return _step(wave_id, step_id, refusal.message.in_(actor().language)), 422
    return redirect(url_for("coordinators.contact_step", wave_id=wave_id, step_id=step_id), 303)


@blueprint.post("/waves/<int:wave_id>/contact/<int:step_id>/letters")
@enters(Verb.LETTERS_PRINT)
def contact_letters(wave_id: int, step_id: int) -> ResponseReturnValue:
    """Print the letters of a step for one territory, or a batch once more."""
    batch = request.form.get("batch", "")
    try:
        if batch.isdecimal():
            job = acts.print_again(house(), actor(), wave_id, step_id, int(batch))
        else:
            territory = request.form.get("territory", "")
            job = acts.print_step(house(), actor(), wave_id, step_id, territory)
    except Conflict as refusal:
        return _step(wave_id, step_id, refusal.message.in_(actor().language)), 422
    return redirect(url_for("coordinators.wave_job", job_id=job), 303)


@blueprint.post("/waves/<int:wave_id>/contact/doubtful")
@enters(Verb.CONTACT_PLAN)
def contact_doubtful(wave_id: int) -> ResponseReturnValue:
    """Decide about messages of which nobody knows whether they left."""
    acts.settle(house(), actor(), wave_id, again=request.form.get("do") == "again")
    return redirect(url_for("coordinators.wave_contact", wave_id=wave_id), 303)
