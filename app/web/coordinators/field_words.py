"""Words of the pages on waves, sample and field work, and what these pages share."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l

from app.domain.fieldwork import Disposition
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.web.pages import in_language
from app.workflows.acting import Actor

AUDIENCES: dict[str, Any] = {
    Audience.ELDERLY: _l("elderly people"),
    Audience.FAMILY: _l("family carers"),
    Audience.PROFESSIONAL: _l("professionals"),
}
STATES: dict[str, Any] = {
    "planned": _l("planned"),
    "open": _l("open"),
    "closed": _l("closed"),
}
DISPOSITIONS: dict[str, Any] = {
    Disposition.REFUSED: _l("refused"),
    Disposition.MOVED: _l("moved away"),
    Disposition.DECEASED: _l("deceased"),
    Disposition.IN_HOSPITAL: _l("in hospital"),
    Disposition.INELIGIBLE: _l("not concerned by the survey"),
    Disposition.ASKED_PAPER: _l("asked for paper"),
    Disposition.LETTER_RETURNED: _l("letter returned"),
    Disposition.DO_NOT_CONTACT: _l("do not contact again"),
}
DECLINED: dict[str, Any] = {
    "no_time": _l("no time"),
    "not_well": _l("not well enough"),
    "screen": _l("a screen is hard"),
    "private": _l("wants to keep it private"),
    "no_use": _l("sees no use"),
    "not_concerned": _l("not concerned"),
    "other": _l("another reason"),
}
STAGES: dict[str, Any] = {
    "invited": _l("Invited"),
    "opened": _l("Opened"),
    "consented": _l("Agreed"),
    "submitted": _l("Sent"),
    "refused": _l("Refused"),
}
CHANNELS: dict[str, Any] = {
    "web": _l("web"),
    "web_assisted": _l("visit"),
    "paper": _l("paper"),
    "phone": _l("telephone"),
    "import": _l("import"),
}
JOB_KINDS: dict[str, Any] = {
    "letters": _l("Letters"),
    "papers": _l("Paper questionnaires"),
    "responses": _l("Import of responses"),
    "sample": _l("Import of a sample"),
    "release": _l("Release of results"),
    "extract": _l("Answers without names"),
    "weighting": _l("Weights of the answers"),
}
JOB_STATES: dict[str, Any] = {
    "waiting": _l("waiting"),
    "running": _l("running"),
    "stopping": _l("being stopped"),
    "done": _l("finished"),
    "failed": _l("not done"),
    "cancelled": _l("halted"),
}


def actor() -> Actor:
    """Who is signed in; views behind ``enters`` have somebody."""
    found: Actor = g.actor
    return found


def places(verb: Verb) -> dict[str, str]:
    """Names of the territories, by code, in which the actor may do this."""
    scope = actor().scope(verb)
    return {
        code: in_language(territory.name)
        for code, territory in actor().territories.items()
        if code in scope and code != NATION
    }


def names() -> dict[str, str]:
    """The name of every territory by its code."""
    return {code: in_language(place.name) for code, place in actor().territories.items()}
