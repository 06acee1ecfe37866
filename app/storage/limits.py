"""How long a database may take, and what counts as "not now" instead of a fault of ours.

Nothing in a server's stack ends a request that waits for its database: without these limits a
thread hangs for ever. The server's own limits (statement, lock, idle transaction) end what it still
knows of; a server that has fallen silent is left after ``silence``, and no new connection is tried
for a moment, so that those who wait are answered at once.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

POOL = 8  # connections of a process: two for each thread of the server, one act within another
WAIT_FOR_CONNECTION = 3  # seconds, for one of the pool or a new one
BUSY = 5  # seconds that SQLite waits for another writer
RECYCLE = 1800  # seconds of life of a connection
PAUSE = 1.0  # seconds without a new try, after the server did not answer one


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: of one statement, of waiting for a lock, of a transaction left open, of silence.

    0: as long as it takes.
    """

    statement: float
    lock: float = 2
    idle: float = 15
    silence: float = 0

    def options(self) -> str:
        """As the server of PostgreSQL takes them when a connection begins."""
        limits = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items())


PUBLIC = Limits(statement=5, silence=6)
STAFF = Limits(statement=30, silence=32)
WORK = Limits(statement=300, lock=5, idle=120, silence=330)
UPGRADE = Limits(statement=0, idle=0)  # a lock that is waited for makes everybody wait behind it


def limits_of(surface: str | None) -> Limits:
    """The limits of a surface; of both at once, those of staff."""
    return {"public": PUBLIC, "job": WORK}.get(surface or "", STAFF)


class Patient(psycopg.Connection[Any]):
    """A connection that is given up, and closed, where its server says nothing for too long."""

    patience: Patience

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's, within the limit."""
        limit = timeout if timeout is not None else self.patience.limits.silence or None
        try:
            return super().wait(gen, interval, limit)
        except errors._WaitTimeout:
            if timeout is None:
                self.patience.rest()
                self.pgconn.finish()
            raise


@dataclass
class Patience:
    """Opens the connections of one engine; not for a moment, where the server was silent."""

    limits: Limits
    rests_until: float = field(default=0.0, init=False)

    def rest(self) -> None:
        """Try no new connection for a moment."""
        self.rests_until = time.monotonic() + PAUSE

    def connect(self, _dialect: Any, _record: Any, _args: Any, parameters: Any) -> Patient:
        """A new connection (SQLAlchemy's event ``do_connect``)."""
        if time.monotonic() < self.rests_until:
            raise psycopg.OperationalError("the server was silent a moment ago")
        try:
            made = Patient.connect(**parameters)
        except errors.ConnectionTimeout:
            self.rest()
            raise
        made.patience = self
        return made


def not_now(error: Exception) -> bool:
    """Whether the database cannot do it now, so that the same request may succeed later."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or _cannot_write(error.orig)


def names_nothing(error: Exception) -> bool:
    """Whether PostgreSQL was asked about a number or a text (with a NUL) that no column holds."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    kinds = errors.NumericValueOutOfRange, errors.UntranslatableCharacter
    return isinstance(cause, kinds) or (
        isinstance(cause, psycopg.DataError) and "NUL" in str(cause)
    )


def _cannot_write(error: BaseException | None) -> bool:
    """A server that only reads, or a file that can no longer be read."""
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
