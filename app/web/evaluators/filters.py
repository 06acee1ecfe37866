"""Filters that stand in an address: the same fields for pages, the form of downloads, and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import g, request
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.storage.published import Published
from app.web.evaluators.reading import Reading
from app.workflows.choosing import (
    EVERYBODY,
    FIELDS,
    NOW,
    SUBJECTS,
    TOGETHER,
    WHOLE,
    Choice,
    choice_of,
    known,
)
from app.workflows.chosen_summary import NOW_WORDS, TOGETHER_WORDS

LEGENDS = {
    "territory": _l("Territories"),
    "subject": _l("Subjects"),
    "audience": _l("Who answered"),
    "code": _l("Indicators"),
    "wave": _l("Waves"),
    "group": _l("Groups of people"),
}
# On a page: one of them, or this one without a choice.
SINGLE = {"audience": TOGETHER, "wave": NOW, "group": EVERYBODY}
Options = list[tuple[str, str, bool]]  # code, words, ticked


def wanted(names: Sequence[str] = FIELDS) -> Mapping[str, list[str]]:
    """What the address asks for."""
    return {name: [each for each in request.args.getlist(name) if each] for name in names}


def chosen_on_page(seen: Published, names: Sequence[str]) -> Choice:
    """What a page is narrowed down to. Raises ``BadInput`` for what the release does not have."""
    if not names:
        return WHOLE
    choice = choice_of(seen, wanted(names))
    faults = [Fault(name, _ONE, _ONLY) for name in SINGLE if len(getattr(choice, name)) > 1]
    if faults:
        raise BadInput(faults)
    return choice


def fields(r: Reading, choice: Choice) -> list[tuple[str, Options]]:
    """Each field of the form of downloads with what may be ticked."""
    words = _words(r)
    return [
        (name, [(code, words[name](code), code in getattr(choice, name)) for code in codes])
        for name, codes in known(r.seen).items()
        if len(codes) > 1
    ]


def fields_of_page(r: Reading) -> list[tuple[str, Options]]:
    """Each field that the page offers; where one is taken of several, one is always ticked."""
    found = []
    for name, options in fields(r, r.choice):
        if name not in r.offered:
            continue
        usual = "" if getattr(r.choice, name) else SINGLE.get(name, "")
        kept = [each for each in options if name != "territory" or each[0] != r.nation]
        found.append((name, [(code, said, on or code == usual) for code, said, on in kept]))
    return found


def links_of_page(r: Reading) -> list[tuple[str, Options]]:
    """Each field by which this page is also drawn for everybody: words, address, whether it is."""
    page, base, drawn = (g.public[name] for name in ("page", "base", "drawn"))
    found = []
    for name, options in fields_of_page(r):
        there = [
            (said, f"{base}{page}?{name}={code}", on and bool(getattr(r.choice, name)))
            for code, said, on in options
            if f"{page}?{name}={code}" in drawn
        ]
        if there:
            found.append((str(LEGENDS[name]), there))
    return found


def _words(r: Reading) -> dict[str, Callable[[str], str]]:
    return {
        "territory": r.name,
        "subject": lambda code: r.say(SUBJECTS[code][0]),
        "audience": lambda code: r.say(TOGETHER_WORDS) if code == TOGETHER else r.audience(code),
        "code": lambda code: f"{code} – {r.title(code)}",
        "wave": lambda code: r.say(NOW_WORDS) if code == NOW else code,
        "group": lambda code: r.group(code),
    }


_ONE = Text.of(
    fr="Cette page montre un seul de ces choix à la fois.",
    en="This page shows one of these choices at a time.",
)
_ONLY = Text.of(fr="Gardez-en un.", en="Keep one of them.")
