"""Codes for trying a draft, page by page: made, told once, taken back."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, Fault
from app.domain.permissions import Verb
from app.protection.codes import printed
from app.web.coordinators.building import BASE, frame, opened
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import trials

PERSONAS = {
    "self": _l("the person"),
    "proxy": _l("somebody in the person’s place"),
    "no_script": _l("the person, in a browser without script"),
    "large": _l("the person, in very large letters"),
}


@blueprint.get(f"{BASE}/trials")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_trials(draft_id: int) -> ResponseReturnValue:
    """The codes there are, how far each trial went, and how to make more."""
    return _page(draft_id)


def _page(
    draft_id: int, made: tuple[str, ...] = (), faults: tuple[Fault, ...] = (), status: int = 200
) -> ResponseReturnValue:
    shown = opened(draft_id)
    with house().database.read() as session:
        found = trials.trials_of(session, g.actor, draft_id)
    page = render_template(
        "coordinators/trials.html",
        **frame(shown),
        trials=found,
        made=[printed(code) for code in made],
        faults=faults,
        personas=PERSONAS,
        address=f"{house().office_url}{url_for('trial.door')}",
        most=trials.MOST,
        here="trials",
    )
    return page, status


@blueprint.post(f"{BASE}/trials")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_make_trials(draft_id: int) -> ResponseReturnValue:
    """New codes, shown on this one page."""
    count = request.form.get("count", "")
    try:
        made = trials.make_codes(
            house(),
            g.actor,
            draft_id,
            request.form.get("persona", ""),
            int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0,
        )
    except BadInput as refusal:
        return _page(draft_id, (), refusal.faults, 422)
    return _page(draft_id, made, status=201)


@blueprint.post(f"{BASE}/trials/removed")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_remove_trials(draft_id: int) -> ResponseReturnValue:
    """All codes of the draft are taken back."""
    trials.remove_codes(house(), g.actor, draft_id)
    return redirect(url_for(".build_trials", draft_id=draft_id), 303)
