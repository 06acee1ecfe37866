"""Territories from a CSV file: one line for each, and one for each later change of it.

Columns as in the territories file; a line with a day under ``from`` is a change. Local names stand
under ``term_NAME_fr`` and ``term_NAME_en``. Help lines and descriptions are not in such a file: a
territory that is there already keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO

from app.domain.codes import is_code
from app.domain.errors import BadInput, Fault
from app.domain.territories import Territory, TerritoryChange
from app.domain.text import Text, one_line
from app.interchange.csv_reading import Line, open_csv, place

WORDS = ("region", "help_phone")
DAYS = ("from", "valid_from", "valid_to")
COLUMNS = (
    *("code", "from", "parent", "name_fr", "name_en", "valid_from", "valid_to", "merged_into"),
    *("region", "sub_areas", "population_75", "population_source", "help_phone"),
    *("population_source_fr", "population_source_en"),
    *("help_hours_fr", "help_hours_en", "note_fr", "note_en"),
)
_DAY = (
    Text.of(fr="Ce n’est pas une date.", en="This is not a date."),
    Text.of(fr="Écrivez-la ainsi\u00a0: 2016-07-01.", en="Write it like this: 2016-07-01."),
)
_NUMBER = (
    Text.of(fr="Ce n’est pas un nombre entier.", en="This is not a whole number."),
    Text.of(fr="Écrivez des chiffres seulement, ou rien.", en="Write digits only, or nothing."),
)
_CODE = (
    Text.of(fr="Ce code ne convient pas.", en="This code will not do."),
    Text.of(
        fr="Commencez par une lettre\u00a0; puis lettres, chiffres ou _, 32 signes au plus.",
        en="Begin with a letter; then letters, digits or _, 32 characters at most.",
    ),
)
_NAME = (
    Text.of(fr="Le nom manque.", en="The name is missing."),
    Text.of(fr="Écrivez-le dans les deux langues.", en="Write it in both languages."),
)
_TWICE = (
    Text.of(fr="Ce territoire est déjà plus haut.", en="This territory stands above already."),
    Text.of(
        fr="Donnez un jour sous «\u00a0from\u00a0», ou retirez la ligne.",
        en="Give a day under “from”, or take the line out.",
    ),
)
_UNKNOWN = (
    Text.of(fr="Aucune ligne ne décrit ce territoire.", en="No line describes this territory."),
    Text.of(
        fr="Mettez avant celle-ci une ligne sans «\u00a0from\u00a0».",
        en="Put a line without “from” before this one.",
    ),
)


def columns(terms: Iterable[str]) -> tuple[str, ...]:
    """The columns of a file, with those of the local names."""
    return (*COLUMNS, *(f"term_{name}_{tag}" for name in terms for tag in ("fr", "en")))


def read_territories_csv(
    stream: BinaryIO, known: Mapping[str, Territory], terms: tuple[str, ...]
) -> tuple[Territory, ...]:
    """The territories of a file, in its order. ``known``: those that are there already.

    Raises ``BadInput`` with every fault: line, column, reason, remedy.
    """
    found: dict[str, Territory] = {}
    faults: list[Fault] = []
    with open_csv(stream, columns(terms), ("code", "name_fr", "name_en")) as opened:
        for line in opened.lines():
            if isinstance(line, Fault):
                faults.append(line)
                continue
            wrong = list(_faults(line, found))
            faults += wrong
            if not wrong:
                code = line.cells["code"]
                found[code] = _with_line(line, found.get(code), known.get(code), terms)
    if faults:
        raise BadInput(faults)
    return tuple(found.values())


def _faults(line: Line, found: Mapping[str, Territory]) -> Iterator[Fault]:
    cells = line.cells
    codes = [("code", cells["code"]), *((c, cells.get(c, "")) for c in ("parent", "merged_into"))]
    codes += [("sub_areas", area) for area in cells.get("sub_areas", "").split()]
    for column, code in codes:
        if (code or column == "code") and not is_code(code):
            yield Fault(place(line.number, column), *_CODE)
    for column in DAYS:
        if (written := cells.get(column)) and _day(written) is None:
            yield Fault(place(line.number, column), *_DAY)
    people = cells.get("population_75", "")
    if people and not (people.isascii() and people.isdigit() and len(people) < 10):
        yield Fault(place(line.number, "population_75"), *_NUMBER)
    yield from _line_faults(line, found)


def _line_faults(line: Line, found: Mapping[str, Territory]) -> Iterator[Fault]:
    cells, there = line.cells, line.cells["code"] in found
    if cells.get("from"):
        if not there:
            yield Fault(place(line.number, "code"), *_UNKNOWN)
        return
    if there:
        yield Fault(place(line.number, "code"), *_TWICE)
    for column in ("name_fr", "name_en"):
        if not cells[column]:
            yield Fault(place(line.number, column), *_NAME)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _said(line: Line, name: str) -> dict[str, str]:
    return {tag: line.cells.get(f"{name}_{tag}", "") for tag in ("fr", "en")}


def _text(line: Line, name: str) -> Text:
    return Text.of({tag: words for tag, words in _said(line, name).items() if words})


def _with_line(
    line: Line, before: Territory | None, there: Territory | None, terms: tuple[str, ...]
) -> Territory:
    cells = line.cells
    local = {name: _text(line, f"term_{name}") for name in terms}
    local = {name: words for name, words in local.items() if words.wordings}
    said: dict[str, Any] = {name: cells[name] for name in WORDS if cells.get(name)}
    name, people = _text(line, "name"), cells.get("population_75")
    said |= {"name": name} if name.wordings else {}
    hours = _text(line, "help_hours")
    said |= {"help_hours": hours} if hours.wordings else {}
    source = cells.get("population_source") or one_line(_said(line, "population_source"))
    said |= {"population_source": Text.written(source)} if source else {}
    said |= {"parent": cells["parent"]} if cells.get("parent") else {}
    said |= {"population_75": int(people)} if people else {}
    said |= {"sub_areas": tuple(cells["sub_areas"].split())} if cells.get("sub_areas") else {}
    if before is not None:
        day = date.fromisoformat(cells["from"])
        change = TerritoryChange(day, note=_text(line, "note"), terms=local or None, **said)
        return replace(before, changes=(*before.changes, change))
    begun = Territory(cells["code"], name, None)
    if there is not None:
        begun = replace(
            begun,
            help_hours=there.help_hours,
            help_lines=there.help_lines,
            description=there.description,
        )
        local = {**there.terms, **local}
    return replace(
        begun,
        valid_from=_day(cells.get("valid_from", "")),
        valid_to=_day(cells.get("valid_to", "")),
        merged_into=cells.get("merged_into") or None,
        end_note=_text(line, "note"),
        terms=local,
        **said,
    )
