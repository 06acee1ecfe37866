"""Indicators, names and rules of a framework's draft: each form one edit, undone like any other."""

from __future__ import annotations

from collections.abc import Callable

from app.domain import framework_tree
from app.domain.edit_history import Did
from app.domain.errors import Conflict
from app.domain.plain_documents import Raw, at, digest
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Edit, edited
from app.workflows.reach import Family

_FAMILY: Family = "framework"


def say_indicator(
    house: House, actor: Actor, draft_id: int, code: str, indicator: Raw, said: Raw, seen: str
) -> int:
    """An indicator otherwise; ``seen``: digest of its entry as shown. Raises Conflict where
    somebody changed this very indicator meanwhile, BadInput for a code that is taken."""

    def change(document: Raw) -> Raw:
        if seen_of(document, code) != seen:
            raise Conflict
        return framework_tree.indicator_said(document, code, indicator, said)

    return edited(house, actor, _FAMILY, draft_id, Edit("change", indicator["code"]), change)


def seen_of(document: Raw, code: str) -> str:
    """Digest of what the page of an indicator shows."""
    found = framework_tree.place(document, code)
    return digest(at(document, found.entry))


def write(
    house: House,
    actor: Actor,
    draft_id: int,
    did: Did,
    place: str,
    change: Callable[[Raw], Raw],
) -> int:
    """One edit of the tree, which stands beside others' edits: an indicator added, moved or
    retired, other names or rules. Raises NotFound, BadInput, BadDefinition."""
    return edited(house, actor, _FAMILY, draft_id, Edit(did, place), change)
