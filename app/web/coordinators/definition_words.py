"""Words for what definitions are made of: audiences, kinds, classes of change, parts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from app.domain.checks import Level
from app.domain.differences import Difference, Severity
from app.domain.evidence import Evidence
from app.domain.frameworks import Relation
from app.domain.questionnaire import Audience, Kind, Why
from app.web.language import gettext as _

AUDIENCES: dict[str, Any] = {
    Audience.ELDERLY: _l("Elderly people"),
    Audience.FAMILY: _l("Family carers"),
    Audience.PROFESSIONAL: _l("Professionals"),
}
KINDS: dict[Kind, Any] = {
    Kind.CHOICE: _l("one choice"),
    Kind.CHOICES: _l("several choices"),
    Kind.RATING: _l("rating"),
    Kind.NUMBER: _l("number"),
    Kind.TEXT: _l("short text"),
    Kind.LONG_TEXT: _l("long text"),
    Kind.DATE: _l("date"),
    Kind.TIME: _l("time of day"),
    Kind.PLACE: _l("place"),
    Kind.FILE: _l("file"),
    Kind.BATTERY: _l("battery"),
    Kind.LIST: _l("list"),
    Kind.INFORMATION: _l("information"),
}
WAYS: dict[Why, Any] = {
    Why.DONT_KNOW: _l("Don’t know"),
    Why.PREFER_NOT: _l("Prefer not to say"),
    Why.NOT_CONCERNED: _l("Not concerned"),
    Why.SKIPPED: _l("Skipped"),
}
LEVELS: dict[Level, Any] = {
    Level.ERROR: _l("Blocks"),
    Level.WARNING: _l("To be seen"),
    Level.ADVICE: _l("Advice"),
}
SEVERITIES: dict[Severity, Any] = {
    Severity.PRESENTATION: _l("Presentation"),
    Severity.WORDING: _l("Wording"),
    Severity.ADDITIVE: _l("Addition"),
    Severity.BREAKING: _l("Break"),
}
SEVERITY_MEANS: dict[Severity, Any] = {
    Severity.PRESENTATION: _l("What is asked stays the same; figures remain comparable."),
    Severity.WORDING: _l("The same questions in other words; compare with care."),
    Severity.ADDITIVE: _l("Something more is asked; what was there keeps its meaning."),
    Severity.BREAKING: _l("Answers before and after are not the same thing."),
}
RELATIONS: dict[Relation, Any] = {
    Relation.KEPT: _l("kept"),
    Relation.ADAPTED: _l("adapted"),
    Relation.REWEIGHTED: _l("reweighted"),
    Relation.DROPPED: _l("dropped"),
    Relation.ADDED: _l("added"),
}
EVIDENCE: dict[Evidence, Any] = {
    Evidence.DOCUMENTED: _l("documented"),
    Evidence.ILLUSTRATIVE: _l("illustrative"),
}
_PARTS: dict[str, Any] = {
    "title": _l("title"),
    "introduction": _l("introduction"),
    "text": _l("wording"),
    "hint": _l("hint"),
    "why_we_ask": _l("why we ask"),
    "interviewer_note": _l("note for who reads out"),
    "unit": _l("unit"),
    "proxy": _l("answering for someone"),
    "shown_when": _l("condition"),
    "type": _l("kind of question"),
    "precision": _l("precision of the date"),
    "limits": _l("limits"),
    "accepts": _l("kinds of file"),
    "ways_out": _l("ways out"),
    "required": _l("reminder when empty"),
    "layout": _l("layout"),
    "sensitive": _l("sensitive"),
    "scan": _l("read by the camera"),
    "status": _l("state of the wording"),
    "source": _l("source"),
    "languages": _l("languages"),
    "sections": _l("order of the sections"),
    "slot": _l("slot"),
    "instead": _l("replaced in the territory by"),
    "question": _l("question"),
    "order": _l("order of the questions"),
    "row": _l("row"),
    "name": _l("name of an entry"),
    "entry": _l("what an entry is called"),
    "most": _l("most entries"),
    "options": _l("options"),
    "indicator": _l("indicator"),
    "measure": _l("measure"),
    "weight": _l("weight"),
    "note": _l("note"),
    "target": _l("target"),
    "evidence": _l("evidence"),
    "relation": _l("relation to the national framework"),
    "aggregation": _l("aggregation"),
    "availability": _l("least available share"),
    "margin": _l("margin"),
    "methods": _l("admissible methods"),
    "breakdown": _l("breakdown"),
    "groups": _l("groups"),
    "extends": _l("national version extended"),
    "goalposts": _l("goalposts"),
    "scored": _l("scored"),
    "higher_is_better": _l("direction"),
}


_COMING_AND_GOING = ("question", "row", "indicator", "breakdown")


def part_words(difference: Difference) -> str:
    """Which part changed: ``options.yes`` as “option yes”, others by their name."""
    head, _dot, rest = difference.part.partition(".")
    if head == "options" and rest and rest != "order":
        code, _dot, inner = rest.partition(".")
        if inner == "proxy":
            return _("option %(code)s, answering for someone", code=code)
        return _("option %(code)s", code=rest)
    words = str(_PARTS.get(head, head))
    if rest == "proxy":
        return _("%(part)s, answering for someone", part=words)
    if difference.part == "options.order":
        return _("order of the options")
    if difference.before and not difference.after and head in _COMING_AND_GOING:
        return _("%(part)s, removed", part=words)
    if difference.after and not difference.before and head in _COMING_AND_GOING:
        return _("%(part)s, new", part=words)
    return words


def value_words(difference: Difference, value: str) -> str:
    """A value before or after; exact weights as percentages, kinds of question by their name."""
    if difference.part == "weight" and value:
        return percent(Fraction(value))
    if difference.part in ("question", "type") and value in list(Kind):
        return str(KINDS[Kind(value)])
    return value


def percent(share: Fraction | float) -> str:
    """A share of one as percent with one decimal at most: the only rounding, on the page."""
    return _("%(number)s %%", number=format_decimal(round(float(share) * 100, 1)))
