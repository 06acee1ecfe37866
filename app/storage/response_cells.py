"""Non-response cells as an evaluator decided on them, and the counts of a sample behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from math import fsum
from typing import Any

from sqlalchemy import ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.fieldwork import Disposition
from app.evaluation.response_cells import FrameGroup, ResponseCell
from app.storage.database import PROGRAMME, Base
from app.storage.extract import completed
from app.storage.partials import unsent
from app.storage.participants import Participant, answered
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave


class ResponseCellsRow(Base):
    """One decision for an audience of a territory. It counts until another one supersedes it, and
    only for the closing of the wave that it was made after."""

    __tablename__ = "response_cells"
    __table_args__ = (
        Index("ix_response_cells_place", "wave_id", "territory", "audience"),
        {"schema": PROGRAMME},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    audience: Mapped[str]
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")  # of a refusal, or of joining by hand
    variables: Mapped[list[Any]]
    fewest: Mapped[int]
    cells: Mapped[list[Any]]  # a list of groups for each; none when refused
    closed_at: Mapped[datetime]  # of the wave, when this was decided
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


Place = tuple[str, str]  # territory, audience
Key = tuple[str, str, str, str]  # and stratum, sub-area


def standing(session: Session, wave: Wave, territories: frozenset[str]) -> list[ResponseCellsRow]:
    """The decisions that count, by territory and audience; none while the wave is open."""
    if wave.closed_at is None:
        return []
    statement = select(ResponseCellsRow).where(
        ResponseCellsRow.wave_id == wave.id,
        ResponseCellsRow.superseded_at.is_(None),
        ResponseCellsRow.closed_at == wave.closed_at,
    )
    statement = within_scope(statement, ResponseCellsRow.territory, territories)
    order = (ResponseCellsRow.territory, ResponseCellsRow.audience)
    return list(session.scalars(statement.order_by(*order)))


def put(session: Session, row: ResponseCellsRow) -> None:
    """Add a decision; the one before for the same place stops counting."""
    before = session.scalars(
        select(ResponseCellsRow).where(
            ResponseCellsRow.wave_id == row.wave_id,
            ResponseCellsRow.territory == row.territory,
            ResponseCellsRow.audience == row.audience,
            ResponseCellsRow.superseded_at.is_(None),
        )
    )
    for each in before:
        each.superseded_at = row.decided_at
    session.add(row)


def plain_cells(cells: Iterable[ResponseCell]) -> list[list[dict[str, Any]]]:
    """Cells as they are stored."""
    return [
        [asdict(group) | {"category": list(group.category)} for group in cell.groups]
        for cell in cells
    ]


def cells_in(stored: Iterable[Iterable[Mapping[str, Any]]]) -> tuple[ResponseCell, ...]:
    """Stored cells as objects."""
    return tuple(
        ResponseCell(
            tuple(FrameGroup(**{**group, "category": tuple(group["category"])}) for group in cell)
        )
        for cell in stored
    )


def frame_groups(
    session: Session, wave_id: int, territories: frozenset[str], partials: Collection[int]
) -> dict[Place, list[FrameGroup]]:
    """The sample of each audience of a territory by stratum and sub-area, in that order.

    Eligible: everybody but those found out of scope who did not answer. Answered: whose answers
    count, partials (``partials``: their numbers) included.
    """
    sub_area = func.coalesce(Participant.sub_area, "")
    people = within_scope(
        select(
            Participant.territory,
            Participant.audience,
            Participant.stratum,
            sub_area,
            func.count(),
            func.sum(Participant.weight),
        ).where(
            Participant.wave_id == wave_id,
            or_(Participant.listed, answered()),
            or_(
                Participant.disposition.is_(None),
                Participant.disposition != Disposition.INELIGIBLE,
                answered(),
            ),
        ),
        Participant.territory,
        territories,
    ).group_by(Participant.territory, Participant.audience, Participant.stratum, sub_area)
    drawn: dict[Key, tuple[int, float]] = {
        (territory, audience, stratum, area): (number, float(weight))
        for territory, audience, stratum, area, number, weight in session.execute(people)
    }
    sent = _answers(session, wave_id, territories, partials)
    found: dict[Place, list[FrameGroup]] = {}
    for key in sorted(drawn.keys() | sent.keys()):
        (eligible, weight), weights = drawn.get(key, (0, 0.0)), sent.get(key, [])
        group = FrameGroup(
            category=key[2:],
            eligible=eligible,
            answered=len(weights),
            weight=weight,
            answered_weight=fsum(weights),
            answered_squares=fsum(each**2 for each in weights),
        )
        found.setdefault(key[:2], []).append(group)
    return found


def _answers(
    session: Session, wave_id: int, territories: frozenset[str], partials: Collection[int]
) -> dict[Key, list[float]]:
    """The weights of the answers that count, by territory, audience, stratum and sub-area."""
    condition = or_(completed(wave_id), unsent(wave_id)) if partials else completed(wave_id)
    statement = select(
        Response.territory,
        Response.audience,
        Response.stratum,
        func.coalesce(Response.sub_area, ""),
        Response.weight,
        Response.id,
        Response.submitted_at.is_not(None),
    ).where(condition)
    found: dict[Key, list[float]] = {}
    rows = session.execute(within_scope(statement, Response.territory, territories))
    for territory, audience, stratum, area, weight, number, whole in rows:
        if whole or number in partials:
            found.setdefault((territory, audience, stratum, area), []).append(weight)
    return found
