"""The log is verified once a day; a change is told at once, and heads go to the officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mail_server
import people
import programme
import pytest
from mail_server import Received
from sqlalchemy import text

from app.domain.permissions import Grant, Role
from app.interchange.mail import read_server
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.invitations import accept, invite
from app.workflows.posting import send_waiting
from app.workflows.sealing_audit import copy_folder, seal
from app.workflows.watching_audit import HEADS, VERIFIED, verify_today

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
    found = verify_today(posting)
    assert found is not None
    assert found.holds
    assert verify_today(posting) is None
    send_waiting(posting)
    (mail,) = server.mails
    assert (mail["To"], "intact" in mail["Subject"]) == (people.DORA.email, True)
    folder = copy_folder(posting)
    assert (folder / HEADS).read_text("utf-8").startswith("# public key ")
    assert (folder / VERIFIED).read_text("utf-8").endswith(" ok\n")


def test_a_change_is_told_at_once(
    posting: House, server: Received, caplog: pytest.LogCaptureFixture
) -> None:
    with posting.database.write() as session:
        session.execute(text("DROP TRIGGER audit_entry_changes"))
        session.execute(text("UPDATE audit_entry SET thing = 'other' WHERE id = 1"))
    found = verify_today(posting)
    assert found is not None
    assert not found.holds
    assert "the audit log does not hold" in caplog.messages
    send_waiting(posting)
    (mail,) = server.mails
    assert mail["Subject"].startswith("ALERTE")
    assert "position 1 (altered)" in mail.get_content()


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
    assert accept(posting, link.secret, "sept girafes sous la pluie").first
