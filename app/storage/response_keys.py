"""The key of each response's answers, sealed: apart from the answers, so that it can be destroyed.

A backup leaves this table out and so holds answers that nobody can read; the keys go into a file of
their own, which is kept for less long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection, LargeBinary, Table, bindparam, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import ANSWERS, Base, now
from app.storage.participants import BATCH
from app.storage.prepared import Driver, Prepared
from app.storage.responses import Response


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


def write_keys(connection: Connection, target: Path) -> None:
    """Write every key to a file, one a line."""
    found = select(_TABLE).order_by(_TABLE.c.secret_digest)
    rows = connection.execute(found.execution_options(yield_per=BATCH))
    with target.open("wb") as file:
        target.chmod(0o600)
        for own, sealed, made_at in rows:
            file.write(orjson.dumps([own.hex(), sealed.hex(), made_at.isoformat()]) + b"\n")


def put_keys(session: Session, source: Path) -> None:
    """Put the keys of a file back into the empty table.

    Keys of responses that are not there are left out: the file may be younger than they.
    """
    with source.open("rb") as file:
        while lines := list(islice(file, BATCH)):
            session.execute(insert(_TABLE), [_row(line) for line in lines])
    there = select(Response.secret_digest)
    session.execute(delete(ResponseKey).where(ResponseKey.secret_digest.not_in(there)))


def without_key(session: Session, sealed: bytes) -> int:
    """How many responses that stand have no key though their body begins with ``sealed``."""
    counted = (
        select(func.count())
        .select_from(Response)
        .outerjoin(ResponseKey, ResponseKey.secret_digest == Response.secret_digest)
        .where(
            ResponseKey.secret_digest.is_(None),
            Response.withdrawn_at.is_(None),
            func.substr(Response.body, 1, len(sealed)) == sealed,
        )
    )
    return session.scalar(counted) or 0


def _row(line: bytes) -> dict[str, Any]:
    own, sealed, made_at = orjson.loads(line)
    return {
        "secret_digest": bytes.fromhex(own),
        "sealed": bytes.fromhex(sealed),
        "made_at": datetime.fromisoformat(made_at),
    }
