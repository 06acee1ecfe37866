"""Index files (``covalue/index/1``, YAML or JSON) as objects; every finding with its line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, cast

from app.definitions.index_schemas import AS_WRITTEN, NONE, index
from app.definitions.index_steps_reading import steps_of, wrong_steps
from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Path, read_document
from app.definitions.taking import taken
from app.domain.errors import BadDefinition
from app.evaluation.index_framework import (
    ARITHMETIC,
    GEOMETRIC,
    HARMONIC,
    Aggregation,
    Choices,
    IndexFramework,
    IndexIndicator,
    IndexNode,
    Method,
    Weighting,
)

FORMAT = "covalue/index/1"
_MEANS = {"arithmetic": ARITHMETIC, "geometric": GEOMETRIC, "harmonic": HARMONIC}
Raw = dict[str, Any]
Wrong = tuple[Trouble, Path]


def read_index(text: str) -> IndexFramework:
    """The index in a file's text; raises BadDefinition with every finding and its line.

    JSON is read as YAML is: tabs between its marks are spaces.
    """
    document = read_document(text.replace("\t", " "))
    raw = taken(document, index(), FORMAT)
    wrong = [document.finding(found, path) for found, path in _wrong(raw)]
    if wrong:
        raise BadDefinition(wrong)
    return _index(raw)


def _index(raw: Raw) -> IndexFramework:
    return IndexFramework(
        code=raw["code"],
        root=_node(raw, root=True),
        availability=raw["availability"],
        normalisation=Method(raw.get("normalisation", Method.GOALPOSTS)),
        scale=_scale(raw.get("scale", 100.0)),
        weights=Weighting(raw.get("weights", Weighting.FRAMEWORK)),
        floor=raw.get("floor"),
        unit_column=raw.get("unit", "unit"),
        judges=raw.get("judges", {}),
        choices=_choices(raw.get("choices", {})),
    )


def _scale(given: float | list[float]) -> tuple[float, float]:
    return (given[0], given[1]) if isinstance(given, list) else (0.0, given)


def _node(raw: Raw, *, root: bool = False) -> IndexNode:
    return IndexNode(
        code=raw["code"],
        children=tuple(
            _node(part) if "parts" in part else _indicator(part) for part in raw["parts"]
        ),
        weight=raw["weight"] if isinstance(raw.get("weight"), Fraction) else Fraction(1),
        aggregation=_aggregation(raw.get("aggregation", "arithmetic")),
        steps=steps_of(raw.get("transform")),
        availability=None if root else raw.get("availability"),
        least_parts=raw.get("least_parts", 0),
        least_indicators=raw.get("least_indicators", 0),
    )


def _aggregation(given: str | Raw) -> Aggregation:
    if isinstance(given, dict):
        return float(given["power"])
    return _MEANS.get(given, cast("Aggregation", given))


def _indicator(raw: Raw) -> IndexIndicator:
    ends = raw.get("goalposts")
    return IndexIndicator(
        code=raw["code"],
        column=raw["column"] if "column" in raw else raw["code"],
        weight=raw.get("weight", Fraction(1)),
        higher_is_better=raw.get("direction", "up") == "up",
        method=_method(raw),
        goalposts=(ends[0], ends[1]) if ends else None,
        target=raw.get("target"),
        capped=raw["capped"] == "true" if "capped" in raw else None,
        steps=steps_of(raw.get("transform")),
        constant=raw.get("constant"),
    )


def _method(raw: Raw) -> Method | None:
    if "constant" in raw:
        return Method.NONE
    return Method(raw["normalisation"]) if "normalisation" in raw else None


def _choices(raw: Raw) -> Choices:
    return Choices(
        normalisation=tuple(
            None if each == AS_WRITTEN else Method(each) for each in raw.get("normalisation", ())
        ),
        aggregation=tuple(
            None if each == AS_WRITTEN else _aggregation(each)
            for each in raw.get("aggregation", ())
        ),
        weights=tuple(Weighting(each) for each in raw.get("weights", ())),
        availability=tuple(raw.get("availability", ())),
        without=tuple(None if each == NONE else each for each in raw.get("without", ())),
    )


def _wrong(raw: Raw) -> Iterator[Wrong]:
    """What the keys alone cannot say."""
    codes: list[str] = []
    leaves: list[str] = []
    yield from _wrong_node(raw, (), codes, leaves, raw.get("normalisation", Method.GOALPOSTS))
    if isinstance(ends := raw.get("scale"), list) and not (len(ends) == 2 and ends[0] < ends[1]):
        yield trouble("index_two_goalposts"), ("scale",)
    yield from _wrong_judges(raw, leaves)
    yield from _wrong_choices(raw.get("choices", {}), bool(raw.get("judges")), leaves)


def _wrong_node(
    raw: Raw, path: Path, codes: list[str], leaves: list[str], method: str
) -> Iterator[Wrong]:
    if raw["code"] in codes:
        yield trouble("index_code_twice", code=raw["code"]), (*path, "code")
    codes.append(raw["code"])
    if "parts" not in raw:
        leaves.append(raw["code"])
        yield from _wrong_indicator(raw, path, raw.get("normalisation", method))
        return
    yield from wrong_steps(raw, path)
    if raw.get("aggregation") == "ratio" and not _is_ratio(raw["parts"]):
        yield trouble("index_ratio"), (*path, "parts")
    if path and raw.get("aggregation") == "copeland":
        yield trouble("index_copeland_inside"), (*path, "aggregation")
    if not any(part.get("weight", 1) for part in raw["parts"]):
        yield trouble("index_no_weight"), (*path, "parts")
    for number, part in enumerate(raw["parts"]):
        yield from _wrong_node(part, (*path, "parts", number), codes, leaves, method)


def _wrong_indicator(raw: Raw, path: Path, method: str) -> Iterator[Wrong]:
    if "constant" in raw:
        if raw.keys() - {"code", "title", "constant", "weight", "source"}:
            yield trouble("index_constant"), (*path, "constant")
        return
    ends, target = raw.get("goalposts"), raw.get("target")
    if ends is not None and not (len(ends) == 2 and ends[0] < ends[1]):
        yield trouble("index_two_goalposts"), (*path, "goalposts")
    if method == Method.GOALPOSTS and ends is None:
        yield trouble("index_needs_goalposts"), path
    if method == Method.DISTANCE_TO_TARGET and target is None:
        yield trouble("index_needs_target"), path
    yield from wrong_steps(raw, path)


def _is_ratio(parts: list[Raw]) -> bool:
    return len(parts) == 2 and not any("weight" in part for part in parts)


def _wrong_judges(raw: Raw, leaves: list[str]) -> Iterator[Wrong]:
    judges = raw.get("judges", {})
    if raw.get("weights") == Weighting.BUDGET and not judges:
        yield trouble("index_no_judges"), ("weights",)
    for name, points in judges.items():
        if set(points) != set(leaves) or sum(points.values()) != 100:
            yield trouble("index_judge", codes=", ".join(leaves)), ("judges", name)


def _wrong_choices(raw: Raw, judged: bool, leaves: list[str]) -> Iterator[Wrong]:
    for name, options in raw.items():
        if len({str(each) for each in options}) < len(options):
            yield trouble("index_option_twice"), ("choices", name)
    if Weighting.BUDGET in raw.get("weights", ()) and not judged:
        yield trouble("index_no_judges"), ("choices", "weights")
    for code in raw.get("without", ()):
        if code != NONE and code not in leaves:
            found = trouble("index_unknown_indicator", code=code, codes=", ".join(leaves))
            yield found, ("choices", "without")
