"""The outline of a draft: sections or slots, their questions, and how many findings each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.checks import Finding, Level
from app.domain.lengths import lengths
from app.domain.plain_documents import Raw, homes, own_words
from app.domain.questionnaire import Module, Question, Questionnaire, Slot
from app.web.coordinators.build_shown import Board
from app.web.language import gettext as _
from app.web.pages import in_language

_FLAT = 60  # signs of a wording in the outline


@dataclass(frozen=True)
class Entry:
    """One line of the outline. ``locked``: a question of the core, seen from a module; ``slot``:
    a place that the core keeps for territories."""

    code: str
    words: str
    errors: int = 0
    other: int = 0
    locked: bool = False
    conditional: bool = False
    depth: int = 0
    slot: bool = False


@dataclass(frozen=True)
class Part:
    """A section or slot of the outline."""

    code: str
    words: str
    entries: tuple[Entry, ...]
    slot: bool = False
    minutes: float | None = None
    budget: float | None = None


def outline(shown: Board) -> list[Part]:
    """Sections with their questions; of a module, the core's too, locked, with its slots."""
    counted = _counted(shown.findings)
    if not shown.module:
        return [
            Part(
                home.code,
                _said(_section(shown.desk.document, home.code), shown.language),
                _entries(home.entries, counted, shown.language),
            )
            for home in homes(shown.desk.document)
        ]
    return _of_module(shown, counted)


def _section(document: Raw, code: str) -> Mapping[str, str]:
    return own_words(next(s["title"] for s in document["sections"] if s["code"] == code))


def _of_module(shown: Board, counted: Mapping[str, tuple[int, int]]) -> list[Part]:
    core = shown.desk.around.cores.get(getattr(shown.desk.row, "audience", ""))
    own = {home.code: home.entries for home in homes(shown.desk.document)}
    parts: list[Part] = []
    for section in core.sections if core else ():
        locked: list[Entry] = []
        title = section.title.in_(shown.language)
        for entry in section.entries:
            if hasattr(entry, "questions"):
                locked += _locked(entry.questions, shown.language)
                continue
            parts.append(Part(section.code, title, tuple(locked)))
            locked, title = [], ""
            parts.append(
                Part(
                    entry.code,
                    slot_words(core, entry.code) if core else "",
                    _entries(own.pop(entry.code, []), counted, shown.language),
                    slot=True,
                    minutes=slot_minutes(shown, entry.code),
                    budget=entry.minutes or None,
                )
            )
        if locked:
            parts.append(Part(section.code, title, tuple(locked)))
    lost = [
        Part(code, "", _entries(rest, counted, shown.language), slot=True)
        for code, rest in own.items()
    ]
    return parts + lost


def slot_words(core: Questionnaire, slot: str) -> str:
    """A place for a territory's questions in words: its section, and which question is before."""
    for section in core.sections:
        title, before = in_language(section.title), ""
        for entry in section.entries:
            if not isinstance(entry, Slot):
                asked = entry.questions[-1]
                before = asked.of_list or asked.code
            elif entry.code == slot:
                if entry is section.entries[-1]:
                    return _("%(section)s, at its end", section=title)
                after = _("%(section)s, after %(item)s", section=title, item=before)
                return after if before else title
    return slot


def slot_minutes(shown: Board, slot: str) -> float:
    """Minutes that the module's questions in a slot take."""
    thing = shown.examined.thing
    pages = thing.pages_by_slot.get(slot, ()) if isinstance(thing, Module) else ()
    return lengths(shown.whole, pages).minutes


def _locked(questions: tuple[Question, ...], language: str) -> list[Entry]:
    return [
        Entry(question.code, _short(question.text.in_(language)), locked=True)
        for question in questions
        if not question.of_list
    ]


def _counted(findings: tuple[Finding, ...]) -> dict[str, tuple[int, int]]:
    """Errors and other findings by place; advice is not counted."""
    counted: dict[str, tuple[int, int]] = {}
    for found in findings:
        errors, other = counted.get(found.place, (0, 0))
        if found.level is Level.ERROR:
            counted[found.place] = (errors + 1, other)
        elif found.level is Level.WARNING:
            counted[found.place] = (errors, other + 1)
    return counted


def _entries(
    entries: list[Raw], counted: Mapping[str, tuple[int, int]], language: str
) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for entry in entries:
        if "slot" in entry:
            found.append(Entry(entry["slot"]["code"], "", slot=True))
            continue
        asked = entry["page"]["questions"] if "page" in entry else [entry]
        for question in asked:
            found.append(_entry(question, counted, language))
            inner = question.get("questions", ())
            found += [_entry(each, counted, language, depth=1) for each in inner]
    return tuple(found)


def _entry(
    question: Raw, counted: Mapping[str, tuple[int, int]], language: str, depth: int = 0
) -> Entry:
    codes = [question["code"], *(row["code"] for row in question.get("rows", ()))]
    marks = [counted.get(code, (0, 0)) for code in codes]
    return Entry(
        question["code"],
        _said(question["text"], language),
        sum(mark[0] for mark in marks),
        sum(mark[1] for mark in marks),
        conditional="shown_when" in question,
        depth=depth,
    )


def _said(text: Mapping[str, str], language: str) -> str:
    return _short(text.get(language) or next(iter(text.values()), ""))


def _short(words: str) -> str:
    return words if len(words) <= _FLAT else words[: _FLAT - 1].rstrip() + "…"
