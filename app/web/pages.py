"""What every page needs: the house behind the request, and the names that templates use."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

import nh3
from flask import Flask, current_app, g
from flask_babel import to_user_timezone
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.domain.dates import spoken_date
from app.domain.errors import BadInput
from app.domain.text import NO_TERMS, Text, fill
from app.web.language import current
from app.workflows.acting import Actor, House

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False})
_TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "br"}


def house() -> House:
    """The house that this application serves, as the account signed in may see it."""
    found = cast(House, current_app.extensions["covalue"])
    actor: Actor | None = g.get("actor")
    if actor is None:
        return found
    if g.get("house_of") is not actor:
        g.house, g.house_of = found.seen_by(actor.reach), actor
    return cast(House, g.house)


def register(app: Flask) -> None:
    """Give templates the filters and globals that all pages share."""
    app.jinja_env.filters.update(text=in_language, markdown=markdown)
    app.jinja_env.globals.update(house=house)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def in_language(text: Text | dict[str, str], terms: dict[str, str] | None = None) -> str:
    """A text in the language of the page, with local names filled in. Plain, to be escaped."""
    if isinstance(text, dict):
        text = Text.of(text)
    return fill(text.in_(current()), terms or NO_TERMS)


def day(moment: date) -> str:
    """A day in words, as in print: ``29 November 2026``; of a moment, by the page’s clock."""
    here = to_user_timezone(moment).date() if isinstance(moment, datetime) else moment
    return spoken_date(here.isoformat()).in_(current())


def problems_of(refusal: BadInput) -> dict[str, str]:
    """What is wrong by field, with what to do, in the language of the page."""
    return {
        fault.place: f"{in_language(fault.reason)} {in_language(fault.remedy)}"
        for fault in refusal.faults
    }


def markdown(wording: str) -> Markup:
    """Emphasis, lists and links of a questionnaire's text as clean HTML."""
    return Markup(nh3.clean(_markdown.render(wording), tags=_TAGS, link_rel="noreferrer"))


def inline(wording: str) -> Markup:
    """Emphasis and links of one line, such as a question or an option, as clean HTML."""
    rendered = _markdown.renderInline(wording)
    return Markup(nh3.clean(rendered, tags={"em", "strong", "a"}, link_rel="noreferrer"))
