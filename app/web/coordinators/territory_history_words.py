"""What became of a territory, day by day, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.domain.territories import Territory, TerritoryChange
from app.domain.territory_history import ONE_DAY, Tree, as_of
from app.domain.text import NO_TEXT, Text
from app.web.pages import in_language


@dataclass
class Told:
    """What is different from a day on. ``undo``: whether it can be taken back."""

    day: date | None  # None: it was always there
    lines: list[str] = field(default_factory=list)
    note: Text = NO_TEXT
    undo: bool = True


def told(tree: Tree, territory: Territory) -> list[Told]:
    """The history of a territory, newest first."""
    begun = Told(territory.valid_from, [_("The territory begins.")], undo=False)
    if territory.valid_from is None:
        begun.lines = [_("Its first day is not known.")]
    found = [begun]
    for change in territory.changes:
        before = as_of(territory, change.from_day - ONE_DAY)
        lines = list(_lines(tree, before, change))
        found.append(Told(change.from_day, lines, change.note))
    if territory.valid_to is not None:
        found.append(
            Told(territory.valid_to + ONE_DAY, [_end(tree, territory)], territory.end_note)
        )
    return found[::-1]


def _end(tree: Tree, territory: Territory) -> str:
    into = territory.merged_into
    if into is None:
        return str(_("The territory is no longer there."))
    name = in_language(tree[into].name) if into in tree else into
    return str(_("It is part of %(place)s.", place=name))


def _lines(tree: Tree, before: Territory, change: TerritoryChange) -> Iterator[str]:
    if change.name is not None:
        yield _(
            "Name: %(now)s (before: %(then)s)",
            now=in_language(change.name),
            then=in_language(before.name),
        )
    if change.parent is not None:
        place = tree.get(change.parent)
        name = in_language(place.name) if place else change.parent
        yield _("It lies in %(place)s.", place=name)
    yield from _telephone(change)
    yield from _areas(before, change)
    if change.population_75 is not None:
        yield _("People aged 75 or over: %(now)s", now=format_decimal(change.population_75))
    for name, words in (change.terms or {}).items():
        now = in_language(words) or "–"
        yield _("Local name of %(name)s: %(now)s", name=f"{{{name}}}", now=now)
    if change.description is not None:
        yield _("Another description.")
    if change.help_lines is not None:
        yield _("Other help lines.")


def _telephone(change: TerritoryChange) -> Iterator[str]:
    if change.help_phone is not None:
        yield _("Telephone: %(now)s", now=change.help_phone or "–")
    if change.help_hours is not None:
        yield _("Somebody answers there: %(now)s", now=in_language(change.help_hours) or "–")


def _areas(before: Territory, change: TerritoryChange) -> Iterator[str]:
    if change.sub_areas is None:
        return
    gained = [each for each in change.sub_areas if each not in before.sub_areas]
    lost = [each for each in before.sub_areas if each not in change.sub_areas]
    if gained:
        yield _("Sub-areas that join: %(areas)s", areas=", ".join(gained))
    if lost:
        yield _("Sub-areas that leave: %(areas)s", areas=", ".join(lost))
