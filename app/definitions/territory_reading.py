"""Territories files to domain objects."""

from __future__ import annotations

from typing import Any

from app.domain.territories import HelpLine, Programme, Territory
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
        population_source=raw.get("population_source", ""),
        region=raw.get("region", ""),
        sub_areas=tuple(raw.get("sub_areas", ())),
        terms=raw.get("terms", {}),
        help_phone=raw.get("help_phone", ""),
        help_lines=tuple(
            HelpLine(line["name"], str(line["phone"]), line.get("hours", NO_TEXT))
            for line in raw.get("help_lines", ())
        ),
        description=raw.get("description", NO_TEXT),
    )
