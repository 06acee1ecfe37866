"""What was answered before: the check of the answers, and the return words that open it."""

from __future__ import annotations

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from app.domain.questionnaire import Audience
from app.web.kept import gap
from app.web.pages import house
from app.web.participants import doors, forms, page_form
from app.web.participants.answering import here
from app.web.participants.choices import changed
from app.web.participants.display import page, same_page
from app.web.participants.doors import participant
from app.web.participants.review import own_words, review
from app.web.participants.room import blueprint
from app.workflows.leaving import see_earlier


@blueprint.get("/verifier")
@participant
def check() -> ResponseReturnValue:
    """All answers by section, each with its way to change it."""
    found = doors.current()
    if found.open is not None:
        return redirect(here(found), 303)
    covered = request.args.get("cover") == "1"
    ends = found.held.audience != Audience.PROFESSIONAL
    beside = bool(g.get("assisted")) or found.role == "helped"
    return same_page(
        "check.html",
        *(found.frozen.checksum, found.role, ends, beside, covered),
        own={"key": page_form.new_key(), **own_words(found, covered=covered)},
        sections=lambda: review(found),
        words=lambda what, item: gap(f"{what} {item}"),
        ends=ends,
        beside=beside,
        covered=covered,
    )


@blueprint.route("/mot", methods=["GET", "POST"])
@participant
def words() -> ResponseReturnValue:
    """The return words open what was answered before."""
    found = doors.current()
    form = forms.WordForm(request.form)
    if found.held.sees_earlier:
        return redirect(here(found), 303)
    if request.method != "POST" or changed():
        return page("words.html", form=form, outcome=None, here=here(found))
    outcome = see_earlier(house(), doors.secret(), form.words.data or "")
    if outcome == "right":
        return redirect("/verifier", 303)
    status = 429 if outcome == "throttled" else 422
    return page("words.html", status, form=form, outcome=outcome, here=here(found))
