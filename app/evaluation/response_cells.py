"""Non-response weighting cells: whoever answers in a cell also stands for those who did not.

Weighting-class adjustment (Oh & Scheuren 1983; Kalton & Flores-Cervantes 2003, Journal of Official
Statistics 19(2), 81-97): in a cell of the sample, made of what the frame knows, the design weights
of who answered are multiplied by

    factor = (design weights of the eligible people drawn) / (design weights of who answered).

It removes the bias of non-response so far as people of a cell answer alike, whether they answered
or not. Cells that are too thin are joined before: see ``proposed``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.domain.fieldwork import FEWEST
from app.evaluation.margins import FEW
from app.evaluation.weighting import USUAL_FACTORS


@dataclass(frozen=True)
class FrameGroup:
    """The eligible people of a sample who are alike in the frame. ``category``: their value of
    each variable; ``weight``: sum of the design weights of all, ``answered_weight`` of who
    answered, ``answered_squares`` of the squares of these."""

    category: tuple[str, ...]
    eligible: int
    answered: int
    weight: float
    answered_weight: float
    answered_squares: float

    def weighing(self, each: float) -> FrameGroup:
        """The same people with this design weight each."""
        return replace(
            self,
            weight=self.eligible * each,
            answered_weight=self.answered * each,
            answered_squares=self.answered * each**2,
        )


@dataclass(frozen=True)
class ResponseCell:
    """Groups that are weighted alike."""

    groups: tuple[FrameGroup, ...]

    @property
    def eligible(self) -> int:
        """People drawn who are eligible."""
        return sum(each.eligible for each in self.groups)

    @property
    def answered(self) -> int:
        """People whose answers count."""
        return sum(each.answered for each in self.groups)

    @property
    def rate(self) -> float:
        """Response rate by design weights, between 0 and 1."""
        return self.answered_weight / self.weight

    @property
    def factor(self) -> float:
        """What the design weight of an answer is multiplied by; infinite where nobody answered."""
        return self.weight / self.answered_weight if self.answered else float("inf")

    @property
    def weight(self) -> float:
        """Design weights of the eligible people."""
        return sum(each.weight for each in self.groups)

    @property
    def answered_weight(self) -> float:
        """Design weights of who answered."""
        return sum(each.answered_weight for each in self.groups)

    @property
    def answered_squares(self) -> float:
        """Their squares."""
        return sum(each.answered_squares for each in self.groups)


@dataclass(frozen=True)
class CellRule:
    """``variables``: places in ``FrameGroup.category`` that make the cells, in order;
    ``fewest``: answers in a cell."""

    variables: tuple[int, ...]
    fewest: int = FEW


@dataclass(frozen=True)
class CellEffect:
    """Kish's design effect of the weights (1965, n sum w^2 / (sum w)^2) before and with the cells,
    and how many answers of equal weight these are worth."""

    answered: int
    deff_before: float
    deff: float

    @property
    def n_effective(self) -> float:
        """Of the weights with the cells."""
        return self.answered / self.deff


def proposed(groups: Iterable[FrameGroup], rule: CellRule) -> tuple[ResponseCell, ...]:
    """The cells of a sample, in order of their categories; one where nothing can be told apart.

    A cell is joined to another as long as fewer than ``rule.fewest`` answered, fewer than five did
    not (people would be told of), or its factor is outside 0.3 to 3 times that of all. The one
    with the fewest answers goes first, to the cell with the nearest response rate, within the same
    value of the first variable where there is one.
    """
    order = sorted(groups, key=lambda each: _key(each, rule))
    cells = [ResponseCell(tuple(own)) for _, own in groupby(order, lambda g: _key(g, rule))]
    overall = ResponseCell(tuple(order))
    while len(cells) > 1:
        weak = [each for each in cells if _weak(each, overall, rule.fewest)]
        if not weak:
            break
        one = min(weak, key=lambda each: (each.answered, _key(each.groups[0], rule)))
        cells.remove(one)
        other = min(cells, key=lambda each: _distance(one, each, rule))
        cells[cells.index(other)] = _joined(one, other, rule)
    return tuple(sorted(cells, key=lambda each: _key(each.groups[0], rule)))


def _key(group: FrameGroup, rule: CellRule) -> tuple[str, ...]:
    return tuple(group.category[place] for place in rule.variables)


def _weak(cell: ResponseCell, overall: ResponseCell, fewest: int) -> bool:
    low, high = USUAL_FACTORS
    few = cell.answered < fewest or cell.eligible - cell.answered < FEWEST
    return few or not low <= cell.factor / overall.factor <= high


def _distance(
    one: ResponseCell, other: ResponseCell, rule: CellRule
) -> tuple[bool, float, tuple[str, ...]]:
    firsts = {_key(each, rule)[0] for each in other.groups}
    apart = firsts.isdisjoint(_key(each, rule)[0] for each in one.groups)
    return apart, abs(one.rate - other.rate), _key(other.groups[0], rule)


def _joined(one: ResponseCell, other: ResponseCell, rule: CellRule) -> ResponseCell:
    return ResponseCell(
        tuple(sorted((*one.groups, *other.groups), key=lambda each: _key(each, rule)))
    )


def joined(cells: Sequence[ResponseCell], places: Collection[int]) -> tuple[ResponseCell, ...]:
    """The cells with those at these places, counted from 0, made one, which comes first."""
    groups = [group for place in sorted(places) for group in cells[place].groups]
    rest = [cell for place, cell in enumerate(cells) if place not in places]
    return (ResponseCell(tuple(sorted(groups, key=lambda each: each.category))), *rest)


def effect(cells: Sequence[ResponseCell]) -> CellEffect:
    """What the cells do to the weights of all who answered; needs somebody who did."""
    n = sum(each.answered for each in cells)
    before = sum(each.answered_weight for each in cells)
    squares = sum(each.answered_squares for each in cells)
    final = sum(each.answered_weight * each.factor for each in cells if each.answered)
    spread = sum(each.answered_squares * each.factor**2 for each in cells if each.answered)
    return CellEffect(n, n * squares / before**2, n * spread / final**2)


def factors(cells: Iterable[ResponseCell]) -> Mapping[tuple[str, ...], float]:
    """The factor of each category."""
    return {group.category: cell.factor for cell in cells for group in cell.groups}


def under_frame(
    cells: Iterable[ResponseCell], weight: Mapping[str, float], stratum: int
) -> Iterator[ResponseCell]:
    """The cells with design weights from the frame. ``weight``: of each stratum that has one;
    ``stratum``: its place in a category."""
    for cell in cells:
        yield ResponseCell(
            tuple(
                each.weighing(weight[each.category[stratum]])
                if each.category[stratum] in weight
                else each
                for each in cell.groups
            )
        )
