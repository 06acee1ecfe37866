"""Test mode of a draft: every page with answers that lead to it, tried by machine."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.answers import Value
from app.domain.conditions import Compare, Condition, Includes
from app.domain.permissions import Verb
from app.domain.questionnaire import Page
from app.domain.reference_checks import conditions_of
from app.domain.values import plain_number
from app.domain.walks import walked, way_to, without_variant
from app.web.condition_words import Asked, asked_in, condition_words
from app.web.coordinators.building import BASE, frame, opened
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters


@blueprint.get(f"{BASE}/walk")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_walk(draft_id: int) -> ResponseReturnValue:
    """Walk all paths; nothing is kept, and no answer enters any data. ``to``: the page whose
    example is shown as a whole path."""
    shown = opened(draft_id)
    pages, asked = walked(shown.whole), asked_in([shown.whole])
    chosen = next((each for each in pages if each.page.code == request.args.get("to")), None)
    return render_template(
        "coordinators/walk.html",
        **frame(shown),
        pages=pages,
        never=[each for each in pages if each.by is None and not each.untried],
        same_words=without_variant(shown.whole),
        conditions=lambda page: list(_conditions(page, asked)),
        answer_words=lambda item, value: condition_words(_given(item, value), asked),
        chosen=chosen,
        way=way_to(shown.whole, chosen) if chosen else (),
        here="walk",
    )


def _conditions(page: Page, asked: Asked) -> Iterator[tuple[str, str]]:
    """What the page says of when something on it is asked: the code, and the sentence."""
    for code, condition in dict.fromkeys(conditions_of(page)):
        yield code, condition_words(condition, asked)


def _given(item: str, value: Value) -> Condition:
    """An answer as the condition that it fulfils."""
    if isinstance(value, tuple):
        return Includes(item, value, every=True)
    return Compare(item, "=", value if isinstance(value, str) else plain_number(value))
