"""Non-response cells of a closed wave: proposed from the counts of its sample, decided on.

The evaluator accepts what is proposed, accepts it changed (other variables, another least number of
answers, cells joined by hand and why), or refuses it and says why. What was accepted weighs the
next release. Professionals are few and know each other: their cells are made one way only, so that
nothing follows from the difference of two ways; each cell has at least 5 on either side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.fieldwork import OPEN_CALL
from app.domain.known_totals import FRAME, OF_THE_SAMPLE
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.evaluation.margins import FEW
from app.evaluation.response_cells import (
    CellEffect,
    CellRule,
    FrameGroup,
    ResponseCell,
    effect,
    joined,
    proposed,
    under_frame,
)
from app.storage import known_totals
from app.storage import response_cells as stored
from app.storage.database import now
from app.storage.partials import partials
from app.storage.response_cells import Place, ResponseCellsRow
from app.storage.waves import Wave, wave_by_id
from app.workflows import cell_words as words
from app.workflows.acting import Actor, House, act, require
from app.workflows.assessing import settings

MOST = 1000  # answers in a cell that may be asked for; the least is the threshold of releases
LONGEST_REASON = 500
STRATUM = OF_THE_SAMPLE.index("stratum")


@dataclass(frozen=True, slots=True)
class CellChoice:
    """``variables``: names of what the frame knows, in order; ``fewest``: answers in a cell."""

    variables: tuple[str, ...] = OF_THE_SAMPLE
    fewest: int = FEW

    @property
    def rule(self) -> CellRule:
        """The same for the calculation."""
        return CellRule(tuple(OF_THE_SAMPLE.index(each) for each in self.variables), self.fewest)


@dataclass(frozen=True, slots=True)
class PlaceCells:
    """What is proposed for an audience of a territory, or why nothing is; ``mark`` names exactly
    this proposal; ``decided``: what counts now."""

    territory: str
    audience: str
    cells: Sequence[ResponseCell]
    effect: CellEffect | None
    reason: Text | None
    mark: str
    decided: ResponseCellsRow | None

    @property
    def is_free(self) -> bool:
        """Whether something is proposed, and nothing decided."""
        return self.reason is None and self.decided is None


@dataclass(frozen=True, slots=True)
class CellsView:
    """Every place of an actor; ``closed``: the wave is; nothing is proposed before."""

    closed: bool
    choice: CellChoice
    places: Sequence[PlaceCells]


def response_cells(
    house: House, actor: Actor, wave_id: int, choice: CellChoice | None = None
) -> CellsView:
    """What is proposed and what was decided, in the actor's territories.

    Raises NotFound, NotAllowed, and BadInput for a choice that cannot be.
    """
    choice = choice or CellChoice()
    scope = actor.scope(Verb.MARGINS_VIEW)
    if not scope:
        require(house, actor, Verb.MARGINS_VIEW)
    _check(choice)
    with house.database.read() as session:
        wave = _wave(session, actor, wave_id)
    if wave.state != "closed":
        return CellsView(False, choice, ())
    counted = partials(house.database, wave_id)
    with house.database.read() as session:
        decided = {(r.territory, r.audience): r for r in stored.standing(session, wave, scope)}
        groups = _groups(session, wave, scope, counted)
    order = {code: rank for rank, code in enumerate(actor.territories)}
    audiences = list(Audience)
    keys = sorted(groups, key=lambda k: (order.get(k[0], 0), audiences.index(Audience(k[1]))))
    found = (_place(key, groups[key], wave, choice, decided.get(key)) for key in keys)
    return CellsView(True, choice, tuple(found))


def accept(
    house: House, actor: Actor, wave_id: int, place: Place, choice: CellChoice, mark: str
) -> None:
    """Weigh by these cells from the next cut on. ``mark``: of the proposal that was seen.

    Raises BadInput, NotFound, NotAllowed; Conflict where there is nothing to accept or the counts
    changed since.
    """
    cells = _seen(house, actor, wave_id, place, choice, mark)
    row = ResponseCellsRow(accepted=True, cells=stored.plain_cells(cells))
    _decide(house, actor, wave_id, place, choice, row)


def accept_joined(
    house: House,
    actor: Actor,
    wave_id: int,
    place: Place,
    choice: CellChoice,
    mark: str,
    *,
    chosen: Collection[int],
    reason: str,
) -> None:
    """Weigh by what was seen, with the ``chosen`` cells (places from 0) made one, and say why.

    Raises as ``accept``; ``BadInput`` also where fewer than two cells are chosen, or all.
    """
    cells, said = _seen(house, actor, wave_id, place, choice, mark), reason.strip()
    faults = [] if 0 < len(said) <= LONGEST_REASON else [words.NO_REASON_TO_JOIN]
    if not (set(chosen) < set(range(len(cells))) and len(set(chosen)) > 1):
        faults.append(words.NOT_JOINED)
    if faults:
        raise BadInput(faults)
    together = stored.plain_cells(joined(cells, set(chosen)))
    row = ResponseCellsRow(accepted=True, reason=said, cells=together)
    _decide(house, actor, wave_id, place, choice, row)


def _seen(
    house: House, actor: Actor, wave_id: int, place: Place, choice: CellChoice, mark: str
) -> Sequence[ResponseCell]:
    """The cells proposed, if they are still those that were seen. Raises ``Conflict``."""
    found = _found(response_cells(house, actor, wave_id, choice), place)
    if found.reason is not None:
        raise Conflict(found.reason)
    if found.mark != mark:
        raise Conflict(words.CHANGED)
    return found.cells


def accept_all(
    house: House, actor: Actor, wave_id: int, choice: CellChoice, marks: Mapping[Place, str]
) -> int:
    """Weigh by every proposal in the actor's territories on which nothing was decided; how many.

    ``marks``: of what was seen. Raises as ``accept``; then nothing was decided.
    """
    view = response_cells(house, actor, wave_id, choice)
    own = actor.scope(Verb.CELLS_DECIDE)
    free = [each for each in view.places if each.is_free and each.territory in own]
    if any(marks.get((each.territory, each.audience)) != each.mark for each in free):
        raise Conflict(words.CHANGED)
    for each in free:
        place = (each.territory, each.audience)
        row = ResponseCellsRow(accepted=True, cells=stored.plain_cells(each.cells))
        _decide(house, actor, wave_id, place, choice, row)
    return len(free)


def refuse(house: House, actor: Actor, wave_id: int, place: Place, reason: str) -> None:
    """Weigh without cells, and say why. Raises BadInput, NotFound, NotAllowed, Conflict."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise BadInput([words.NO_REASON])
    _found(response_cells(house, actor, wave_id), place)
    row = ResponseCellsRow(accepted=False, reason=said, cells=[])
    _decide(house, actor, wave_id, place, CellChoice(), row)


