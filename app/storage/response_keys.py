"""The key of each response's answers, sealed: apart from the answers, so that it can be destroyed.

A backup that leaves this table out holds answers that nobody can read; a backup of this table
alone may be kept for less long than the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import LargeBinary, Table, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import ANSWERS, Base, now
from app.storage.participants import BATCH
from app.storage.prepared import Driver, Prepared


class ResponseKey(Base):
    """A key of 32 bytes, sealed and bound to its response; no row: never sealed, or erased."""

    __tablename__ = "response_key"
    __table_args__ = ({"schema": ANSWERS},)

    secret_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # the response's
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


_TABLE = cast(Table, ResponseKey.__table__)
_ADD = Prepared(
    insert(_TABLE)
    .values({name: bindparam(name) for name in ("secret_digest", "sealed", "made_at")})
    .inline()
)


def add_key(at: Driver | Session, own: bytes, sealed: bytes | None) -> None:
    """Keep the key of a response that has just been made; None: it has none."""
    if sealed is not None:
        _ADD.run(at, {"secret_digest": own, "sealed": sealed, "made_at": now()})


def add_keys(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """As ``add_key``, for many: mappings of ``secret_digest`` and ``sealed``."""
    if rows:
        moment = now()
        session.execute(insert(_TABLE), [row | {"made_at": moment} for row in rows])


def key_of(session: Session, own: bytes) -> bytes | None:
    """The sealed key of one response."""
    return session.scalar(select(ResponseKey.sealed).where(ResponseKey.secret_digest == own))


def keys_of(session: Session, owns: Iterable[bytes]) -> dict[bytes, bytes]:
    """The sealed keys of these responses that have one."""
    wanted, found = list(owns), dict[bytes, bytes]()
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        rows = session.execute(
            select(ResponseKey.secret_digest, ResponseKey.sealed).where(
                ResponseKey.secret_digest.in_(batch)
            )
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def destroy_key(session: Session, own: bytes) -> None:
    """From here on the answers cannot be read again, wherever a copy of them is."""
    session.execute(delete(ResponseKey).where(ResponseKey.secret_digest == own))


def all_keys(session: Session, after: bytes, limit: int) -> Sequence[ResponseKey]:
    """The keys of every response, in order of their secrets."""
    found = select(ResponseKey).where(ResponseKey.secret_digest > after)
    return session.scalars(found.order_by(ResponseKey.secret_digest).limit(limit)).all()
