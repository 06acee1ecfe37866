"""Answers under keys of their own: sealed where they stand, erased wherever a copy is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import polars as pl
import pytest
from builders import World, world
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from participants import EVERY_KIND
from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.engine import URL

from app.domain.acceptance import Submitted
from app.domain.errors import Conflict, NotFound
from app.domain.sittings import Sitting
from app.protection.keys import Keys, digest
from app.protection.sealing import SEALED_BODY, AnswerSealing, Ring, seal, unseal
from app.storage import cuts, extract
from app.storage.database import Base, Database, now
from app.storage.participants import AccessCode, Participant
from app.storage.releases import DataCut
from app.storage.response_keys import ResponseKey, keys_of, put_keys, without_key, write_keys
from app.storage.responses import Response
from app.storage.schema import TABLES
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.collect import Sent, answer_page
from app.workflows.entering import begin
from app.workflows.erasing import (
    clear_copies,
    keep_tombstones,
    replay_tombstones,
    write_tombstones,
)
from app.workflows.rights import access, erase_person
from app.workflows.rotating import SEALED, rotate
from app.workflows.sample import code_place, contact_place
from app.workflows.standing import standing

MASTER = b"a secret that is only good for tests"
CANARY = "kestrel over the marsh"
ERASURES = int(os.environ.get("COVALUE_ERASURES", "6"))


@pytest.fixture
def house(database_url: URL, tmp_path: Path) -> Iterator[House]:
    """A house that seals answers."""
    keys = Keys.derive(MASTER)
    made = Database(database_url, sealing=AnswerSealing(keys.sealing, on=True))
    yield House(made, keys, tmp_path / "data")
    made.dispose()


def answered(house: House, made: World, person: int) -> bytes:
    """This person has typed the canary into a text and sent it; the response's own secret."""
    secret = begin(house, digest(house.keys.lookup, made.codes[person]), Sitting(lang="fr"))
    sent = Sent({"K8": Submitted((f"{CANARY} {person}",))}, {"K8": ""}, f"key-{person}")
    answer_page(house, standing(house, secret), "K8", sent)
    with house.database.write() as session:
        row = session.scalars(select(Response).order_by(Response.id.desc())).first()
        assert row is not None
        row.submitted_at = now()
        return row.secret_digest


def everything(house: House) -> bytes:
    """All that is on disk and in the tables, as bytes."""
    if house.database.engine.name == "sqlite":
        with house.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        place = Path(str(house.database.url.database))
        files = [place, *place.parent.glob(f"{place.name}-*")]
    else:
        files = []
    found = b"".join(path.read_bytes() for path in files)
    with house.database.read() as session:
        for table in TABLES.sorted_tables:
            for row in session.execute(select(table)):
                found += b"".join(
                    value if isinstance(value, bytes) else repr(value).encode() for value in row
                )
    for path in house.folder.rglob("*"):
        if path.suffix == ".parquet":
            found += repr(pl.read_parquet(path).to_dicts()).encode()
        elif path.is_file():
            found += path.read_bytes()
    return found


def rows_on_disk(house: House) -> list[int]:
    """Numbers of the responses in every copy: the extract and what was frozen of it."""
    return sorted(
        number
        for path in house.folder.rglob("*.parquet")
        for number in pl.read_parquet(path, columns=["number"])["number"].to_list()
    )


@pytest.fixture
def made(house: House) -> World:
    return world(house, EVERY_KIND, people=ERASURES + 1)


def test_answers_are_sealed_in_the_table_and_read_as_before(house: House, made: World) -> None:
    answered(house, made, 0)
    assert CANARY.encode() not in everything(house)
    with house.database.read() as session:
        body = session.scalars(select(Response.body)).one()
    assert body[:1] == b"\x02"
    extract.refresh(house.database, house.folder, made.wave_id)
    assert len(rows_on_disk(house)) == 1


def test_a_body_opens_with_its_own_key_and_in_its_own_row_only(house: House) -> None:
    sealing = house.database.sealing
    one, other = b"1" * 32, b"2" * 32
    keys = {own: sealing.new_key(own) for own in (one, other)}
    body = sealing.close(b"\x01{}", keys[one], one)
    assert sealing.open(body, keys[one], one) == b"\x01{}"
    for key, own in ((None, one), (keys[other], one), (keys[one], other), (keys[other], other)):
        with pytest.raises(ValueError, match="key"):
            sealing.open(body, key, own)
    with pytest.raises(ValueError, match="changed"):
        sealing.open(body[:-1] + bytes([body[-1] ^ 1]), keys[one], one)


