"""The steps between the code and the questions: which comes next, and what the last one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import Form

from app.domain.errors import Conflict
from app.domain.perspective import introduction_for
from app.domain.questionnaire import Audience
from app.domain.sittings import Sitting
from app.storage.instruments import compiled
from app.web import language
from app.web.pages import house
from app.web.participants import doors
from app.web.participants.answering import send_carried
from app.web.participants.choices import changed, until_closed
from app.web.participants.display import page, same_page
from app.web.participants.parts import way_in
from app.workflows import declining, entering, open_calls
from app.workflows.carried import take
from app.workflows.entering import Door, Entered
from app.workflows.leaving import end
from app.workflows.standing import standing

_OF_PROXY = (
    *("relation", "reason", "agrees", "measure", "representative"),
    *("contact", "perspective"),
)
Done = Callable[[Any], ResponseReturnValue]


def who_entered() -> Entered:
    """Who came in a moment ago. Raises SessionEnded, and Conflict where the door has closed."""
    entry = doors.entry()
    if "open" in entry:
        found = open_calls.at_the_door(house(), *entry["open"])
    else:
        found = entering.entered(house(), doors.code())
    if found.door is not Door.OPEN or found.invited is None:
        raise Conflict
    g.place = (found.invited.programme_id, found.invited.territory)
    g.assisted = doors.entry().get("channel", "")
    return found


def next_step(entered: Entered) -> str:
    """The first step that is still to be taken before the questions."""
    entry = doors.entry()
    assert entered.invited is not None  # the door is open
    known = language.COOKIE in request.cookies and "channel" not in entry  # else: somebody else's
    brief = _goes_straight_on(entered)
    if not (known or brief or "language" in entry):
        return "/langue"
    if not (brief or "device" in entry):
        return "/appareil"
    if entered.invited.audience != Audience.PROFESSIONAL and "role" not in entry:
        return "/qui"
    if entry.get("role") == "helped" and "helper" not in entry:
        return "/qui/aide"
    if entry.get("role") == "proxy" and "agrees" not in entry:
        return "/qui/place"
    if entry.get("role") == "proxy" and "measure" not in entry and _is_elderly(entered):
        return "/qui/place/protection"
    if entry.get("role") == "proxy" and "perspective" not in entry:
        return "/qui/place/comment"
    return "/accord"


def _is_elderly(entered: Entered) -> bool:
    return entered.invited is not None and entered.invited.audience == Audience.ELDERLY


def _goes_straight_on(entered: Entered) -> bool:
    """Whether the page of consent comes at once, and asks for the device too: for professionals.

    They take the language that their browser asks for, or switch it on any page. Whoever consented
    before does not come by the page of consent.
    """
    invited = entered.invited
    assert invited is not None  # the door is open
    return invited.audience == Audience.PROFESSIONAL and invited.response_id is None


def step(
    form: Form,
    template: str,
    done: Done,
    instrument_id: int = 0,
    entered: Entered | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """One page of the way in: shown, shown again in another language or with a fault, or done.

    ``entered``: who came in, where that was looked up already.
    """
    entered = entered or who_entered()
    values["audience"] = entered.invited.audience if entered.invited else ""
    depends = (instrument_id, *values.values())
    if instrument_id:
        asked = compiled(house().database, instrument_id)
        values["questionnaire"] = asked
        values["introduction"] = introduction_for(asked, doors.entry().get("role", "self"))
    if request.method != "POST":
        return same_page(template, *depends, form=form, faults=False, **values)
    if changed():
        return page(template, form=form, faults=False, **values)
    if not form.validate():
        return page(template, 422, form=form, faults=True, **values)
    return done(entered)


def keep(form: Form) -> Done:
    """Keep what was chosen, and go on."""

    def kept(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return onward(entered)

    return kept


def onward(entered: Entered) -> ResponseReturnValue:
    """The next step; somebody who consented before goes straight to the questions."""
    to = next_step(entered)
    if to == "/accord" and entered.invited and entered.invited.response_id is not None:
        return begin(entered)
    return redirect(to, 303)


def begin(entered: Entered) -> ResponseReturnValue:
    """The response and the session are made, or gone on with; to the first page."""
    entry = doors.entry()
    assert entered.invited is not None  # the door is open
    shared = entry.get("device") == "shared"
    role = entry.get("role", "self")
    proxy = {name: entry.get(name, "") for name in _OF_PROXY} if role == "proxy" else {}
    sitting = Sitting(
        role=role,
        helper=" ".join(entry.get("helper", ())) if role == "helped" else "",
        **proxy,
        lang=language.current(),
        device="shared" if shared else "own",
        notice=entered.invited.notice_version,
        channel=entry.get("channel", "web"),
        assisted_by=entry.get("assisted_by", ""),
        repeat=entry.get("repeat", ""),
    )
    earlier = request.cookies.get(doors.cookie_name())
    if earlier:
        end(house(), earlier)
    code = entered.invited.code
    if "open" in entry:
        address = request.remote_addr or ""
        try:
            code, sitting = open_calls.join(house(), entered.invited, sitting, address)
        except open_calls.Crowded:
            return page("crowded.html", 429)
    secret = entering.begin(house(), code, sitting)
    doors.leave_entry()
    doors.hold_code(code)
    found = standing(house(), secret)
    carried = take(house(), earlier, found.held.id) if earlier else None
    # to where one goes on at once: one request less than by /r
    answer = send_carried(secret, carried) if carried else redirect(way_in(found), 303)
    response = doors.with_session(answer, secret, shared=shared)
    return until_closed(response) if shared else response


def refused(entered: Entered) -> ResponseReturnValue:
    """A no is kept, where somebody is known; to the kind end."""
    assert entered.invited is not None  # the door is open
    if "open" not in doors.entry():  # there nobody is known
        declining.refuse(house(), entered.invited.code)
        if doors.entry().get("role") != "proxy":  # why the person does not want to is theirs to say
            doors.decline(entered.invited.code)
    doors.leave_entry()
    return redirect("/merci", 303)
