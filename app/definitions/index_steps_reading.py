"""The steps of an index file: ``transform: log``, or a list of words and steps with numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Path
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_steps import RELATIVE, Step, StepKind, fixed

Raw = dict[str, Any]
POINTS = (StepKind.THROUGH, StepKind.BANDS)


def steps_of(given: Any) -> tuple[Step, ...]:
    """What ``transform`` says, in order; ``none`` and no key are no step."""
    listed = given if isinstance(given, list) else [given]
    return tuple(_step(each) for each in listed if each not in (None, "none"))


def _step(given: str | Raw) -> Step:
    if isinstance(given, str):
        return Step(StepKind(given))
    ((name, value),) = given.items()
    kind = StepKind(name)
    if kind in POINTS:
        return Step(kind, tuple(number for point in value for number in point))
    return Step(kind, tuple(map(float, value)) if isinstance(value, list) else (value,))


def wrong_steps(raw: Raw, path: Path) -> Iterator[tuple[Trouble, Path]]:
    """Steps that cannot be read, and goalposts or targets that cannot go through them."""
    given = raw.get("transform")
    where = (*path, "transform")
    listed = given if isinstance(given, list) else [given]
    if not all(_reads_well(each) for each in listed if isinstance(each, dict)):
        yield trouble("index_step"), where
        return
    steps = steps_of(given)
    target = raw.get("target")
    ends = (*(raw.get("goalposts") or ()), *(() if target is None else (target,)))
    if ends and not _go_through(ends, steps):
        yield trouble("index_ends_in_steps", relative=", ".join(sorted(RELATIVE))), where


def _reads_well(step: Raw) -> bool:
    if len(step) != 1:
        return False
    ((name, value),) = step.items()
    if name in POINTS:
        firsts = [point[0] for point in value]
        return all(len(point) == 2 for point in value) and all(a < b for a, b in pairwise(firsts))
    if name == "outliers":
        return len(value) == 3 and float(value[2]).is_integer()
    if isinstance(value, list):
        return len(value) == 2 and (name != "percentiles" or value[0] < value[1])
    return True


def _go_through(ends: tuple[float, ...], steps: tuple[Step, ...]) -> bool:
    if any(step.kind in RELATIVE for step in steps):
        return False
    try:
        fixed(ends, steps, "")
    except NotComputable:
        return False
    return True
