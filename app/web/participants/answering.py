"""The question pages: shown, saved, shown again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app.domain.errors import Unavailable
from app.domain.questionnaire import Kind
from app.domain.routing import ShownPage, ShownQuestion
from app.storage.database import now
from app.storage.instruments import kept
from app.web import language
from app.web.crowd import full
from app.web.pages import house
from app.web.participants import doors, page_form
from app.web.participants.choices import changed, remember
from app.web.participants.display import page
from app.web.participants.doors import participant
from app.web.participants.question_page import Shown, html
from app.web.participants.review import clash_rows
from app.web.participants.room import blueprint
from app.workflows.carried import Carried
from app.workflows.clearing import Cleared, chosen, clear_page
from app.workflows.collect import Again, Clash, Moved, Sent, answer_page
from app.workflows.listing import entry_with, remove_entry
from app.workflows.onward import PART, SUPPORT
from app.workflows.standing import CHECK, RECEIPT, WORD, Standing, mark, standing, stay

ADDRESS = {CHECK: "/verifier", RECEIPT: "/recu", WORD: "/mot"}
JUST_NOW = timedelta(minutes=10)
STOPS = {PART: "/partie/", SUPPORT: "/soutien/"}


def address_of(to: str) -> str:
    """The address of a page, or of one of the places that a save may lead to."""
    for stop, address in STOPS.items():
        if to.startswith(stop):
            return address + to.removeprefix(stop)
    return ADDRESS.get(to) or f"/r/{to}"


def here(found: Standing) -> str:
    """Where somebody goes on: the first open page, or the check of the answers."""
    return address_of(found.open.code if found.open else CHECK)


@blueprint.get("/r")
@participant
def onward() -> ResponseReturnValue:
    """To the first page that waits for an answer."""
    return redirect(here(doors.current()), 303)


@blueprint.get("/r/<code>")
@participant
def question(code: str) -> ResponseReturnValue:
    """A question page, if it is on the path and this session may see it."""
    found = doors.current()
    asked = found.path.page(code)
    if asked is None or _ahead(found, code):
        return redirect(here(found), 303)
    if found.hides(asked):
        return redirect("/mot", 303)
    return make_response(html(shown_at(found, asked, page_form.new_key())))


def _ahead(found: Standing, code: str) -> bool:
    """Whether the page comes after one that is still open."""
    return found.open is not None and (
        found.path.position[code] > found.path.position[found.open.code]
    )


def shown_at(found: Standing, asked: ShownPage, key: str) -> Shown:
    """A page of the path as it comes, with what was answered."""
    before = found.path.before(asked.code)
    back = before.code if before and not found.hides(before) else ""
    return Shown(
        found.frozen,
        asked,
        found.role,
        found.answers,
        key,
        back=back,
        to_check=_to_check(),
        told=found.told,
        view=found.view_at(asked.code),
        clears=() if found.hides(asked) else chosen(asked, found.answers),
    )


def _to_check() -> bool:
    """Whether the page is one to change before sending: there it leads back."""
    if request.method == "POST":
        return request.form.get("form-check") == "1"
    return bool(request.query_string) and request.args.get("from") == CHECK


@blueprint.post("/r/<code>")
@participant
def answer(code: str) -> ResponseReturnValue:
    """Save a page, and go where the answer leads."""
    if full():
        return _not_saved(code)
    try:
        return _answered(code)
    except Unavailable:
        return _not_saved(code)


def _answered(code: str) -> ResponseReturnValue:
    found = doors.current()
    asked_page = found.frozen.questionnaire.page_by_code.get(code)
    if asked_page is None:
        raise NotFound
    if "remove" in request.form or "remove-sure" in request.form:
        return _removed(found, code)
    given = page_form.given(asked_page, request.form, request.files)
    sent = replace(page_form.sent_by(given), lang=language.current())  # before it is switched
    if "clear" in request.form:
        return _cleared(clear_page(house(), found, code, sent), sent)
    switched, pausing = changed(), request.form.get("go") == "pause"
    outcome = answer_page(house(), found, code, sent)
    if isinstance(outcome, Moved):
        return _gone(outcome, code, switched=switched, pausing=pausing)
    if isinstance(outcome, Clash):
        return _clash(outcome)
    if pausing and not _anything(sent):
        return redirect("/pause", 303)
    return again(outcome, sent, quiet=switched)


@blueprint.post("/present")
@participant
def present() -> ResponseReturnValue:
    """Somebody is still before the shared screen."""
    stay(house(), doors.current(sent=True))
    return "", 204


def send_carried(secret: str, carried: Carried) -> ResponseReturnValue:
    """Save what was typed before the session was over, and go where the answer leads."""
    fields = MultiDict((name, one) for name, values in carried.fields.items() for one in values)
    found = standing(house(), secret, str(fields.get("form-key", ""))[:40])
    asked_page = found.frozen.questionnaire.page_by_code.get(carried.page)
    if asked_page is None:
        return redirect(here(found), 303)
    sent = replace(page_form.sent_by(page_form.given(asked_page, fields)), carried=True)
    if "clear" in fields:
        return _cleared(clear_page(house(), found, carried.page, sent), sent)
    outcome = answer_page(house(), found, carried.page, sent)
    if isinstance(outcome, Again):
        return again(outcome, sent, quiet=False)
    return redirect(address_of(outcome.to) if isinstance(outcome, Moved) else here(found), 303)


def _removed(found: Standing, code: str) -> ResponseReturnValue:
    """An entry of a list is taken off, once the person has said so twice."""
    number = request.form.get("remove", "")
    shown = found.path.page(code)
    if not number:
        key = request.form.get("form-key", "")[:40] or page_form.new_key()
        to = remove_entry(house(), found, code, request.form.get("remove-sure", ""), key)
        return redirect(f"/r/{to}", 303)
    name = entry_with(found, shown, number) if shown and not found.hides(shown) else None
    if name is None:
        return redirect(f"/r/{code}", 303)
    called = found.answers[name.code].value
    return page("remove.html", code=code, number=number, called=called, key=page_form.new_key())


def _gone(outcome: Moved, code: str, *, switched: bool, pausing: bool) -> ResponseReturnValue:
    to = "/pause" if pausing else f"/r/{code}" if switched else address_of(outcome.to)
    return remember(redirect(to, 303))


def _anything(sent: Sent) -> bool:
    return any(not given.empty or given.why for given in sent.submitted.values())


def again(outcome: Again, sent: Sent, *, quiet: bool) -> Response:
    """The same page with what was typed, the same key, and what is to be mended.

    ``quiet``: only the language or the look was changed, so nothing is held against the person.
    """
    shown = shown_at(outcome.standing, outcome.page, sent.key)
    faults, reminders = ((), ()) if quiet else (outcome.faults, outcome.reminders)
    made = Shown(
        **{**vars(shown), "values": sent.submitted, "faults": faults, "reminders": reminders}
    )
    return remember(make_response(html(made), 200 if quiet else 422))


def _cleared(outcome: Moved | Cleared, sent: Sent) -> ResponseReturnValue:
    if isinstance(outcome, Moved):
        return redirect(address_of(outcome.to), 303)
    return cleared(outcome, sent)


def cleared(outcome: Cleared, sent: Sent) -> Response:
    """The page again without what was chosen; what else was typed there still waits on it."""
    found, asked = outcome.standing, outcome.page
    shown = shown_at(found, asked, page_form.new_key())
    stored, choices = shown.filling.values, asked.one_choice_items
    typed = {item: one for item, one in sent.submitted.items() if item not in choices}
    seen = {item: mark(found.answers.get(item)) for item in shown.marked}
    seen |= {item: one for item, one in sent.seen.items() if item in seen and item in typed}
    made = replace(
        shown,
        values=typed | {item: stored[item] for item in outcome.stayed},
        seen=page_form.written(seen),
        cleared="stayed" if outcome.stayed else "done",
    )
    return remember(make_response(html(made), 409 if outcome.stayed else 200))


def _clash(outcome: Clash) -> Response:
    found = outcome.standing
    return page(
        "clash.html",
        409,
        rows=clash_rows(outcome),
        other_device=outcome.on_another_device,
        just_now=now() - outcome.at < JUST_NOW,
        at=outcome.at,
        code=outcome.page.code,
        key=page_form.new_key(),
        seen=page_form.marks(outcome.page.item_codes, found.answers),
        sent=[
            (name, value) for name, value in request.form.items(multi=True) if name.startswith("q-")
        ],
        here=here(found),
    )


def _not_saved(code: str) -> Response:
    """Nothing could be committed: the same page, made from what was sent, with the same key."""
    checksum, role, programme, territory = (
        *request.form.get("form-frame", "").split(".")[:4],
        *("", "", "", ""),
    )[:4]
    frozen = kept(house().folder, checksum)
    asked_page = frozen.questionnaire.page_by_code.get(code) if frozen else None
    if frozen is None or asked_page is None:
        raise Unavailable
    if programme.isdecimal() and len(programme) < 10:
        g.place = (int(programme), territory[:32])
    form = page_form.given(asked_page, request.form)
    sent = page_form.sent_by(form)
    items = page_form.items_in(form.seen)
    questions = tuple(
        ShownQuestion(question, tuple(row for row in question.rows if row.code in items))
        for question in asked_page.questions
        if question.kind is Kind.INFORMATION or items.intersection(question.item_codes)
    )
    shown_page = ShownPage(asked_page, questions)
    made = Shown(
        frozen,
        shown_page,
        "proxy" if role == "proxy" else "self",
        {},
        sent.key,
        to_check=sent.to_check,
        values=sent.submitted,
        away=True,
        seen=form.seen,
        clears=shown_page.one_choice_items if "clear" in request.form else (),
    )
    response = make_response(html(made), 503)
    response.headers["Retry-After"] = "5"
    return response
