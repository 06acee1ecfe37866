"""The blueprint of the evaluators' pages, and how a view finds the release that it shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template
from flask_babel import format_date

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.storage.published import published
from app.web.evaluators.filters import LEGENDS, SINGLE, chosen_on_page, fields_of_page
from app.web.evaluators.reading import Reading
from app.web.language import current
from app.web.pages import house
from app.workflows.acting import Actor

blueprint = Blueprint(
    "evaluators", __name__, url_prefix="/office/results", template_folder="templates"
)


def reading_of(release_id: int, *offered: str) -> Reading:
    """The release as far as the actor may see it, narrowed down by what the address says of the
    fields that the page offers. Raises NotFound, BadInput."""
    actor: Actor = g.actor
    seen = published(house().database, actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    seen = seen.within(actor.scope(Verb.RELEASE_VIEW))
    return Reading(seen, current(), chosen_on_page(seen, offered), offered)


def page(template: str, reading: Reading, **values: Any) -> str:
    """A page of a release; ``r`` is the release as it is read."""
    filters = {"fields": fields_of_page(reading), "legends": LEGENDS, "single": SINGLE}
    return render_template(f"evaluators/{template}", r=reading, filters=filters, **values)


@blueprint.app_template_filter("longdate")
def longdate(moment: datetime) -> str:
    """A date as the page's language writes it."""
    return str(format_date(moment, "long"))


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(words: str) -> str:
    """The words with a capital at the start, and nothing else changed."""
    return words[:1].upper() + words[1:]
