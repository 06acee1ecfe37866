"""The log of PostgreSQL's writes is handed over, sealed, and leads a copy on to a moment."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import postgres
import pytest
from builders import world
from click.testing import Result
from conftest import SECRET
from participants import EVERY_KIND
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from app.factory import create_app
from app.protection.keys import Keys
from app.protection.sealed_files import new_identity
from app.settings import from_environment
from app.storage import schema
from app.storage.database import Database, now
from app.storage.participants import Participant
from app.storage.waves import Wave
from app.workflows import archiving
from app.workflows.acting import House
from app.workflows.backup_pair import BadBackup

SHIPPED = Path(__file__).parents[2] / "config" / "deploy" / "postgresql-archive.conf"
SPOOL = "/var/lib/covalue-wal"
Command = Callable[..., Result]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A cluster with the settings that are shipped, its own folder in the place of the spool."""
    with postgres.running() as found:
        spool = found.folder / "spool"
        spool.mkdir(mode=0o770)
        if os.geteuid() == 0:
            shutil.chown(spool, "nobody")
        with (found.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(SHIPPED.read_text("utf-8").replace(SPOOL, str(spool)))
        found.execute("CHECKPOINT")  # nothing is lost with this end
        found.stop()
        found.start()
        found.execute("ALTER ROLE covalue REPLICATION")
        yield found


@pytest.fixture
def house(server: postgres.Server, tmp_path: Path) -> Iterator[House]:
    made = House(
        Database(server.create(f"d{time.monotonic_ns()}"), pool_size=2),
        Keys.derive(SECRET),
        tmp_path,
    )
    schema.upgrade(made.database)
    yield made
    made.database.dispose()


@pytest.fixture
def command(house: House, tmp_path: Path) -> Iterator[Command]:
    private, public = new_identity()
    (tmp_path / "key").write_text(private)
    given = {
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_HOSTS": "localhost",
        "COVALUE_FOLDER": str(tmp_path),
        "COVALUE_RESERVE": "0",
        "COVALUE_DATABASE": house.database.url.render_as_string(hide_password=False),
        "COVALUE_BACKUP_FOLDER": str(tmp_path / "backups"),
        "COVALUE_BACKUP_RECIPIENTS": public,
    }
    app = create_app(from_environment(given), "office")
    yield lambda *words: app.test_cli_runner().invoke(args=["backup", *map(str, words)])
    app.extensions["covalue"].database.dispose()


def invite(house: House, people: int) -> None:
    with house.database.write() as session:
        wave = session.scalars(select(Wave.id)).one()
        session.add_all(
            Participant(
                wave_id=wave,
                reference=f"N{time.monotonic_ns()}",
                territory="BDX",
                audience="elderly",
                created_at=now(),
            )
            for _ in range(people)
        )


def invited(house: House) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(Participant)) or 0


def handed_over(server: postgres.Server, database: str) -> None:
    """Close the present segment, and wait until the server has handed it over."""
    server.execute("SELECT pg_switch_wal()", database=database)
    ended = "SELECT last_archived_wal, pg_walfile_name(pg_current_wal_lsn()) FROM pg_stat_archiver"
    place = {"host": str(server.folder), "dbname": database, "user": "postgres"}
    with postgres.psycopg.connect(**place) as connection:
        present = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert present is not None
        connection.commit()
        for _ in range(600):
            row = connection.execute(ended).fetchone()
            connection.rollback()
            if row and row[0] and row[0][:24] >= present[0]:
                return
            time.sleep(0.1)
    raise AssertionError("nothing was handed over")


