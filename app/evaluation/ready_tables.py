"""What the evaluation takes from a rectangle of text: an index's table, answers, weights, groups.

Every refusal names line and column, never what stands in the cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.domain.errors import BadInput, Fault
from app.evaluation.columns import Bools, Floats
from app.evaluation.index_framework import IndexFramework
from app.evaluation.index_tables import IndexTable
from app.evaluation.rectangle import MISSING, Rectangle
from app.evaluation.refusing import fault, refused

MOST_FAULTS = 20


def index_table(rectangle: Rectangle, index: IndexFramework) -> IndexTable:
    """The units and the raw values of an index; no unit without a name, or twice."""
    units = named_once(rectangle, index.unit_column)
    named = (leaf.column for leaf in index.indicators if leaf.constant is None)
    names = list(dict.fromkeys(named))
    columns = _columns(rectangle, names)
    return IndexTable(units, dict(zip(names, columns, strict=True)))


def named_once(rectangle: Rectangle, column: str) -> tuple[str, ...]:
    """A column in which every row has a name of its own; raises ``BadInput`` by line."""
    names = tuple(rectangle.text(column))
    faults = _unit_faults(rectangle, column, names)
    if faults:
        raise BadInput(faults[:MOST_FAULTS])
    return names


def _unit_faults(rectangle: Rectangle, column: str, units: Sequence[str]) -> list[Fault]:
    counted = Counter(units)
    faults = []
    for line, unit in zip(rectangle.lines, units, strict=True):
        if unit in MISSING:
            reason = ("L’unité n’a pas de nom.", "The unit has no name.")
        elif counted[unit] > 1:
            reason = ("Cette unité est là plusieurs fois.", "This unit is there more than once.")
        else:
            continue
        remedy = ("Gardez une ligne par unité, nommée.", "Keep one named line per unit.")
        faults.append(fault(f"{line} {column}", reason, remedy))
    return faults


def item_values(rectangle: Rectangle, items: Sequence[str]) -> Floats:
    """Answers to ``items`` as float64[n, k], NaN where missing."""
    twice = [item for item, count in Counter(items).items() if count > 1]
    if twice or not items:
        raise refused(
            ", ".join(twice) or "items",
            ("Chaque item est nommé une fois.", "Every item is named once."),
            ("Corrigez la liste des items.", "Correct the list of items."),
        )
    return np.column_stack(_columns(rectangle, items))


def weights_of(rectangle: Rectangle, column: str) -> Floats:
    """Weights float64[n]: none missing, none negative, one above 0 at least."""
    (values,) = _columns(rectangle, [column])
    wrong = np.flatnonzero(~(values >= 0))
    if len(wrong):
        raise BadInput(
            [
                fault(
                    f"{rectangle.lines[row]} {column}",
                    ("Un poids est un nombre, 0 au moins.", "A weight is a number, 0 or more."),
                    ("Corrigez ce poids ou retirez la ligne.", "Correct it or take the line out."),
                )
                for row in wrong[:MOST_FAULTS].tolist()
            ]
        )
    if not (values > 0).any():
        raise refused(
            column,
            ("Tous les poids sont nuls.", "All weights are 0."),
            ("Donnez un poids à quelqu’un.", "Give somebody a weight."),
        )
    return values


def two_groups(
    rectangle: Rectangle, column: str, focal: str, reference: str | None
) -> tuple[Bools, Bools]:
    """(who belongs to one of the two groups, who to the focal one), bool[n] each.

    Without ``reference`` everybody else is the reference group; whose group is missing is in none.
    """
    groups = np.array(rectangle.text(column), dtype=object)
    in_focal: Bools = np.asarray(groups == focal, dtype=bool)
    if reference is None:
        others: Bools = ~in_focal & ~np.isin(groups, list(MISSING))
    else:
        others = np.asarray(groups == reference, dtype=bool)
    for name, there in (("focal", in_focal), ("reference", others)):
        if not there.any():
            raise refused(
                f"{column} ({name})",
                ("Personne n’est dans ce groupe.", "Nobody is in this group."),
                (
                    "Nommez un groupe comme il est écrit dans le fichier.",
                    "Name a group as it is written in the file.",
                ),
            )
    if reference == focal:
        raise refused(
            column,
            ("Les deux groupes sont le même.", "The two groups are the same."),
            ("Nommez deux groupes différents.", "Name two different groups."),
        )
    return in_focal | others, in_focal


def _columns(rectangle: Rectangle, names: Sequence[str]) -> list[Floats]:
    """Columns of numbers, NaN where missing, or every fault of all of them."""
    faults: list[Fault] = []
    found = []
    for name in names:
        try:
            found.append(rectangle.numbers(name))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults[:MOST_FAULTS])
    return found
