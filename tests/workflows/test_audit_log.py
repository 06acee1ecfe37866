"""The audit log: sealed after the acts, added to only, and every change of it found."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import collection
import every_route
import people
import pytest
from builders import world
from flask import Flask
from participants import EVERY_KIND
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Conflict, CovalueError
from app.domain.sittings import Sitting
from app.protection.audit_chain import (
    GENESIS,
    Copied,
    Head,
    Link,
    Segment,
    Verification,
    canonical,
    chained,
    digest_of,
    public_key,
    sign,
)
from app.protection.keys import digest
from app.storage.audit import AuditEntry, Occasion, during, record
from app.storage.audit_chain import AuditHead, AuditLink, AuditSegment, payload_of
from app.storage.database import now
from app.workflows import sealing_audit, signing_in, verifying_audit
from app.workflows.acting import House
from app.workflows.auditing import prune, record_operation
from app.workflows.entering import begin
from app.workflows.sealing_audit import copied, copy_folder, seal, sealing
from app.workflows.verifying_audit import leave_mark, read_mark, verify, verify_soon
from app.workflows.waves import open_wave

KEY, SEED = b"k" * 32, b"s" * 32
PUBLIC = public_key(SEED)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
MUTATIONS = int(os.environ.get("COVALUE_MUTATIONS", "500"))


@dataclass
class Log:
    """A sealed log as the database and others hold it."""

    links: list[Link]
    heads: list[Head]
    copies: dict[int, Copied]
    segments: list[Segment] = field(default_factory=list)

    def verification(self, mark: Head | None = None) -> Verification:
        return Verification(KEY, PUBLIC, self.links, self.heads, self.segments, self.copies, mark)

    def since(self, position: int) -> Verification:
        """What came after a mark, as a page in a hurry verifies it."""
        mark = Head("2026-03-01T09", position, a_log().links[position - 1].hash)
        self.links = [link for link in self.links if link.position >= position]
        self.heads = [head for head in self.heads if head.position >= position]
        self.copies = {at: copy for at, copy in self.copies.items() if at >= position}
        return self.verification(replace(mark, signature=sign(SEED, mark.words())))


def entry(number: int) -> bytes:
    return canonical(
        {"id": number, "act": f"wave.{number % 7}", "thing": f"wave:{number}", "details": {}}
    )


def rechained(payloads: list[bytes], key: bytes = KEY) -> list[Link]:
    links, before = [], GENESIS
    for position, payload in enumerate(payloads, 1):
        before = chained(key, before, position, payload)
        links.append(Link(position, before, payload, START + timedelta(minutes=position)))
    return links


def a_log(size: int = 40) -> Log:
    links = rechained([entry(number) for number in range(size)])
    heads = []
    for day, position in enumerate((size // 3, 2 * size // 3, size), 1):
        head = Head(f"2026-03-{day:02}", position, links[position - 1].hash)
        heads.append(replace(head, signature=sign(SEED, head.words())))
    copies = {link.position: Copied(link.hash, link.payload or b"") for link in links}
    return Log(links, heads, copies)


def flipped(draw: random.Random, value: bytes) -> bytes:
    place = draw.randrange(len(value))
    return value[:place] + bytes([value[place] ^ (1 << draw.randrange(8))]) + value[place + 1 :]


def flip(draw: random.Random, log: Log) -> None:
    at = draw.randrange(len(log.links))
    log.links[at] = replace(log.links[at], payload=flipped(draw, log.links[at].payload or b""))


def flip_hash(draw: random.Random, log: Log) -> None:
    at = draw.randrange(len(log.links))
    log.links[at] = replace(log.links[at], hash=flipped(draw, log.links[at].hash))


def remove(draw: random.Random, log: Log) -> None:
    del log.links[draw.randrange(len(log.links))]


def remove_entry(draw: random.Random, log: Log) -> None:
    at = draw.randrange(len(log.links))
    log.links[at] = replace(log.links[at], payload=None)


def remove_and_number_anew(draw: random.Random, log: Log) -> None:
    del log.links[draw.randrange(len(log.links) - 1)]
    log.links = [replace(link, position=place) for place, link in enumerate(log.links, 1)]


def insert(draw: random.Random, log: Log) -> None:
    at = draw.randrange(len(log.links) + 1)
    forged = Link(at + 1, draw.randbytes(32), entry(900 + at), START)
    log.links.insert(at, forged)
    log.links = [replace(link, position=place) for place, link in enumerate(log.links, 1)]


def reorder(draw: random.Random, log: Log) -> None:
    one, other = draw.sample(range(len(log.links)), 2)
    first, second = log.links[one], log.links[other]
    log.links[one] = replace(first, payload=second.payload)
    log.links[other] = replace(second, payload=first.payload)


def truncate(draw: random.Random, log: Log) -> None:
    del log.links[draw.randrange(len(log.links)) :]


def replace_head(draw: random.Random, log: Log) -> None:
    at = draw.randrange(len(log.heads))
    log.heads[at] = replace(log.heads[at], hash=flipped(draw, log.heads[at].hash))


def rekey(draw: random.Random, log: Log) -> None:
    """As somebody who holds another key would write it all again."""
    log.links = rechained([link.payload or b"" for link in log.links], draw.randbytes(32))


def rewrite(draw: random.Random, log: Log) -> None:
    """As somebody who holds the very key would: only what others keep shows it."""
    payloads = [link.payload or b"" for link in log.links]
    at = draw.randrange(len(payloads))
    payloads[at] = flipped(draw, payloads[at])
    log.links = rechained(payloads)
    log.copies = {}


Mutation = Callable[[random.Random, Log], None]
MUTATE: dict[Mutation, set[str]] = {
    flip: {"altered"},
    flip_hash: {"altered", "re-keyed"},
    remove: {"missing", "truncated"},
    remove_entry: {"missing"},
    remove_and_number_anew: {"missing"},
    insert: {"inserted"},
    reorder: {"reordered"},
    truncate: {"truncated"},
    replace_head: {"re-keyed"},
    rekey: {"re-keyed"},
    rewrite: {"re-keyed"},
}


# Where nobody has a second copy, what moved the later entries cannot be told from a new key.
MOVED = {remove_and_number_anew: {"altered", "re-keyed"}, insert: {"altered", "re-keyed"}}


def first_changed(log: Log) -> int:
    """The first position at which the log is not what it was."""
    whole = a_log()
    heads = [old.position for old, new in zip(whole.heads, log.heads, strict=True) if old != new]
    pairs = enumerate(zip(whole.links, log.links, strict=False), 1)
    places = [at for at, (old, new) in pairs if old != new]
    lengths = min(len(whole.links), len(log.links)) + 1
    return (places or heads or [lengths])[0]


def test_a_log_that_nobody_touched_holds() -> None:
    log = a_log()
    found = log.verification().verdict()
    assert (found.failure, found.events, found.anchors) == (None, 40, (3, 3))
    assert found.head == log.links[-1].hash


def test_every_mutation_is_found_and_named() -> None:
    """``make mutations`` does ten thousand."""
    draw = random.Random(20261128)
    kinds = list(MUTATE)
    for number in range(MUTATIONS):
        mutation = kinds[number % len(kinds)]
        log = a_log()
        mutation(draw, log)
        failure = log.verification().verdict().failure
        assert failure is not None, (number, mutation.__name__)
        assert failure.kind in MUTATE[mutation], (number, mutation.__name__, failure)
        if mutation is not rewrite:  # which the next signed head shows
            assert failure.position == first_changed(log), (number, mutation.__name__, failure)


def test_what_was_changed_after_a_mark_is_found_from_there_on() -> None:
    assert a_log().since(10).verdict().events == 31
    draw = random.Random(8)
    for number, mutation in enumerate([*MUTATE] * 10):
        log, whole = a_log(), a_log()
        mutation(draw, log)
        first = next(
            (
                at
                for at, pair in enumerate(zip(log.links, whole.links, strict=False), 1)
                if pair[0] != pair[1]
            ),
            len(log.links),
        )
        if first > 10 or mutation in (truncate, rekey):
            assert log.since(10).verdict().failure is not None, (number, mutation.__name__)


def test_without_a_second_copy_the_chain_itself_finds_them() -> None:
    draw = random.Random(7)
    for number, mutation in enumerate([*MUTATE] * 10):
        log = a_log()
        mutation(draw, log)
        log.copies = {}
        failure = log.verification().verdict().failure
        assert failure is not None, (number, mutation.__name__)
        kinds = (MUTATE | MOVED)[mutation]
        assert failure.kind in kinds, (number, mutation.__name__, failure)


def test_an_entry_put_in_late_under_an_early_date_is_found() -> None:
    log = a_log()
    late = log.links[30]
    log.links[30] = replace(late, at=START - timedelta(hours=2))
    failure = log.verification().verdict().failure
    assert failure is not None
    assert (failure.position, failure.kind) == (31, "inserted")


def test_a_pruned_segment_keeps_the_chain_whole_and_a_forged_one_does_not() -> None:
    log = a_log()
    gone = log.links[:10]
    header = Segment(
        1, 10, GENESIS, gone[-1].hash, digest_of([link.payload or b"" for link in gone])
    )
    log.links = log.links[10:]
    log.segments = [replace(header, signature=sign(SEED, header.words()))]
    found = log.verification().verdict()
    assert (found.failure, found.events) == (None, 40)
    log.segments = [replace(log.segments[0], after=bytes(32))]
    assert log.verification().verdict().failure is not None


def act(house: House, number: int = 1, at: datetime | None = None) -> None:
    with house.database.write() as session:
        for each in range(number):
            record(
                session,
                actor=None,
                origin="cli",
                act="wave.open",
                thing=f"wave:{each}",
                details={"né": "café", "n": 1.5},
            )
        if at is not None:
            session.flush()
            for row in session.new | session.dirty:
                row.at = at


def test_acts_are_sealed_in_order_and_copied(house: House) -> None:
    act(house, 5)
    assert seal(house) == 5
    act(house, 2)
    assert verify(house).waiting >= 0
    assert seal(house) == 2
    assert seal(house) == 0
    found = verify(house)
    assert (found.holds, found.verdict.events, found.waiting) == (True, 7, 0)
    assert len(copied(copy_folder(house))) == 7
    (path,) = copy_folder(house).glob("audit-*.jsonl")
    assert path.read_bytes().count(b"\n") == 7


def test_the_second_copy_is_on_the_disk_before_anybody_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_size))
    act(house, 3)
    seal(house)
    (path,) = copy_folder(house).glob("audit-*.jsonl")
    assert synced == [path.stat().st_size]


def test_the_worker_seals_beside_its_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing_audit, "EVERY", 0.01)
    with sealing(house):
        for number in (1, 2):  # more than one turn
            act(house, 1)
            until = time.monotonic() + 60
            while len(copied(copy_folder(house))) < number and time.monotonic() < until:
                time.sleep(0.01)
    assert len(copied(copy_folder(house))) == 2


def test_an_entry_says_who_when_where_and_what(house: House, tmp_path: Path) -> None:
    wave = collection.planned(house, tmp_path)
    people.settle(house, people.ALICE)
    alice = people.acting(house, people.ALICE)
    before = now()
    during(Occasion("request-1", alice.sitting))
    open_wave(house, alice, wave)
    during(Occasion())
    with house.database.read() as session:
        told = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-1]
    assert (told.actor, told.origin, told.act, told.outcome) == (
        *(alice.account_id, alice.origin, "wave.open", "done"),
    )
    assert (told.programme_id, told.territory, told.thing) == (
        *(alice.programme_id, "FR", f"wave:{wave}"),
    )
    assert (told.request, told.sitting) == ("request-1", alice.sitting)
    assert before <= told.at <= now()
    assert told.at.utcoffset() == timedelta(0)
    assert json.loads(payload_of(told))["at"].endswith("+00:00")


@contextmanager
def no_entry_is_taken(house: House) -> Iterator[None]:
    """The database refuses entries, as if the log were gone."""
    if house.database.engine.name == "postgresql":
        begin = "ALTER TABLE audit.audit_entry ADD CONSTRAINT none_now CHECK (false) NOT VALID"
        end = "ALTER TABLE audit.audit_entry DROP CONSTRAINT none_now"
    else:
        refuse = "SELECT RAISE(ABORT, 'none now')"
        begin = f"CREATE TRIGGER none_now BEFORE INSERT ON audit_entry BEGIN {refuse}; END"
        end = "DROP TRIGGER none_now"
    with house.database.write() as session:
        session.execute(text(begin))
    yield
    with house.database.write() as session:
        session.execute(text(end))


def test_no_act_happens_without_its_entry(house: House, tmp_path: Path) -> None:
    """Of staff, of a participant, of who signs in, of the operator."""
    wave = collection.planned(house, tmp_path)
    people.settle(house, people.ALICE)
    alice = people.acting(house, people.ALICE)
    made = world(house, EVERY_KIND, people=1)
    secret = digest(house.keys.lookup, made.codes[0])
    before = every_route.digest(house.database, {"throttle": {"*"}})
    email, word = people.ALICE.email, people.PASSWORD
    with no_entry_is_taken(house):
        for act_ in (
            lambda: open_wave(house, alice, wave),
            lambda: begin(house, secret, Sitting(notice="1")),
            lambda: signing_in.sign_in(house, email, word, "192.0.2.9"),
            lambda: record_operation(house, "database.upgrade", {}),
        ):
            with pytest.raises((DBAPIError, CovalueError)):
                act_()
    assert every_route.digest(house.database, {"throttle": {"*"}}) == before
    open_wave(house, alice, wave)


def test_a_page_verifies_a_long_log_from_the_mark_of_the_worker_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying_audit, "MOST", 4)
    monkeypatch.setattr(sealing_audit, "TAIL", 64)
    act(house, 4)
    seal(house)
    found = verify_soon(house)
    assert found is not None
    assert (found.since, found.verdict.events) == (None, 4), "short: all of it"
    act(house, 4)
    seal(house)
    assert verify_soon(house) is None, "long, and never verified"
    leave_mark(house, now(), verify(house))
    act(house, 2)
    seal(house)
    found = verify_soon(house)
    assert found is not None
    assert (found.holds, found.since, found.verdict.events) == (True, read_mark(house), 3)
    leave_mark(house, now() - verifying_audit.FRESH, verify(house))
    assert verify_soon(house) is None, "the mark is old"
    leave_mark(house, now(), verify(house))
    path = copy_folder(house) / verifying_audit.MARK
    path.write_text(path.read_text("utf-8").replace(" 10 ", " 9 "), "utf-8")
    assert verify_soon(house) is None, "the mark is not ours"
    path.write_text(path.read_text("utf-8")[:-2], "utf-8")
    assert verify_soon(house) is None, "the mark was cut off"


def test_a_copy_cut_off_by_a_crash_is_brought_up_again(house: House) -> None:
    act(house, 3)
    seal(house)
    (path,) = copy_folder(house).glob("audit-*.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    assert not verify(house).verdict.failure
    act(house, 1)
    seal(house)
    assert len(copied(copy_folder(house))) == 4
    assert verify(house).holds


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(act="x"),
        delete(AuditEntry),
        update(AuditLink).values(hash=b"x"),
        delete(AuditLink),
        update(AuditHead).values(position=1),
        delete(AuditHead),
        delete(AuditSegment),
    ],
)
def test_not_even_the_owner_changes_what_was_recorded(house: House, statement: object) -> None:
    act(house, 2)
    seal(house)
    with house.database.write() as session:
        session.add(
            AuditHead(day=date(2026, 1, 1), position=1, hash=b"h", signature=b"s", made_at=now())
        )
        session.add(
            AuditSegment(
                first=900,
                last=900,
                before=b"",
                after=b"",
                digest=b"",
                until=date(2026, 1, 1),
                signature=b"",
                made_at=now(),
            )
        )
    with pytest.raises(DBAPIError, match="only added to"), house.database.write() as session:
        session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entry", "audit_link", "audit_head", "audit_segment"])
def test_no_table_of_the_log_is_emptied_at_once(house: House, table: str) -> None:
    with pytest.raises(DBAPIError, match="only added to"), house.database.write() as session:
        session.execute(text(f"TRUNCATE audit.{table} CASCADE"))


TAMPERED: dict[str, tuple[str, str]] = {
    "UPDATE {a}audit_entry SET act = 'x' WHERE id = 3": ("altered", "3"),
    "DELETE FROM {a}audit_entry WHERE id = 3": ("missing", "3"),
    "DELETE FROM {a}audit_link WHERE position = 3": ("missing", "3"),
    "DELETE FROM {a}audit_link WHERE position > 3": ("truncated", "4"),
}


def touched(house: House, statement: str) -> None:
    """Do what somebody with every right could."""
    on_postgres = house.database.engine.name == "postgresql"
    with house.database.write() as session:
        tables = ("audit_entry", "audit_link")
        for table in tables:
            if on_postgres:
                session.execute(text(f"ALTER TABLE audit.{table} DISABLE TRIGGER USER"))
            else:
                session.execute(text(f"DROP TRIGGER {table}_changes"))
                session.execute(text(f"DROP TRIGGER {table}_goes"))
        session.execute(text(statement.format(a="audit." if on_postgres else "")))
        for table in tables if on_postgres else ():
            session.execute(text(f"ALTER TABLE audit.{table} ENABLE TRIGGER USER"))


@pytest.mark.parametrize("statement", list(TAMPERED))
def test_the_command_says_what_somebody_with_every_right_has_done(
    house: House, app: Flask, statement: str
) -> None:
    act(house, 6)
    seal(house)
    runner = app.test_cli_runner()
    good = runner.invoke(args=["audit", "verify"])
    assert good.exit_code == 0
    assert good.output.startswith("OK events=6 head=")
    touched(house, statement)
    found = runner.invoke(args=["audit", "verify"])
    kind, position = TAMPERED[statement]
    assert (found.exit_code, found.output) == (3, f"FAILED position={position} kind={kind}\n")


@pytest.fixture
def days(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three days that are over, with a head each (two, three and four entries), and one of now."""
    made = []
    for number, back in enumerate((4, 3, 2), 2):
        with monkeypatch.context() as patch:
            patch.setattr(sealing_audit, "now", lambda back=back: now() - timedelta(days=back))
            act(house, number)
            seal(house)
        made.append(f"{now() - timedelta(days=back):%Y-%m-%d}")
    act(house, 1)
    seal(house)
    return made


