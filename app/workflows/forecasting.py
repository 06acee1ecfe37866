"""What could be published of a wave before and while it runs: counts of answers, never an answer.

It is the best case: an indicator that concerns only some people rests on fewer of them, and a
figure may also be withheld because it would give another one away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.definitions.files import load_framework
from app.domain.errors import NotFound
from app.domain.fieldwork import FEWEST, FieldworkRow
from app.domain.frameworks import Framework
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.interchange.summary import Column, Sheet
from app.storage.frameworks import latest_frameworks
from app.storage.published import content_of
from app.storage.waves import frameworks_of, wave_by_id
from app.workflows.acting import Actor, House
from app.workflows.assessing import settings
from app.workflows.fieldwork import counts
from app.workflows.summary_words import AUDIENCES

State = Literal["enough", "possible", "out_of_reach"]
STATES: dict[str, Text] = {
    "enough": Text.of(fr="assez de réponses", en="enough answers"),
    "possible": Text.of(fr="pas encore assez", en="not enough yet"),
    "out_of_reach": Text.of(fr="hors d’atteinte", en="out of reach"),
}
HEADS = {
    "territory": Text.of(fr="Code", en="Code"),
    "territory_name": Text.of(fr="Territoire", en="Territory"),
    "audience": Text.of(fr="Répondants", en="Audience"),
    "state": Text.of(fr="Publication", en="Publication"),
    "answers": Text.of(fr="Réponses complètes", en="Complete answers"),
    "needed": Text.of(fr="Encore nécessaires", en="Still needed"),
    "groups": Text.of(fr="Encore nécessaires pour deux groupes", en="Still needed for two groups"),
    "share": Text.of(fr="Part des invités à atteindre", en="Share of the invited to reach"),
    "indicators": Text.of(fr="Indicateurs qui en dépendent", en="Indicators that rest on them"),
}
KINDS = {"answers": "count", "needed": "count", "groups": "count", "share": "share"}


@dataclass(frozen=True, slots=True)
class Line:
    """An audience of a territory. ``answers`` None: fewer than may be told, and ``needed`` is then
    the least; ``groups``: answers still needed before two groups of a breakdown could be told
    apart (None: none is declared); ``share`` of the invited that must have answered (None: nobody
    was invited)."""

    territory: str
    audience: str
    state: State
    answers: int | None
    needed: int
    groups: int | None
    share: float | None
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The wave's title, the threshold, and every line."""

    title: Text
    threshold: int
    lines: tuple[Line, ...]


def forecast(house: House, actor: Actor, wave_id: int) -> Forecast:
    """Where a release of now would show figures, and how many answers are missing elsewhere.

    Raises ``NotFound``, ``NotAllowed``.
    """
    counted = counts(house, actor, wave_id)
    threshold = settings().threshold
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        title = Text.of(wave.title)
        asked: Asked | None = None
        if NATION in frameworks_of(session, wave.id):
            content = content_of(house.database, session, wave.id)
            trees = {NATION: content.national, **content.own}
            asked = content.asked
        else:
            rows = latest_frameworks(session, actor.programme_id)
            trees = {row.territory: load_framework(row.document) for row in rows}
    lines = (_line(row, threshold, trees, asked) for row in counted.rows)
    return Forecast(title, threshold, tuple(lines))


def _line(
    row: FieldworkRow, threshold: int, trees: Mapping[str, Framework], asked: Asked | None
) -> Line:
    answers, invited = row.stages["submitted"].shown, row.stages["invited"].shown
    told = answers if answers is not None else FEWEST - 1
    needed = max(0, threshold - told)
    state: State = "enough" if not needed else "possible"
    if needed and invited is not None and 0 < invited < threshold:
        state = "out_of_reach"
    return Line(
        row.territory,
        row.audience,
        state,
        answers,
        needed,
        max(0, 2 * threshold - told) if _broken_down(row, trees) else None,
        min(1.0, threshold / invited) if invited else None,
        tuple(dict.fromkeys(_indicators(row, trees, asked))),
    )


def _broken_down(row: FieldworkRow, trees: Mapping[str, Framework]) -> bool:
    national = trees.get(NATION)
    return national is not None and any(b.audience == row.audience for b in national.breakdowns)


def _indicators(
    row: FieldworkRow, trees: Mapping[str, Framework], asked: Asked | None
) -> Iterator[str]:
    here = [trees[code] for code in (NATION, row.territory) if code in trees]
    for each in components_of(here).values():
        if each.audience == row.audience and (asked is None or asked.here(row.territory, each)):
            yield each.indicator


def sheet(found: Forecast, names: Mapping[str, str], language: str) -> Sheet:
    """The forecast as a table that any format takes."""
    columns = tuple(
        Column(name, words.in_(language), KINDS.get(name, "text"))  # type: ignore[arg-type] # only the four kinds
        for name, words in HEADS.items()
    )
    rows = tuple(
        (
            line.territory,
            names.get(line.territory, line.territory),
            AUDIENCES[line.audience].in_(language),
            STATES[line.state].in_(language),
            line.answers,
            line.needed,
            line.groups,
            None if line.share is None else round(line.share, 2),
            ", ".join(line.indicators) or None,
        )
        for line in found.lines
    )
    return Sheet("forecast", found.title.in_(language), "", columns, rows)