def test_erasures_reach_extract_frozen_copies_moments_and_what_a_backup_brings_back(
    house: House, made: World
) -> None:
    """``make erasures`` does a thousand."""
    owns = [answered(house, made, person) for person in range(ERASURES + 1)]
    with house.database.read() as session:
        rows = session.scalars(select(Response)).all()
        before = {row.secret_digest: (row.body, row.revision) for row in rows}
        keys = {row.secret_digest: row.sealed for row in session.scalars(select(ResponseKey))}
    extract.refresh(house.database, house.folder, made.wave_id)
    frozen = cuts.freeze(house.folder, made.wave_id)
    moments = house.folder / "moments" / str(made.wave_id)
    moments.mkdir(parents=True)
    (moments / "part.npz").write_bytes(CANARY.encode())
    with house.database.write() as session:
        session.add(
            DataCut(
                wave_id=made.wave_id,
                made_at=now(),
                membership=frozen.membership,
                counts={},
                extract=frozen.folder,
                checksum=frozen.checksum,
            )
        )
    assert len(rows_on_disk(house)) == 2 * (ERASURES + 1)
    who = operator(house, "TEST")
    for person in range(ERASURES):
        assert erase_person(house, who, "W1", f"P{person}")
    assert keep_tombstones(house) == ERASURES
    assert clear_copies(house).rows == ERASURES
    assert clear_copies(house).waves == 0
    left = everything(house)
    for person in range(ERASURES):
        assert f"{CANARY} {person}".encode() not in left
    assert len(rows_on_disk(house)) == 2
    assert not moments.exists()
    last = access(house, who, "W1", f"P{ERASURES}")
    assert f"{CANARY} {ERASURES}" in orjson.dumps(last).decode()
    # A backup of the answers alone: nobody can read it.
    for own in owns[:-1]:
        with pytest.raises(ValueError, match="destroyed"):
            house.database.sealing.open(before[own][0], None, own)
    # A backup of everything, restored: the tombstone list erases them again.
    with house.database.write() as session:
        for row in session.scalars(select(Response)):
            row.body, row.revision = before[row.secret_digest]
            row.withdrawn_at = None
        there = set(session.scalars(select(ResponseKey.secret_digest)))
        session.add_all(
            ResponseKey(secret_digest=own, sealed=sealed, made_at=now())
            for own, sealed in keys.items()
            if own not in there
        )
    assert replay_tombstones(house) == ERASURES
    assert replay_tombstones(house) == 0
    clear_copies(house)
    left = everything(house)
    for person in range(ERASURES):
        assert f"{CANARY} {person}".encode() not in left
    with house.database.read() as session:
        assert session.scalars(select(ResponseKey.secret_digest)).all() == [owns[-1]]


def test_a_person_sees_everything_that_is_kept_of_them(house: House, made: World) -> None:
    answered(house, made, 0)
    told = access(house, operator(house, "TEST"), "W1", "P0")
    assert CANARY in orjson.dumps(told).decode()
    (answer,) = [each for each in told["response"]["answers"] if each["item"] == "K8"]
    assert answer["question"]["fr"]
    assert told["person"]["territory"] == "BDX"
    assert access(house, operator(house, "TEST"), "W1", "P1")["response"] is None


def test_what_a_person_sees_reads_as_they_were_asked(house: House, made: World) -> None:
    secret = begin(house, digest(house.keys.lookup, made.codes[0]), Sitting(lang="fr"))
    sent = Sent({"K1": Submitted(("yes",))}, {"K1": ""}, "key")
    answer_page(house, standing(house, secret), "K1", sent)
    told = access(house, operator(house, "TEST"), "W1", "P0")
    (answer,) = told["response"]["answers"]
    assert "l’équipe d’ici" in answer["question"]["fr"]


def test_where_the_link_was_cut_nobody_can_tell_whose_answers_they_are(
    house: House, made: World
) -> None:
    with house.database.write() as session:
        session.get_one(Participant, made.participants[0]).answered = True
    with pytest.raises(Conflict):
        erase_person(house, operator(house, "TEST"), "W1", "P0")


def test_who_is_erased_is_erased_once_and_who_never_answered_is_forgotten(
    house: House, made: World
) -> None:
    answered(house, made, 0)
    who = operator(house, "TEST")
    with house.database.write() as session:
        for person in session.scalars(select(Participant)):
            person.sealed_contact = b"sealed"
    assert erase_person(house, who, "W1", "P0")
    with house.database.read() as session:
        first = session.scalars(select(Response.withdrawn_at)).one()
    assert first is not None
    assert erase_person(house, who, "W1", "P0"), "again, as somebody who is not sure may do"
    assert not erase_person(house, who, "W1", "P1")
    with house.database.read() as session:
        assert session.scalars(select(Response.withdrawn_at)).one() == first
        people = select(Participant.reference).where(Participant.sealed_contact.is_not(None))
        assert "P0" not in (left := session.scalars(people).all())
        assert "P1" not in left
        assert len(left) == ERASURES - 1
    for nobody in (("W1", "P999"), ("W9", "P0")):
        with pytest.raises(NotFound):
            erase_person(house, who, *nobody)


