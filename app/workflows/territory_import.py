"""Territories from a file: whole ones, all of them or none, with what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.definitions.documents import dump
from app.domain.permissions import Verb
from app.domain.territories import NATION, Territory
from app.domain.text import Text
from app.storage.territories import tree_of
from app.workflows.acting import Actor, House, require
from app.workflows.territories import Tree, changed_tree
from app.workflows.territory_rules import refuse_bad_tree


@dataclass(frozen=True, slots=True)
class Row:
    """What a file does to one territory: ``new``, ``changed`` or ``same``."""

    code: str
    name: Text
    did: str


def import_territories(
    house: House, actor: Actor, sent: Sequence[Territory], *, dry_run: bool
) -> list[Row]:
    """Take over whole territories from a file, all or none; what becomes of each.

    Territories that the file does not name stay as they are. Raises ``BadDefinition``,
    ``NotAllowed``.
    """
    require(house, actor, Verb.TERRITORY_CHANGE, NATION)
    rows: list[Row] = []

    def imported(tree: Tree) -> Tree:
        for each in sent:
            did = "new" if each.code not in tree else "changed"
            same = each.code in tree and dump(tree[each.code]) == dump(each)
            rows.append(Row(each.code, each.name, "same" if same else did))
        return {**tree, **{each.code: each for each in sent}}

    if dry_run:
        with house.database.read() as session:
            tree = tree_of(session, actor.programme_id)
            refuse_bad_tree(session, actor.programme_id, tree, imported(tree))
    else:
        changed_tree(house, actor, Verb.TERRITORY_CHANGE, NATION, NATION, "import", imported)
    return rows
