"""After an incident: whom and what it touched, as the log says it, and a draft of the notice."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.deed_words import said_of
from app.domain.permissions import Verb
from app.storage.database import now
from app.web.entrance import enters
from app.web.language import current
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house
from app.workflows import breaches
from app.workflows.acting import Actor


@blueprint.get("/breach")
@enters(Verb.AUDIT_READ)
def breach() -> ResponseReturnValue:
    """A window of time, an account, a territory: persons and categories touched."""
    actor: Actor = g.actor
    since, until = _moment("since"), _moment("until")
    territory = request.args.get("territory", "")
    asked = since is not None and until is not None and since < until
    found = None
    if since is not None and until is not None and asked:
        account = request.args.get("account", type=int)
        found = breaches.touched(house(), actor, since, until, account, territory or None)
    return render_template(
        "officer/breach.html",
        found=found,
        draft=None if found is None else breaches.draft(found, now(), current()),
        wrong=bool(request.args) and not asked,
        accounts=breaches.accounts(house(), actor),
        territories=sorted(actor.scope(Verb.AUDIT_READ)),
        values=request.args,
        said_of=said_of,
        paris=PARIS,
    )


def _moment(name: str) -> datetime | None:
    """What was written in a field of date and time, as Paris says it."""
    try:
        written = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return (written if written.tzinfo else written.replace(tzinfo=PARIS)).astimezone(UTC)
