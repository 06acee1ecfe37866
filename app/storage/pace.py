"""Answers sent by day: how fast a collection goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.responses import Response
from app.storage.scope import within_scope


def sent_by_day(
    session: Session, wave_id: int, territories: frozenset[str]
) -> list[tuple[str, str, date, int]]:
    """Answers sent: territory, audience, day (UTC), how many."""
    day: Any = func.date(Response.submitted_at)
    counted = (
        select(Response.territory, Response.audience, day, func.count())
        .where(
            Response.wave_id == wave_id,
            Response.submitted_at.is_not(None),
            Response.superseded_by.is_(None),
        )
        .group_by(Response.territory, Response.audience, day)
    )
    rows = session.execute(within_scope(counted, Response.territory, territories))
    return [(row[0], row[1], _day(row[2]), row[3]) for row in rows]


def _day(found: Any) -> date:
    return found if isinstance(found, date) else date.fromisoformat(str(found))
