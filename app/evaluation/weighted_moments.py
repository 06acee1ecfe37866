"""Moments brought to known totals: factors by part, and the residuals that the variance needs.

Calibration factors are constant in a part, so weighting again is algebra on kept sums: a column of
an audience is multiplied by the audience's factor there. A calibrated figure varies only by what
the margins do not explain. For y = x - mean over the base, with the 0/1 columns m of the margins,

    b = (sum w m m')^-1 sum w m y        (w: design weights)        e = g w (y - m'b)

takes the place of g w y in the variance (Deville & Sarndal 1992, with the start weights; in one
margin this is R's post-stratification). m'b is one number in a part, and sum w is a column of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.domain.questionnaire import Audience
from app.evaluation.columns import Floats, Integers, Respondents
from app.evaluation.moments import Layout, Moments, Part
from app.evaluation.place_weights import PlaceWeights
from app.evaluation.rows import PartKey

MOST_PATTERNS = 1_000_000  # of a table of all of them; beyond, PSUs are sorted
Place = tuple[str, Audience]
Who = Mapping[Audience, Respondents]


@dataclass(frozen=True, eq=False)
class CellFactors:
    """One audience of a territory: ``row``: by cell of the parts, the row of ``factor``
    float64[rows] and ``columns`` float64[rows, categories]."""

    row: Mapping[int, int]
    factor: Floats
    columns: Floats


@dataclass(frozen=True, eq=False)
class Weighting:
    """Calibrated audiences by territory; ``remaining``: by territory and stratum the share of an
    audience's sampling units that was not drawn, where the finite population counts."""

    calibrated: Mapping[str, Mapping[Audience, CellFactors]] = field(default_factory=dict)
    remaining: Mapping[tuple[str, int], Mapping[Audience, float]] = field(default_factory=dict)


AS_DRAWN = Weighting()


@dataclass(frozen=True, eq=False)
class Weighed:
    """``kept``: respondents with design weights and cells, for moments that are kept; ``final``:
    with the weights that come of it; ``fixed``: territories whose sampling units hold people of
    several cells, where the error is that of weights taken as given (never too small)."""

    kept: Who
    final: Who
    weighting: Weighting
    fixed: frozenset[str]


def weighed(
    who: Who, places: Mapping[Place, PlaceWeights], remaining: Mapping[Place, Mapping[int, float]]
) -> Weighed:
    """Give every respondent design weight and cell. ``places``: in the order of their rows;
    ``remaining``: by place and number of the stratum, 1 less the sampling fraction."""
    made = _Making(who)
    for territory in dict.fromkeys(place for place, _ in places):
        made.add(territory, {a: each for (t, a), each in places.items() if t == territory})
    shares: dict[tuple[str, int], dict[Audience, float]] = {}
    for (territory, audience), by_stratum in remaining.items():
        for stratum, share in by_stratum.items():
            shares.setdefault((territory, stratum), {})[audience] = share
    return made.weighed(shares)


