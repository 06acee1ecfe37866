"""Settings that changed between two starts, and a clock that was set, stand in the audit log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.domain.deeds import Deed
from app.domain.errors import Unavailable
from app.protection.keys import Keys
from app.settings import Settings
from app.storage.audit import AuditEntry, record
from app.storage.audit_chain import AuditHead
from app.storage.database import Database, now
from app.storage.durability import server_moment
from app.workflows.acting import House
from app.workflows.watching_clock import Clock, clock_behind
from app.workflows.watching_starts import FOLDER, note_start

ROOT = Path(__file__).parents[2]
CANARY = "smtps://user:canary-of-a-password@mail.example.org:465"
SET = {"COVALUE_SECRET": "x" * 40, "COVALUE_SMTP": CANARY, "PATH": "/bin"}
one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def entries(house: House, act: str) -> list[AuditEntry]:
    with house.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id)
        return list(session.scalars(found))


def told(house: House) -> list[Mapping[str, Any]]:
    return [entry.details for entry in entries(house, Deed.SERVICE_CHANGE)]


@one
def test_what_changed_is_named_and_never_told(house: House) -> None:
    note_start(house, "worker", SET, "a")
    note_start(house, "worker", SET, "a")
    assert told(house) == [{"known": False, "code": "a"}], "the second start is like the first"
    other = SET | {"COVALUE_SMTP": f"{CANARY}6", "COVALUE_METRICS": "127.0.0.1:9", "PATH": "/"}
    note_start(house, "worker", other, "a")
    note_start(house, "worker", SET, "a")
    named = {"known": True, "changed": ["COVALUE_METRICS", "COVALUE_SMTP"]}
    assert told(house)[1:] == [named, named], "back again is a change too"
    note_start(house, "worker", SET, "b")
    assert told(house)[-1] == {"known": True, "code": "b"}
    note_start(house, "office", SET, "b")
    assert [entry.thing for entry in entries(house, Deed.SERVICE_CHANGE)][-1] == "process:office"
    kept = [path.read_text("ascii") for path in (house.folder / FOLDER).iterdir()]
    assert len(kept) == 2
    assert not any("canary" in each for each in (*kept, *map(str, told(house))))


@one
def test_another_secret_is_named_alone_and_a_lost_file_is_said(house: House) -> None:
    note_start(house, "public", SET, "a")
    moved = replace(house, keys=Keys.derive(b"another secret, as long as the one before it"))
    note_start(moved, "public", SET | {"COVALUE_SECRET": "y" * 40}, "a")
    assert told(house)[-1] == {"known": True, "changed": ["COVALUE_SECRET"]}
    (house.folder / FOLDER / "public.json").write_text("{")
    note_start(house, "public", SET, "a")
    assert told(house)[-1]["known"] is False


@one
def test_the_processes_of_a_server_leave_one_entry(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: note_start(house, "public", SET, "a"), range(8)))
    assert len(told(house)) == 1


@one
def test_a_start_is_not_held_up_and_the_next_one_tells(house: House, tmp_path: Path) -> None:
    away = replace(house, database=Database(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite'}"))
    note_start(away, "office", SET, "a")
    bare = replace(house, database=Database(f"sqlite:///{tmp_path / 'without-tables.sqlite'}"))
    note_start(bare, "office", SET, "a")
    assert told(house) == []
    note_start(house, "office", SET, "a")
    assert len(told(house)) == 1
    away.database.dispose()
    bare.database.dispose()


def test_each_surface_may_leave_it(house: House, settings: Settings) -> None:
    """In the processes that serve, each with the rights of its own surface."""
    for smtp in ("smtp://127.0.0.1:25", "smtp://127.0.0.1:26"):
        subprocess.run(
            [sys.executable, "-c", "import wsgi; wsgi.public; wsgi.office; wsgi.app"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "COVALUE_DATABASE": settings.database,
                "COVALUE_FOLDER": str(settings.folder),
                "COVALUE_SECRET": "a secret that is only good for tests",
                "COVALUE_HOSTS": "localhost",
                "COVALUE_RESERVE": "0",
                "COVALUE_SMTP": smtp,
                "COVALUE_MAIL_FROM": "survey@example.org",
            },
            check=True,
        )
    found = [
        (each.thing, each.details.get("changed")) for each in entries(house, Deed.SERVICE_CHANGE)
    ]
    processes = ["process:public", "process:office", "process:app"]
    assert found == [(each, changed) for changed in (None, ["COVALUE_SMTP"]) for each in processes]


def started(settings: Settings, surface: str) -> tuple[int, str]:
    """What comes of starting the server of a surface: it ends at once, or nobody stops it."""
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", f"wsgi:{surface}"]
    environment = {
        "PATH": os.environ["PATH"],
        "COVALUE_DATABASE": settings.database,
        "COVALUE_FOLDER": str(settings.folder),
        "COVALUE_SECRET": "a secret that is only good for tests",
        "COVALUE_HOSTS": "localhost",
        "COVALUE_RESERVE": "0",
        "COVALUE_BIND": "127.0.0.1:0",
        "COVALUE_WORKERS": "1",
    }
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stderr is not None
        said = ""
        for line in served.stderr:
            said += line
            if "Booting worker" in line:
                served.terminate()
        return served.wait(), said


@pytest.mark.parametrize("surface", ["public", "office", "app"])
def test_no_surface_starts_on_a_clock_that_is_behind(
    house: House, settings: Settings, surface: str
) -> None:
    """Of the log the participants' surface reads the signed heads alone."""
    assert started(settings, surface)[0] == 0
    late = now() + timedelta(hours=1)
    with house.database.write() as session:
        if surface == "public":
            head = {"day": late.date(), "position": 1, "hash": b"", "signature": b""}
            session.add(AuditHead(**head, made_at=late))
        else:
            record(session, actor=None, origin="job", act="audit.read")
            (entry,) = session.new
            entry.at = late
    status, said = started(settings, surface)
    assert status == 1
    assert "This machine's clock is 3" in said
    assert "behind the audit log. Set it right." in said
    assert "Booting worker" not in said


