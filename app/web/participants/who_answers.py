"""Who answers: the person, with or without help, or somebody in the person’s place."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.assent import outcome
from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.display import page
from app.web.participants.doors import participant
from app.web.participants.room import blueprint
from app.web.participants.steps import keep, onward, refused, step, who_entered
from app.workflows.entering import Entered
from app.workflows.notices import at_the_door


@blueprint.route("/qui", methods=["GET", "POST"])
@participant
def who() -> ResponseReturnValue:
    """Who answers."""
    entered = who_entered()
    form = forms.WhoForm(request.form)
    form.offer(entered.invited.audience if entered.invited else "")
    return step(form, "who.html", keep(form), entered=entered)


@blueprint.route("/qui/aide", methods=["GET", "POST"])
@participant
def who_helps() -> ResponseReturnValue:
    """What the help consists of."""
    form = forms.HelpForm(request.form)
    return step(form, "who_helps.html", keep(form))


@blueprint.route("/qui/place", methods=["GET", "POST"])
@participant
def who_instead() -> ResponseReturnValue:
    """Who answers in the person's place."""
    form = forms.ProxyForm(request.form)

    def answered(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return refused(entered) if form.agrees.data == "no" else onward(entered)

    return step(form, "who_instead.html", answered)


@blueprint.route("/qui/place/protection", methods=["GET", "POST"])
@participant
def protection() -> ResponseReturnValue:
    """Whether the person is protected; a representative is informed before anybody answers."""
    form = forms.ProtectionForm(request.form)

    def answered(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return _assented(entered)

    return step(form, "who_protects.html", answered)


def _assented(entered: Entered) -> ResponseReturnValue:
    """Go on, or not: the person's refusal, and that of who represents them, end it all."""
    entry = doors.entry()
    found = outcome(
        entry.get("agrees", ""), entry.get("measure", ""), entry.get("representative", "")
    )
    if found == "stop":
        return refused(entered)
    if found == "ask_first":
        doors.leave_entry()
        assert entered.invited is not None  # the door is open
        return page("ask_first.html", notice=at_the_door(house(), entered.invited))
    return onward(entered)


@blueprint.route("/qui/place/comment", methods=["GET", "POST"])
@participant
def whose_view() -> ResponseReturnValue:
    """How well the proxy knows the person, and whose view is given."""
    form = forms.ProxyViewForm(request.form)
    return step(form, "who_view.html", keep(form))
