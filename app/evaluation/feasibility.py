"""Whether any weights at all can meet several margins, decided before raking by a linear program.

Raking only scales what is there: a joint cell without respondents stays empty. With such zeros
margins can contradict each other although their totals agree; the alternation then cycles for
ever. Source: the zero patterns of iterative proportional fitting (Fienberg & Meyer 1983), decided
here with scipy's HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from app.domain.errors import Fault
from app.evaluation.columns import Floats, Integers
from app.evaluation.margins import Margin
from app.evaluation.refusing import BadSettings, fault

MOST_CELLS = 1_000_000  # of a table of all combinations; beyond, rows are sorted
NEGLIGIBLE = 1e-7  # of the population


def joint_cells(margins: Sequence[Margin]) -> tuple[Integers, Integers]:
    """(each row's joint cell, the categories of each cell int64[cells, margins])."""
    sizes = [int(one.category.max(initial=0)) + 2 for one in margins]  # -1: no category
    if prod(sizes) > MOST_CELLS:
        rows = np.column_stack([one.category for one in margins])
        cells, index = np.unique(rows, axis=0, return_inverse=True)
        return np.asarray(index.reshape(-1), dtype=np.int64), np.asarray(cells, dtype=np.int64)
    code = np.zeros(len(margins[0].category), dtype=np.int64)
    for one, size in zip(margins, sizes, strict=True):
        code = code * size + one.category + 1
    there = np.flatnonzero(np.bincount(code, minlength=prod(sizes)))
    place = np.zeros(prod(sizes), dtype=np.int64)
    place[there] = np.arange(len(there))
    return place[code], np.column_stack(np.unravel_index(there, sizes)) - 1


def check_feasible(margins: Sequence[Margin], cells: Integers) -> None:
    """Raise ``BadSettings`` naming the categories that cannot be met, or the groups that would need
    the weight zero: those that cannot have even ``something``."""
    total = float(margins[0].targets.sum())
    incidence, targets = _incidence(margins, cells, total)
    short = _missing(incidence, targets)
    if short.sum() > NEGLIGIBLE:
        places = _places(margins)
        named = [places[k] for k in np.flatnonzero(short > NEGLIGIBLE)]
        raise BadSettings(
            [
                fault(
                    place,
                    (
                        "Ce total ne peut être atteint : trop de croisements avec les autres "
                        "marges sont sans répondant.",
                        "This total cannot be met: too many of its combinations with the other "
                        "margins have no respondents.",
                    ),
                    (
                        "Regroupez cette catégorie avec une autre.",
                        "Merge this category with another one.",
                    ),
                )
                for place in named
            ]
        )
    forced = _forced_to_zero(incidence, targets, something(margins, cells) / total)
    if len(forced):
        raise BadSettings([_zero_fault(margins, cells[cell]) for cell in forced[:20].tolist()])


def _incidence(
    margins: Sequence[Margin], cells: Integers, total: float
) -> tuple[csr_array, Floats]:
    blocks = []
    for place, one in enumerate(margins):
        shape = (len(one.categories), len(cells))
        ones = np.ones(len(cells))
        blocks.append(csr_array((ones, (cells[:, place], np.arange(len(cells)))), shape=shape))
    return vstack(blocks).tocsr(), np.concatenate([one.targets for one in margins]) / total


def _missing(incidence: csr_array, targets: Floats) -> Floats:
    """The least that categories fall short of or exceed their targets, by category."""
    rows, cells = incidence.shape
    slack = eye_array(rows)
    solved = linprog(
        np.concatenate([np.zeros(cells), np.ones(2 * rows)]),
        A_eq=hstack([incidence, slack, -slack]),
        b_eq=targets,
        method="highs",
    )
    return np.asarray(solved.x[cells : cells + rows] + solved.x[cells + rows :])


def something(margins: Sequence[Margin], cells: Integers) -> float:
    """The weight that counts as more than zero in a joint cell: a thousandth of an even share in
    the smallest category."""
    return 1e-3 * min(float(one.targets[one.targets > 0].min()) for one in margins) / len(cells)


def _forced_to_zero(incidence: csr_array, targets: Floats, enough: float) -> Integers:
    """Joint cells whose share is zero in every solution (as many as possible made positive)."""
    cells = incidence.shape[1]
    above = hstack([-eye_array(cells), eye_array(cells)])
    solved = linprog(
        np.concatenate([np.zeros(cells), -np.ones(cells)]),
        A_ub=above,
        b_ub=np.zeros(cells),
        A_eq=hstack([incidence, csr_array(incidence.shape)]),
        b_eq=targets,
        bounds=[(0, None)] * cells + [(0, enough)] * cells,
        method="highs",
    )
    if solved.x is None:  # feasible within the solver's tolerance only: raking will tell
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(solved.x[cells:] < enough / 2)


def _places(margins: Sequence[Margin]) -> list[str]:
    return [f"{one.name}: {category}" for one in margins for category in one.categories]


def _zero_fault(margins: Sequence[Margin], cell: Integers) -> Fault:
    names = ", ".join(
        f"{one.name}: {one.categories[place]}" for one, place in zip(margins, cell, strict=True)
    )
    return fault(
        names,
        ("Les marges ne laissent à ce croisement que le poids zéro.",
         "The margins leave this combination no weight but zero."),
        ("Regroupez une de ces catégories avec une autre.",
         "Merge one of these categories with another one."),
    )  # fmt: skip
