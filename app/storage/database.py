"""The database: engine, transactions, naming convention, the four schemas.

Every reader goes through ``Database.read`` (takes no lock) and every writer through
``Database.write``: one short transaction that is committed when the block ends and rolled back
when it raises. On SQLite a writer begins IMMEDIATE, since a read that turns into a write would
fail at once whatever the busy timeout.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKeyConstraint, MetaData, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import TypeDecorator

from app.domain.errors import Unavailable
from app.storage import limits
from app.storage.prepared import Driver
from app.storage.privileges import Surface, authorizer

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


class Database:
    """One database: where every read and every write begins."""

    def __init__(
        self,
        url: str | URL,
        *,
        pool_size: int = limits.POOL,
        surface: Surface | None = None,
        within: limits.Limits | None = None,
    ) -> None:
        """``surface`` narrows a SQLite connection; on PostgreSQL the role in ``url`` does.

        ``within``: how long it may take; without it, as long as the surface's people wait.
        """
        self.url = make_url(url)
        self.engine = _engine(self.url, pool_size, within or limits.limits_of(surface))
        self._is_sqlite = self.engine.name == "sqlite"
        if surface is not None and self.url.get_backend_name() == "sqlite":
            event.listen(self.engine, "connect", _narrow(surface))
        self._writer = self.engine.execution_options(covalue_writes=True)

    @property
    def writes_in_queries(self) -> bool:
        """Whether one statement can write to two tables: one round trip for both and the commit."""
        return not self._is_sqlite

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading only; whatever it holds is rolled back."""
        with _unavailable(), Session(self.engine, expire_on_commit=False, autoflush=False) as found:
            yield found

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction is committed at the end of the block, durably."""
        with (
            _unavailable(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def ping(self) -> None:
        """Raise Unavailable where nothing can be written now; writes nothing."""
        with _unavailable(), self._writer.begin() as connection:  # takes SQLite's lock for writing
            if not self._is_sqlite and connection.scalar(_ONLY_READS) == "on":
                raise Unavailable

    @contextmanager
    def at_once(self) -> Iterator[Driver]:
        """For prepared statements, each of which is a transaction of its own: read, or durable."""
        with _unavailable(), self._borrowed() as connection:
            if self._is_sqlite:  # knows no other way
                yield Driver(connection, self.engine)
                return
            connection.autocommit = True
            try:
                yield Driver(connection, self.engine)
            finally:
                if not connection.closed:
                    connection.autocommit = False

    @contextmanager
    def writing(self) -> Iterator[Driver]:
        """As ``write``, for prepared statements; on an exception the pool rolls back."""
        with _unavailable(), self._borrowed() as connection:
            if self._is_sqlite:
                connection.execute("BEGIN IMMEDIATE")
            yield Driver(connection, self.engine)
            connection.commit()

    @contextmanager
    def _borrowed(self) -> Iterator[Any]:
        """A connection of the driver; its errors as SQLAlchemy would raise them."""
        dialect = self.engine.dialect
        base = dialect.loaded_dbapi.Error
        borrowed = None
        try:
            borrowed = self.engine.raw_connection()
            yield borrowed.dbapi_connection
        except base as error:
            if borrowed and dialect.is_disconnect(error, borrowed.dbapi_connection, None):
                borrowed.invalidate(error)
            raise DBAPIError.instance(
                None, None, error, base, hide_parameters=True, dialect=dialect
            ) from error
        finally:
            if borrowed:
                borrowed.close()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: URL, pool_size: int, within: limits.Limits) -> Engine:
    options: dict[str, Any] = {
        "poolclass": QueuePool,
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": limits.WAIT_FOR_CONNECTION,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": limits.BUSY}, **options)
        engine = engine.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": limits.WAIT_FOR_CONNECTION,
            "options": within.options(),
        },
        pool_recycle=limits.RECYCLE,
        **options,
    )
    event.listen(engine, "do_connect", limits.Patience(within).connect)
    event.listen(engine, "checkout", _still_there)
    return engine


def _still_there(connection: Any, _record: Any, _borrowed: Any) -> None:
    """Replace a connection that the server has closed: then there is its end to read.

    Asking the server at every checkout, as SQLAlchemy's own check does, costs a round trip.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


@compiles(ForeignKeyConstraint, "sqlite")
def _reference_across_schemas(
    constraint: ForeignKeyConstraint, compiler: DDLCompiler, **options: Any
) -> str | None:
    """SQLite's own rule leaves out references between schemas; here they end up in one."""
    return DDLCompiler.visit_foreign_key_constraint(compiler, constraint, **options)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(1000 * limits.BUSY)}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _narrow(surface: Surface) -> Callable[[Any, Any], None]:
    def narrow(connection: Any, _record: Any) -> None:
        connection.set_authorizer(authorizer(surface))

    return narrow


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("covalue_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turn 'the database cannot do it now' into ``Unavailable``; everything else stays itself."""
    try:
        yield
    except SQLAlchemyError as error:
        if limits.not_now(error):
            raise Unavailable from error
        raise
