"""A national question in a territory's builder: to be read and adapted, never changed here."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.composition import whole_questions
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.storage import reviews
from app.storage.accounts import names_of
from app.web.condition_words import asked_in, condition_words
from app.web.coordinators.build_shown import Board
from app.web.coordinators.building import BASE, FRAMED, frame, opened
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import core_wishes


@blueprint.post(f"{BASE}/q/<code>/wish")
@enters(Verb.QUESTIONNAIRE_COMMENT)
def build_wish(draft_id: int, code: str) -> ResponseReturnValue:
    """Ask the nation for a change in a question of the core, or answer who asked."""
    try:
        core_wishes.say(house(), g.actor, draft_id, code, request.form.get("words", ""))
    except BadInput as refusal:
        return locked_page(opened(draft_id), code, refusal.faults, 422)
    return redirect(url_for(".build_question", draft_id=draft_id, code=code) + "#wish", 303)


def locked_page(
    shown: Board, code: str, faults: tuple[Fault, ...] = (), status: int = 200
) -> ResponseReturnValue:
    """The question of the core with this code, why it is locked, and what a territory can do.

    Raises NotFound where the draft is no module, or its core does not ask this.
    """
    core = shown.desk.around.cores.get(getattr(shown.desk.row, "audience", ""))
    question = whole_questions(core.pages).get(code) if shown.module and core else None
    if question is None:
        raise NotFound
    pages = shown.whole.pages  # none of them asks what the module replaces
    page = next((each for each in pages if any(one.code == code for one in each.questions)), None)
    with house().database.read() as session:
        said = core_wishes.said_of(reviews.comments(session, shown.draft_id), code)
        people = names_of(session, {each.said_by for each in said if each.said_by is not None})
    page_html = render_template(
        "coordinators/build_locked.html",
        **frame(shown),
        question=question,
        page=page,
        when=question.shown_when and condition_words(question.shown_when, asked_in([shown.whole])),
        said=said,
        people=people,
        may_say=g.actor.may(Verb.QUESTIONNAIRE_COMMENT, shown.desk.row.territory),
        faults=faults,
        here=code,
    )
    return page_html, status, {"Content-Security-Policy": FRAMED}
