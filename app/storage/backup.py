"""A consistent copy of the whole database, what stands in it, and the way back into an empty one.

SQLite is copied by its own ``VACUUM INTO``; PostgreSQL by ``pg_dump``, from the very snapshot in
which the rows are counted. A table's digest covers every value of every row in the order of its
key. The keys of the answers are not in the copy: they are written to a file of their own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    create_engine,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from app.domain.errors import CovalueError
from app.domain.text import Text
from app.storage.database import ANSWERS, SCHEMAS
from app.storage.response_keys import ResponseKey, write_keys
from app.storage.row_security import SEES_EVERYTHING

Contents = dict[str, tuple[int, str]]  # rows and digest of each table
CLUSTER = "base.tar.gz"
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")  # as the service itself asks for
TABLES_OF = {"postgresql": (None, *SCHEMAS), "sqlite": (None,)}
APART = {
    "postgresql": f"{ANSWERS}.{ResponseKey.__tablename__}",
    "sqlite": ResponseKey.__tablename__,
}


class ProgramFailed(CovalueError):
    """A program of the database's did not do it; its own words may hold data and are not told."""

    code = "program_failed"


def copy_out(url: URL, target: Path, keys: Path) -> Contents:
    """Write a consistent copy of the database to a file, the keys of the answers to another.

    Gives what stands in both. Raises ``ProgramFailed``.
    """
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source:
            source.execute("VACUUM INTO ?", (str(target),))
        with reading(URL.create("sqlite", database=str(target))) as connection:
            found = _contents(connection)
            write_keys(connection, keys)
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("DELETE FROM response_key")
            copy.commit()
            copy.execute("VACUUM")  # nothing of them stays in free pages
        return found
    with reading(url) as connection:
        snapshot = str(connection.scalar(select(func.pg_export_snapshot())))
        _program(
            (
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--enable-row-security",
                f"--exclude-table-data={APART['postgresql']}",
            ),
            (f"--snapshot={snapshot}", f"--file={target}"),
            url,
        )
        write_keys(connection, keys)
        return _contents(connection)


def copy_in(source: Path, url: URL) -> None:
    """Fill an empty database with a copy, whole or not at all. Raises ``ProgramFailed``.

    The keys of the answers come afterwards (``put_keys``).

    On PostgreSQL rights and policies, which name roles, are given afterwards (``row_security``).
    """
    if url.get_backend_name() == "sqlite":
        target = Path(str(url.database))
        partial = target.with_suffix(".partial")
        shutil.copyfile(source, partial)
        partial.chmod(0o600)
        os.replace(partial, target)
        return
    _program(
        ("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
        (f"--dbname={url.database}", f"--use-list={_without_policies(source)}", str(source)),
        url,
    )


def copy_cluster(url: URL, folder: Path) -> None:
    """Write the file ``CLUSTER`` into a new folder: all of the server's files, with what was
    written meanwhile. The role needs REPLICATION. Raises ``ProgramFailed``."""
    _program(
        ("pg_basebackup", "--format=tar", "--gzip", "--wal-method=fetch", "--checkpoint=fast"),
        ("--no-manifest", "--no-password", f"--pgdata={folder}"),
        url,
    )


def _without_policies(source: Path) -> Path:
    """A file that lists what is to be restored from the copy."""
    listed = subprocess.run(
        ["pg_restore", "--list", source], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    kept = [line for line in listed if " POLICY " not in line and " ROW SECURITY " not in line]
    target = source.with_name(f"{source.name}.list")
    target.write_text("\n".join(kept) + "\n")
    return target


def is_readable(source: Path, engine: str) -> bool:
    """Whether a copy is whole, as the database's own check says."""
    if engine == "sqlite":
        try:
            with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as opened:
                return bool(opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False
    listed = subprocess.run(
        ["pg_restore", "--list", source], check=False, capture_output=True, stdin=subprocess.DEVNULL
    )
    return listed.returncode == 0


def is_empty(url: URL) -> bool:
    """Whether there is no table of ours."""
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return True
    with reading(url) as connection:
        look = inspect(connection)
        known = set(look.get_schema_names())
        places = TABLES_OF[connection.dialect.name]
        return not any(look.get_table_names(s) for s in places if s is None or s in known)


def contents(url: URL) -> Contents:
    """Rows and digest of every table, in one snapshot."""
    with reading(url) as connection:
        return _contents(connection)


def _contents(connection: Connection) -> Contents:
    found = {}
    for table in _tables(connection):
        count, digest = 0, hashlib.sha256()
        order = list(table.primary_key.columns) or list(table.columns)
        rows = connection.execution_options(yield_per=500).execute(select(table).order_by(*order))
        for row in rows:
            count += 1
            digest.update(orjson.dumps(list(row), default=_plain, option=orjson.OPT_SORT_KEYS))
        found[str(table.fullname)] = (count, digest.hexdigest())
    return found


def _tables(connection: Connection) -> Sequence[Table]:
    """The tables that there are: columns and key. All else of them would cost seconds to read."""
    look, made = inspect(connection), MetaData()
    known = set(look.get_schema_names())
    for schema in TABLES_OF[connection.dialect.name]:
        if schema is None or schema in known:
            keys = look.get_multi_pk_constraint(schema)
            for (_schema, name), columns in look.get_multi_columns(schema).items():
                parts = (Column(each["name"], each["type"]) for each in columns)
                key = keys[schema, name]["constrained_columns"]
                Table(name, made, *parts, PrimaryKeyConstraint(*key), schema=schema)
    return sorted(made.tables.values(), key=lambda table: table.fullname)


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


@contextmanager
def reading(url: URL) -> Iterator[Connection]:
    """A connection of its own with one snapshot for everything read; no limit of time."""
    engine = _engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        bare = create_engine(url, poolclass=NullPool)
        return bare.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args={"options": SEES_EVERYTHING},
    )
    return made.execution_options(isolation_level="REPEATABLE READ")


def _program(command: Sequence[str], more: Sequence[str], url: URL) -> None:
    """Run a program of PostgreSQL's; the password goes by the environment, never as an argument."""
    try:
        done = subprocess.run(
            [*command, *more],
            check=False,
            env={**os.environ, **_environment(url)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise ProgramFailed(
            Text.of(
                fr=f"{command[0]} n’est pas installé. Installez les programmes de PostgreSQL.",
                en=f"{command[0]} is not installed. Install the client programs of PostgreSQL.",
            )
        ) from error
    if done.returncode:
        raise ProgramFailed(
            Text.of(
                fr=f"{command[0]} a échoué. Vérifiez l’adresse, les droits et la version.",
                en=f"{command[0]} failed. Check the address, the rights and the version.",
            )
        )


def _environment(url: URL) -> Mapping[str, str]:
    host = url.host or url.query.get("host")
    given = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGOPTIONS": SEES_EVERYTHING,
    }
    given |= {f"PG{name.upper()}": str(url.query.get(name, "")) for name in TLS}
    return {name: str(value) for name, value in given.items() if value}
