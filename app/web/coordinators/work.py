"""My work: drafts, what awaits me, waves in the field, what ends soon; by territory."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.web.coordinators.definition_words import AUDIENCES
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows.my_work import my_work


@blueprint.get("/work")
@enters(Verb.QUESTIONNAIRE_VIEW)
def work() -> ResponseReturnValue:
    """What waits for the account signed in."""
    with house().database.read() as session:
        found = my_work(session, g.actor)
    return render_template(
        "coordinators/work.html",
        work=found,
        audiences=AUDIENCES,
        decides=g.actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION),
    )
