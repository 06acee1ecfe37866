"""Frameworks and territories as files: what the reader makes of them is the same object."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import Any

from app.definitions.breakdown_files import written_breakdown
from app.definitions.conditions import write_condition
from app.definitions.questionnaire_writing import line, text
from app.definitions.yaml_text import Flow, plain, to_yaml, without_empty
from app.domain.frameworks import (
    Change,
    Component,
    Framework,
    Gap,
    Indicator,
    Leaf,
    Measure,
    Node,
    Part,
    Relation,
    Scale,
    Series,
    Share,
    ShareOfItems,
    indicators,
    leaves,
)
from app.domain.method_choices import Methods, listed
from app.domain.text import NO_TEXT

Raw = dict[str, Any]


def write_framework_yaml(framework: Framework) -> str:
    """The framework as a file; a territory's says only what it changes in the national one."""
    head: Raw = {"format": "covalue/framework/1", "code": framework.code}
    if framework.extends is not None:
        head["territory"] = framework.territory
        head["extends"] = Flow({"code": framework.extends[0], "number": framework.extends[1]})
    body = _national(framework) if framework.extends is None else _own(framework)
    return to_yaml(
        {
            **head,
            "title": text(framework.title),
            **without_empty(
                {"description": text(framework.description), "source": line(framework.source)}
            ),
            "aggregation": framework.aggregation,
            "availability": fraction(framework.availability),
            **({} if framework.margin is None else {"margin": plain(framework.margin)}),
            **({} if framework.methods is None else {"methods": _methods(framework.methods)}),
            **body,
        }
    )


def _methods(methods: Methods) -> Raw:
    raw: Raw = {
        name: [fraction(each) if isinstance(each, Fraction) else str(each) for each in choices]
        for name, choices in listed(methods)
    }
    judges = [Flow({code: fraction(points) for code, points in judge}) for judge in methods.judges]
    return {**raw, **without_empty({"judges": judges})}


def fraction(value: Fraction) -> int | str:
    """A whole number, or ``a/b``."""
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _national(framework: Framework) -> Raw:
    return {
        "dimensions": [_dimension(dimension) for dimension in framework.dimensions],
        **without_empty(
            {
                "ledger": [indicator(entry) for entry in framework.ledger],
                "breakdowns": [written_breakdown(entry) for entry in framework.breakdowns],
            }
        ),
    }


def _dimension(node: Node) -> Raw:
    return {
        "code": node.code,
        "title": text(node.title),
        **without_empty({"description": text(node.description)}),
        "weight": fraction(node.weight or Fraction(0)),
        "values": [_value(child) for child in node.children if isinstance(child, Node)],
    }


def _value(node: Node) -> Raw:
    return {
        "code": node.code,
        "title": text(node.title),
        **without_empty({"description": text(node.description)}),
        "indicators": [
            {**indicator(leaf.indicator), "weight": fraction(leaf.weight)} for leaf in leaves(node)
        ],
    }


def indicator(given: Indicator, *, said: Change | None = None) -> Raw:
    """An indicator; evidence and source are left out where the change around it says the same."""
    evidence = None if said and given.evidence is said.evidence else given.evidence
    source = NO_TEXT if said and given.source == said.source else given.source
    target = given.target
    low, high = given.goalposts
    return {
        "code": given.code,
        "title": text(given.title),
        "unit": given.unit,
        "direction": "up" if given.higher_is_better else "down",
        **({} if (low, high) == (0, 100) else {"goalposts": [plain(low), plain(high)]}),
        **without_empty(
            {
                "note": text(given.note),
                "target": target
                and Flow(value=plain(target.value), owner=line(target.owner), date=target.date),
                "evidence": evidence and evidence.value,
                "source": line(source),
            }
        ),
        "measure": dict(_components(given.components)),
    }


