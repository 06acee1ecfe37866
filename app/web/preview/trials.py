"""Trying a whole draft with a code: the participants' pages, one after the other, on trial.

The staff's surface serves it, so that the participants' process knows nothing of trials.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from apiflask import APIBlueprint
from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.interchange.sounds import media_type
from app.storage.recordings import recorded_sound
from app.web import language
from app.web.entrance import open_to
from app.web.headers import POLICY
from app.web.pages import house
from app.web.participants import page_form
from app.web.participants.answering import again, cleared, shown_at
from app.web.participants.choices import changed, remember
from app.web.participants.display import frame
from app.web.participants.forms import CodeForm
from app.web.participants.question_page import html
from app.web.participants.review import review
from app.web.participants.ways import Ways
from app.workflows import trials
from app.workflows.collect import Again, Clash, Moved, Sent
from app.workflows.entering import Door
from app.workflows.onward import PART, SUPPORT
from app.workflows.standing import CHECK, SessionEnded
from app.workflows.trials import PERSONAS, Trying

blueprint = APIBlueprint(
    "trial",
    __name__,
    url_prefix="/office/trial",
    template_folder="templates",
    enable_openapi=False,  # the description of the API asks it of whoever acts before a request
)
_WITHOUT_SCRIPT = POLICY.replace("script-src 'self'", "script-src 'none'")


def _cookie() -> str:
    return "__Host-trial" if current_app.config["SESSION_COOKIE_SECURE"] else "trial"


@blueprint.before_request
def lead() -> None:
    """Through its questions a trial leads here; what is said of the service (help, legal notice)
    stands at the participants' own address."""
    g.ways = Ways(
        questions=f"{url_for('trial.onward')}/",
        recordings=f"{url_for('trial.door')}recordings/",
        service=house().public_url,
    )


@blueprint.errorhandler(SessionEnded)
def ended(_error: SessionEnded) -> ResponseReturnValue:
    """No trial goes on here: the code begins it anew."""
    return redirect(url_for("trial.door"), 303)


@blueprint.route("/", methods=["GET", "POST"])
@open_to("anyone")
def door() -> ResponseReturnValue:
    """Where a code of a trial is typed."""
    form = CodeForm(request.form)
    if request.method != "POST" or changed():
        return _page("trial_door.html", form=form, door=None)
    address = request.remote_addr or ""
    entered = trials.enter(house(), form.code.data or "", address, language.current())
    if isinstance(entered, Door):
        status = 429 if entered is Door.THROTTLED else 422
        return _page("trial_door.html", status, form=form, door=entered.value)
    response = make_response(redirect(url_for("trial.onward"), 303))
    response.set_cookie(
        _cookie(),
        entered,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response


def _secret() -> str:
    return request.cookies.get(_cookie(), "")


def _opened() -> Trying:
    found = trials.trying(house(), _secret())
    _role, size, _script = PERSONAS[found.trial.persona]
    g.place, g.trial = (found.trial.programme_id, found.trial.territory), found.trial
    if size and "look" not in g:
        g.look = size
    return found


@blueprint.get("/r")
@open_to("participant")
def onward() -> ResponseReturnValue:
    """To the first page that waits for an answer."""
    found = _opened()
    return _to(found.standing.open.code if found.standing.open else CHECK)


@blueprint.get("/r/<code>")
@open_to("participant")
def question(code: str) -> ResponseReturnValue:
    """A page on the path, as a participant gets it."""
    found = _opened()
    asked = found.standing.path.page(code)
    if asked is None:
        return _to("")
    return _sent_out(found, make_response(html(shown_at(found.standing, asked, _key()))))


@blueprint.post("/r/<code>")
@open_to("participant")
def answer(code: str) -> ResponseReturnValue:
    """What was typed is judged as a participant's, kept in the trial alone, and led on."""
    found = _opened()
    asked = found.standing.frozen.questionnaire.page_by_code.get(code)
    if asked is None:
        raise NotFound
    if number := request.form.get("remove", ""):
        trials.remove_entry(house(), _secret(), code, number)
        return _to(code)
    given = page_form.given(asked, request.form, request.files)
    sent = replace(page_form.sent_by(given), lang=language.current())
    if "clear" in request.form:
        return _cleared(found, code, sent)
    switched = changed()
    outcome = trials.answer(house(), _secret(), code, sent)
    if isinstance(outcome, Again):
        return _sent_out(found, again(outcome, sent, quiet=switched))
    if switched or isinstance(outcome, Clash):
        return remember(_to(code))
    if outcome.to.startswith((PART, SUPPORT)):  # a rest, or numbers to call: no page of the draft
        return _to(trials.trying(house(), _secret()).standing.after(code))
    return _to(outcome.to)


def _cleared(found: Trying, code: str, sent: Sent) -> ResponseReturnValue:
    outcome = trials.clear(house(), _secret(), code, sent)
    if isinstance(outcome, Moved):
        return _to(outcome.to)
    return _sent_out(found, cleared(outcome, sent))


@blueprint.get("/check")
@open_to("participant")
def check() -> ResponseReturnValue:
    """What was answered, and the end."""
    found = _opened()
    if found.standing.open is not None:
        return _to(found.standing.open.code)
    made = _page("trial_check.html", sections=review(found.standing), own_form=True)
    return _sent_out(found, made)


@blueprint.post("/end")
@open_to("participant")
def end() -> ResponseReturnValue:
    """The trial is over, and what was typed is gone."""
    if changed():
        return remember(redirect(url_for("trial.check"), 303))
    trials.end(house(), _secret())
    response = make_response(redirect(url_for("trial.over"), 303))
    response.delete_cookie(_cookie())
    return response


@blueprint.get("/recordings/<name>")
@open_to("anyone")  # it says what the page says
def recording(name: str) -> ResponseReturnValue:
    """A recording that was sent in; browsers ask for parts of it."""
    with house().database.read() as session:
        sound = recorded_sound(session, name)
    if sound is None:
        raise NotFound
    return send_file(BytesIO(sound), mimetype=media_type(sound), conditional=True)


@blueprint.route("/over", methods=["GET", "POST"])
@open_to("anyone")
def over() -> ResponseReturnValue:
    """Said once the trial is over; its button leads to the door."""
    if request.method != "POST":
        return _page("trial_over.html")
    return remember(redirect(url_for("trial.over" if changed() else "trial.door"), 303))


def _key() -> str:
    return page_form.new_key()


def _to(place: str) -> ResponseReturnValue:
    """To a page of the path, to the check, or to the first open page."""
    if place == CHECK:
        return redirect(url_for("trial.check"), 303)
    where = url_for("trial.question", code=place) if place else url_for("trial.onward")
    return redirect(where, 303)


def _page(template: str, status: int = 200, **values: object) -> Response:
    made = render_template(f"preview/{template}", **frame(), **values)
    return remember(make_response(made, status))


def _sent_out(found: Trying, response: Response) -> Response:
    """The page for this persona."""
    if not PERSONAS[found.trial.persona][2]:
        response.headers["Content-Security-Policy"] = _WITHOUT_SCRIPT
    return response
