"""Where a new indicator is put: the choices of the form, and the edit that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain import framework_tree
from app.domain.errors import NotFound
from app.domain.framework_tree import Standing
from app.domain.plain_documents import Raw
from app.web.coordinators.build_sent import Sent
from app.workflows.surroundings import Surroundings

LEDGER = "ledger"
NEW = "new"  # a dimension that begins with this indicator


def homes_of(document: Raw, around: Surroundings) -> list[tuple[str, Any, str, Any]]:
    """The places of a new indicator: what the form sends, the dimension's title, the value's code
    (empty: a new one) and its title."""
    if "dimensions" not in document:
        national = around.nationals.get(int(document["extends"]["number"]))
        nodes = national.dimensions if national else ()
        return [(f"{node.code}.", dict(node.title.wordings), "", {}) for node in nodes]
    found = []
    for dimension in document["dimensions"]:
        title = dimension["title"]
        for value in dimension["values"]:
            sent = f"{dimension['code']}.{value['code']}"
            found.append((sent, title, value["code"], value["title"]))
        found.append((f"{dimension['code']}.", title, "", {}))
    return found


def new_standing(document: Raw, where: str, adapts: str) -> Standing:
    """What the new indicator will be."""
    if adapts:
        return "adapted"
    if where == LEDGER:
        return "ledger"
    return "national" if "dimensions" in document else "added"


def added_where(
    form: MultiDict[str, str], languages: Sequence[str], indicator: Raw, said: Raw
) -> Callable[[Raw], Raw]:
    """The edit that puts the indicator where the form says. Raises NotFound."""
    sent = Sent(form, languages)
    where, adapts = sent.word("where"), sent.word("adapts")
    reasoned = {key: value for key, value in said.items() if value}
    if adapts:
        change = {"indicator": adapts, "relation": "adapted", **reasoned, "as": indicator}
        return lambda document: framework_tree.adapted(document, change)
    if where == LEDGER:
        return lambda document: framework_tree.ledger_added(document, indicator)
    dimension, _dot, value = where.partition(".")
    made = {"code": value or sent.word("value-code"), "title": sent.text("value-title")}

    def change_of(document: Raw) -> Raw:
        if "dimensions" not in document:
            entry = {"dimension": dimension, "value": made["title"], **reasoned}
            share = sent.word("added_share").replace(",", ".")
            return framework_tree.own_added(document, {**entry, "indicator": indicator}, share)
        if dimension != NEW:
            return framework_tree.value_extended(document, dimension, made, indicator)
        begun = {
            "code": sent.word("dimension-code"),
            "title": sent.text("dimension-title"),
            "weight": sent.word("dimension-weight").replace(",", "."),
        }
        return framework_tree.dimension_added(document, begun, made, indicator)

    if not dimension:
        raise NotFound
    return change_of
