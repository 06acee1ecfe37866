"""Mergeable moments: the only step whose cost grows with the number of respondents.

A row is a primary sampling unit (PSU): respondents are summed to it first, within its stratum, so
that what an elderly person and their family share stays in the covariance. With the weight w, the
base d_k and the score x_k of component k, the columns of one audience are

    u = w (1, d_1 … d_K, (x_1 - 50) d_1 … (x_K - 50) d_K)

centred on the middle of every scale, 50, a constant, so that parts merge. A part is territory x
stratum x cell of the calibration margins; kept per part: the number of PSUs, sum u, sum u u', and
a few sums over people. All that follows (estimates, covariances, composites, comparison) is small
algebra on these. Method: ultimate clusters, e.g. Lumley 2010, *Complex Surveys*, section 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from app.domain.questionnaire import Audience
from app.evaluation.columns import Bools, Floats, Integers, Respondents
from app.evaluation.rows import PartKey, Rows, chunks, in_order, shared_units

MIDDLE = 50.0


@dataclass(frozen=True)
class Layout:
    """Which components stand in which column of u: one block per audience, in order."""

    components: tuple[tuple[Audience, tuple[str, ...]], ...]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All components in order."""
        return tuple(name for _, names in self.components for name in names)

    @cached_property
    def width(self) -> int:
        """Number of columns of u."""
        return sum(1 + 2 * len(names) for _, names in self.components)

    @cached_property
    def base_columns(self) -> Integers:
        """The column of w d_k for each component."""
        return self._columns(0)

    @cached_property
    def score_columns(self) -> Integers:
        """The column of w (x_k - 50) d_k for each component."""
        return self._columns(1)

    def _columns(self, which: int) -> Integers:
        found, start = [], 0
        for _, names in self.components:
            found += [start + 1 + which * len(names) + k for k in range(len(names))]
            start += 1 + 2 * len(names)
        return np.array(found, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Part:
    """The moments of one part. Arrays over components have the order of ``Layout.ids``.

    ``psus``: number of PSUs; ``total`` float64[width]: sum u; ``cross`` float64[width, width]:
    sum u u'. Per component: ``touched`` PSUs with somebody in the base; over the people in the
    base ``count``, ``proxies``, ``score`` sum of x, ``squared_weight`` sum of w^2, ``squares`` sum
    of w (x - 50)^2, ``heaviest`` largest w; ``unsure``, and ``unsure_outside`` the base.
    People without weight are not counted.
    """

    psus: int
    total: Floats
    cross: Floats
    touched: Floats
    count: Floats
    proxies: Floats
    score: Floats
    squared_weight: Floats
    squares: Floats
    unsure: Floats
    unsure_outside: Floats
    heaviest: Floats


ADDED = (
    "total", "cross", "touched", "count", "proxies", "score", "squared_weight", "squares",
    "unsure", "unsure_outside",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments by part. The moments of a tiny part are a person's answers: never given out."""

    layout: Layout
    parts: Mapping[PartKey, Part]


class ScoredAudience(NamedTuple):
    """One audience of a block: n people and its K components in the order of the layout.

    Each by component: ``x`` float64[n]: scores, 0 outside the base, or of a share bool[n]: 100 or
    0; ``d`` and ``unsure`` bool[n].
    """

    respondents: Respondents
    x: Sequence[Floats | Bools] | Floats
    d: Sequence[Bools] | Bools
    unsure: Sequence[Bools] | Bools


Block = Mapping[Audience, ScoredAudience]


def empty_part(layout: Layout, psus: int = 0) -> Part:
    """The moments of PSUs without anybody."""
    width, k = layout.width, len(layout.ids)
    return Part(psus, np.zeros(width), np.zeros((width, width)), *(np.zeros(k) for _ in range(9)))


def merge(several: Iterable[Moments]) -> Moments:
    """Add moments of blocks that share no PSU and have one layout.

    PSUs that were sampled and gave nobody belong to their stratum: add them as ``empty_part``.
    Raises ValueError on different layouts or without any moments.
    """
    found: dict[PartKey, Part] = {}
    layout: Layout | None = None
    for one in several:
        if layout is not None and one.layout != layout:
            raise ValueError("moments of different layouts cannot be added")
        layout = one.layout
        for key, part in one.parts.items():
            found[key] = _added(found[key], part) if key in found else part
    if layout is None:
        raise ValueError("there are no moments to add")
    return Moments(layout, {key: found[key] for key in sorted(found)})


def _added(one: Part, other: Part) -> Part:
    sums = {name: getattr(one, name) + getattr(other, name) for name in ADDED}
    heaviest = np.maximum(one.heaviest, other.heaviest)
    return Part(psus=one.psus + other.psus, heaviest=heaviest, **sums)


def moments(block: Block, layout: Layout) -> Moments:
    """The moments of whole PSUs: every respondent of a PSU must be in the same block.

    Rows may come in any order; rows sorted by territory, stratum, cell and PSU save the sorting.
    Raises ValueError where a PSU lies in two cells of its stratum.
    """
    block = {audience: _with_weight(scored) for audience, scored in block.items()}
    rows = {audience: in_order(scored.respondents) for audience, scored in block.items()}
    keys = sorted({key for each in rows.values() for key in each.parts})
    return Moments(layout, {key: _part(layout, block, rows, key) for key in keys})


def _with_weight(scored: ScoredAudience) -> ScoredAudience:
    """The same people, those without weight in no base."""
    who = scored.respondents
    if who.weight.all():
        return scored
    counts = who.weight > 0
    return ScoredAudience(
        who,
        [row * counts for row in scored.x],
        [row & counts for row in scored.d],
        [row & counts for row in scored.unsure],
    )


def _part(layout: Layout, block: Block, rows: Mapping[Audience, Rows], key: PartKey) -> Part:
    present = [name for name, _ in layout.components if name in rows and key in rows[name].parts]
    psus, shared = shared_units([rows[audience].units(key) for audience in present])
    part = empty_part(layout, psus)
    kept = [
        _add_audience(part, layout, audience, block[audience], rows[audience], key, shared)
        for audience in present
    ]
    for i, (here, sums) in enumerate(kept):
        for there, others in kept[i + 1 :]:
            product = sums @ others.T
            part.cross[here, there] += product
            part.cross[there, here] += product.T
    return part


def _add_audience(
    part: Part,
    layout: Layout,
    audience: Audience,
    scored: ScoredAudience,
    rows: Rows,
    key: PartKey,
    shared: Integers,
) -> tuple[slice, Floats]:
    """Add one audience to a part; give back its columns and its sums over the shared PSUs."""
    start, first, size = _place(layout, audience)
    columns = slice(start, start + 1 + 2 * size)
    kept = np.zeros((1 + 2 * size, len(shared)))
    # Components that nobody of this part was asked cost nothing.
    active = np.flatnonzero(rows.any(scored.d, key) | rows.any(scored.unsure, key)).tolist()
    shares = [k for k in active if scored.x[k].dtype == bool]
    order = np.array([*shares, *(k for k in active if k not in shares)], dtype=np.int64)
    within = np.concatenate([[0], 1 + order, 1 + size + order])
    target = np.ix_(start + within, start + within)
    cross = np.zeros((len(within), len(within)))
    _add_unsure(part, first, scored, active, rows.take(rows.parts[key]))
    cut = chunks(rows, key, len(within))
    room = np.empty(len(within) * max(chunk.people for chunk in cut))
    for chunk in cut:
        u = _columns(part, (start, first), (order, len(shares)), scored, chunk.take, room)
        if chunk.starts is not None:
            u = np.add.reduceat(u, chunk.starts, axis=1)
            part.touched[first + order] += (u[1 : 1 + len(order)] > 0).sum(axis=1)
        if len(shared):
            at = np.searchsorted(shared, chunk.numbers)  # both are in order
            here = shared[np.minimum(at, len(shared) - 1)] == chunk.numbers
            kept[np.ix_(within, at[here])] = u[:, here]
        cross += u @ u.T  # numpy hands this to BLAS as dsyrk
    if cut[0].starts is None:  # everybody is a PSU of their own
        part.touched[first + order] += part.count[first + order]
    part.cross[target] += cross
    return columns, kept


def _place(layout: Layout, wanted: Audience) -> tuple[int, int, int]:
    """First column, first component and number of components of an audience."""
    column = component = 0
    for audience, names in layout.components:
        if audience == wanted:
            return column, component, len(names)
        column += 1 + 2 * len(names)
        component += len(names)
    raise KeyError(wanted)


def _add_unsure(
    part: Part, first: int, scored: ScoredAudience, active: list[int], take: slice | Integers
) -> None:
    """Add the counts of people who are unsure."""
    for k in active:
        unsure = scored.unsure[k][take]
        if unsure.any():
            part.unsure[first + k] += np.count_nonzero(unsure)
            part.unsure_outside[first + k] += np.count_nonzero(unsure & ~scored.d[k][take])


def _columns(
    part: Part,
    places: tuple[int, int],
    wanted: tuple[Integers, int],
    scored: ScoredAudience,
    take: slice | Integers,
    room: Floats,
) -> Floats:
    """The columns u of some people, float64[1 + 2 wanted, rows]; adds their sums to ``part``.

    ``places``: first column and component of the audience; ``wanted``: the components, so many
    shares first. They are laid out in ``room``, which every chunk uses again: new memory costs
    more than the arithmetic.
    """
    (start, first), (order, shares), k = places, wanted, len(wanted[0])
    weight, proxy = (each[take] for each in (scored.respondents.weight, scored.respondents.proxy))
    u = room[: (1 + 2 * k) * len(weight)].reshape(1 + 2 * k, len(weight))
    bases, scores = u[1 : 1 + k], u[1 + k :]
    u[0] = weight
    for row, component in enumerate(order.tolist()):
        bases[row] = scored.d[component][take]
        scores[row] = scored.x[component][take]
    scores[:shares] *= 2 * MIDDLE
    at = first + order
    part.count[at] += bases.sum(axis=1)
    part.proxies[at] += bases @ proxy.astype(np.float64)
    part.score[at] += scores.sum(axis=1)
    bases *= weight
    scores -= MIDDLE
    centred = scores[shares:].copy()
    scores *= bases
    sums = u.sum(axis=1)
    part.total[start] += sums[0]
    part.total[start + 1 + order] += sums[1 : 1 + k]
    part.total[start + 1 + len(scored.x) + order] += sums[1 + k :]
    part.squared_weight[at] += bases @ weight
    part.squares[at[:shares]] += MIDDLE**2 * sums[1 : 1 + shares]
    part.squares[at[shares:]] += np.einsum("kr,kr->k", scores[shares:], centred)
    part.heaviest[at] = np.maximum(part.heaviest[at], bases.max(axis=1, initial=0.0))
    return u