def _components(components: tuple[Component, ...]) -> Iterator[tuple[str, Raw]]:
    whole = lcm(*(component.weight.denominator for component in components))
    for component in components:
        weight = {} if len(components) == 1 else {"weight": int(component.weight * whole)}
        yield component.audience.value, {**weight, **measure(component.measure)}


def measure(given: Measure) -> Raw:
    """``{share: …}`` and the like."""
    if isinstance(given, Series):
        usual = given.per == Series(given.code).per
        return {"series": given.code if usual else {"code": given.code, "per": given.per}}
    if isinstance(given, Gap):
        inner = {"measure": measure(given.measure), "group": write_condition(given.group)}
        return {"gap": inner}
    base = {} if given.base is None else {"base": write_condition(given.base)}
    if isinstance(given, Scale):
        turned = {"reversed": list(given.reversed)} if given.reversed else {}
        minimum = {"minimum": fraction(given.minimum)}
        return {"scale": {"items": list(given.items), **turned, **base, **minimum}}
    if isinstance(given, Share):
        return {"share": {"of": write_condition(given.of), **base, **_counting(given)}}
    parts = [_part(part) for part in given.parts]
    return {"share_of_items": {"parts": parts, **base, **_counting(given)}}


def _counting(given: Share | ShareOfItems) -> Raw:
    kinds = ("dont_know", "not_concerned", "not_shown")
    return {kind: "no" for kind in kinds if getattr(given, kind) == "no"}


def _part(part: Part) -> Raw:
    when = {} if part.when is None else {"when": write_condition(part.when)}
    return {"of": write_condition(part.of), **when}


def _own(framework: Framework) -> Raw:
    by_code = {found.code: found for found in indicators(framework)}
    place = {
        leaf.indicator.code: (dimension, value, leaf)
        for dimension in framework.dimensions
        for value in dimension.children
        for leaf in leaves(value)
    }
    changes, added = [], []
    share = Fraction(0)
    for change in framework.changes:
        if change.relation is Relation.ADDED:
            dimension, value, _ = place[change.indicator]
            share = max(share, _added_share(dimension))
            added.append(
                {
                    "dimension": dimension.code,
                    "value": text(value.title if isinstance(value, Node) else dimension.title),
                    **_said(change),
                    "indicator": indicator(by_code[change.indicator], said=change),
                }
            )
        elif change.relation is not Relation.KEPT or change.reason.wordings:
            changes.append(_change(change, by_code))
    ledger = [entry for entry in framework.ledger if entry.relation is Relation.ADDED]
    return {
        "weights": {d.code: fraction(d.weight or Fraction(0)) for d in framework.dimensions},
        **without_empty(
            {
                "added_share": fraction(share) or (50 if added else 0),
                "changes": changes,
                "added": added,
                "ledger": [indicator(entry) for entry in ledger],
            }
        ),
    }


def _added_share(dimension: Node) -> Fraction:
    """Percent of the dimension that its added indicators carry."""
    found = list(leaves(dimension))
    added = [leaf.weight for leaf in found if _is_added(leaf)]
    if len(added) == len(found):
        return Fraction(0)  # nothing national is left here: this dimension does not tell
    return 100 * sum(added, Fraction(0)) / sum((leaf.weight for leaf in found), Fraction(0))


def _is_added(leaf: Leaf) -> bool:
    return leaf.indicator.relation is Relation.ADDED


def _said(change: Change) -> Raw:
    return {
        "reason": text(change.reason),
        "evidence": change.evidence.value,
        **without_empty({"source": line(change.source)}),
    }


def _change(change: Change, by_code: dict[str, Indicator]) -> Raw:
    raw: Raw = {
        "indicator": change.indicator,
        "relation": change.relation.value,
        **_said(change),
    }
    if change.factor is not None:
        raw["factor"] = fraction(change.factor)
    if change.replaced_by is not None:
        raw["as"] = indicator(by_code[change.replaced_by], said=change)
    return raw
