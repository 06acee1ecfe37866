"""Territories as a file: what ``territory_reading`` reads."""

from __future__ import annotations

from typing import Any

from app.definitions.questionnaire_writing import line, text
from app.definitions.yaml_text import to_yaml, without_empty
from app.domain.territories import HelpLine, Programme, Territory, TerritoryChange

Raw = dict[str, Any]


def write_territories_yaml(programme: Programme) -> str:
    """The programme and its territories as a file."""
    return to_yaml(
        {
            "format": "covalue/territories/1",
            "programme": {"code": programme.code, "title": text(programme.title)},
            "territories": [_territory(territory) for territory in programme.territories],
        }
    )


def _help_line(line: HelpLine) -> Raw:
    hours = {"hours": text(line.hours)} if line.hours.wordings else {}
    return {"name": text(line.name), "phone": line.phone, **hours}


def _territory(place: Territory) -> Raw:
    people = {} if place.population_75 is None else {"population_75": place.population_75}
    return {
        "code": place.code,
        "name": text(place.name),
        **people,
        **without_empty(
            {
                "parent": place.parent,
                "region": place.region,
                "valid_from": place.valid_from and place.valid_from.isoformat(),
                "valid_to": place.valid_to and place.valid_to.isoformat(),
                "merged_into": place.merged_into,
                "end_note": text(place.end_note),
                "population_source": line(place.population_source),
                "sub_areas": list(place.sub_areas),
                "help_phone": place.help_phone,
                "help_hours": text(place.help_hours),
                "help_lines": [_help_line(line) for line in place.help_lines],
                "terms": {name: text(term) for name, term in place.terms.items()},
                "description": text(place.description),
                "changes": [_change(each) for each in place.changes],
            }
        ),
    }


def _change(change: TerritoryChange) -> Raw:
    """An empty list or word is said: from that day on there is none. What is None is not."""
    source = change.population_source
    said: Raw = {
        "name": change.name and text(change.name),
        "parent": change.parent,
        "region": change.region,
        "population_75": change.population_75,
        "population_source": None if source is None else line(source),
        "sub_areas": None if change.sub_areas is None else list(change.sub_areas),
        "terms": change.terms and {name: text(term) for name, term in change.terms.items()},
        "help_phone": change.help_phone,
        "help_hours": change.help_hours and text(change.help_hours),
        "help_lines": change.help_lines and [_help_line(line) for line in change.help_lines],
        "description": change.description and text(change.description),
    }
    note = {"note": text(change.note)} if change.note.wordings else {}
    kept = {name: value for name, value in said.items() if value is not None}
    return {"from": change.from_day.isoformat(), **kept, **note}