@one
def test_where_the_database_is_away_a_surface_starts(settings: Settings, tmp_path: Path) -> None:
    away = replace(settings, database=f"sqlite:///{tmp_path / 'no' / 'folder.sqlite'}")
    assert started(away, "public")[0] == 0


def test_the_server_of_the_database_has_a_clock_too(house: House) -> None:
    with house.database.read() as session:
        moment = server_moment(session)
    if house.database.engine.name == "sqlite":
        assert moment is None
    else:
        assert moment is not None
        assert abs(now() - moment) < timedelta(minutes=1)
    assert clock_behind(house, public=True) == 0


@one
def test_a_clock_that_was_set_is_an_entry(house: House) -> None:
    clock = Clock(wall=1000.0, steady=50.0)
    assert clock.look(house, 1060.4, 110.0) == 0, "it is put right by little"
    assert clock.look(house, 1120.4, 170.0) == 0
    assert clock.look(house, 1060.4, 230.0) == -120
    assert clock.look(house, 1120.4, 290.0) == 0
    assert clock.look(house, 4780.4, 350.0) == 3600
    assert [entry.details for entry in entries(house, Deed.CLOCK_STEP)] == [
        {"seconds": -120},
        {"seconds": 3600},
    ]


@one
def test_a_step_that_could_not_be_written_is_told_the_next_time(house: House) -> None:
    clock = Clock(wall=1000.0, steady=50.0)
    with house.database.write() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO away"))
    with pytest.raises(Unavailable):
        clock.look(house, 2000.0, 60.0)
    with house.database.write() as session:
        session.execute(text("ALTER TABLE away RENAME TO audit_entry"))
    assert clock.look(house, 2060.0, 120.0) == 990


@one
def test_the_officer_reads_both(house: House, client: FlaskClient, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA)
    note_start(house, "worker", SET, "a")
    note_start(house, "worker", SET | {"COVALUE_SMTP": "", "COVALUE_HOSTS": "x"}, "b")
    Clock(wall=0.0, steady=0.0).look(house, 90.0, 30.0)
    people.sign_in(client, house, people.DORA)
    page = Browser(client).get(f"/office/privacy?act={Deed.SERVICE_CHANGE}")
    assert "COVALUE_HOSTS, COVALUE_SMTP ; autre code" in page.words
    assert "premier démarrage" in page.words
    assert "réglée de 60 s" in Browser(client).get(f"/office/privacy?act={Deed.CLOCK_STEP}").words
