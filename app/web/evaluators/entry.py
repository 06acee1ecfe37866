"""The blueprint of the evaluators' pages, and how a view finds the release that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, cast

from flask import Blueprint, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.storage.published import published
from app.storage.releases import state_of
from app.web.evaluators.filters import (
    LEGENDS,
    SINGLE,
    chosen_on_page,
    fields_of_page,
    links_of_page,
)
from app.web.evaluators.reading import Reading
from app.web.kept import Gap, cut, fill, gap, pages
from app.web.language import current
from app.web.pages import day, house
from app.web.sessions import token
from app.workflows.acting import Actor

View = Callable[..., ResponseReturnValue]
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


def kept(view: View) -> View:
    """Make a page of a release once for all with the same rights: it changes only with its state.

    Kept is nothing of who reads it: name and token are gaps. What is drawn for everybody, and an
    address that could be taken for a gap, are made anew.
    """

    @wraps(view)
    def shown(**asked: Any) -> ResponseReturnValue:
        if "public" in g or "%00" in request.full_path:
            return view(**asked)
        actor: Actor = g.actor
        database = current_app.extensions["covalue"].database  # asks for nothing of a territory
        state = state_of(database, actor.programme_id, asked["release_id"])
        key = ("results", request.full_path, state, current(), actor.rights)
        parts = pages().found(key)
        if parts is not None:
            return fill(parts, _of_reader(actor))
        g.actor, g.gaps = replace(actor, name=gap("name")), {"csrf_token": lambda: gap("csrf")}
        try:
            answer = cast("str | tuple[str, int]", view(**asked))
        finally:
            g.actor = actor
        html, status = answer if isinstance(answer, tuple) else (answer, 200)
        parts = cut(html)
        if status == 200:
            pages().keep(key, parts)
        return fill(parts, _of_reader(actor)), status

    return shown


def _of_reader(actor: Actor) -> Callable[[Gap], str]:
    return lambda found: token() if found == ("csrf",) else str(escape(actor.name))


def page(template: str, reading: Reading, **values: Any) -> str:
    """A page of a release; ``r`` is the release as it is read."""
    values |= g.get("gaps", {})
    filters: dict[str, Any] = {"legends": LEGENDS, "single": SINGLE}
    filters["fields"] = fields_of_page(reading)
    filters["links"] = links_of_page(reading) if "public" in g else ()
    return render_template(f"evaluators/{template}", r=reading, filters=filters, **values)


@blueprint.app_template_filter("longdate")
def longdate(moment: datetime) -> str:
    """A date as the page's language writes it."""
    return day(moment)


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(words: str) -> str:
    """The words with a capital at the start, and nothing else changed."""
    return words[:1].upper() + words[1:]
