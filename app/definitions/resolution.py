"""A territory's own framework, resolved against the national one it extends.

Inside a dimension the national weights stay (adapted: the same place and weight; reweighted:
times ``factor``; dropped: gone) and are rescaled to 100 - ``added_share`` where something is
added there, else to 100; the added indicators share the rest equally. All in exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from app.definitions.framework_reading import indicator_from, ledger_from, methods_from
from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Document, Path
from app.domain.checks import Finding
from app.domain.frameworks import (
    Change,
    Framework,
    Indicator,
    Leaf,
    Node,
    Relation,
    indicators,
    leaves,
)
from app.domain.text import NO_TEXT, Text

Raw = dict[str, Any]
HUNDRED = Fraction(100)


@dataclass
class _Resolving:
    """One file being resolved: what it says by national code, and what is wrong with it."""

    raw: Raw
    document: Document
    national: Framework
    changes: dict[str, Raw] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, found: Trouble | str, path: Path) -> None:
        found = trouble(found) if isinstance(found, str) else found
        self.findings.append(self.document.finding(found, path))


def own_from(
    raw: Raw, document: Document, national: Framework | None
) -> tuple[Framework | None, list[Finding]]:
    """The resolved framework of a territory, or None, with what is wrong in the file."""
    if national is None or not _extends(raw, national):
        wanted = raw["extends"]["code"]
        found = trouble("national_needed", national=wanted)
        return None, [document.finding(found, ("extends",))]
    state = _Resolving(raw, document, national)
    _note_weights(state)
    _note_changes(state)
    _note_added(state)
    dimensions = tuple(_dimension(dimension, state) for dimension in national.dimensions)
    if state.findings:
        return None, state.findings
    return _framework(state, dimensions), []


def _extends(raw: Raw, national: Framework) -> bool:
    same_number = national.version is None or national.version == raw["extends"]["number"]
    return same_number and national.extends is None and national.code == raw["extends"]["code"]


def _note_weights(state: _Resolving) -> None:
    known = [dimension.code for dimension in state.national.dimensions]
    weights = state.raw["weights"]
    for code in weights:
        if code not in known:
            found = trouble("unknown_dimension", allowed=", ".join(known))
            state.note(found, ("weights", code))
    for code in known:
        if code not in weights:
            state.note(trouble("dimension_without_weight", dimension=code), ("weights",))
    if not any(weights.values()):
        state.note("no_weight_at_all", ("weights",))


def _note_changes(state: _Resolving) -> None:
    known = {indicator.code for indicator in indicators(state.national)}
    for index, change in enumerate(state.raw.get("changes", ())):
        path: Path = ("changes", index)
        code = change["indicator"]
        if code not in known:
            state.note("unknown_indicator", (*path, "indicator"))
        if code in state.changes:
            state.note("changed_twice", (*path, "indicator"))
        wanted = {Relation.REWEIGHTED: {"factor"}, Relation.ADAPTED: {"as"}}
        if wanted.get(change["relation"], set()) != {"factor", "as"} & change.keys():
            state.note("change_shape", path)
            continue
        state.changes[code] = change


def _note_added(state: _Resolving) -> None:
    known = [dimension.code for dimension in state.national.dimensions]
    added = state.raw.get("added", ())
    for index, entry in enumerate(added):
        if entry["dimension"] not in known:
            found = trouble("unknown_dimension", allowed=", ".join(known))
            state.note(found, ("added", index, "dimension"))
    if added and not 0 < state.raw.get("added_share", 0) < HUNDRED:
        state.note("share_needed", ("added", 0))


def _dimension(dimension: Node, state: _Resolving) -> Node:
    """The dimension with the territory's weights."""
    added = [e for e in state.raw.get("added", ()) if e["dimension"] == dimension.code]
    share = state.raw.get("added_share", Fraction(0)) if added else Fraction(0)
    kept = [node for child in dimension.children if (node := _kept(child, state)) is not None]
    total = sum((leaf.weight for node in kept for leaf in leaves(node)), Fraction(0))
    weight = state.raw["weights"].get(dimension.code, Fraction(0))
    if not total and not added:
        found = trouble("empty_dimension", dimension=dimension.code)
        state.note(found, ("weights", dimension.code))
    if not total:
        share = HUNDRED  # nothing national is left: the added ones carry the dimension
    children = tuple(_rescaled(node, (HUNDRED - share) / total) for node in kept if total)
    return replace(dimension, weight=weight, children=(*children, *_added_values(added, share)))


