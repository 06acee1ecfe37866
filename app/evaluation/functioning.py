"""How the items of a scale work for a group of people, next to everybody else who answered it.

Mantel's tests and logistic regression (plain or ordinal), each purified, with sizes of effect and
with p adjusted over the items of the scale by Holm and by Benjamini and Hochberg. Without weights:
they ask about the instrument, not about the population.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.evaluation.columns import Bools, Floats
from app.evaluation.dif import Dif, ItemDif, Purified, dif
from app.evaluation.mantel import Mantel
from app.evaluation.tables import Observation, What
from app.evaluation.undefined import Figure, Undefined

LARGE, MODERATE = ("C", "CC"), ("B", "BB")


@dataclass(frozen=True)
class Functioning:
    """``observations``: the evidence, item by item; ``flags``: what it says of the whole scale."""

    observations: tuple[Observation, ...]
    flags: tuple[str, ...]


def functioning(
    place: Observation, items: Sequence[str], values: Floats, focal: Bools
) -> Functioning:
    """Test every item of a scale. ``place``: where the evidence stands, with the scale's code.

    ``values`` float64[n, k], NaN where there is no answer; ``focal`` bool[n]: in the group. Tests
    that cannot be made leave their reason, and the flag ``dif_unknown``.
    """
    found = dif(items, values, focal)
    flags = (*_flags(found.mantel), *_flags(found.logistic))
    observations = (*_mantel(place, found), *_logistic(place, found))
    return Functioning(observations, tuple(dict.fromkeys(flags)))


def _flags(family: Purified[Any] | Undefined) -> Iterator[str]:
    if isinstance(family, Undefined):
        yield "dif_unknown"
        return
    sizes = [each.result.size for each in family.items]
    if any(size in LARGE for size in sizes):
        yield "dif_large"
    if any(size in MODERATE for size in sizes):
        yield "dif"
    if not family.settled:
        yield "dif_unsettled"


def _mantel(place: Observation, found: Dif) -> Iterator[Observation]:
    """The size of each item in standard deviations (answers 0 or 1: delta of ETS), and its p."""
    if isinstance(found.mantel, Undefined):
        yield figure_at(replace(place, what=What.DIF), found.mantel)
        return
    for each in found.mantel.items:
        result = each.result
        effect = result.effect if isinstance(result, Mantel) else result.delta
        unit = () if isinstance(result, Mantel) else ("delta",)
        at = replace(place, what=What.DIF, code=f"{place.code}.{each.item}", n=found.focal)
        yield figure_at(at, effect, *_marks(each, found.mantel), *unit)
        yield from _tests(at, "mantel", each, {})


def _logistic(place: Observation, found: Dif) -> Iterator[Observation]:
    """What the group explains of each item beyond the total (Nagelkerke's measure), and its p."""
    if isinstance(found.logistic, Undefined):
        yield figure_at(replace(place, what=What.DIF_LOGISTIC), found.logistic)
        return
    for each in found.logistic.items:
        result = each.result
        at = replace(place, what=What.DIF_LOGISTIC, code=f"{place.code}.{each.item}", n=found.focal)
        yield figure_at(at, result.both.nagelkerke, *_marks(each, found.logistic), each.test)
        kinds = {"uniform": result.uniform.p, "non_uniform": result.non_uniform.p}
        yield from _tests(at, "logistic", each, kinds)


def _tests(
    at: Observation, family: str, each: ItemDif[Any], kinds: Mapping[str, Figure]
) -> Iterator[Observation]:
    """p as it comes, of parts of the test, and adjusted over the items of the scale."""
    adjusted = {"holm": each.p_holm, "bh": each.p_bh}
    for name, p in {"": each.result.flag_p, **kinds, **adjusted}.items():
        code = f"{at.code}.{family}" + (f"_{name}" if name else "")
        yield figure_at(replace(at, what=What.DIF_P, code=code), p)


def _marks(each: ItemDif[Any], family: Purified[Any]) -> Iterator[str]:
    if isinstance(each.result.size, str):
        yield f"size:{each.result.size[:1]}"
    if each.item in family.matched_without:
        yield "purified"


def figure_at(at: Observation, figure: Figure, *flags: str) -> Observation:
    """The observation with this figure, or with why there is none."""
    if isinstance(figure, Undefined):
        few = figure.why == "not_assessable"
        return replace(at, reason="not_assessable" if few else "undefined", n=None)
    return replace(at, value=figure, flags=flags)