def served(server: postgres.Server, folder: Path, database: str) -> Iterator[URL]:
    """A server of its own on what was brought back, once it has ended recovery."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody")
    options = f"-k {folder} -c listen_addresses='' -c archive_mode=off {postgres.SPEED}"
    again = postgres.Server(folder, server._programs, options)
    again.start()
    try:
        place = {"host": str(folder), "dbname": database, "user": "postgres"}
        for _ in range(600):
            with postgres.psycopg.connect(**place) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            if row == (False,):
                break
            time.sleep(0.1)
        yield again.url(database)
    finally:
        again.stop()


def test_the_database_comes_back_as_it_was_at_a_moment(
    server: postgres.Server, house: House, command: Command, tmp_path: Path
) -> None:
    world(house, EVERY_KIND, people=2)
    done = command("cluster")
    assert done.exit_code == 0, done.output
    (base,) = (tmp_path / "backups").glob("*.base")
    invite(house, 3)
    time.sleep(0.1)
    moment = now()
    time.sleep(0.1)
    invite(house, 5)
    name = str(house.database.url.database)
    handed_over(server, name)
    spool = server.folder / "spool"
    handed = sorted(path.name for path in spool.iterdir())
    assert handed
    done = command("log", spool)
    assert done.output == f"{len(handed)} files of the log sealed.\n"
    assert list(spool.iterdir()) == []
    assert command("log", spool).output == ""
    kept = tmp_path / "backups" / "wal"
    assert sorted(path.stem for path in kept.glob("*.wal")) == handed
    assert all(
        path.read_bytes().startswith(b"age-encryption.org/v1") for path in kept.glob("*.wal")
    )
    assert base.read_bytes().startswith(b"age-encryption.org/v1")

    places = Path(postgres.tempfile.mkdtemp(prefix="covalue-back-"))
    places.chmod(0o755)
    try:
        for until, people in ((moment, 5), (None, 10)):
            folder = places / f"to-{people}"
            folder.mkdir(mode=0o700)
            words = ["--until", f"{until:%Y-%m-%d %H:%M:%S}"] if until else []
            if until:  # to the moment itself, which the command takes in whole seconds
                archiving.bring_back(base, kept, [tmp_path / "key"], folder / "data", until)
            else:
                done = command(
                    "rewind", base, "--key", tmp_path / "key", "--to", folder / "data", *words
                )
                assert done.exit_code == 0, done.output
                assert f"the last is {handed[-1][:24]}" in done.output
            for url in served(server, folder, name):
                there = House(Database(url, pool_size=1), house.keys, folder)
                assert invited(there) == people
                there.database.dispose()
    finally:
        shutil.rmtree(places)
    assert invited(house) == 10


def test_what_does_not_lead_there_is_refused(
    server: postgres.Server, house: House, command: Command, tmp_path: Path
) -> None:
    world(house, EVERY_KIND, people=1)
    assert command("cluster").exit_code == 0
    (base,) = (tmp_path / "backups").glob("*.base")
    for _ in range(3):
        invite(house, 1)
        handed_over(server, str(house.database.url.database))
    assert command("log", server.folder / "spool").exit_code == 0
    kept, key = tmp_path / "backups" / "wal", tmp_path / "key"

    def refused(at: datetime | None = None, private: Path = key) -> str:
        place = tmp_path / f"place{time.monotonic_ns()}"
        with pytest.raises(BadBackup) as refusal:
            archiving.bring_back(base, kept, [private], place, at)
        return refusal.value.code

    segments = sorted(kept.glob("*.wal"))
    assert refused(now() - timedelta(days=1)) == "before_copy"
    (tmp_path / "other").write_text(new_identity()[0])
    assert refused(private=tmp_path / "other") == "cannot_open"
    whole = segments[-2].read_bytes()
    segments[-2].write_bytes(whole[:-1])
    assert refused() == "cannot_open"
    segments[-2].write_bytes(segments[-1].read_bytes())
    assert refused() == "digest"
    segments[-2].unlink()
    assert refused() == "gap"
    segments[-2].write_bytes(whole)
    full = tmp_path / "full"
    full.mkdir()
    (full / "file").touch()
    done = command("rewind", base, "--key", key, "--to", full)
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
    assert [path.name for path in full.iterdir()] == ["file"]

    (server.folder / "spool" / segments[-1].stem).write_bytes(b"of another server")
    done = command("log", server.folder / "spool")
    assert (done.exit_code, "of the same name is kept already" in done.output) == (1, True)
    assert (server.folder / "spool" / segments[-1].stem).exists()
    (server.folder / "spool" / segments[-1].stem).unlink()


def test_a_segment_that_was_sealed_before_a_crash_is_taken_once(
    tmp_path: Path,
) -> None:
    spool, target = tmp_path / "spool", tmp_path / "backups"
    spool.mkdir()
    private, public = new_identity()
    (tmp_path / "key").write_text(private)
    for _ in range(2):  # sealed, and the machine stopped before it was removed
        (spool / "000000010000000000000002").write_bytes(b"x" * 1000)
        (spool / ".000000010000000000000003").write_bytes(b"half")
        assert archiving.take_in(spool, target, [public]) == 1
    assert [path.name for path in spool.iterdir()] == [".000000010000000000000003"]
    (target / "covalue-20200101T000000Z.base").touch()
    old = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    (sealed,) = (target / "wal").glob("*.wal")
    os.utime(sealed, (old, old))
    assert archiving.forget(target, timedelta(days=7)) == (1, 1)
    assert list((target / "wal").iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_sqlite_there_is_no_log(database_url: URL, tmp_path: Path) -> None:
    made = House(Database(database_url), Keys.derive(SECRET), tmp_path)
    with pytest.raises(BadBackup):
        archiving.copy_cluster(made, tmp_path / "backups", [new_identity()[1]])
    made.database.dispose()