def _kept(node: Node | Leaf, state: _Resolving) -> Node | Leaf | None:
    """What the territory keeps of this part of the national tree, at national scale."""
    if isinstance(node, Leaf):
        return _kept_leaf(node, state.changes.get(node.indicator.code))
    children = tuple(kept for child in node.children if (kept := _kept(child, state)) is not None)
    return replace(node, children=children) if children else None


def _kept_leaf(leaf: Leaf, change: Raw | None) -> Leaf | None:
    if change is None or change["relation"] == Relation.KEPT:
        return replace(leaf, indicator=replace(leaf.indicator, relation=Relation.KEPT))
    if change["relation"] == Relation.DROPPED:
        return None
    if change["relation"] == Relation.REWEIGHTED:
        indicator = replace(
            leaf.indicator,
            relation=Relation.REWEIGHTED,
            evidence=change["evidence"],
            source=change.get("source", NO_TEXT),
        )
        return Leaf(indicator, leaf.weight * change["factor"])
    adapted = _own_indicator(change["as"], change, Relation.ADAPTED)
    return Leaf(replace(adapted, origin=leaf.indicator.code), leaf.weight)


def _own_indicator(raw: Raw, said: Raw, relation: Relation) -> Indicator:
    evidence = raw.get("evidence", said["evidence"])
    source = raw.get("source", said.get("source", NO_TEXT))
    return indicator_from(raw, relation=relation, evidence=evidence, source=source)


def _rescaled(node: Node | Leaf, factor: Fraction) -> Node | Leaf:
    if isinstance(node, Leaf):
        return Leaf(node.indicator, node.weight * factor)
    weight = None if node.weight is None else node.weight * factor
    children = tuple(_rescaled(child, factor) for child in node.children)
    return replace(node, weight=weight, children=children)


def _added_values(added: list[Raw], share: Fraction) -> tuple[Node, ...]:
    """A public value for each value named by the added indicators, in their order."""
    by_value: dict[Text, list[Leaf]] = {}
    for entry in added:
        indicator = _own_indicator(entry["indicator"], entry, Relation.ADDED)
        by_value.setdefault(entry["value"], []).append(Leaf(indicator, share / len(added)))
    return tuple(
        Node(f"V_{found[0].indicator.code}"[:32], value, tuple(found))
        for value, found in by_value.items()
    )


def _framework(state: _Resolving, dimensions: tuple[Node, ...]) -> Framework:
    raw, national = state.raw, state.national
    kept_ledger = tuple(replace(entry, relation=Relation.KEPT) for entry in national.ledger)
    return Framework(
        code=raw["code"],
        title=raw["title"],
        dimensions=dimensions,
        territory=raw["territory"],
        extends=(raw["extends"]["code"], raw["extends"]["number"]),
        description=raw.get("description", NO_TEXT),
        aggregation=raw.get("aggregation", national.aggregation),
        availability=raw.get("availability", national.availability),
        margin=raw.get("margin", national.margin),
        changes=_changes(state),
        ledger=kept_ledger + ledger_from(raw, relation=Relation.ADDED),
        source=raw.get("source", NO_TEXT),
        methods=methods_from(raw.get("methods")) or national.methods,
        breakdowns=national.breakdowns,
    )


def _changes(state: _Resolving) -> tuple[Change, ...]:
    """What became of every national indicator, in the nation's order, then what was added."""
    said = [
        _change(indicator.code, state.changes.get(indicator.code))
        for indicator in indicators(state.national)
    ]
    added = [
        Change(
            Relation.ADDED,
            entry["indicator"]["code"],
            None,
            entry["reason"],
            entry["evidence"],
            entry.get("source", NO_TEXT),
        )
        for entry in state.raw.get("added", ())
    ]
    return (*said, *added)


def _change(code: str, said: Raw | None) -> Change:
    if said is None:
        return Change(Relation.KEPT, code)
    return Change(
        Relation(said["relation"]),
        code,
        said["as"]["code"] if "as" in said else None,
        said["reason"],
        said["evidence"],
        said.get("source", NO_TEXT),
        said.get("factor"),
    )
