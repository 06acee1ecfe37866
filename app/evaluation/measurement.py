"""From answers to moments: score every component of every audience, where it was asked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, Bools, Floats, Respondents
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.moments import Layout, Moments, ScoredAudience, moments
from app.evaluation.scoring import score_component

Data = Mapping[Audience, tuple[AnswerColumns, Respondents]]


def layout_of(definitions: Mapping[str, ComponentDefinition]) -> Layout:
    """The components by audience, in the order of ``definitions``."""
    return Layout(
        tuple(
            (
                audience,
                tuple(name for name, each in definitions.items() if each.audience is audience),
            )
            for audience in Audience
        )
    )


def measure(data: Data, definitions: Mapping[str, ComponentDefinition], asked: Asked) -> Moments:
    """The moments of these respondents. Blocks of whole PSUs may be measured apart and merged.

    A component is empty in a territory where something it reads was not asked: "not shown" may
    count as no, but only for people who could have been shown it.
    """
    layout = layout_of(definitions)
    block = {
        audience: _scored(names, definitions, *data[audience], asked)
        for audience, names in layout.components
        if audience in data and data[audience][1].n
    }
    return moments(block, layout)


def _scored(
    names: tuple[str, ...],
    definitions: Mapping[str, ComponentDefinition],
    columns: AnswerColumns,
    who: Respondents,
    asked: Asked,
) -> ScoredAudience:
    if columns.n != who.n:
        raise ValueError(f"{columns.n} answers for {who.n} respondents")
    nobody = np.zeros(who.n, dtype=bool)
    x: list[Floats | Bools] = [nobody] * len(names)
    d, unsure = [nobody] * len(names), [nobody] * len(names)
    present = [who.territories[place] for place in np.flatnonzero(np.bincount(who.territory))]
    for k, name in enumerate(names):
        definition = definitions[name]
        if not any(asked.here(code, definition) for code in present):
            continue
        scores = score_component(definition, columns)
        x[k], d[k], unsure[k] = scores.points, scores.d, scores.unsure
        if all(asked.of_everyone(code, definition) for code in present):
            continue
        possible = could_answer(definition, who, asked)
        x[k], d[k], unsure[k] = x[k] * possible, d[k] & possible, unsure[k] & possible
    return ScoredAudience(who, x, d, unsure)


def could_answer(definition: ComponentDefinition, who: Respondents, asked: Asked) -> Bools:
    """Who was asked everything that a component reads, bool[n]: by territory, and where exchange
    items are read that the territory has from elsewhere, only the sample part that got them."""
    here = np.array([asked.here(code, definition) for code in who.territories])
    part = np.array([asked.of_a_part(code, definition) for code in who.territories])
    if not part.any():
        return np.asarray(here[who.territory])
    in_part = np.zeros(who.n, dtype=bool) if who.exchange is None else who.exchange
    return np.asarray(here[who.territory] & (in_part | ~part[who.territory]))
