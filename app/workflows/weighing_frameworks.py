"""Frameworks weighed on the screens: each form one edit of the draft, undone like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain import framework_editing, framework_tree
from app.domain.errors import Conflict
from app.domain.plain_documents import Raw, digest
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Edit, edited
from app.workflows.reach import Family

_FAMILY: Family = "framework"


def shown_of(document: Raw) -> str:
    """What a page about weights was made from: two people cannot overwrite each other."""
    return digest(document)


def weigh(house: House, actor: Actor, draft_id: int, said: Mapping[str, str], seen: str) -> int:
    """Other weights. Raises Conflict where the draft changed since it was shown."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_editing.weighted(document, said)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", "weights"), change)


def judge(
    house: House, actor: Actor, draft_id: int, judges: Sequence[Mapping[str, str]], seen: str
) -> int:
    """What several judges gave; their spread is kept with the framework."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_editing.judged(document, judges)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", "judges"), change)


def relate(
    house: House, actor: Actor, draft_id: int, indicator: str, change_to: Raw | None, seen: str
) -> int:
    """What becomes of a national indicator in a territory's framework."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_editing.changed_relation(document, indicator, change_to)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", indicator), change)


def break_down(
    house: House, actor: Actor, draft_id: int, number: int, breakdown: Raw | None, seen: str
) -> int:
    """Another breakdown at this place, one more, or (None) one less."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_editing.with_breakdown(document, number, breakdown)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", "breakdowns"), change)


def rule(house: House, actor: Actor, draft_id: int, rules: Raw, seen: str) -> int:
    """Other rules; an empty one says the usual, or what the nation says."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_tree.ruled(document, rules)

    return edited(house, actor, _FAMILY, draft_id, Edit("head", "rules"), change)


def name(house: House, actor: Actor, draft_id: int, titles: dict[str, Raw], seen: str) -> int:
    """Other titles and descriptions, by code."""

    def change(document: Raw) -> Raw:
        _still(document, seen)
        return framework_tree.named(document, titles)

    return edited(house, actor, _FAMILY, draft_id, Edit("head", "names"), change)


def _still(document: Raw, seen: str) -> None:
    if digest(document) != seen:
        raise Conflict
