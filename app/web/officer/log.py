"""The audit log: its entries, the state of its chain, and its verification."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.deed_words import ACT_WORDS, said_of
from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, in_language
from app.workflows import auditing
from app.workflows.acting import Actor
from app.workflows.looks_drawn import LOOKS

KINDS = {
    "altered": _l("An entry was altered."),
    "missing": _l("An entry is missing."),
    "inserted": _l("An entry was put in afterwards."),
    "reordered": _l("Entries have changed places."),
    "truncated": _l("The end of the log was cut off."),
    "re-keyed": _l("The log was written anew: it is not what was published."),
}
WHY = {  # as the page that asks has it (coordinators.looking)
    "": "–",
    "inviting": _l("inviting, reminding, visiting"),
    "asked": _l("somebody called or wrote"),
    "undelivered": _l("a letter or message came back"),
    "rights": _l("somebody asked about their data"),
    "checking": _l("checking the sample"),
    "other": _l("another reason"),
}
ORIGINS = {
    "web": _l("pages"),
    "api": _l("API"),
    "cli": _l("command"),
    "job": _l("background work"),
    "participant": _l("participant"),
}


@blueprint.get("")
@enters(Verb.AUDIT_READ)
def log() -> ResponseReturnValue:
    """Entries, newest first; ``act`` keeps those of an act, ``before`` turns the page."""
    return _page()


@blueprint.post("/verify")
@enters(Verb.AUDIT_READ)
def verify() -> ResponseReturnValue:
    """Check the log, now: all of it, or what came since the worker did. That is recorded too."""
    return _page(asked=True, checked=auditing.check(house(), g.actor))


def _page(**values: Any) -> str:
    actor: Actor = g.actor
    word = request.args.get("act", "")[:60]
    sitting = request.args.get("sitting", "")[:60]
    before = request.args.get("before", type=int)
    found = auditing.read(house(), actor, before, word, sitting)
    return render_template(
        "officer/log.html",
        log=found,
        word=word,
        sitting=sitting,
        before=before,
        last=found.entries[-1].id if len(found.entries) == auditing.PAGE else None,
        acts=sorted(ACT_WORDS, key=lambda act: in_language(ACT_WORDS[act])),
        kind_words=KINDS,
        origin_words=ORIGINS,
        said_of=said_of,
        looks=LOOKS,
        why_words=WHY,
        paris=PARIS,
        **({"asked": False, "checked": None} | values),
    )
