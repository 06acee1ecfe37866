"""Territories files to domain objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.territories import HelpLine, Programme, Territory, TerritoryChange
from app.domain.text import NO_TEXT

Raw = dict[str, Any]


def programme_from(raw: Raw) -> Programme:
    """The programme with its territories."""
    return Programme(
        raw["programme"]["code"],
        raw["programme"]["title"],
        tuple(_territory(entry) for entry in raw["territories"]),
    )


def _territory(raw: Raw) -> Territory:
    return Territory(
        code=raw["code"],
        name=raw["name"],
        parent=raw.get("parent"),
        valid_from=raw.get("valid_from"),
        valid_to=raw.get("valid_to"),
        population_75=raw.get("population_75"),
        population_source=raw.get("population_source", NO_TEXT),
        region=raw.get("region", ""),
        sub_areas=tuple(raw.get("sub_areas", ())),
        terms=raw.get("terms", {}),
        help_phone=raw.get("help_phone", ""),
        help_hours=raw.get("help_hours", NO_TEXT),
        help_lines=_help_lines(raw.get("help_lines", ())),
        description=raw.get("description", NO_TEXT),
        merged_into=raw.get("merged_into"),
        end_note=raw.get("end_note", NO_TEXT),
        changes=tuple(_change(entry) for entry in raw.get("changes", ())),
    )


def _change(raw: Raw) -> TerritoryChange:
    return TerritoryChange(
        from_day=raw["from"],
        name=raw.get("name"),
        parent=raw.get("parent"),
        region=raw.get("region"),
        population_75=raw.get("population_75"),
        population_source=raw.get("population_source"),
        sub_areas=tuple(raw["sub_areas"]) if "sub_areas" in raw else None,
        terms=raw.get("terms"),
        help_phone=raw.get("help_phone"),
        help_hours=raw.get("help_hours"),
        help_lines=_help_lines(raw["help_lines"]) if "help_lines" in raw else None,
        description=raw.get("description"),
        note=raw.get("note", NO_TEXT),
    )


def _help_lines(lines: Iterable[Raw]) -> tuple[HelpLine, ...]:
    return tuple(
        HelpLine(line["name"], str(line["phone"]), line.get("hours", NO_TEXT)) for line in lines
    )
