"""What erasing needs to know: who is erased, and where copies of their answers may still be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session, aliased

from app.storage.participants import BATCH
from app.storage.responses import Response


def erased(session: Session) -> Sequence[bytes]:
    """Own secrets (digests) of every response that was erased."""
    return session.scalars(
        select(Response.secret_digest)
        .where(Response.withdrawn_at.is_not(None))
        .order_by(Response.id)
    ).all()


def standing(session: Session, owns: Collection[bytes]) -> list[Response]:
    """Of the responses with these secrets those that are not erased."""
    wanted = sorted(owns)
    found: list[Response] = []
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        found += session.scalars(
            select(Response)
            .where(Response.secret_digest.in_(batch), Response.withdrawn_at.is_(None))
            .with_for_update()
        ).all()
    return found


def corrected(session: Session) -> Sequence[Response]:
    """Responses that were corrected by one that is erased since, and are not erased themselves."""
    after = aliased(Response)
    found = (
        select(Response)
        .join(after, after.id == Response.superseded_by)
        .where(after.withdrawn_at.is_not(None), Response.withdrawn_at.is_(None))
        .with_for_update(of=Response)
    )
    return session.scalars(found).all()


def waves_to_clear(session: Session) -> Sequence[int]:
    """Waves of which a copy on disk may still hold the answers of somebody erased."""
    return session.scalars(
        select(Response.wave_id)
        .where(Response.withdrawn_at.is_not(None), Response.extracted_revision.is_not(None))
        .distinct()
    ).all()


def cleared(session: Session, wave_id: int) -> None:
    """No copy of this wave holds an erased answer any more."""
    session.execute(
        update(Response)
        .where(Response.wave_id == wave_id, Response.withdrawn_at.is_not(None))
        .values(extracted_revision=None)
    )


def sealed_rows(
    session: Session, table: Any, column: Any, after: int, limit: int
) -> Sequence[Row[Any]]:
    """Rows that have something sealed, by number."""
    found = select(table).where(column.is_not(None), table.id > after)
    return session.execute(found.order_by(table.id).limit(limit)).all()
