"""Acts on territories: added, described, redrawn, merged, ended, and taken back.

Each act reads the tree anew inside its transaction, makes the tree that would come of it, and
refuses what ``territory_rules`` forbids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.definitions.checksums import checksum
from app.definitions.documents import dump
from app.domain.codes import is_code
from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION, Territory, TerritoryChange
from app.domain.territory_history import (
    ONE_DAY,
    as_of,
    with_change,
    without_change,
)
from app.domain.text import NO_TEXT, Text
from app.storage.territories import lock_programme, put_territory, tree_of
from app.workflows.acting import Actor, House, act
from app.workflows.territory_rules import refuse_bad_tree
from app.workflows.territory_words import (
    ENDED,
    NO_CODE,
    NOTHING,
    TAKEN,
    clash_of,
    no_day,
    not_there,
    people_unknown,
    too_early,
    unknown,
    unnamed,
)

Tree = dict[str, Territory]


@dataclass(frozen=True)
class Merger:
    """Where a territory goes from ``day`` on, and what that makes of the other one.

    ``passing``: sub-areas that are the other's from then on; ``population_75`` of both together,
    None: their sum.
    """

    into: str
    day: date
    passing: tuple[str, ...] = ()
    population_75: int | None = None
    note: Text = NO_TEXT


def history(house: House, actor: Actor) -> Tree:
    """Every territory of the programme with its history."""
    with house.database.read() as session:
        return tree_of(session, actor.programme_id)


def seen(territory: Territory) -> str:
    """What a form was made from: sent back, so that nobody overwrites what they did not see."""
    return checksum(dump(territory))


def add_territory(house: House, actor: Actor, new: Territory) -> None:
    """A new territory. Raises ``BadInput``, ``BadDefinition``, ``NotAllowed``."""
    faults = [NO_CODE] if not is_code(new.code) else []
    faults += [] if new.valid_from else [no_day("valid_from")]
    faults += unnamed(new.name)
    if faults:
        raise BadInput(faults)

    def added(tree: Tree) -> Tree:
        if new.code in tree:
            raise BadInput([TAKEN])
        if new.parent not in tree:
            raise BadInput([unknown("parent")])
        return {**tree, new.code: new}

    changed_tree(house, actor, Verb.TERRITORY_CHANGE, NATION, new.code, "add", added)


def describe_territory(
    house: House, actor: Actor, code: str, change: TerritoryChange, was: str
) -> None:
    """Another name, telephone, local names or description from a day on.

    ``was``: ``seen`` of what the form was made from. Raises ``BadInput``, ``BadDefinition``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    faults = unnamed(change.name) if change.name is not None else []
    if faults:
        raise BadInput(faults)
    kept = replace(change, parent=None, population_75=None, population_source=None, sub_areas=None)
    _dated(house, actor, Verb.TERRITORY_DESCRIBE, code, "describe", kept, was)


def redraw_territory(
    house: House, actor: Actor, code: str, change: TerritoryChange, was: str
) -> None:
    """Other sub-areas, people or place in the tree from a day on. Raises as above."""
    kept = replace(
        change, name=None, terms=None, help_phone=None, help_hours=None, description=None
    )
    _dated(house, actor, Verb.TERRITORY_CHANGE, code, "redraw", kept, was)


def _dated(
    house: House, actor: Actor, verb: Verb, code: str, did: str, change: TerritoryChange, was: str
) -> None:
    if change == TerritoryChange(change.from_day):
        raise BadInput([NOTHING])

    def changed(tree: Tree) -> Tree:
        found = _found(tree, code, was)
        if change.parent is not None and change.parent not in tree:
            raise BadInput([unknown("parent")])
        begun = found.valid_from
        if begun is not None and change.from_day <= begun:
            raise BadInput([too_early(begun)])
        return {**tree, code: with_change(found, change)}

    changed_tree(
        house, actor, verb, NATION if verb is Verb.TERRITORY_CHANGE else code, code, did, changed
    )


