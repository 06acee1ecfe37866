"""Edits of a framework's plain document: weights, judges, and what a territory changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.errors import BadInput, Fault
from app.domain.plain_documents import Raw, with_value
from app.domain.text import Text

HUNDRED = Fraction(100)


def dimension_weights(document: Raw) -> dict[str, str]:
    """The weight of each dimension, as written."""
    if "weights" in document:
        return dict(document["weights"])
    return {each["code"]: each["weight"] for each in document.get("dimensions", ())}


def indicator_weights(document: Raw) -> dict[str, str]:
    """The weight of each indicator within its dimension, as written; national frameworks only."""
    return {
        indicator["code"]: indicator["weight"]
        for dimension in document.get("dimensions", ())
        for value in dimension["values"]
        for indicator in value["indicators"]
        if "weight" in indicator
    }


def weighted(document: Raw, said: Mapping[str, str]) -> Raw:
    """The document with other weights, of dimensions and of indicators; ``said``: by code."""
    if "weights" in document:
        weights = {code: said.get(code, old) for code, old in document["weights"].items()}
        document = {**document, "weights": weights}
        if said.get("added_share"):
            document = {**document, "added_share": said["added_share"]}
        return document
    for d, dimension in enumerate(document["dimensions"]):
        if dimension["code"] in said:
            path = ("dimensions", d, "weight")
            document = with_value(document, path, said[dimension["code"]])
        for v, value in enumerate(dimension["values"]):
            for i, indicator in enumerate(value["indicators"]):
                if indicator["code"] in said:
                    at = ("dimensions", d, "values", v, "indicators", i, "weight")
                    document = with_value(document, at, said[indicator["code"]])
    return document


def judged(document: Raw, judges: Sequence[Mapping[str, str]]) -> Raw:
    """The document with what each judge gave, kept one by one. Raises BadInput: not 100 points."""
    for number, judge in enumerate(judges, 1):
        if sum(map(Fraction, judge.values()), Fraction(0)) != HUNDRED:
            raise BadInput([Fault(f"judge {number}", *_HUNDRED)])
    methods = {key: value for key, value in document.get("methods", {}).items() if key != "judges"}
    if judges:
        methods["judges"] = [dict(judge) for judge in judges]
    rest = {key: value for key, value in document.items() if key != "methods"}
    return {**rest, "methods": methods} if methods else rest


def mean_points(
    judges: Sequence[Mapping[str, str]],
) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
    """For each dimension the mean of the judges' points, with the least and the most."""
    found = {}
    for code in dict.fromkeys(code for judge in judges for code in judge):
        points = [Fraction(judge.get(code, "0")) for judge in judges]
        found[code] = (sum(points, Fraction(0)) / len(points), min(points), max(points))
    return found


def with_breakdown(document: Raw, number: int, breakdown: Raw | None) -> Raw:
    """A national document with another breakdown at this place of the list, or one more; None:
    without it."""
    listed = list(document.get("breakdowns", ()))
    listed[number : number + 1] = [breakdown] if breakdown else []
    rest = {key: value for key, value in document.items() if key != "breakdowns"}
    return {**rest, "breakdowns": listed} if listed else rest


def changed_relation(document: Raw, indicator: str, change: Raw | None) -> Raw:
    """A territory's document with what becomes of one national indicator; None: it is kept."""
    rest = [each for each in document.get("changes", ()) if each["indicator"] != indicator]
    changes = [*rest, change] if change else rest
    kept = {key: value for key, value in document.items() if key != "changes"}
    return {**kept, "changes": changes} if changes else kept


_HUNDRED = (
    Text.of(fr="Les points ne font pas 100.", en="The points do not make 100."),
    Text.of(
        fr="Chaque juge répartit exactement 100 points.",
        en="Each judge spreads exactly 100 points.",
    ),
)
