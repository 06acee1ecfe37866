"""The blueprint of the evaluators' pages, and how a view finds the release that it shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template
from flask_babel import format_date

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.storage.published import published
from app.web.evaluators.reading import Reading
from app.web.language import current
from app.web.pages import house
from app.workflows.acting import Actor

blueprint = Blueprint(
    "evaluators", __name__, url_prefix="/office/results", template_folder="templates"
)


def reading_of(release_id: int) -> Reading:
    """The release as far as the actor may see it. Raises NotFound."""
    actor: Actor = g.actor
    seen = published(house().database, actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    return Reading(seen.within(actor.scope(Verb.RELEASE_VIEW)), current())


def page(template: str, reading: Reading, **values: Any) -> str:
    """A page of a release; ``r`` is the release as it is read."""
    return render_template(f"evaluators/{template}", r=reading, **values)


@blueprint.app_template_filter("longdate")
def longdate(moment: datetime) -> str:
    """A date as the page's language writes it."""
    return str(format_date(moment, "long"))


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(words: str) -> str:
    """The words with a capital at the start, and nothing else changed."""
    return words[:1].upper() + words[1:]
