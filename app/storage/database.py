"""The database: engine, transactions, naming convention, the four schemas.

Every reader goes through ``Database.read`` (takes no lock) and every writer through
``Database.write``: one short transaction that is committed when the block ends and rolled back
when it raises. On SQLite a writer begins IMMEDIATE, since a read that turns into a write would
fail at once whatever the busy timeout.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import JSON, DateTime, MetaData, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from app.domain.errors import NotFound, RoomMade, Unavailable
from app.protection.sealing import AnswerSealing, Ring
from app.storage import limits, sqlite
from app.storage.prepared import Driver
from app.storage.privileges import Surface
from app.storage.reserve import NO_RESERVE, Reserve
from app.storage.row_security import SEES_EVERYTHING, TELL_REACH, TELL_SECRET, Reach

IDENTITY = "identity"  # who people are and how they come in
ANSWERS = "answers"  # what they answered
PROGRAMME = "programme"  # definitions, waves, releases, jobs
AUDIT = "audit"  # who did what
SCHEMAS = (IDENTITY, ANSWERS, PROGRAMME, AUDIT)

_ONLY_READS = text("SHOW transaction_read_only")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware and UTC, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse times without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is given
        """Give the zone back where the database dropped it."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    """Root of the mapped tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as it is
        datetime: Moment,
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[Any]: JSON().with_variant(JSONB(), "postgresql"),
    }


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


NOT_SEALED = AnswerSealing(Ring(bytes(32)), on=False)