def test_keys_written_to_a_file_come_back_to_the_answers_that_are_there(
    house: House, made: World, tmp_path: Path
) -> None:
    """As a backup and its restoration do, which are tried whole in ``cli/test_backup.py``."""
    one, other = answered(house, made, 0), answered(house, made, 1)
    with house.database.read() as session:
        kept = keys_of(session, [one, other])
        write_keys(session.connection(), tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600, "its owner's alone"
    with house.database.write() as session:
        session.execute(delete(ResponseKey))
        assert without_key(session, SEALED_BODY) == 2
        assert without_key(session, b"\x01") == 0
        gone = session.scalars(select(Response).where(Response.secret_digest == other)).one()
        gone.secret_digest = b"of another"
    with house.database.write() as session:
        put_keys(session, tmp_path / "keys")
        assert keys_of(session, [one, other]) == {one: kept[one]}


def test_the_list_of_the_erased_goes_along_with_a_backup(
    house: House, made: World, tmp_path: Path
) -> None:
    own = answered(house, made, 0)
    erase_person(house, operator(house, "TEST"), "W1", "P0")
    write_tombstones(house, tmp_path / "along")
    assert (tmp_path / "along").read_text("ascii").split() == [own.hex()]


def test_a_new_key_takes_over_and_the_one_before_can_go(house: House, made: World) -> None:
    own = answered(house, made, 0)
    person = made.participants[0]
    with house.database.write() as session:
        row = session.get_one(Participant, person)
        row.sealed_contact = seal(house.keys.sealing, "[]", contact_place(row.wave_id, "P0"))
        code = session.scalars(select(AccessCode).where(AccessCode.participant_id == person)).one()
        code.sealed = seal(house.keys.sealing, "1", code_place(person, 1))
    keys = Keys.derive(MASTER, [b"another secret that is as long as it must be"])
    both = House(
        Database(house.database.url, sealing=AnswerSealing(keys.sealing, on=True)),
        keys,
        house.folder,
    )
    alone = Ring(keys.sealing.current)
    try:
        done = rotate(both)
        assert {table: count for table, count in done.items() if count} == {
            "participant": 1,
            "access_code": 1,
            "response_key": 1,
        }
        assert set(rotate(both).values()) == {0}
    finally:
        both.database.dispose()
    with house.database.read() as session:
        row = session.get_one(Participant, person)
        assert row.sealed_contact is not None
        assert unseal(alone, row.sealed_contact, contact_place(row.wave_id, "P0")) == "[]"
        body = session.scalars(select(Response.body)).one()
        key = session.scalars(select(ResponseKey.sealed)).one()
    opened = AnswerSealing(alone, on=True).open(body, key, own)
    assert CANARY.encode() in opened
    with pytest.raises(ValueError, match="ring"):
        house.database.sealing.open(body, key, own)


def test_nothing_that_is_sealed_is_forgotten_when_a_key_takes_over() -> None:
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed") and isinstance(column.type, LargeBinary)
    }
    anew = {(table.__tablename__, column) for table, column, _place in SEALED}
    assert anew - {("keyed_entry", "body")} == sealed - {("response_key", "sealed")}


def test_words_taken_out_of_a_response_die_with_its_key() -> None:
    ring, own = Ring(b"k" * 32), b"1" * 32
    sealing = AnswerSealing(ring, on=True)
    key = sealing.new_key(own)
    sealed = sealing.close_text("words", key, own, "passage:1:K8")
    assert ring.is_current(sealed), "rotation leaves it"
    assert sealing.open_text(sealed, key, own, "passage:1:K8") == "words"
    with pytest.raises(ValueError, match="destroyed"):
        sealing.open_text(sealed, None, own, "passage:1:K8")
    with pytest.raises(ValueError, match="changed"):
        sealing.open_text(sealed, key, own, "passage:2:K8")
    without = sealing.close_text("words", None, own, "passage:1:K8")
    assert sealing.open_text(without, None, own, "passage:1:K8") == "words"


def test_what_was_sealed_before_keys_had_names_still_opens() -> None:
    key, nonce = b"k" * 32, b"n" * 12
    old = b"\x01" + nonce + AESGCM(key).encrypt(nonce, b"words", b"place")
    assert unseal(Ring(b"x" * 32, (key,)), old, "place") == "words"
    assert not Ring(key).is_current(old)
    with pytest.raises(ValueError, match="changed"):
        unseal(Ring(key), old, "elsewhere")
