"""The log is verified each hour; a change is told at once, and heads go to the officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import mail_server
import people
import programme
import pytest
from builders import world
from mail_server import Received
from participants import EVERY_KIND
from people import Person
from sqlalchemy import text

from app.domain.permissions import Grant, Role
from app.interchange.mail import read_server
from app.protection.audit_chain import head_line
from app.storage.accounts import account_by_email, grant_rows
from app.storage.audit import record
from app.storage.database import Database, now
from app.storage.participants import Participant
from app.storage.reserve import MEGABYTE, Reserve
from app.storage.throttle import arrivals, campaign, count
from app.storage.waves import Wave
from app.workflows import looks_drawn, sealing_audit, watching_audit
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.auditing import heads
from app.workflows.invitations import accept, invite
from app.workflows.looks_drawn import MOST, tell_looks
from app.workflows.posting import send_waiting
from app.workflows.retaining import put_aside
from app.workflows.sealing_audit import copy_folder, seal
from app.workflows.verifying_audit import MARK, read_mark
from app.workflows.watching_audit import HEADS, verify_hourly
from app.workflows.watching_clock import clock_behind
from app.workflows.watching_disk import watch_disk
from app.workflows.watching_guesses import BURST, watch_guesses

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[Received]:
    with mail_server.running() as received:
        yield received


@pytest.fixture
def posting(house: House, server: Received, tmp_path: Path) -> House:
    mail = read_server(f"smtp://127.0.0.1:{server.port}", "survey@example.org", rate=100)
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA, people.MAYA)
    seal(house)
    return replace(house, mail=mail)


def test_once_a_day_and_the_head_is_sent(posting: House, server: Received) -> None:
    found = verify_hourly(posting)
    assert found is not None
    assert found.holds
    assert verify_hourly(posting) is None
    assert verify_hourly(posting, anew=True) is not None, "as the worker does when it starts"
    an_hour_passes(posting)
    assert verify_hourly(posting) is not None
    send_waiting(posting)
    (mail,) = server.mails
    assert (mail["To"], "intact" in mail["Subject"]) == (people.DORA.email, True)
    folder = copy_folder(posting)
    assert (folder / HEADS).read_text("utf-8").startswith("# public key ")
    mark = read_mark(posting)
    assert mark is not None
    assert mark.position > 0


def test_the_head_of_yesterday_is_sent_to_every_coordinator_once(
    posting: House, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.settle(posting, people.BASILE, people.ANNA)
    ended = Person("Emile", Role.TERRITORY_COORDINATOR, "BDX")
    people.settle(posting, ended)
    with posting.database.write() as session:
        account = account_by_email(session, ended.email)
        assert account is not None
        (right,) = grant_rows(session, account.id, 1)
        right.valid_until = now().date() - timedelta(days=1)
        basile = account_by_email(session, people.BASILE.email)
        assert basile is not None
        basile.language = "en"
    seal(posting)
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr(sealing_audit, "now", lambda: tomorrow)
    monkeypatch.setattr(watching_audit, "now", lambda: tomorrow)
    worker = replace(posting, database=Database(posting.database.url, surface="job"))
    assert verify_hourly(worker) is not None, "the sealer has not had its turn since midnight"
    an_hour_passes(worker)
    assert verify_hourly(worker, anew=True) is not None
    (copy_folder(worker) / MARK).unlink()
    assert verify_hourly(worker) is not None, "as if it had never told"
    worker.database.dispose()
    send_waiting(posting)
    (head,) = heads(posting)
    mails = {mail["To"]: mail for mail in server.mails}
    assert len(server.mails) == len(mails)
    assert mails.keys() == {person.email for person in (people.DORA, people.MAYA, people.BASILE)}
    french, english = mails[people.MAYA.email], mails[people.BASILE.email]
    assert french["Subject"] == f"Journal d’audit : empreinte du {head.day}"
    assert english["Subject"] == f"Audit log: head of {head.day}"
    line = english.get_content().splitlines()[-1]
    assert line == french.get_content().splitlines()[-1] == head_line(head)
    assert all(mails[to].get_content().splitlines()[-1] == line for to in mails)
    for mail in (french, english):
        assert not any(name in mail.get_content() for name in ("Maya", "Basile", "example.org"))


def an_hour_passes(house: House) -> None:
    noted = copy_folder(house) / MARK
    day = noted.read_text("utf-8")[:10]
    noted.write_text(f"{day}Tno ok\n", "utf-8")


def test_a_clock_that_went_back_is_noticed(posting: House) -> None:
    assert clock_behind(posting) == 0
    with posting.database.write() as session:
        record(session, actor=None, origin="job", act="audit.read")
        (entry,) = session.new
        entry.at = now() + timedelta(hours=1)
    assert 3500 < clock_behind(posting) <= 3600


def test_a_change_is_told_at_once(
    posting: House, server: Received, caplog: pytest.LogCaptureFixture
) -> None:
    assert verify_hourly(posting) is not None, "in the morning it held"
    an_hour_passes(posting)
    with posting.database.write() as session:
        session.execute(text("DROP TRIGGER audit_entry_changes"))
        session.execute(text("UPDATE audit_entry SET thing = 'other' WHERE id = 1"))
    found = verify_hourly(posting)
    assert found is not None
    assert not found.holds
    assert "the audit log does not hold" in caplog.messages
    send_waiting(posting)
    _morning, mail = server.mails
    assert mail["Subject"].startswith("ALERTE")
    assert "position 1 (altered)" in mail.get_content()


def test_a_burst_of_guesses_from_many_places_is_told_once_an_hour(
    posting: House, server: Received, caplog: pytest.LogCaptureFixture
) -> None:
    people.settle(posting, people.OSCAR)
    with posting.database.write() as session:
        for source in range(BURST - 1):
            count(session, source.to_bytes(32))
    assert watch_guesses(posting) == 0
    with posting.database.write() as session:
        count(session, b"one more")
    assert watch_guesses(posting) == BURST
    assert watch_guesses(posting) == 0, "told"
    assert "a burst of wrong codes and passwords" in caplog.messages
    send_waiting(posting)
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"][:6]) == (people.OSCAR.email, "ALERTE")
    assert f"{BURST} codes" in mail.get_content()


def test_a_crowd_at_an_open_call_is_no_burst(posting: House) -> None:
    with posting.database.write() as session:
        count(session, arrivals(b"a broadcast"), campaign("open call 1", 0), by=2 * BURST)
    assert watch_guesses(posting) == 0


def test_the_rights_of_the_worker_are_enough(posting: House) -> None:
    made = world(posting, EVERY_KIND, people=1)
    with posting.database.write() as session:
        session.get_one(Wave, made.wave_id).closed_at = now() - timedelta(days=70)
        session.get_one(Participant, made.participants[0]).sealed_contact = b"sealed"
        count(session, b"source", by=BURST)
    worker = replace(posting, database=Database(posting.database.url, surface="job"))
    assert clock_behind(worker) == 0
    assert verify_hourly(worker) is not None
    assert watch_guesses(worker) == BURST
    assert watch_disk(replace(worker, reserve=Reserve(worker.folder / "gone", 1))) == "full"
    assert put_aside(worker) == 1
    worker.database.dispose()


def test_an_invitation_goes_by_mail_too(posting: House, server: Received) -> None:
    actor = operator(posting, "DEMO")
    link = invite(
        posting, actor, email="nina@example.org", name="Nina", grant=Grant(Role.REVIEWER, "MAY")
    )
    assert link.mailed
    send_waiting(posting)
    (mail,) = server.mails
    assert mail["To"] == "nina@example.org"
    assert link.secret in mail.get_content()
    assert not accept(posting, link.secret, "sept girafes sous la pluie", "fr").ends


def test_a_disk_without_its_reserve_is_told_once_a_day(
    posting: House, server: Received, caplog: pytest.LogCaptureFixture
) -> None:
    people.settle(posting, people.OSCAR)
    kept = Reserve(posting.folder, MEGABYTE)
    watch_disk(replace(posting, reserve=kept))
    assert kept.is_kept, "the worker makes it"
    spent = replace(posting, reserve=Reserve(posting.folder / "gone", MEGABYTE))
    assert watch_disk(spent) == "full"
    assert watch_disk(spent) == "full"
    assert caplog.messages.count("the disk is full") == 1
    send_waiting(posting)
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == (people.OSCAR.email, "ALERTE : le disque est plein")


def test_looks_at_people_are_drawn_for_the_officer_once_a_month(
    posting: House, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya = people.acting(posting, people.MAYA)
    with posting.database.write() as session:
        for turn in range(MOST + 5):
            record(
                session,
                actor=maya.account_id,
                origin="web",
                act="contact.see",
                programme_id=maya.programme_id,
                thing="wave:1",
                details={"why": "asked", "people": turn},
            )
    assert tell_looks(posting) == 0, "this month is not over"
    (posting.folder / looks_drawn.NOTED).unlink()
    next_month = (now().replace(day=1) + timedelta(days=32)).replace(day=1)
    monkeypatch.setattr(looks_drawn, "now", lambda: next_month)
    worker = replace(posting, database=Database(posting.database.url, surface="job"))
    assert tell_looks(worker) == 1
    assert tell_looks(worker) == 0, "told"
    worker.database.dispose()
    send_waiting(posting)
    (mail,) = server.mails
    assert mail["To"] == people.DORA.email
    said = mail.get_content()
    assert f"{MOST + 5} consultations" in said
    lines = [
        line
        for line in said.splitlines()
        if "Des noms, adresses ou téléphones sont ouverts." in line
    ]
    assert len(lines) == MOST
    told = ("Maya", "wave:1", "quelqu’un a appelé ou écrit")
    assert all(words in line for line in lines for words in told)
