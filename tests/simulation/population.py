"""A population whose every figure is known, nine territories with their own trees, and samples.

An answer from 1 to 5 cuts a normal variable of variance 1, of which a part (36 %) is the person's
case: an elderly person and their family carer share it. So the true share above any answer is a
value of the normal distribution, whatever the items have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.special import ndtr

from app.domain.conditions import Compare
from app.domain.frameworks import (
    Component,
    Framework,
    Indicator,
    Leaf,
    Node,
    Relation,
    Scale,
    Share,
)
from app.domain.questionnaire import Audience
from app.domain.text import NO_TEXT, Text
from app.evaluation.columns import AnswerColumns, Floats, ItemColumn, Respondents, Status
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import Data

E, F = Audience.ELDERLY, Audience.FAMILY
TERRITORIES = tuple(f"T{k}" for k in range(1, 10))
SIZES = (60, 90, 120, 150, 60, 90, 120, 150, 100)
CORE = tuple(f"E{k}" for k in range(1, 7))
FAMILY = ("F1", "F2")
CUTS = np.array([-1.2, -0.4, 0.3, 1.1])
SHARED = 0.6  # of the standard deviation of an answer is the case's
KINDS = ("plain", "local", "linked", "exchange")


@dataclass(frozen=True, eq=False)
class World:
    """One kind of world: its trees, what is asked, and how far answers are shifted where."""

    kind: str
    national: Framework
    own: Mapping[str, Framework]
    asked: Asked
    shifts: Mapping[str, Floats]  # item: float64[territories]


def world(kind: str, *, alike: bool) -> World:
    """``alike``: people answer alike everywhere, while the territories' weights differ."""
    items = (*CORE, *FAMILY, *(f"L{k}" for k in range(1, 10)))
    rng = np.random.default_rng(19)
    size = 0.0 if alike else 0.35
    shifts = {item: rng.normal(0.0, 1.0, len(TERRITORIES)) * size for item in items}
    indicators = _indicators(linked=kind == "linked")
    national = _tree("NAT", indicators, (50, 50), (2, 1, 1, 1, 1))
    own = {}
    for k, code in enumerate(TERRITORIES):
        weights = rng.integers(1, 9, len(indicators))
        local = None if kind == "plain" else _share(f"A{k + 1}", f"L{k + 1}")
        own[code] = replace(
            _tree(code, indicators, (30 + 5 * k, 70 - 5 * k), tuple(map(int, weights)), local),
            territory=code,
        )
    everyone = frozenset(CORE)
    asked = {
        code: {E: everyone | ({f"L{k}"} if kind != "plain" else set()), F: frozenset(FAMILY)}
        for k, code in enumerate(TERRITORIES, 1)
    }
    every_local = frozenset(f"L{k}" for k in range(1, 10))
    exchange = {code: {E: every_local} for code in TERRITORIES} if kind == "exchange" else {}
    return World(kind, national, own, Asked(asked, exchange), shifts)


def _indicators(*, linked: bool) -> tuple[Indicator, ...]:
    last = _share("I5", "E6", 3)
    if linked:
        parts = (*last.components, Component(F, Scale(FAMILY)))
        last = replace(last, code="I5_F", components=parts)
    return (
        _share("I1", "E1"),
        _indicator("I2", Scale(("E2",))),
        _share("I3", "E3"),
        _indicator("I4", Scale(("E4", "E5"))),
        last,
    )


def _indicator(code: str, measure: Share | Scale) -> Indicator:
    return Indicator(code, Text.of(fr=code, en=code), (Component(E, measure),))


def _share(code: str, item: str, least: int = 4) -> Indicator:
    return _indicator(code, Share(Compare(item, ">=", str(least))))


def _tree(
    code: str,
    indicators: tuple[Indicator, ...],
    dimensions: tuple[int, int],
    weights: tuple[int, ...],
    local: Indicator | None = None,
) -> Framework:
    leaves = [Leaf(each, Fraction(w)) for each, w in zip(indicators, weights, strict=True)]
    first, second = leaves[:2], leaves[2:]
    if local is not None:
        second = [*second, Leaf(replace(local, relation=Relation.ADDED), Fraction(2))]
    nodes = tuple(
        Node(name, NO_TEXT, tuple(inside), Fraction(weight))
        for name, inside, weight in zip("XY", (first, second), dimensions, strict=True)
    )
    return Framework(code, Text.of(fr=code, en=code), nodes)


def truth(world: World, territory: int, indicator: Indicator) -> float:
    """The indicator in the whole population of a territory, 0 to 100."""

    def above(item: str) -> Floats:
        return np.asarray(ndtr(world.shifts[item][territory] - CUTS))

    parts = []
    for part in indicator.components:
        if isinstance(part.measure, Share):
            assert isinstance(part.measure.of, Compare)
            parts.append(100 * float(above(part.measure.of.item)[int(part.measure.of.value) - 2]))
        else:
            assert isinstance(part.measure, Scale)
            means = [25 * float(above(item).sum()) for item in part.measure.items]
            parts.append(sum(means) / len(means))
    return sum(parts) / len(parts)


def sample(world: World, seed: int) -> Data:
    """Simple random samples of cases, with weights that have nothing to do with the answers."""
    rng = np.random.default_rng(seed)
    territory = np.repeat(np.arange(len(TERRITORIES)), SIZES)
    n = len(territory)
    case = rng.standard_normal(n)
    weight = np.exp(rng.normal(0.0, 0.3, n))
    part = rng.random(n) < 0.5
    who = Respondents(
        n=n,
        territory=territory,
        territories=TERRITORIES,
        stratum=np.zeros(n, dtype=np.int64),
        psu=np.arange(n),
        weight=weight,
        proxy=np.zeros(n, dtype=bool),
        channel=np.zeros(n, dtype=np.int8),
        exchange=part,
    )
    asked = [item for item in world.shifts if item[0] in ("E" if world.kind == "plain" else "EL")]
    columns = {}
    for item in asked:
        column = _answers(world, item, territory, case, rng)
        if item[0] == "L":
            home = territory == int(item[1:]) - 1
            unasked = ~home & (~part | (world.kind != "exchange"))
            status = np.where(unasked, Status.NOT_SHOWN, Status.VALUE).astype(np.int8)
            column = replace(column, status=status)
        columns[item] = column
    data = {E: (AnswerColumns(n, columns), who)}
    if world.kind == "linked":
        family = {item: _answers(world, item, territory, case, rng) for item in FAMILY}
        data[F] = (AnswerColumns(n, family), who)
    return data


def _answers(
    world: World, item: str, territory: Floats, case: Floats, rng: np.random.Generator
) -> ItemColumn:
    own = rng.standard_normal(len(case)) * (1 - SHARED**2) ** 0.5
    value = SHARED * case + own + world.shifts[item][territory]
    chosen = np.searchsorted(CUTS, value).astype(np.int16)
    return ItemColumn(
        status=np.zeros(len(case), dtype=np.int8),
        given=chosen + 1.0,
        code=chosen,
        codes=("1", "2", "3", "4", "5"),
        lowest=1.0,
        highest=5.0,
    )