class Database:
    """One database: where every read and every write begins."""

    def __init__(
        self,
        url: str | URL,
        *,
        pool_size: int = limits.POOL,
        surface: Surface | None = None,
        within: limits.Limits | None = None,
        sealing: AnswerSealing = NOT_SEALED,
        reserve: Reserve = NO_RESERVE,
    ) -> None:
        """``surface`` narrows a SQLite connection; on PostgreSQL the role in ``url`` does.

        ``within``: how long it may take; without it, as long as the surface's people wait.
        ``sealing``: opens answers that are sealed; ``reserve``: room that is given up for them.
        On PostgreSQL, staff and worker see no protected row until a transaction is told which; one
        of no surface sees them all. What the participants' role sees hangs on secrets alone.
        """
        self.url = make_url(url)
        self.sealing = sealing
        self._reserve = reserve
        sees = "" if surface in ("office", "job") else SEES_EVERYTHING
        self.engine = _engine(self.url, pool_size, within or limits.limits_of(surface), sees)
        self._is_sqlite = self.engine.name == "sqlite"
        self._by_secret = surface == "public" and not self._is_sqlite
        self._reach: Reach | None = None
        if surface is not None and self._is_sqlite:
            event.listen(self.engine, "connect", sqlite.narrowed(surface))

    def seen_by(self, reach: Reach) -> Database:
        """The same database, whose every session sees these territories only.

        SQLite has no row-level security: there it is the same as it was.
        """
        found = copy(self)
        found._reach = reach
        return found

    @property
    def writes_in_queries(self) -> bool:
        """Whether one statement can write to two tables: one round trip for both and the commit."""
        return not self._is_sqlite

    @property
    def connections_in_use(self) -> int:
        """How many connections of the pool are borrowed now."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @contextmanager
    def read(self, secret: bytes | None = None) -> Iterator[Session]:
        """A session for reading only; whatever it holds is rolled back.

        ``secret``: the digest whose rows participants' pages may see.
        """
        bound = self._bound(secret)
        with self._refusals(), Session(bound, expire_on_commit=False, autoflush=False) as found:
            yield found

    @contextmanager
    def write(self, secret: bytes | None = None) -> Iterator[Session]:
        """A session whose transaction is committed at the end of the block, durably."""
        bound = self._bound(secret, covalue_writes=True)
        with (
            self._refusals(),
            Session(bound, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def ping(self) -> None:
        """Raise Unavailable where nothing can be written now; writes nothing."""
        with (
            self._refusals(),
            self._bound(None, covalue_writes=True).begin() as connection,
        ):  # takes SQLite's lock for writing
            if not self._is_sqlite and connection.scalar(_ONLY_READS) == "on":
                raise Unavailable

    def _bound(self, secret: bytes | None, **options: Any) -> Engine:
        """The engine, with what every transaction tells row-level security when it begins."""
        tells: list[tuple[str, tuple[str, ...]]] = []
        if self._by_secret and secret is not None:
            tells.append((TELL_SECRET, (secret.hex(),)))
        if self._reach is not None and not self._is_sqlite:
            tells.append((TELL_REACH, self._reach.told))
        return self.engine.execution_options(**options, covalue_tells=tells)

    @contextmanager
    def at_once(self, secret: bytes | None = None) -> Iterator[Driver]:
        """For prepared statements, each of which is a transaction of its own: read, or durable.

        The secret travels with each statement: no round trip more.
        """
        with self._refusals(), self._borrowed() as connection:
            if self._is_sqlite:  # knows no other way
                yield Driver(connection, self.engine)
                return
            connection.autocommit = True
            tells = secret.hex() if self._by_secret and secret is not None else None
            try:
                yield Driver(connection, self.engine, tells)
            finally:
                if connection.info.transaction_status == TransactionStatus.IDLE:  # else it is lost
                    connection.autocommit = False

    @contextmanager
    def writing(self, secret: bytes | None = None) -> Iterator[Driver]:
        """As ``write``, for prepared statements; on an exception the pool rolls back."""
        with self._refusals(), self._borrowed() as connection:
            if self._is_sqlite:
                connection.execute("BEGIN IMMEDIATE")
            elif self._by_secret and secret is not None:
                with connection.pipeline():  # with the BEGIN: no round trip more
                    connection.execute(TELL_SECRET, (secret.hex(),))
            yield Driver(connection, self.engine)
            connection.commit()

    @contextmanager
    def _borrowed(self) -> Iterator[Any]:
        """A connection of the driver; its errors as SQLAlchemy would raise them.

        One that failed, but for what the rows themselves refuse, is not used again: in a pipeline
        the driver counts a statement as prepared of which the server may know nothing.
        """
        dialect = self.engine.dialect
        base = dialect.loaded_dbapi.Error
        borrowed = None
        try:
            borrowed = self.engine.raw_connection()
            yield borrowed.dbapi_connection
        except base as error:
            if borrowed and not isinstance(error, dialect.loaded_dbapi.IntegrityError):
                borrowed.invalidate(error)
            raise DBAPIError.instance(
                None, None, error, base, hide_parameters=True, dialect=dialect
            ) from error
        finally:
            if borrowed:
                borrowed.close()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn 'the database cannot do it now' into ``Unavailable``, on a full disk into
        ``RoomMade``, what it cannot even be asked about into ``NotFound``."""
        try:
            yield
        except SQLAlchemyError as error:
            if limits.not_now(error):
                raise (RoomMade if self._reserve.give_up() else Unavailable) from error
            if limits.names_nothing(error):
                raise NotFound from error
            raise
        except OverflowError as error:
            if "SQLite" in str(error):
                raise NotFound from error
            raise

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: URL, pool_size: int, within: limits.Limits, sees: str) -> Engine:
    options: dict[str, Any] = {
        "poolclass": QueuePool,
        "pool_size": pool_size,
        "pool_use_lifo": True,  # few connections, which know our statements; the others rest
        "max_overflow": 0,
        "pool_timeout": limits.WAIT_FOR_CONNECTION,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": limits.BUSY}, **options)
        engine = engine.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
        event.listen(engine, "connect", sqlite.prepare)
        event.listen(engine, "begin", sqlite.begin)
        return engine
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": limits.WAIT_FOR_CONNECTION,
            "options": f"{within.options()} {sees}",
        },
        pool_recycle=limits.RECYCLE,
        **options,
    )
    event.listen(engine, "do_connect", limits.Patience(within).connect)
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "begin", _tell)
    return engine


def _still_there(connection: Any, _record: Any, _borrowed: Any) -> None:
    """Replace a connection that the server has closed: then there is its end to read.

    Asking the server at every checkout, as SQLAlchemy's own check does, costs a round trip.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def _tell(connection: Connection) -> None:
    for statement, values in connection.get_execution_options().get("covalue_tells", ()):
        connection.exec_driver_sql(statement, values)