class _Making:
    """Weights and cells being filled in, territory by territory."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self.weight = {audience: each.weight.copy() for audience, each in who.items()}
        self.final = {audience: each.weight.copy() for audience, each in who.items()}
        self.cell = {audience: np.zeros(each.n, dtype=np.int64) for audience, each in who.items()}
        self.calibrated: dict[str, Mapping[Audience, CellFactors]] = {}
        self.fixed: set[str] = set()

    def add(self, territory: str, here: Mapping[Audience, PlaceWeights]) -> None:
        """One territory, all of its audiences."""
        rows = {audience: _rows(each, territory) for audience, each in self.who.items()}
        for audience, each in here.items():
            self.weight[audience][rows[audience]] = each.design
            self.final[audience][rows[audience]] = each.final
        margins = {audience: each for audience, each in here.items() if each.columns.size}
        if not margins:
            return
        patterns = _patterns(self.who, rows, margins)
        if patterns is None:
            self.fixed.add(territory)
            for audience in margins:
                self.weight[audience][rows[audience]] = self.final[audience][rows[audience]]
            return
        self.calibrated[territory] = _factors(patterns, margins)
        for audience, some in rows.items():
            self.cell[audience][some] = patterns.of(self.who[audience].psu[some])

    def weighed(self, remaining: Mapping[tuple[str, int], Mapping[Audience, float]]) -> Weighed:
        """What came of it."""
        kept = {
            audience: replace(each, weight=self.weight[audience], cell=self.cell[audience])
            for audience, each in self.who.items()
        }
        final = {a: replace(each, weight=self.final[a]) for a, each in self.who.items()}
        weighting = Weighting(self.calibrated, remaining)
        return Weighed(kept, final, weighting, frozenset(self.fixed))


def _rows(who: Respondents, territory: str) -> Integers:
    if territory not in who.territories:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(who.territory == who.territories.index(territory))


@dataclass(frozen=True, eq=False)
class _Patterns:
    """The cells of each PSU of a territory as one number under ``radix``, from the PSU ``lowest``
    on."""

    number: Integers
    lowest: int
    radix: int

    def of(self, psu: Integers) -> Integers:
        return np.asarray(self.number[psu - self.lowest])

    @property
    def distinct(self) -> Integers:
        if self.radix > MOST_PATTERNS:
            return np.unique(self.number)
        return np.flatnonzero(np.bincount(self.number))


def _patterns(
    who: Who, rows: Mapping[Audience, Integers], margins: Mapping[Audience, PlaceWeights]
) -> _Patterns | None:
    """The cells of each PSU; None where a PSU has several of an audience."""
    units = {audience: who[audience].psu[some] for audience, some in rows.items()}
    ends = [(int(each.min()), int(each.max())) for each in units.values() if len(each)]
    lowest = min((low for low, _ in ends), default=0)
    size = 1 + max((high for _, high in ends), default=0) - lowest
    found = np.zeros(size, dtype=np.int64)
    radix = 1
    for audience, each in margins.items():
        psu = units[audience] - lowest
        cell = np.full(size, -1, dtype=np.int64)
        cell[psu] = each.cell
        if (cell[psu] != each.cell).any():
            return None
        found += radix * (cell + 1)
        radix *= each.size + 1
    return _Patterns(found, lowest, radix)


def _factors(
    patterns: _Patterns, margins: Mapping[Audience, PlaceWeights]
) -> dict[Audience, CellFactors]:
    found, rest = {}, patterns.distinct
    numbers = rest.copy()
    for audience, each in margins.items():
        cell = rest % (each.size + 1) - 1
        rest = rest // (each.size + 1)
        there = (cell >= 0) & np.isin(cell, each.cells)
        row = np.searchsorted(each.cells, cell[there]).tolist()
        found[audience] = CellFactors(
            dict(zip(numbers[there].tolist(), row, strict=True)), each.factor, each.columns
        )
    return found


def reweighted(moments: Moments, weighting: Weighting) -> Moments:
    """The same moments under the weights that the calibration gives."""
    if not weighting.calibrated:
        return moments
    layout = moments.layout
    return Moments(
        layout,
        {
            key: _scaled(part, layout, weighting.calibrated[key[0]], key[2])
            if key[0] in weighting.calibrated
            else part
            for key, part in moments.parts.items()
        },
    )


def _scaled(
    part: Part, layout: Layout, audiences: Mapping[Audience, CellFactors], cell: int
) -> Part:
    of_columns, of_components = np.ones(layout.width), np.ones(len(layout.ids))
    for audience, columns, components in _spans(layout):
        factors = audiences.get(audience)
        if factors is not None and cell in factors.row:
            factor = factors.factor[factors.row[cell]]
            of_columns[columns], of_components[components] = factor, factor
    return replace(
        part,
        total=part.total * of_columns,
        cross=part.cross * np.outer(of_columns, of_columns),
        squared_weight=part.squared_weight * of_components**2,
        squares=part.squares * of_components,
        heaviest=part.heaviest * of_components,
    )


def _spans(layout: Layout) -> Sequence[tuple[Audience, slice, slice]]:
    """Each audience's columns of u and its components."""
    found, column, component = [], 0, 0
    for audience, names in layout.components:
        width, k = 1 + 2 * len(names), len(names)
        found.append((audience, slice(column, column + width), slice(component, component + k)))
        column, component = column + width, component + k
    return found


def audience_columns(layout: Layout, values: Mapping[Audience, float]) -> Floats:
    """One number for each column of u: its audience's, or 1."""
    found = np.ones(layout.width)
    for audience, columns, _ in _spans(layout):
        found[columns] = values.get(audience, 1.0)
    return found


def residual_parts(
    parts: Mapping[PartKey, Part],
    layout: Layout,
    offset: Floats,
    audiences: Mapping[Audience, CellFactors],
) -> dict[PartKey, Part]:
    """The parts of a territory, reweighted before, with residuals in place of scores.

    ``offset`` float64[K]: mean less 50. Only ``total`` and ``cross`` are right afterwards.
    """
    found = dict(parts)
    for audience, columns, components in _spans(layout):
        factors = audiences.get(audience)
        if factors is not None and components.stop > components.start:
            found = _without_explained(found, columns.start, layout, components, offset, factors)
    return found


def _without_explained(
    parts: Mapping[PartKey, Part],
    people: int,
    layout: Layout,
    components: slice,
    offset: Floats,
    factors: CellFactors,
) -> dict[PartKey, Part]:
    bases, scores = layout.base_columns[components], layout.score_columns[components]
    mass = np.zeros(len(factors.factor))
    sums = np.zeros((len(factors.factor), len(bases)))
    for (_, _, cell), part in parts.items():
        if cell in factors.row:
            row = factors.row[cell]
            mass[row] += part.total[people] / factors.factor[row]
            above = part.total[scores] - offset[components] * part.total[bases]
            sums[row] += above / factors.factor[row]
    explained = _explained(factors.columns, mass, sums)
    found = {}
    for key, part in parts.items():
        if key[2] not in factors.row:
            found[key] = part
            continue
        minus = explained[factors.row[key[2]]]
        total, cross = part.total.copy(), part.cross.copy()
        total[scores] -= minus * total[people]
        cross[scores, :] -= np.outer(minus, cross[people, :])
        cross[:, scores] -= np.outer(cross[:, people], minus)
        found[key] = replace(part, total=total, cross=cross)
    return found


def _explained(columns: Floats, mass: Floats, sums: Floats) -> Floats:
    """m'b in every cell, float64[rows, K]."""
    root = np.sqrt(mass)[:, None]
    above = np.divide(sums, root, out=np.zeros_like(sums), where=root > 0)
    slope = np.linalg.lstsq(columns * root, above, rcond=None)[0]
    return np.asarray(columns @ slope)
