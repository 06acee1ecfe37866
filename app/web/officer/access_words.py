"""What is kept of a person, in words for that person: no code of ours, no moment of a machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.web.language import LANGUAGES
from app.web.pages import in_language
from app.web.sitting_words import (
    AGREES_WORDS,
    MEASURE_WORDS,
    RELATION_WORDS,
    REPRESENTATIVE_WORDS,
    ROLE_WORDS,
)

Row = tuple[str, str]
_KINDS: dict[str, Any] = {
    "elderly": _l("an older person"),
    "family": _l("somebody of the family"),
    "professional": _l("a professional"),
}
_BECAME: dict[str, Any] = {
    "refused": _l("refused"),
    "moved": _l("moved away"),
    "deceased": _l("deceased"),
    "in_hospital": _l("in hospital"),
    "ineligible": _l("not concerned by the survey"),
    "asked_paper": _l("asked for paper"),
    "letter_returned": _l("letter returned"),
    "do_not_contact": _l("do not contact again"),
}
# Of a sitting: its words, and those of its values where these are codes.
_SITTING: tuple[tuple[str, Any, Mapping[str, Any]], ...] = (
    ("at", _l("Begun"), {}),
    ("role", _l("Who answered"), ROLE_WORDS),
    (
        "helper",
        _l("What the help was"),
        {
            "reads": _l("reading out"),
            "holds_device": _l("holding the device"),
            "explains": _l("explaining"),
            "translates": _l("translating"),
        },
    ),
    ("relation", _l("Who this is to the person"), RELATION_WORDS),
    (
        "reason",
        _l("Why in the person’s place"),
        {
            "illness": _l("illness"),
            "memory": _l("memory"),
            "sight": _l("sight or hearing"),
            "language": _l("the language"),
            "asked": _l("the person asked for it"),
        },
    ),
    ("agrees", _l("Whether the person agrees"), AGREES_WORDS),
    ("measure", _l("Protection by law"), MEASURE_WORDS),
    ("representative", _l("What the representative says"), REPRESENTATIVE_WORDS),
    (
        "contact",
        _l("How often the two meet or call"),
        {
            "together": _l("they live together"),
            "daily": _l("every day"),
            "weekly": _l("every week"),
            "monthly": _l("every month"),
            "less": _l("less often"),
        },
    ),
    (
        "perspective",
        _l("Whose view it is"),
        {"as_person": _l("what the person would say"), "own_view": _l("the own view")},
    ),
    (
        "channel",
        _l("By what way"),
        {
            "web": _l("on the internet"),
            "web_assisted": _l("in a visit"),
            "paper": _l("on paper"),
            "phone": _l("by telephone"),
            "import": _l("from another program"),
        },
    ),
    ("lang", _l("Language"), LANGUAGES),
    ("device", _l("Device"), {"own": _l("the own one"), "shared": _l("a shared one")}),
    ("notice", _l("Notice on data, version"), {}),
    (
        "present",
        _l("Who was there"),
        {
            "nobody": _l("nobody"),
            "partner": _l("husband, wife or partner"),
            "family": _l("somebody of the family"),
            "professional": _l("a professional"),
            "somebody": _l("somebody else"),
        },
    ),
    (
        "went",
        _l("How it went"),
        {"well": _l("well"), "so_so": _l("so-so"), "badly": _l("badly")},
    ),
    ("assisted_by", _l("Who held the interview or keyed the sheet"), {}),
    ("illegible", _l("Questions that could not be read on the sheet"), {}),
    ("views", _l("Parts with another view"), {}),
    ("repeat", _l("Answers came from this device before"), {"device": _l("yes")}),
    ("back", _l("Code to come back with"), {}),
)


def person_rows(person: Mapping[str, Any]) -> list[Row]:
    """Everything that is kept of the person beside the answers, line by line."""
    place = g.actor.territories.get(person["territory"])
    return [
        (_("Name and address"), ", ".join(filter(None, person["contact"]))),
        (_("Reference, at the foot of the letter"), person["reference"]),
        (_("Territory"), in_language(place.name) if place else person["territory"]),
        (_("Sub-area"), person["sub_area"] or ""),
        (_("Asked as"), str(_KINDS.get(person["audience"], person["audience"]))),
        (_("Language"), LANGUAGES.get(person["language"], person["language"])),
        (_("Large print"), _("yes") if person["large_print"] else _("no")),
        (_("Case, with the family"), person["case"] or ""),
        (_("Weight in the drawing"), f"{person['weight']:g}"),
        (_("What became of the invitation"), _become(person["disposition"])),
        (_("Why it was refused"), person["declined_because"] or ""),
        (_("What was sent"), "; ".join(_sent(each) for each in person["sent"])),
        (_("Calls"), "; ".join(_called(each) for each in person["calls"])),
        (_("Kept since"), moment(person["kept_since"])),
    ]


def sitting_rows(sitting: Mapping[str, str]) -> list[Row]:
    """Who answered and how, line by line; a kind of entry that has no words keeps its name."""
    known = {name: (words, values) for name, words, values in _SITTING}
    return [
        (str(words), _value(name, sitting[name], values))
        for name, (words, values) in known.items()
        if name in sitting
    ] + [(name, str(value)) for name, value in sitting.items() if name not in known]


def moment(written: str | None) -> str:
    """A moment as it was written for programs, by the clock of the page."""
    return str(format_datetime(datetime.fromisoformat(written), "short")) if written else ""


def _value(name: str, value: str, words: Mapping[str, Any]) -> str:
    if name == "at":
        return moment(value)
    if not words:
        return str(value)
    return ", ".join(str(words.get(each, each)) for each in str(value).split())


def _become(disposition: str | None) -> str:
    return str(_BECAME.get(disposition, disposition)) if disposition else ""


def _sent(row: list[str]) -> str:
    _kind, channel, at, _outcome = row
    ways = {"letter": _("letter"), "mail": _("e-mail"), "sms": _("short message")}
    return f"{ways.get(channel, channel)}, {moment(at)}"


def _called(call: Mapping[str, str]) -> str:
    note = f" ({call['note']})" if call["note"] else ""
    return f"{moment(call['at'])}{note}"
