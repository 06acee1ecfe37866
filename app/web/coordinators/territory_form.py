"""Forms about a territory: what was typed, and what of it is different from what holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.codes import is_code
from app.domain.errors import BadInput, Fault
from app.domain.territories import Territory, TerritoryChange
from app.domain.territory_history import as_of
from app.domain.text import NO_TEXT, REFERENCE_LANGUAGE, Text, one_line
from app.workflows.territories import Merger
from app.workflows.territory_words import no_code_of, no_day, no_number

LONGEST = 1000
LARGEST = 999_999_999


class Typed:
    """The fields of a form. What cannot be read is kept in ``faults``."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = {name: value.strip()[:LONGEST] for name, value in fields.items()}
        self.faults: list[Fault] = []

    def word(self, name: str) -> str:
        """One line."""
        return self.fields.get(name, "")

    def text(self, name: str) -> Text:
        """A text in the languages in which something was typed."""
        return Text.of({tag: words for tag, words in self._said(name).items() if words})

    def _said(self, name: str) -> dict[str, str]:
        return {tag: self.word(f"{name}_{tag}") for tag in ("fr", "en")}

    def line(self, name: str) -> Text:
        """A text that may be one line, the same in each language: one wording is enough."""
        return Text.written(one_line(self._said(name)))

    def day(self, name: str) -> date:
        """A day; without one, a fault."""
        try:
            return date.fromisoformat(self.word(name))
        except ValueError:
            self.faults.append(no_day(name))
            return date.max

    def number(self, name: str) -> int | None:
        """A whole number, or None where nothing is typed."""
        written = re.sub(r"\s", "", self.word(name))
        if not written:
            return None
        if not (written.isascii() and written.isdigit() and int(written) <= LARGEST):
            self.faults.append(no_number(name))
            return None
        return int(written)

    def codes(self, name: str) -> tuple[str, ...]:
        """Codes with spaces, commas or lines between."""
        found = tuple(dict.fromkeys(re.split(r"[\s,;]+", self.word(name))))
        found = tuple(each for each in found if each)
        self.faults += [no_code_of(name, each) for each in found if not is_code(each)]
        return found

    def checked(self) -> None:
        """Raise ``BadInput`` where something could not be read."""
        if self.faults:
            raise BadInput(self.faults)


def new_territory(typed: Typed, terms: tuple[str, ...]) -> Territory:
    """The territory of the form that adds one. Raises ``BadInput``."""
    made = Territory(
        code=typed.word("code"),
        name=typed.text("name"),
        parent=typed.word("parent"),
        valid_from=typed.day("day"),
        region=typed.word("region"),
        population_75=typed.number("population_75"),
        population_source=typed.line("population_source"),
        sub_areas=typed.codes("sub_areas"),
        help_phone=typed.word("help_phone"),
        help_hours=typed.text("help_hours"),
        terms={name: said for name in terms if (said := typed.text(f"term_{name}")).wordings},
    )
    typed.checked()
    return made


def description(typed: Typed, territory: Territory, terms: tuple[str, ...]) -> TerritoryChange:
    """What the form says otherwise than what holds on its day. Raises ``BadInput``."""
    day = typed.day("day")
    typed.checked()
    state = as_of(territory, day)
    name, said = typed.text("name"), typed.text("description")
    phone, hours = typed.word("help_phone"), typed.text("help_hours")
    local = {each: typed.text(f"term_{each}") for each in terms}
    local = {each: words for each, words in local.items() if _differ(words, state.terms.get(each))}
    return TerritoryChange(
        day,
        name=name if _differ(name, state.name) else None,
        description=said if _differ(said, state.description) else None,
        help_phone=phone if phone != state.help_phone else None,
        help_hours=hours if _differ(hours, state.help_hours) else None,
        terms=local or None,
        note=typed.text("note"),
    )


def _differ(one: Text, other: Text | None) -> bool:
    return one.as_dict() != (other or NO_TEXT).as_dict()


def borders(typed: Typed, territory: Territory) -> TerritoryChange:
    """As ``description``, of sub-areas, people and the place in the tree."""
    day, people = typed.day("day"), typed.number("population_75")
    areas, parent = typed.codes("sub_areas"), typed.word("parent") or None
    typed.checked()
    state = as_of(territory, day)
    source = typed.line("population_source")
    return TerritoryChange(
        day,
        parent=parent if parent != state.parent else None,
        sub_areas=areas if areas != state.sub_areas else None,
        population_75=people if people != state.population_75 else None,
        population_source=source if _differ(source, state.population_source) else None,
        note=typed.text("note"),
    )


def merger(typed: Typed) -> Merger:
    """Where the territory goes, from when. Raises ``BadInput``."""
    made = Merger(
        typed.word("into"),
        typed.day("day"),
        typed.codes("sub_areas"),
        typed.number("population_75"),
        typed.text("note"),
    )
    typed.checked()
    return made


def fields_of(state: Territory) -> dict[str, Any]:
    """What the forms show before anything is typed."""
    shown: dict[str, Any] = {
        "parent": state.parent or "",
        "help_phone": state.help_phone,
        "population_75": "" if state.population_75 is None else str(state.population_75),
        "sub_areas": " ".join(state.sub_areas),
    }
    texts = {"name": state.name, "description": state.description, "help_hours": state.help_hours}
    texts["population_source"] = state.population_source
    texts |= {f"term_{name}": said for name, said in state.terms.items()}
    for name, said in texts.items():
        shown |= {f"{name}_{tag or REFERENCE_LANGUAGE}": words for tag, words in said.wordings}
    return shown