def _decide(
    house: House,
    actor: Actor,
    wave_id: int,
    place: Place,
    choice: CellChoice,
    row: ResponseCellsRow,
) -> None:
    territory, audience = place
    choice = _allowed(audience, choice)
    with act(house, actor, Verb.CELLS_DECIDE, territory, f"wave:{wave_id}") as acted:
        wave = _wave(acted.session, actor, wave_id, lock=True)
        if wave.closed_at is None:
            raise Conflict(words.OPEN)
        row.wave_id, row.territory, row.audience = wave_id, territory, audience
        row.variables, row.fewest = list(choice.variables), choice.fewest
        row.closed_at, row.decided_at, row.decided_by = wave.closed_at, now(), actor.account_id
        stored.put(acted.session, row)
        acted.details = {"audience": audience, "accepted": row.accepted, "cells": len(row.cells)}
        if row.accepted and row.reason:
            acted.details["joined_by_hand"] = True


def _allowed(audience: str, choice: CellChoice) -> CellChoice:
    """The choice as it holds for an audience: professionals' cells are made in one way only."""
    return CellChoice() if audience == Audience.PROFESSIONAL else choice


def _check(choice: CellChoice) -> None:
    faults = []
    if not choice.variables or not set(choice.variables) <= set(OF_THE_SAMPLE):
        faults.append(words.NO_VARIABLE)
    least = settings().threshold
    if not least <= choice.fewest <= MOST:
        faults.append(words.fewest_fault(least, MOST))
    if faults:
        raise BadInput(faults)


def _wave(session: Session, actor: Actor, wave_id: int, *, lock: bool = False) -> Wave:
    wave = wave_by_id(session, actor.programme_id, wave_id, lock=lock)
    if wave is None:
        raise NotFound
    return wave


def _found(view: CellsView, place: Place) -> PlaceCells:
    if not view.closed:
        raise Conflict(words.OPEN)
    for each in view.places:
        if (each.territory, each.audience) == place:
            return each
    raise NotFound


def _groups(
    session: Session, wave: Wave, scope: frozenset[str], counted: Mapping[int, object]
) -> dict[Place, list[FrameGroup]]:
    """The sample by place; with design weights from the frame where its counts are known."""
    groups = stored.frame_groups(session, wave.id, scope, counted.keys())
    totals = [each.total for each in known_totals.standing(session, wave.id, scope)]
    drawn = known_totals.drawn(session, wave.id)
    for place, own in groups.items():
        weight = {
            each.category: each.count / drawn[place][each.category]
            for each in totals
            if each.margin == FRAME and (each.territory, each.audience) == place
            if each.count and drawn.get(place, {}).get(each.category)
        }
        framed = under_frame([ResponseCell(tuple(own))], weight, STRATUM)
        groups[place] = [group for cell in framed for group in cell.groups]
    return groups


def _place(
    place: Place,
    groups: Sequence[FrameGroup],
    wave: Wave,
    choice: CellChoice,
    decided: ResponseCellsRow | None,
) -> PlaceCells:
    choice = _allowed(place[1], choice)
    cells = proposed(groups, choice.rule)
    reason = _reason(groups, wave, cells)
    if reason is not None:
        return PlaceCells(*place, (), None, reason, "", decided)
    packed = orjson.dumps([choice.variables, choice.fewest, stored.plain_cells(cells)])
    mark = hashlib.sha256(packed).hexdigest()[:16]
    return PlaceCells(*place, cells, effect(cells), None, mark, decided)


def _reason(groups: Sequence[FrameGroup], wave: Wave, cells: Sequence[ResponseCell]) -> Text | None:
    """Why nothing is proposed; None: something is."""
    if wave.frame == OPEN_CALL:
        return words.NO_SAMPLE
    if any(each.answered > each.eligible for each in groups):
        return words.DISAGREE
    if len(cells) < 2:
        return words.ONE_CELL
    return None