def test_some_days_of_the_log_are_verified_from_head_to_head(
    house: House, app: Flask, days: list[str]
) -> None:
    runner = app.test_cli_runner()

    def verified(*bounds: str) -> tuple[int, str]:
        found = runner.invoke(args=["audit", "verify", *bounds])
        return found.exit_code, found.output.partition(" head=")[0].strip()

    first, second, third = days
    assert verified() == (0, "OK events=10")
    assert verified("--from", second) == (0, "OK events=9"), "with the link of the head before"
    assert verified("--to", second) == (0, "OK events=5")
    assert verified("--from", second, "--to", second) == (0, "OK events=4")
    assert verified("--from", first, "--to", f"{now():%Y-%m-%d}") == (0, "OK events=10")
    assert verified("--from", third, "--to", first)[0] == 2
    early = verified("--to", "2020-01-01")
    assert early == (1, "Error: Nothing was sealed until that day. Give a later one.")
    printed = runner.invoke(args=["audit", "heads"]).output.splitlines()[1:]
    given = [word for line in printed for word in ("--head", line)]
    anchored = runner.invoke(args=["audit", "verify", "--to", second, *given]).output
    assert "anchors=2/2" in anchored, "heads after the last day are not of these days"
    touched(house, "UPDATE {a}audit_entry SET act = 'x' WHERE id = 4")
    altered = (3, "FAILED position=4 kind=altered")
    assert verified("--from", second, "--to", second) == altered
    assert verified("--to", first) == (0, "OK events=2"), "days before the one that was changed"
    assert verified("--from", third) == (0, "OK events=6"), "days after it"
    assert verified() == altered


