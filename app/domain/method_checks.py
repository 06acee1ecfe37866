"""What is wrong in the admissible method choices of a framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.method_choices import OWN_WAY, Methods, Normalisation, Weighting, listed

if TYPE_CHECKING:
    from app.domain.frameworks import Framework


def check_methods(framework: Framework, scored: tuple[str, ...]) -> Iterator[Finding]:
    """Every finding on ``framework.methods``; ``scored``: the scored indicators without target."""
    methods = framework.methods
    if methods is None:
        return
    given = dict(listed(methods))
    own = {"aggregation": framework.aggregation, **OWN_WAY}
    for name, choices in given.items():
        if len(set(choices)) < len(choices):
            yield finding("choice_twice", framework.code, list=name)
        if name in own and own[name] not in choices:
            yield finding("own_way_missing", framework.code, list=name, own=own[name])
    if all(len(choices) < 2 for choices in given.values()) and len(methods.judges) < 2:
        yield finding("no_other_method", framework.code)
    if Normalisation.DISTANCE_TO_TARGET in methods.normalisation:
        for code in scored:
            yield finding("target_for_method", code, indicator=code)
    yield from _judges(framework, methods)


def _judges(framework: Framework, methods: Methods) -> Iterator[Finding]:
    if bool(methods.judges) != (Weighting.JUDGES in methods.weights):
        yield finding("judges_listed", framework.code)
    known = [dimension.code for dimension in framework.dimensions]
    for number, judge in enumerate(methods.judges, 1):
        named = [code for code, _ in judge]
        if sorted(named) != sorted(known) or not any(points for _, points in judge):
            yield finding("judge", framework.code, number=number, allowed=", ".join(known))
