"""Errors of what is shown, without a word about what is withheld.

A national mean includes the answers of withheld cells, and its error would include their spread:
whoever knows how few people are in such a cell could tell from it how these answered. So in all
that is shown a withheld cell has the spread of people in the territories where it is shown.

With P the covariance between people, pooled over the territories that show both components, and A
the covariance of the shown cells of a territory, its withheld cells h beside the shown ones s get

    V_hs = B A,   V_hh = B A B' + P_hh - B P_sh,   B = P_hs P_ss^-1   (P divided by the bases)

the regression on what is shown: a covariance matrix by construction, with A as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.estimation import TerritoryEstimates
from app.evaluation.quantities import Cell

WIDEST = 50.0**2  # squared points: variance of answers half at 0 and half at 100


def veiled(
    estimates: Mapping[str, TerritoryEstimates], hidden: Collection[Cell]
) -> dict[str, TerritoryEstimates]:
    """The same estimates, with covariances that do not depend on the answers in ``hidden`` cells.

    Their number of people is used. A component that is shown nowhere counts as spread as widely
    as scores from 0 to 100 can be.
    """
    away = {
        place: np.array([(place, name) in hidden for name in each.components])
        for place, each in estimates.items()
    }
    if not any(each.any() for each in away.values()):
        return dict(estimates)
    people = _between_people(estimates, away)
    return {
        place: replace(each, covariance=_covariance(each, away[place], people))
        for place, each in estimates.items()
    }


def _bases(estimates: TerritoryEstimates) -> Floats:
    """People in the base of each component."""
    found = estimates.by_component
    return np.array([float(found[k].n) if k in found else 0.0 for k in estimates.components])


def _between_people(
    estimates: Mapping[str, TerritoryEstimates], away: Mapping[str, np.ndarray]
) -> Floats:
    """Covariance between people, float64[K, K], each territory counting by its bases."""
    some = next(iter(estimates.values()))
    found, whole = np.zeros((2, len(some.components), len(some.components)))
    for place, each in estimates.items():
        there = np.sqrt(_bases(each)) * ~away[place]
        weights = np.outer(there, there)
        found += each.covariance * weights**2
        whole += weights
    found = np.divide(found, whole, out=np.zeros_like(found), where=whole > 0)
    np.fill_diagonal(found, np.where(np.diag(whole) > 0, np.diag(found), WIDEST))
    sizes, directions = np.linalg.eigh(found)
    return np.asarray(directions * sizes.clip(min=0.0) @ directions.T)


def _covariance(estimates: TerritoryEstimates, away: np.ndarray, people: Floats) -> Floats:
    bases = _bases(estimates)
    h, s = np.flatnonzero(away & (bases > 0)), np.flatnonzero(~away & (bases > 0))
    if not len(h):
        return estimates.covariance
    scale = np.divide(1.0, np.sqrt(bases), out=np.zeros_like(bases), where=bases > 0)
    there = people * np.outer(scale, scale)
    on = there[np.ix_(h, s)] @ np.linalg.pinv(there[np.ix_(s, s)], hermitian=True)
    shown = estimates.covariance[np.ix_(s, s)]
    found = np.zeros_like(people)
    found[np.ix_(s, s)] = shown
    found[np.ix_(h, s)] = on @ shown
    found[np.ix_(s, h)] = found[np.ix_(h, s)].T
    rest = there[np.ix_(h, h)] - on @ there[np.ix_(s, h)]
    found[np.ix_(h, h)] = on @ shown @ on.T + (rest + rest.T) / 2
    return found
