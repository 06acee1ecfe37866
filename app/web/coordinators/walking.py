"""Test mode of a draft: every page with answers that lead to it, tried by machine."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.domain.walks import walked, without_variant
from app.web.coordinators.building import BASE, frame, opened
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters


@blueprint.get(f"{BASE}/walk")
@enters(Verb.QUESTIONNAIRE_DRAFT)
def build_walk(draft_id: int) -> ResponseReturnValue:
    """Walk all paths; nothing is kept, and no answer enters any data."""
    shown = opened(draft_id)
    pages = walked(shown.whole)
    return render_template(
        "coordinators/walk.html",
        **frame(shown),
        pages=pages,
        never=[each for each in pages if each.by is None and not each.untried],
        same_words=without_variant(shown.whole),
        here="walk",
    )
