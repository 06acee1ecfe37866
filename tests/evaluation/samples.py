"""Small made-up programmes for the tests: items E1 … E4 answered 1 to 5, written out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from app.domain.conditions import Compare, Condition
from app.domain.frameworks import (
    Change,
    Component,
    Framework,
    Indicator,
    Leaf,
    Measure,
    Node,
    Relation,
    Scale,
    Share,
)
from app.domain.questionnaire import Audience
from app.domain.territories import Territory
from app.domain.text import NO_TEXT, Text
from app.evaluation.columns import AnswerColumns, ItemColumn, Respondents, Status

E, F, P = Audience.ELDERLY, Audience.FAMILY, Audience.PROFESSIONAL


def rating(values: Sequence[int | None], missing: Status = Status.SKIPPED) -> ItemColumn:
    """An item answered 1 to 5; None: without a value, for the reason ``missing``."""
    codes = ("1", "2", "3", "4", "5")
    return ItemColumn(
        status=np.array([missing if v is None else Status.VALUE for v in values], dtype=np.int8),
        given=np.array([np.nan if v is None else float(v) for v in values]),
        code=np.array([-1 if v is None else v - 1 for v in values], dtype=np.int16),
        codes=codes,
        lowest=1.0,
        highest=5.0,
    )


def answers(**items: Sequence[int | None]) -> AnswerColumns:
    """Columns of rated items; a None is a skipped question."""
    n = len(next(iter(items.values())))
    return AnswerColumns(n, {code: rating(values) for code, values in items.items()})


def respondents(
    territory: Sequence[str],
    *,
    stratum: Sequence[int] | None = None,
    psu: Sequence[int] | None = None,
    weight: Sequence[float] | None = None,
) -> Respondents:
    """Who answered; by default one stratum per territory, everyone a PSU, weights 1."""
    n = len(territory)
    codes = tuple(sorted(set(territory)))
    return Respondents(
        n=n,
        territory=np.array([codes.index(code) for code in territory], dtype=np.int64),
        territories=codes,
        stratum=np.zeros(n, dtype=np.int64) if stratum is None else np.array(stratum),
        psu=np.arange(n) if psu is None else np.array(psu),
        weight=np.ones(n) if weight is None else np.array(weight, dtype=float),
        proxy=np.zeros(n, dtype=bool),
        channel=np.zeros(n, dtype=np.int8),
    )


def at_least(item: str, value: int) -> Condition:
    """``item >= value``."""
    return Compare(item, ">=", str(value))


def agree(item: str) -> Share:
    """Share of those who answered 4 or 5."""
    return Share(of=at_least(item, 4))


def indicator(
    code: str,
    measure: Measure | Mapping[Audience, Measure],
    *,
    up: bool = True,
    origin: str | None = None,
    relation: Relation | None = None,
) -> Indicator:
    """An indicator of elderly people, or of several audiences with equal weights."""
    measures = measure if isinstance(measure, Mapping) else {E: measure}
    return Indicator(
        code=code,
        title=Text.of(fr=code, en=code),
        components=tuple(Component(audience, each) for audience, each in measures.items()),
        higher_is_better=up,
        origin=origin,
        relation=relation,
    )


def dimension(code: str, weight: int, *leaves: tuple[Indicator, int]) -> Node:
    """A dimension with its weight and its weighted indicators."""
    return Node(
        code,
        NO_TEXT,
        tuple(Leaf(each, Fraction(share)) for each, share in leaves),
        weight=Fraction(weight),
    )


def framework(
    code: str,
    *dimensions: Node,
    territory: str | None = None,
    changes: tuple[Change, ...] = (),
    **options: object,
) -> Framework:
    """A resolved framework."""
    return Framework(
        code=code,
        title=Text.of(fr=code, en=code),
        dimensions=dimensions,
        territory=territory,
        changes=changes,
        **options,  # type: ignore[arg-type]
    )


def place(code: str, population: int | None = None) -> Territory:
    """A territory."""
    return Territory(code, Text.of(fr=code, en=code), "FR", population_75=population)


def scale(*items: str, **options: object) -> Scale:
    """A scale of items."""
    return Scale(items=items, **options)  # type: ignore[arg-type]
