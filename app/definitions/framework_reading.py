"""National frameworks, indicators and measures: what a file says as domain objects."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.definitions.breakdown_files import breakdowns_from
from app.definitions.messages import trouble
from app.definitions.nodes import Document
from app.domain.checks import Finding
from app.domain.frameworks import (
    Component,
    Framework,
    Gap,
    Indicator,
    Leaf,
    Measure,
    Node,
    Part,
    Scale,
    Series,
    Share,
    ShareOfItems,
    Target,
)
from app.domain.method_choices import Methods
from app.domain.questionnaire import Audience
from app.domain.text import NO_TEXT

Raw = dict[str, Any]


def measure_from(raw: Raw) -> Measure:
    """``{share: …}`` and the like as a measure."""
    if "series" in raw:
        given = raw["series"]
        return Series(**given) if isinstance(given, dict) else Series(given)
    if "gap" in raw:
        return Gap(_person_measure(raw["gap"]["measure"]), raw["gap"]["group"])
    return _person_measure(raw)


def _person_measure(raw: Raw) -> Share | Scale | ShareOfItems:
    if "share" in raw:
        return Share(**raw["share"])
    if "scale" in raw:
        return Scale(**{key: _frozen(value) for key, value in raw["scale"].items()})
    inner = dict(raw["share_of_items"])
    parts = tuple(Part(**part) for part in inner.pop("parts"))
    return ShareOfItems(parts, **inner)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _components(raw: Raw) -> tuple[Component, ...]:
    total = sum(given.get("weight", 1) for given in raw.values())
    return tuple(
        Component(Audience(audience), measure_from(given), Fraction(given.get("weight", 1), total))
        for audience, given in raw.items()
    )


def indicator_from(raw: Raw, **more: Any) -> Indicator:
    """An indicator; ``more`` sets fields that its place in the framework decides."""
    target = raw.get("target")
    low_high = raw.get("goalposts", (0.0, 100.0))
    given: Raw = {
        "code": raw["code"],
        "title": raw["title"],
        "components": _components(raw["measure"]),
        "unit": raw.get("unit", "%"),
        "higher_is_better": raw.get("direction", "up") == "up",
        "goalposts": (low_high[0], low_high[1]),
        "target": Target(target["value"], target["owner"], target["date"].isoformat())
        if target
        else None,
        "note": raw.get("note", NO_TEXT),
        "evidence": raw.get("evidence"),
        "source": raw.get("source", NO_TEXT),
    }
    return Indicator(**{**given, **more})


def ledger_from(raw: Raw, **more: Any) -> tuple[Indicator, ...]:
    """The indicators that are shown and never scored."""
    return tuple(indicator_from(entry, scored=False, **more) for entry in raw.get("ledger", ()))


def methods_from(raw: Raw | None) -> Methods | None:
    """The block ``methods:``, None where there is none."""
    if raw is None:
        return None
    lists = {name: tuple(choices) for name, choices in raw.items() if name != "judges"}
    judges = tuple(tuple(judge.items()) for judge in raw.get("judges", ()))
    return Methods(**lists, judges=judges)


def national_from(raw: Raw, document: Document) -> tuple[Framework, list[Finding]]:
    """The national framework of a file, with what is wrong in it."""
    findings = []
    dimensions = tuple(_dimension(dimension) for dimension in raw["dimensions"])
    if not any(dimension.weight for dimension in dimensions):
        findings.append(document.finding(trouble("no_weight_at_all"), ("dimensions",)))
    for index, dimension in enumerate(raw["dimensions"]):
        leaves = [leaf for value in dimension["values"] for leaf in value["indicators"]]
        if not any(leaf["weight"] for leaf in leaves):
            findings.append(document.finding(trouble("no_weight_at_all"), ("dimensions", index)))
    framework = Framework(
        code=raw["code"],
        title=raw["title"],
        dimensions=dimensions,
        description=raw.get("description", NO_TEXT),
        aggregation=raw.get("aggregation", "arithmetic"),
        availability=raw.get("availability", Fraction(3, 5)),
        margin=raw.get("margin"),
        ledger=ledger_from(raw),
        source=raw.get("source", NO_TEXT),
        methods=methods_from(raw.get("methods")),
        breakdowns=breakdowns_from(raw),
    )
    return framework, findings


def _dimension(raw: Raw) -> Node:
    values = tuple(
        Node(
            value["code"],
            value["title"],
            tuple(Leaf(indicator_from(leaf), leaf["weight"]) for leaf in value["indicators"]),
            description=value.get("description", NO_TEXT),
        )
        for value in raw["values"]
    )
    return Node(raw["code"], raw["title"], values, raw["weight"], raw.get("description", NO_TEXT))
