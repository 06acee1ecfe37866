"""Attempts counted by source and minute: what slows guessing down, for codes and for passwords."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, LargeBinary, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import IDENTITY, Base, now

KEPT = timedelta(days=1)


class Throttle(Base):
    """Attempts counted per window: soft delays, never a lock on a person's code."""

    __tablename__ = "throttle"
    __table_args__ = (Index("ix_throttle_window", "window_start"), {"schema": IDENTITY})

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # keyed hash of the source
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]


def attempts(session: Session, bucket: bytes, minutes: int) -> int:
    """How many attempts the bucket has made in the last ``minutes``."""
    since = now() - timedelta(minutes=minutes)
    found = select(func.coalesce(func.sum(Throttle.attempts), 0)).where(
        Throttle.bucket == bucket, Throttle.window_start > since
    )
    return int(session.scalar(found) or 0)


def count(session: Session, bucket: bytes, minutes: int, *, by: int = 1) -> int:
    """Add attempts to the bucket's present minute; gives ``attempts`` with them.

    ``by=0`` does the same work and counts nothing, so that a success costs what a failure does.
    """
    moment = now()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Throttle).values(
        bucket=bucket, window_start=moment.replace(second=0, microsecond=0), attempts=by
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Throttle.bucket, Throttle.window_start],
            set_={"attempts": Throttle.attempts + by},
        )
    )
    session.execute(delete(Throttle).where(Throttle.window_start < moment - KEPT))
    return attempts(session, bucket, minutes)
