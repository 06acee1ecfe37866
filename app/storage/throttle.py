"""Attempts counted by source and minute: what slows guessing down, for codes and for passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Index, LargeBinary, Table, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import IDENTITY, Base, now
from app.storage.prepared import Driver, Prepared

KEPT = timedelta(days=1)
# What begins the buckets that are no source of wrong attempts; those are keyed hashes alone.
_TOGETHER, _ARRIVALS = b"all: ", b"in: "


class Throttle(Base):
    """Attempts counted per window: soft delays, never a lock on a person's code."""

    __tablename__ = "throttle"
    __table_args__ = (Index("ix_throttle_window", "window_start"), {"schema": IDENTITY})

    bucket: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True
    )  # keyed hash of a source, ``campaign``, or ``arrivals``
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]


_TABLE = cast(Table, Throttle.__table__)
_MADE = Prepared(
    select(func.coalesce(func.sum(Throttle.attempts), 0)).where(
        Throttle.bucket == bindparam("source"), Throttle.window_start > bindparam("since")
    )
)
_FORGET = Prepared(delete(_TABLE).where(_TABLE.c.window_start < bindparam("old")))


def _add(insert: Callable[[Table], Any]) -> Prepared:
    made = insert(_TABLE).values(
        bucket=bindparam("source"), window_start=bindparam("minute"), attempts=bindparam("by")
    )
    more = {"attempts": _TABLE.c.attempts + made.excluded.attempts}
    return Prepared(
        made.on_conflict_do_update(index_elements=["bucket", "window_start"], set_=more)
    )


_ADD = {"postgresql": _add(postgresql.insert), "sqlite": _add(sqlite.insert)}


def attempts(at: Session | Driver, bucket: bytes, minutes: int) -> int:
    """How many attempts the bucket has made in the last ``minutes``."""
    row = _MADE.row(at, {"source": bucket, "since": now() - timedelta(minutes=minutes)})
    return int(row[0]) if row else 0


def campaign(door: str, shard: int) -> bytes:
    """The bucket in which wrong attempts of all sources at a kind of door are counted together."""
    return _TOGETHER + f"{door} {shard}".encode()


def arrivals(source: bytes) -> bytes:
    """The bucket in which the arrivals of a source are counted where nobody can be wrong."""
    return _ARRIVALS + source


def all_attempts(session: Session, minutes: int) -> int:
    """How many wrong attempts all sources together have made in the last ``minutes``."""
    since = now() - timedelta(minutes=minutes)
    found = select(func.coalesce(func.sum(Throttle.attempts), 0)).where(
        Throttle.window_start > since,
        *(
            func.substr(Throttle.bucket, 1, len(begins)) != begins
            for begins in (_TOGETHER, _ARRIVALS)
        ),
    )
    return session.scalar(found) or 0


def count(at: Session | Driver, *buckets: bytes, by: int = 1) -> None:
    """Add attempts to the present minute of each bucket.

    ``by=0`` does the same work and counts nothing, so that a success costs what a failure does.
    """
    moment = now()
    kind = at.get_bind().dialect.name if isinstance(at, Session) else at.engine.name
    minute = moment.replace(second=0, microsecond=0)
    for bucket in buckets:
        _ADD[kind].run(at, {"source": bucket, "minute": minute, "by": by})
    _FORGET.run(at, {"old": moment - KEPT})
