"""Information in layers, an explicit yes or no, and the kind end of a no."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.assent import ASSISTED, REPRESENTED
from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.choices import changed
from app.web.participants.display import page
from app.web.participants.doors import anyone, participant
from app.web.participants.recordings import notice_recordings
from app.web.participants.room import blueprint
from app.web.participants.steps import begin, next_step, refused, step, who_entered
from app.workflows import declining
from app.workflows.entering import Entered
from app.workflows.notices import at_the_door


@blueprint.route("/accord", methods=["GET", "POST"])
@participant
def consent() -> ResponseReturnValue:
    """Information in layers, and an explicit yes or no."""
    entered = who_entered()
    missing = next_step(entered)
    if missing != "/accord":
        return redirect(missing, 303)
    assert entered.invited is not None  # the door is open
    assert entered.invited.instrument_id is not None
    asks_device = "device" not in doors.entry()
    form = (forms.ConsentAndDeviceForm if asks_device else forms.ConsentForm)(request.form)

    def answered(entered: Entered) -> ResponseReturnValue:
        if asks_device:
            doors.choose(device=form.device.data)
        return begin(entered) if form.consent.data == "yes" else refused(entered)

    notice = None if _is_final(form) else at_the_door(house(), entered.invited)
    return step(
        form,
        "consent.html",
        answered,
        entered=entered,
        cut=entered.invited.link_after_submission == "cut",
        partials=entered.invited.partials_from is not None,
        role=doors.entry().get("role", "self"),
        recap=_said_of_the_person(),
        asks_device=asks_device,
        notice=notice,
        sounds=notice_recordings(notice.fingerprint) if notice else ("", ""),
        instrument_id=entered.invited.instrument_id,
    )


def _is_final(form: forms.ConsentForm) -> bool:
    """Whether the answer was given, so that the page is not shown again."""
    only_look = {"set-look", "set-language"} & request.form.keys()
    return request.method == "POST" and not only_look and bool(form.validate())


def _said_of_the_person() -> tuple[tuple[str, str], ...]:
    """What a proxy was asked of the person's agreement and protection, and said."""
    entry = doors.entry()
    if entry.get("role") != "proxy":
        return ()
    asked = {
        "agrees": _("Does the person agree that you answer?"),
        "measure": _("Is the person under a protection measure?"),
        "representative": _("Does the guardian, curator or representative know of this survey?"),
    }
    if entry.get("measure") not in REPRESENTED | ASSISTED:
        del asked["representative"]
    return tuple(
        (question, str(forms.WORDS[f"{name}_{entry[name]}"]))
        for name, question in asked.items()
        if entry.get(name)
    )


@blueprint.route("/merci", methods=["GET", "POST"])
@anyone
def thanks() -> ResponseReturnValue:
    """The kind end of a refusal; who wants to says why."""
    code = doors.declined()
    form = forms.DeclineForm(request.form)
    if request.method != "POST" or changed() or code is None:
        told = request.args.get("told") == "1"
        return page("refused.html", form=form if code else None, thanked=told)
    told = declining.tell_why(house(), code, form.reason.data or "")
    doors.forget_declined()
    return redirect("/merci?told=1" if told else "/merci", 303)