def merge_territory(house: House, actor: Actor, code: str, merger: Merger, was: str) -> None:
    """Make a territory part of another from a day on. Raises as above."""

    def merged(tree: Tree) -> Tree:
        found = _there(tree, code, was)
        other = tree.get(merger.into)
        if other is None or merger.into in (NATION, code):
            raise BadInput([unknown("into")])
        if not other.holds_on(merger.day):
            raise BadInput([not_there(merger.into, merger.day)])
        last_day = merger.day - ONE_DAY
        ended = replace(
            found,
            valid_to=last_day,
            merged_into=merger.into,
            end_note=merger.note,
            changes=tuple(each for each in found.changes if each.from_day <= last_day),
        )
        gained = _gained(as_of(found, last_day), as_of(other, merger.day), merger)
        return {**tree, code: ended, merger.into: with_change(other, gained)}

    changed_tree(house, actor, Verb.TERRITORY_CHANGE, NATION, code, "merge", merged)


def _gained(lost: Territory, other: Territory, merger: Merger) -> TerritoryChange:
    """What the territory that takes over is from then on."""
    both = sorted(set(merger.passing) & set(other.sub_areas))
    if both:
        raise BadInput([clash_of(both)])
    people, before = merger.population_75, other.population_75
    if people is None and before is not None:
        if lost.population_75 is None:
            raise BadInput([people_unknown(other)])
        people = before + lost.population_75
    areas = (*other.sub_areas, *merger.passing) if merger.passing else None
    return TerritoryChange(merger.day, population_75=people, sub_areas=areas, note=merger.note)


def end_territory(
    house: House, actor: Actor, code: str, last_day: date, note: Text, was: str
) -> None:
    """Let a territory end with a day. Raises as above."""

    def ended(tree: Tree) -> Tree:
        found = _there(tree, code, was)
        kept = tuple(each for each in found.changes if each.from_day <= last_day)
        return {**tree, code: replace(found, valid_to=last_day, end_note=note, changes=kept)}

    changed_tree(house, actor, Verb.TERRITORY_CHANGE, NATION, code, "end", ended)


def take_back(house: House, actor: Actor, code: str, day: date, was: str) -> None:
    """Undo what is dated from ``day`` on: a change, or the end of the day before.

    A merger that is taken back is taken back in the other territory too. Raises as above.
    """

    def undone(tree: Tree) -> Tree:
        found = _found(tree, code, was)
        if found.valid_to is not None and found.valid_to + ONE_DAY == day:
            into = found.merged_into
            again = replace(found, valid_to=None, merged_into=None, end_note=NO_TEXT)
            others = {into: _less(tree[into], day)} if into in tree else {}
            return {**tree, **others, code: again}
        if day not in [each.from_day for each in found.changes]:
            raise NotFound
        return {**tree, code: without_change(found, day)}

    changed_tree(house, actor, Verb.TERRITORY_CHANGE, NATION, code, "take back", undone)


def _less(other: Territory, day: date) -> Territory:
    """Without what a merger of that day made of it, where that is all that changed then."""
    change = next((each for each in other.changes if each.from_day == day), None)
    if change is None:
        return other
    rest = replace(change, note=NO_TEXT, sub_areas=None, population_75=None)
    return without_change(other, day) if rest == TerritoryChange(day) else other


def changed_tree(
    house: House,
    actor: Actor,
    verb: Verb,
    where: str,
    code: str,
    did: str,
    change: Callable[[Tree], Tree],
) -> None:
    """Carry out one act on the tree; only the territories that become different are written."""
    with act(house, actor, verb, where, f"territory:{code}") as acted:
        lock_programme(acted.session, actor.programme_id)
        before = tree_of(acted.session, actor.programme_id)
        after = change(before)
        refuse_bad_tree(acted.session, actor.programme_id, before, after)
        kept = [
            each.code
            for each in after.values()
            if each != before.get(each.code)
            and put_territory(acted.session, actor.programme_id, each)
        ]
        acted.details = {"did": did, "territories": kept}


def _found(tree: Tree, code: str, was: str) -> Territory:
    if code not in tree:
        raise NotFound
    if seen(tree[code]) != was:
        raise Conflict(
            Text.of(
                fr="Quelqu’un a changé ce territoire pendant que vous écriviez.",
                en="Somebody changed this territory while you were writing.",
            )
        )
    return tree[code]


def _there(tree: Tree, code: str, was: str) -> Territory:
    found = _found(tree, code, was)
    if code == NATION or found.valid_to is not None:
        raise BadInput([ENDED])
    return found
