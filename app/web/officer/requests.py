"""Requests of access and erasure: written down, confirmed by a second person, carried out."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app.domain.answer_files import spoken_file
from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.web.entrance import enters
from app.web.officer.access_words import moment, person_rows, sitting_rows
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, in_language, problems_of
from app.workflows import rights_requests as acts
from app.workflows.acting import Actor

WORDS = {
    "access": _l("See what is kept"),
    "erase": _l("Erase what is kept"),
}


@blueprint.get("/requests")
@enters(Verb.RIGHTS_CONFIRM)
def requests() -> ResponseReturnValue:
    """Every request, with its last day and what comes next."""
    return _page()


@blueprint.post("/requests")
@enters(Verb.RESPONSE_ACCESS)
def request_ask() -> ResponseReturnValue:
    """Write a request down."""
    sent = request.form
    kind = next((each for each in acts.KINDS if each == sent.get("kind")), None)
    if kind is None:
        raise BadRequest
    words = (sent.get(name, "").strip() for name in ("wave", "reference", "checked"))
    try:
        acts.ask(house(), g.actor, kind, *words)
    except BadInput as refusal:
        return _page(problems=problems_of(refusal)), 422
    except NotFound:
        return _page(
            problems={
                "reference": _("Nobody has this reference in this wave. Correct one of the two.")
            }
        ), 422
    return redirect(url_for("officer.requests"), 303)


@blueprint.post("/requests/<int:number>/confirm")
@enters(Verb.RIGHTS_CONFIRM)
def request_confirm(number: int) -> ResponseReturnValue:
    """The second person's word."""
    try:
        acts.confirm(house(), g.actor, number)
    except Conflict as refusal:
        return _page(problems={"requests": in_language(refusal.message)}), 409
    return redirect(url_for("officer.requests"), 303)


@blueprint.post("/requests/<int:number>")
@enters(Verb.RESPONSE_ACCESS)
def request_carry_out(number: int) -> ResponseReturnValue:
    """Show what is kept, as a page to print or as a file; or erase it."""
    try:
        told = acts.carried_out(house(), g.actor, number)
    except Conflict as refusal:
        return _page(problems={"requests": in_language(refusal.message)}), 409
    if told is None:
        return redirect(url_for("officer.requests"), 303)
    if request.form.get("form") == "json":
        content = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        answer = Response(content, mimetype="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="access.json"'
        return answer
    return render_template(
        "officer/access.html",
        told=told,
        number=number,
        said=_said,
        person_rows=person_rows,
        sitting_rows=sitting_rows,
        moment=moment,
    )


def _said(answer: dict[str, Any]) -> str:
    """An answer in words: its options by their texts."""
    if answer["without_answer"] is not None:
        return str(_("no answer"))
    if "file" in answer:
        file = in_language(spoken_file(answer["answer"]))
        return str(_("%(file)s: the file itself is in the download", file=file))
    options = answer["options"]
    value = answer["answer"]
    values = value if isinstance(value, list | tuple) else [value]
    told = [
        in_language(Text.of(options[str(one)])) if str(one) in options else str(one)
        for one in values
    ]
    return ", ".join(told) + (f" – {answer['beside']}" if answer["beside"] else "")


def _page(**values: Any) -> str:
    actor: Actor = g.actor
    return render_template(
        "officer/requests.html",
        found=acts.requests(house(), actor),
        words=WORDS,
        may_ask=actor.may(Verb.RESPONSE_ACCESS),
        actor=actor,
        sent=request.form,
        paris=PARIS,
        **({"problems": {}} | values),
    )
