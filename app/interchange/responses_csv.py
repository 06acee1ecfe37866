"""Completed responses as a CSV file: one line a response, one column an item. See docs/files.md.

A cell holds an option's code, several codes with ``|`` between, a number, a date or a text; a way
out is written ``!dont_know``; ``ITEM_other`` holds what was written beside an option.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from app.domain.answers import RespondentRole
from app.domain.errors import Fault
from app.domain.questionnaire import Kind, Question
from app.domain.text import Text
from app.domain.values import Submitted
from app.domain.written_numbers import weight_fault, weight_of
from app.interchange.csv_reading import Line, place
from app.interchange.sample_csv import LANGUAGES, is_reference

NEEDED = ("territory", "audience")
FIXED = (
    "reference",
    *NEEDED,
    "weight",
    "stratum",
    "psu",
    "sub_area",
    "language",
    "role",
    "submitted_at",
)
OTHER = "_other"
ROLES = ("self", "helped", "proxy")
ZONE = ZoneInfo("Europe/Paris")  # of moments written without one


@dataclass(frozen=True, slots=True)
class Head:
    """What a line says besides the answers; None or empty: not said."""

    line: int
    reference: str
    territory: str
    audience: str
    weight: float | None
    stratum: str | None
    psu: str | None
    sub_area: str | None
    language: str
    role: RespondentRole
    submitted_at: datetime | None


def head_of(line: Line, at: datetime) -> Head | tuple[Fault, ...]:
    """The head of a line, or what is wrong with it. ``at``: now; nobody answers later."""
    faults = tuple(_faults(line, at))
    if faults:
        return faults
    cells = line.cells
    weight = cells.get("weight", "")
    return Head(
        line=line.number,
        reference=cells.get("reference", ""),
        territory=cells["territory"],
        audience=cells["audience"],
        weight=weight_of(weight, decimal_comma=line.decimal_comma) if weight else None,
        stratum=cells.get("stratum") or None,
        psu=cells.get("psu") or None,
        sub_area=cells.get("sub_area") or None,
        language=cells.get("language") or "fr",
        role=cast(RespondentRole, cells.get("role") or "self"),
        submitted_at=moment_of(cells.get("submitted_at", "")),
    )


def _faults(line: Line, at: datetime) -> Iterator[Fault]:
    cells = line.cells
    for column in ("reference", "stratum", "psu", "sub_area"):
        if cells.get(column) and not is_reference(cells[column]):
            yield _fault(line, column, "Ce code ne convient pas.", "This code will not do.")
    said_of_weight = weight_fault(cells.get("weight", ""), decimal_comma=line.decimal_comma)
    if said_of_weight is not None:
        yield Fault(place(line.number, "weight"), *said_of_weight)
    if cells.get("language", "") not in ("", *LANGUAGES):
        yield _fault(line, "language", "Cette langue est inconnue.", "This language is unknown.")
    if cells.get("role", "") not in ("", *ROLES):
        yield _fault(line, "role", "Ce rôle est inconnu.", "This role is unknown.")
    said = cells.get("submitted_at", "")
    moment = moment_of(said)
    if said and (moment is None or moment > at):
        yield _fault(
            line,
            "submitted_at",
            "Ce moment est illisible, ou il est à venir.",
            "This moment cannot be read, or is still to come.",
        )


REMEDIES = {
    "language": Text.of(fr="Écrivez fr ou en, ou rien.", en="Write fr or en, or nothing."),
    "role": Text.of(
        fr="Écrivez self, helped ou proxy, ou rien.", en="Write self, helped or proxy, or nothing."
    ),
    "submitted_at": Text.of(
        fr="Écrivez par exemple 2026-10-05 ou 2026-10-05T14:30.",
        en="Write for example 2026-10-05 or 2026-10-05T14:30.",
    ),
}
_PLAIN = Text.of(
    fr="Lettres, chiffres, point, tiret, barre ou _, 64 signes au plus.",
    en="Letters, digits, dot, hyphen, slash or _, 64 characters at most.",
)


def _fault(line: Line, column: str, fr: str, en: str) -> Fault:
    return Fault(place(line.number, column), Text.of(fr=fr, en=en), REMEDIES.get(column, _PLAIN))


def moment_of(written: str) -> datetime | None:
    """The moment of an ISO 8601 date or time; without a zone, that of Paris."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONE)
    return moment.astimezone(UTC)


def items_in(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that hold answers, ``_other`` ones included."""
    return tuple(column for column in columns if column not in FIXED)


def submitted_of(question: Question, item: str, cells: Mapping[str, str]) -> Submitted | None:
    """What the cells of an item say, as if it came from a form; None where they are empty."""
    cell, other = cells.get(item, ""), cells.get(item + OTHER, "")
    if not cell and not other:
        return None
    if cell.startswith("!") and question.kind not in (Kind.TEXT, Kind.LONG_TEXT):
        return Submitted(why=cell[1:], other=other)
    if cell.startswith("!") and cell[1:] in {way.why for way in question.ways_out}:
        return Submitted(why=cell[1:])
    values = cell.split("|") if question.kind is Kind.CHOICES else [cell]
    return Submitted(tuple(value.strip() for value in values if value.strip()), other)
