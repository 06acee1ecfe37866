"""Counts of a running collection: responses by stage and channel, invitations that led to none."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave

Place = tuple[str, str]  # territory, audience


def response_stages(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[Place, dict[str, int]]:
    """Responses opened, consented to and submitted, by territory and audience."""
    statement = (
        select(
            Response.territory,
            Response.audience,
            func.count(),
            func.count(Response.consented_at),
            func.count(Response.submitted_at),
        )
        .where(Response.wave_id == wave_id, Response.superseded_by.is_(None))
        .group_by(Response.territory, Response.audience)
    )
    rows = session.execute(within_scope(statement, Response.territory, territories))
    names = ("opened", "consented", "submitted")
    return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}


def sent_by_wave(
    session: Session, programme_id: int, audience: str, territory: str | None
) -> dict[int, int]:
    """Responses sent, by wave, of one audience; of one territory, or (None) of all.

    A wave in which nobody sent any is left out.
    """
    found = (
        select(Response.wave_id, func.count())
        .join(Wave, Wave.id == Response.wave_id)
        .where(
            Wave.programme_id == programme_id,
            Response.audience == audience,
            Response.submitted_at.is_not(None),
            Response.withdrawn_at.is_(None),
            Response.superseded_by.is_(None),
        )
        .group_by(Response.wave_id)
    )
    if territory is not None:
        found = found.where(Response.territory == territory)
    return {row[0]: row[1] for row in session.execute(found)}


def response_channels(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[Place, dict[str, int]]:
    """Submitted responses by territory, audience and channel."""
    statement = (
        select(Response.territory, Response.audience, Response.channel, func.count())
        .where(
            Response.wave_id == wave_id,
            Response.submitted_at.is_not(None),
            Response.superseded_by.is_(None),
        )
        .group_by(Response.territory, Response.audience, Response.channel)
    )
    found: dict[Place, dict[str, int]] = {}
    for territory, audience, channel, count in session.execute(
        within_scope(statement, Response.territory, territories)
    ):
        found.setdefault((territory, audience), {})[channel] = count
    return found


def dispositions(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[tuple[str, str, str], int]:
    """Number of participants by (territory, audience, disposition)."""
    statement = (
        select(Participant.territory, Participant.audience, Participant.disposition, func.count())
        .where(Participant.wave_id == wave_id, Participant.disposition.is_not(None))
        .group_by(Participant.territory, Participant.audience, Participant.disposition)
    )
    rows = session.execute(within_scope(statement, Participant.territory, territories))
    return {(territory, audience, said or ""): n for territory, audience, said, n in rows}


def reasons_told(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[Place, dict[str, int]]:
    """Number of participants by (territory, audience) and the reason of their refusal."""
    statement = (
        select(
            Participant.territory,
            Participant.audience,
            Participant.declined_because,
            func.count(),
        )
        .where(Participant.wave_id == wave_id, Participant.declined_because.is_not(None))
        .group_by(Participant.territory, Participant.audience, Participant.declined_because)
    )
    found: dict[Place, dict[str, int]] = {}
    for territory, audience, reason, number in session.execute(
        within_scope(statement, Participant.territory, territories)
    ):
        found.setdefault((territory, audience), {})[reason or ""] = number
    return found
