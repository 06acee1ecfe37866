"""Coming in: welcome and code, language, device, who answers, information and consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from wtforms import Form

from app.domain.assent import outcome
from app.domain.errors import Conflict
from app.domain.questionnaire import Audience
from app.domain.sittings import Sitting
from app.storage.instruments import compiled
from app.web import language
from app.web.pages import house
from app.web.participants import doors, forms
from app.web.participants.answering import send_carried
from app.web.participants.display import changed, page, remember, same_page
from app.web.participants.doors import anyone, participant
from app.web.participants.parts import way_in
from app.web.participants.room import blueprint
from app.workflows import declining, entering, open_calls
from app.workflows.carried import take
from app.workflows.entering import Door, Entered
from app.workflows.leaving import end
from app.workflows.notices import at_the_door
from app.workflows.standing import standing

STATUS = {Door.TYPO: 422, Door.UNKNOWN: 422, Door.THROTTLED: 429, Door.REPLACED: 422}
_OF_PROXY = (
    *("relation", "reason", "agrees", "measure", "representative"),
    *("contact", "perspective"),
)
Done = Callable[[Any], ResponseReturnValue]


@blueprint.route("/", methods=["GET", "POST"])
@anyone
def welcome() -> ResponseReturnValue:
    """The welcome page and its one field."""
    form = forms.CodeForm(request.form)
    if request.method == "GET":
        going_on = doors.going_on() is not None
        return same_page("welcome.html", going_on, form=form, door=None, going_on=going_on)
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
        status = STATUS[entered.door]
        return page("welcome.html", status, form=form, door=entered.door.value, going_on=None)
    return shut(entered)


def shut(entered: Entered) -> Response:
    """The page for a code that is right and opens nothing now."""
    sent = entered.door in (Door.SENT, Door.WITHDRAWN)
    template = "already.html" if sent else "closed.html"
    return page(template, door=entered.door.value, when=entered.when)


def _entered() -> Entered:
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


def _goes_straight_on(entered: Entered) -> bool:
    """Whether the page of consent comes at once, and asks for the device too: for professionals.

    They take the language that their browser asks for, or switch it on any page. Whoever consented
    before does not come by the page of consent.
    """
    invited = entered.invited
    assert invited is not None  # the door is open
    return invited.audience == Audience.PROFESSIONAL and invited.response_id is None


def _step(
    form: Form, template: str, done: Done, instrument_id: int = 0, **values: Any
) -> ResponseReturnValue:
    """One page of the way in: shown, shown again in another language or with a fault, or done."""
    entered = _entered()
    values["audience"] = entered.invited.audience if entered.invited else ""
    depends = (instrument_id, *values.values())
    if instrument_id:
        values["questionnaire"] = compiled(house().database, instrument_id)
    if request.method == "GET":
        return same_page(template, *depends, form=form, faults=False, **values)
    if changed():
        return page(template, form=form, faults=False, **values)
    if not form.validate():
        return page(template, 422, form=form, faults=True, **values)
    return done(entered)


def _keep(form: Form) -> Done:
    def kept(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return _onward(entered)

    return kept


def _onward(entered: Entered) -> ResponseReturnValue:
    """The next step; somebody who consented before goes straight to the questions."""
    to = next_step(entered)
    if to == "/accord" and entered.invited and entered.invited.response_id is not None:
        return _begin(entered)
    return redirect(to, 303)


@blueprint.route("/langue", methods=["GET", "POST"])
@participant
def choose_language() -> ResponseReturnValue:
    """Two rows, each in its own language."""
    entered = _entered()
    if request.method == "GET" or not changed():
        return page("language.html", 200 if request.method == "GET" else 422)
    if "new_language" not in g:
        return page("language.html")
    doors.choose(language=g.new_language)
    return remember(redirect(next_step(entered), 303))


@blueprint.route("/appareil", methods=["GET", "POST"])
@participant
def device() -> ResponseReturnValue:
    """Whose device this is: a shared one keeps nothing and locks early."""
    form = forms.DeviceForm(request.form)
    return _step(form, "device.html", _keep(form))


@blueprint.route("/qui", methods=["GET", "POST"])
@participant
def who() -> ResponseReturnValue:
    """Who answers."""
    form = forms.WhoForm(request.form)
    return _step(form, "who.html", _keep(form))


@blueprint.route("/qui/aide", methods=["GET", "POST"])
@participant
def who_helps() -> ResponseReturnValue:
    """What the help consists of."""
    form = forms.HelpForm(request.form)
    return _step(form, "who_helps.html", _keep(form))


@blueprint.route("/qui/place", methods=["GET", "POST"])
@participant
def who_instead() -> ResponseReturnValue:
    """Who answers in the person's place."""
    form = forms.ProxyForm(request.form)

    def answered(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return _refused(entered) if form.agrees.data == "no" else _onward(entered)

    return _step(form, "who_instead.html", answered)


@blueprint.route("/qui/place/protection", methods=["GET", "POST"])
@participant
def protection() -> ResponseReturnValue:
    """Whether the person is protected; a representative is informed before anybody answers."""
    form = forms.ProtectionForm(request.form)

    def answered(entered: Entered) -> ResponseReturnValue:
        doors.choose(**form.data)
        return _assented(entered)

    return _step(form, "who_protects.html", answered)


def _assented(entered: Entered) -> ResponseReturnValue:
    """Go on, or not: the person's refusal, and that of who represents them, end it all."""
    entry = doors.entry()
    found = outcome(
        entry.get("agrees", ""), entry.get("measure", ""), entry.get("representative", "")
    )
    if found == "stop":
        return _refused(entered)
    if found == "ask_first":
        doors.leave_entry()
        assert entered.invited is not None  # the door is open
        return page("ask_first.html", notice=at_the_door(house(), entered.invited))
    return _onward(entered)


def _is_elderly(entered: Entered) -> bool:
    return entered.invited is not None and entered.invited.audience == Audience.ELDERLY


@blueprint.route("/qui/place/comment", methods=["GET", "POST"])
@participant
def whose_view() -> ResponseReturnValue:
    """How well the proxy knows the person, and whose view is given."""
    form = forms.ProxyViewForm(request.form)
    return _step(form, "who_view.html", _keep(form))


@blueprint.route("/accord", methods=["GET", "POST"])
@participant
def consent() -> ResponseReturnValue:
    """Information in layers, and an explicit yes or no."""
    entered = _entered()
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
        return _begin(entered) if form.consent.data == "yes" else _refused(entered)

    return _step(
        form,
        "consent.html",
        answered,
        cut=entered.invited.link_after_submission == "cut",
        partials=entered.invited.partials_from is not None,
        role=doors.entry().get("role", "self"),
        recap=_said_of_the_person(),
        asks_device=asks_device,
        notice=at_the_door(house(), entered.invited),
        instrument_id=entered.invited.instrument_id,
    )


def _said_of_the_person() -> tuple[str, ...]:
    """What a proxy has said of the person's agreement and protection, to be read once more."""
    entry = doors.entry()
    if entry.get("role") != "proxy":
        return ()
    told = (
        f"{name}_{entry[name]}"
        for name in ("agrees", "measure", "representative")
        if entry.get(name)
    )
    return tuple(str(forms.WORDS[code]) for code in told)


def _begin(entered: Entered) -> ResponseReturnValue:
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
        code, sitting = open_calls.join(
            house(), entered.invited, sitting, request.remote_addr or ""
        )
    secret = entering.begin(house(), code, sitting)
    doors.leave_entry()
    doors.hold_code(code)
    found = standing(house(), secret)
    carried = take(house(), earlier, found.held.id) if earlier else None
    if carried:
        return doors.with_session(send_carried(secret, carried), secret, shared=shared)
    # one request less than by /r
    return doors.with_session(redirect(way_in(found), 303), secret, shared=shared)


def _refused(entered: Entered) -> ResponseReturnValue:
    assert entered.invited is not None  # the door is open
    if "open" not in doors.entry():  # there nobody is known
        declining.refuse(house(), entered.invited.code)
        doors.decline(entered.invited.code)
    doors.leave_entry()
    return redirect("/merci", 303)


@blueprint.route("/merci", methods=["GET", "POST"])
@anyone
def thanks() -> ResponseReturnValue:
    """The kind end of a refusal; who wants to says why."""
    code = doors.declined()
    form = forms.DeclineForm(request.form)
    if request.method == "GET" or changed() or code is None:
        told = request.args.get("told") == "1"
        return page("refused.html", form=form if code else None, thanked=told)
    told = declining.tell_why(house(), code, form.reason.data or "")
    doors.forget_declined()
    return redirect("/merci?told=1" if told else "/merci", 303)