def test_a_cut_tail_is_found_within_days_too(house: House, app: Flask, days: list[str]) -> None:
    printed = app.test_cli_runner().invoke(args=["audit", "heads"]).output.splitlines()
    touched(house, "DELETE FROM {a}audit_link WHERE position > 4")
    for path in copy_folder(house).glob("audit-*.jsonl"):
        path.unlink()
    found = app.test_cli_runner().invoke(
        args=["audit", "verify", "--to", days[1], "--head", printed[2]]
    )
    assert (found.exit_code, found.output) == (3, "FAILED position=5 kind=truncated\n")


def test_a_clock_set_back_over_midnight_does_not_stop_the_sealing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    for seconds in (-5, 1, -1, 2, 86_400):
        moment = midnight + timedelta(seconds=seconds)
        monkeypatch.setattr(sealing_audit, "now", lambda moment=moment: moment)
        act(house, 1)
        assert seal(house) == 1, seconds
    monkeypatch.undo()
    seal(house)
    found = verify(house)
    assert (found.holds, found.verdict.anchors) == (True, (3, 3))


def test_what_is_sealed_at_midnight_is_of_the_day_that_begins(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    for moment, heads in ((midnight, 0), (midnight + timedelta(days=1), 1)):
        monkeypatch.setattr(sealing_audit, "now", lambda moment=moment: moment)
        act(house, 1)
        seal(house)
        assert verify(house).verdict.anchors == (heads, heads)


def test_heads_are_made_for_days_that_are_over_and_others_can_check_them(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(sealing_audit, "now", lambda: now() - timedelta(days=2))
    act(house, 3)
    seal(house)
    monkeypatch.undo()
    act(house, 1)
    seal(house)
    runner = app.test_cli_runner()
    printed = runner.invoke(args=["audit", "heads"]).output
    assert len(printed.splitlines()) == 2
    anchor = house.folder / "heads.txt"
    anchor.write_text(printed)
    assert "anchors=1/1" in runner.invoke(args=["audit", "verify", "--anchor", str(anchor)]).output
    day, position, hashed, signature = printed.splitlines()[1].split()
    other = f"{day} {position} {'00' * 32} {signature}\n"
    anchor.write_text(other)
    assert runner.invoke(args=["audit", "verify", "--anchor", str(anchor)]).exit_code == 3
    assert hashed


def test_old_entries_are_pruned_whole_days_at_a_time(house: House) -> None:
    world(house, EVERY_KIND)
    with house.database.write() as session:
        for days in (400, 390, 10):
            session.add(
                AuditEntry(
                    at=now() - timedelta(days=days),
                    origin="cli",
                    act="wave.open",
                    outcome="done",
                    thing=f"wave:{days}",
                    details={},
                )
            )
            session.flush()
    seal(house)
    with pytest.raises(Conflict):
        prune(house, now().date() - timedelta(days=100))
    assert prune(house, now().date() - timedelta(days=366)) == 2
    found = verify(house)
    assert (found.holds, found.verdict.events) == (True, 3)
    with house.database.read() as session:
        assert session.scalars(select(AuditEntry.thing)).all() == ["wave:10"]
    act(house, 1)
    seal(house)
    assert verify(house).verdict.events == 4
    assert prune(house, now().date() - timedelta(days=366)) == 0
