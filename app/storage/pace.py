"""Answers sent by day: how fast a collection goes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.days import by_day, utc_hour
from app.storage.responses import Response
from app.storage.scope import within_scope


def sent_by_day(
    session: Session, wave_id: int, territories: frozenset[str]
) -> list[tuple[str, str, date, int]]:
    """Answers sent: territory, audience, day in Paris, how many."""
    counted = (
        select(
            Response.territory,
            Response.audience,
            utc_hour(Response.submitted_at).label("hour"),
            func.count(),
        )
        .where(
            Response.wave_id == wave_id,
            Response.submitted_at.is_not(None),
            Response.superseded_by.is_(None),
        )
        .group_by(Response.territory, Response.audience, "hour")
        .order_by(Response.territory, Response.audience, "hour")
    )
    rows = session.execute(within_scope(counted, Response.territory, territories))
    days = by_day(((row[0], row[1]), row[2], row[3]) for row in rows)
    return [(*place, day, number) for (place, day), number in days.items()]
