"""Backups: encrypted, verified, restored, rehearsed; bad ones refused with their reason."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import postgres
import pytest
from builders import world
from click.testing import Result
from conftest import SECRET
from participants import EVERY_KIND
from sqlalchemy import delete, select, update
from sqlalchemy.engine import URL

from app.domain.sittings import Sitting
from app.factory import create_app
from app.interchange import backup_file
from app.interchange.backup_file import Kind
from app.protection.keys import Keys, digest
from app.protection.sealed_files import identity, new_identity, open_file, seal_file
from app.protection.sealing import AnswerSealing
from app.settings import from_environment
from app.storage import schema
from app.storage.backup import APART, contents
from app.storage.database import Database, now
from app.storage.releases import DataCut
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response
from app.storage.territories import ProgrammeRow
from app.storage.waves import Wave
from app.workflows import backing_up
from app.workflows.acting import House
from app.workflows.backup_pair import BadBackup, Opened, Pair
from app.workflows.entering import begin
from app.workflows.erasing import keep_tombstones
from app.workflows.sending import erase

CUT = "cuts/1-ab"  # coded answers behind a release
KEPT = {"releases/ab/figures.csv", f"{CUT}/BDX.person.parquet"}
GONE = ("queue.sqlite", "uploads/x", "secret", "extract/1/block", "moments/1/block", "carried/x")
CANARY = "Zébulon-canari-4711"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], House]]:
    """Makes houses on empty databases and folders."""
    made: list[House] = []

    def place() -> House:
        folder = tmp_path_factory.mktemp("place")
        url = URL.create("sqlite", database=str(folder / "covalue.sqlite"))
        if request.param == "postgresql":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            url = server.create(f"backup_{folder.name}_{request.node.name[:20].strip('[]')}")
        house = House(Database(url, pool_size=2), Keys.derive(SECRET), folder)
        made.append(house)
        return house

    yield place
    for house in made:
        house.database.dispose()


@pytest.fixture
def lived_in(new_place: Callable[[], House]) -> House:
    """A house with rows and files."""
    house = new_place()
    schema.upgrade(house.database)
    world(house, EVERY_KIND, people=5)
    with house.database.write() as session:
        session.execute(update(ProgrammeRow).values(title={"fr": CANARY}))
        wave = session.scalars(select(Wave.id)).one()
        session.add(
            DataCut(
                wave_id=wave, made_at=now(), membership=b"", counts={}, extract=CUT, checksum=""
            )
        )
    for name in (*KEPT, *GONE):
        path = house.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} {CANARY}")
    return house


def _made(house: House, folder: Path, public: str) -> Pair:
    return backing_up.make(house, folder, [public], [public])


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """A private key in a file, and its public key."""
    private, public = new_identity()
    path = tmp_path / "key"
    path.write_text(f"# kept elsewhere\n{private}\n")
    return path, public


def test_what_was_backed_up_comes_back_and_nobody_else_reads_it(
    lived_in: House, new_place: Callable[[], House], key: tuple[Path, str], tmp_path: Path
) -> None:
    made = _made(lived_in, tmp_path / "backups", key[1])
    both = made.backup, made.keys
    assert not any(CANARY.encode() in path.read_bytes() for path in both)
    assert {path.name for path in made.backup.parent.iterdir()} == {
        name for path in both for name in (path.name, f"{path.name}.sha256")
    }
    assert backing_up.verify(lived_in, made, []) is None
    opened = backing_up.verify(lived_in, made, [key[0]])
    assert opened
    tables = {n: list(c) for n, c in contents(lived_in.database.url).items()}
    assert tables == opened.backup["tables"] | _keys_of(lived_in, opened)
    place = new_place()
    found = backing_up.drill(lived_in, made, [key[0]], place)
    assert found.opened == opened
    assert contents(place.database.url) == contents(lived_in.database.url)
    with place.database.read() as session:
        assert session.query(ProgrammeRow).one().title == {"fr": CANARY}
    files = {str(p.relative_to(place.folder)) for p in place.folder.rglob("*") if p.is_file()}
    assert files - {"covalue.sqlite", "covalue.sqlite-wal", "covalue.sqlite-shm"} == KEPT


def _keys_of(house: House, opened: Opened) -> dict[str, list[object]]:
    return {APART[house.database.url.get_backend_name()]: opened.keys["keys"]}


@pytest.mark.parametrize("new_place", ["sqlite"], indirect=True)
def test_a_place_that_is_not_empty_is_left_as_it_is(
    lived_in: House, key: tuple[Path, str], tmp_path: Path
) -> None:
    made = _made(lived_in, tmp_path / "backups", key[1])
    before = contents(lived_in.database.url)
    with pytest.raises(BadBackup) as caught:
        backing_up.restore(lived_in, made, [key[0]])
    assert caught.value.code == "not_empty"
    assert contents(lived_in.database.url) == before


def _repacked(change: Callable[[Path], None]) -> Callable[[Path, str, Path], None]:
    """Open a backup, change what is inside, and encrypt it again with a good digest."""

    def spoil(made: Path, public: str, key: Path) -> None:
        work = made.parent / "inside"
        open_file(made, work, [identity(key)])
        change(work)
        seal_file(work, made, [public])
        work.unlink()
        _digest_again(made)

    return spoil


def _digest_again(made: Path) -> None:
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    made.with_name(f"{made.name}.sha256").write_text(f"{digest}  {made.name}\n")


def _cut(made: Path, *_: object) -> None:
    made.write_bytes(made.read_bytes()[: made.stat().st_size // 2])


def _flip(made: Path, *_: object) -> None:
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(bytes(content))


def _cut_with_a_good_digest(made: Path, *_: object) -> None:
    _cut(made)
    _digest_again(made)


def _flip_with_a_good_digest(made: Path, *_: object) -> None:
    _flip(made)
    _digest_again(made)


def _something_else(made: Path, *_: object) -> None:
    made.write_bytes(b"PK\x03\x04 a file of another kind")
    _digest_again(made)


def _for_somebody_else(made: Path, _public: str, key: Path) -> None:
    work = made.parent / "inside"
    open_file(made, work, [identity(key)])
    seal_file(work, made, [new_identity()[1]])
    work.unlink()
    _digest_again(made)


def _no_digest(made: Path, *_: object) -> None:
    made.with_name(f"{made.name}.sha256").unlink()


def _of_the_keys(
    spoil: Callable[[Path, str, Path], None],
) -> Callable[[Path, str, Path], None]:
    """Do it to the other file."""
    return lambda made, public, key: spoil(made.with_suffix(".keys"), public, key)


def _gone(made: Path, *_: object) -> None:
    made.unlink()


def _the_backup_itself(made: Path, *_: object) -> None:
    made.write_bytes(made.with_suffix(".backup").read_bytes())
    _digest_again(made)


def _altered_inside(work: Path) -> None:
    content = work.read_bytes()
    work.write_bytes(content.replace(CANARY.encode(), CANARY.swapcase().encode()))


def _another_manifest(work: Path) -> None:
    work.write_bytes(work.read_bytes().replace(b'"revision":"0', b'"revision":"1'))


def _not_a_tar(work: Path) -> None:
    work.write_bytes(b"x" * 2000)


def _rebuilt(kind: Kind = "backup", **about: object) -> Callable[[Path], None]:
    """With a good mark, as only the installation itself can make it."""

    def change(work: Path) -> None:
        into = work.parent / "parts"
        into.mkdir()
        key = Keys.derive(SECRET).lookup
        manifest = backup_file.unpack(work, kind, into, key)
        parts = {name: into / name for name in manifest.pop("parts")}
        manifest.pop("format")
        backup_file.pack(work, kind, parts, manifest | about, key)
        shutil.rmtree(into)

    return change


def _part_removed(work: Path) -> None:
    import tarfile

    kept = work.with_suffix(".kept")
    with tarfile.open(work) as old, tarfile.open(kept, "w") as new:
        for member in old:
            if member.name != "folder/releases/ab/figures.csv":
                new.addfile(member, old.extractfile(member))
    os.replace(kept, work)


def _part_added(work: Path) -> None:
    import io
    import tarfile

    with tarfile.open(work, "a") as tar:
        entry = tarfile.TarInfo("../outside")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))


BAD: dict[str, tuple[str, Callable[[Path, str, Path], None]]] = {
    "cut off": ("digest", _cut),
    "one bit flipped": ("digest", _flip),
    "without its digest": ("digest", _no_digest),
    "cut off, digest made again": ("cannot_open", _cut_with_a_good_digest),
    "one bit flipped, digest made again": ("cannot_open", _flip_with_a_good_digest),
    "another kind of file": ("cannot_open", _something_else),
    "for another key": ("cannot_open", _for_somebody_else),
    "not a backup inside": ("unreadable", _repacked(_not_a_tar)),
    "manifest changed": ("unmarked", _repacked(_another_manifest)),
    "a part changed": ("altered_part", _repacked(_altered_inside)),
    "a part removed": ("missing_part", _repacked(_part_removed)),
    "a part added": ("foreign_part", _repacked(_part_added)),
    "newer tables": ("newer", _repacked(_rebuilt(revision="9999"))),
    "another kind of database": ("other_engine", _repacked(_rebuilt(engine="oracle"))),
    "rows counted otherwise": ("differs", _repacked(_rebuilt(tables={"programme": [7, "0"]}))),
    "without its keys": ("no_keys", _of_the_keys(_gone)),
    "keys without their digest": ("digest", _of_the_keys(_no_digest)),
    "keys cut off": ("cannot_open", _of_the_keys(_cut_with_a_good_digest)),
    "keys for another key": ("cannot_open", _of_the_keys(_for_somebody_else)),
    "the backup for the keys": ("unknown_format", _of_the_keys(_the_backup_itself)),
    "keys of an earlier moment": (
        "earlier_keys",
        _of_the_keys(_repacked(_rebuilt("keys", pair="x", made_at="2020-01-01T00:00:00+00:00"))),
    ),
}


@pytest.mark.parametrize("new_place", ["sqlite"], indirect=True)
def test_a_bad_backup_is_refused_with_its_reason(
    lived_in: House, new_place: Callable[[], House], key: tuple[Path, str], tmp_path: Path
) -> None:
    good = _made(lived_in, tmp_path / "good", key[1]).backup
    for name, (reason, spoil) in BAD.items():
        folder = tmp_path / name.replace(" ", "-")
        shutil.copytree(good.parent, folder)
        spoil(folder / good.name, key[1], key[0])
        place = new_place()
        with pytest.raises(BadBackup) as caught:
            backing_up.restore(place, Pair.of(folder / good.name), [key[0]])
        assert (name, caught.value.code) == (name, reason)
        assert caught.value.message.in_("fr")
        assert not list(place.folder.iterdir()), name


@pytest.mark.parametrize("new_place", ["sqlite"], indirect=True)
def test_another_installation_cannot_take_it_and_an_old_one_is_forgotten(
    lived_in: House, new_place: Callable[[], House], key: tuple[Path, str], tmp_path: Path
) -> None:
    made = _made(lived_in, tmp_path / "backups", key[1])
    other = replace(new_place(), keys=Keys.derive(b"another secret of another installation"))
    with pytest.raises(BadBackup) as caught:
        backing_up.restore(other, made, [key[0]])
    assert caught.value.code == "unmarked"
    folder, (month, week) = made.backup.parent, (timedelta(days=35), timedelta(days=7))
    assert backing_up.forget(folder, month, week) == (0, 0)
    for path in (made.backup, made.keys):
        for days in (8, 36):
            old = folder / f"covalue-{now() - timedelta(days):%Y%m%dT%H%M%S}Z{path.suffix}"
            shutil.copy(path, old)  # as of today for the disk: the name says when
            shutil.copy(f"{path}.sha256", f"{old}.sha256")
    (folder / "covalue-of-somebody.keys").touch()
    assert backing_up.forget(folder, month, week) == (1, 2)
    assert len(list(folder.glob("covalue-2*.backup"))) == 2
    assert {path.name for path in folder.glob("*.keys*")} == {
        "covalue-of-somebody.keys",
        made.keys.name,
        f"{made.keys.name}.sha256",
    }


@pytest.mark.full
def test_the_commands_from_key_to_drill(
    lived_in: House,
    new_place: Callable[[], House],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = lived_in.database.url
    key, kept = tmp_path / "private", tmp_path / "kept"
    environment = {
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_HOSTS": "localhost",
        "COVALUE_DATABASE": url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(lived_in.folder),
        "COVALUE_RESERVE": "0",
        "COVALUE_BACKUP_FOLDER": str(kept),
    }
    for name, value in environment.items():  # for the process that the drill starts
        monkeypatch.setenv(name, value)

    def flask(*words: object) -> Result:
        app = create_app(from_environment(os.environ))
        try:
            return app.test_cli_runner().invoke(args=["backup", *map(str, words)])
        finally:
            app.extensions["covalue"].database.dispose()

    assert flask("make").exit_code == 2  # for whom?
    monkeypatch.setenv("COVALUE_BACKUP_RECIPIENTS", flask("key", key).output.strip())
    of_keys = tmp_path / "private-of-keys"
    monkeypatch.setenv("COVALUE_BACKUP_KEY_RECIPIENTS", flask("key", of_keys).output.strip())
    assert os.stat(key).st_mode & 0o077 == 0
    assert flask("key", key).exit_code == 1  # never written over
    assert flask("make", "--keep-keys", 36).exit_code == 2  # longer than what they open
    assert flask("make").exit_code == 0
    (made,) = kept.glob("*.backup")
    assert "those that were written" in flask("verify", made).output
    assert "does not open it" in flask("verify", made, "--key", key).output
    both = ("--key", key, "--key", of_keys)
    assert "Good" in flask("verify", made, *both).output
    into = []
    if url.get_backend_name() != "sqlite":
        into = ["--into", new_place().database.url.render_as_string(hide_password=False)]
    report = tmp_path / "report.json"
    far = flask("drill", made, *both, "--into", "postgresql://u:canary@db.example.org/empty")
    assert far.exit_code == 2, "what comes back travels as the answers do"
    assert "not protected" in far.output
    assert "canary" not in far.output
    done = flask("drill", made, *both, *into, "--report", report)
    assert done.exit_code == 0, done.output
    told = orjson.loads(report.read_bytes())
    assert told["starts"] is told["audit_log_holds"] is True
    assert (told["receipts_differ"], told["recomputed"]) == (0, [])
    since = 1  # the entry that says that it was made
    assert told["rows"] + told["keys"] + since == sum(count for count, _ in contents(url).values())
    assert "not empty" in flask("restore", made, *both).output
    made.with_suffix(".keys").rename(tmp_path / "elsewhere.keys")
    assert "keys is missing" in flask("restore", made, *both).output
    _flip(made)
    refused = flask("restore", made, *both)
    assert refused.exit_code == 1
    assert "digest differs" in refused.output


def test_who_was_erased_after_the_backup_stays_erased(
    new_place: Callable[[], House], key: tuple[Path, str], tmp_path: Path
) -> None:
    """By the list of erasures; and later keys do not open their answers."""
    house = new_place()
    house.database.sealing = AnswerSealing(house.keys.sealing, on=True)
    schema.upgrade(house.database)
    made = world(house, EVERY_KIND, people=2)
    for code in made.codes:
        begin(house, digest(house.keys.lookup, code), Sitting())
    backup = _made(house, tmp_path / "backups", key[1])
    person = made.participants[0]
    with house.database.write() as session:
        row = session.scalars(select(Response).where(Response.participant_id == person)).one()
        gone = row.secret_digest
        erase(session, row, now())
    later = _made(house, tmp_path / "later", key[1]).keys
    place = new_place()
    # The erasure stands on the later file's own list; this house kept none yet.
    found = backing_up.drill(house, Pair(backup.backup, later), [key[0]], place)
    assert found.erased_again == 1
    assert not found.opened.same_moment
    assert _withdrawn(place) == [True, False]
    with place.database.read() as session:
        keys = set(session.scalars(select(ResponseKey.secret_digest)))
    assert gone not in keys
    assert len(keys) == 1
    assert keep_tombstones(house) == 1
    place = new_place()
    found = backing_up.drill(house, backup, [key[0]], place)  # with the keys of its own moment
    assert found.erased_again == 1
    assert _withdrawn(place) == [True, False]
    with house.database.write() as session:  # a key is lost, and nobody was erased
        session.execute(delete(ResponseKey))
    later = _made(house, tmp_path / "lost", key[1]).keys
    with pytest.raises(BadBackup) as caught:
        backing_up.drill(house, Pair(backup.backup, later), [key[0]], new_place())
    assert caught.value.code == "keys_lacking"


def _withdrawn(place: House) -> list[bool]:
    with place.database.read() as session:
        rows = session.scalars(select(Response).order_by(Response.id)).all()
        return [row.withdrawn_at is not None for row in rows]
