"""Mail: queued once by an act, sent by a real server, never twice, and nobody forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import mail_server
import pytest
from mail_server import Received
from sqlalchemy import select

from app.domain.addresses import mail_address
from app.domain.errors import BadInput
from app.interchange.mail import MailServer, read_server
from app.protection.logs import Lines
from app.storage import outbox
from app.storage.database import now
from app.storage.outbox import OutgoingMessage
from app.workflows.acting import House
from app.workflows.mail import WANTED, queue_mail
from app.workflows.posting import send_waiting
from app.workflows.rotating import rotate

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[Received]:
    """A mail server of this machine."""
    with mail_server.running() as received:
        yield received


@pytest.fixture
def posting(house: House, server: Received) -> House:
    """The house, with that server in its settings."""
    mail = read_server(f"smtp://127.0.0.1:{server.port}", "survey@example.org", rate=100)
    return replace(house, mail=mail)


def queue(house: House, to: str, key: str = "", **more: str) -> bool:
    with house.database.write() as session:
        return queue_mail(
            session,
            house,
            to=to,
            subject="Votre avis compte – été",
            text="Bonjour,\nune ligne très longue " + "é" * 400 + "\n.\n",
            purpose="invitation",
            key=key or f"about:{to}",
            **more,
        )


def rows(house: House) -> dict[str, tuple[str | None, bool]]:
    """Outcome of each message by key, and whether its text is still there."""
    with house.database.read() as session:
        found = session.scalars(select(OutgoingMessage))
        return {row.key: (row.outcome, row.sealed is not None) for row in found}


def test_a_message_is_queued_once_and_sent_once(posting: House, server: Received) -> None:
    assert queue(posting, "ada@Example.org", unsubscribe="https://a.example.org/stop/x")
    assert not queue(posting, "ada@example.org", key="about:ada@Example.org")
    assert send_waiting(posting) == {"sent": 1}
    assert send_waiting(posting) == {}
    (mail,) = server.mails
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Votre avis compte – été"
    assert mail.get_content().replace("\r\n", "\n").endswith("é" * 400 + "\n.\n")
    assert mail["List-Unsubscribe"] == "<https://a.example.org/stop/x>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert rows(posting) == {"about:ada@Example.org": ("sent", False)}
    with posting.database.write() as session:
        told = mail["Message-ID"].strip("<>").partition("@")[0]
        assert outbox.bounced(session, told, now()) == "about:ada@Example.org"
        assert outbox.bounced(session, "0" * 40, now()) is None


@once
def test_without_a_server_nothing_is_queued(house: House) -> None:
    assert not queue(house, "ada@example.org")
    assert rows(house) == {}
    assert send_waiting(house) == {}


@once
def test_an_act_that_fails_says_nothing(posting: House, server: Received) -> None:
    def act() -> None:
        with posting.database.write() as session:
            queue_mail(
                session, posting, to="a@example.org", subject="S", text="T", purpose="p", key="k"
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert send_waiting(posting) == {}


@once
def test_each_refusal_has_its_end_and_the_others_are_served(
    posting: House, server: Received, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("gone", "busy", "ada", "broken", "eve"):
        queue(posting, f"{name}@example.org")
    with caplog.at_level(logging.DEBUG):
        first = send_waiting(posting)
        second = send_waiting(posting)
    assert first == {"refused": 1, "put off": 1, "sent": 1, "doubtful": 1}
    assert second == {"sent": 1}
    assert server.to == ["ada@example.org", "broken@example.org", "eve@example.org"]
    assert rows(posting) == {
        "about:gone@example.org": ("refused", False),
        "about:busy@example.org": (None, True),
        "about:ada@example.org": ("sent", False),
        "about:broken@example.org": ("doubtful", True),
        "about:eve@example.org": ("sent", False),
    }
    later = now() + timedelta(minutes=2)
    assert send_waiting(posting, at=lambda: later) == {"put off": 1}
    much_later = now() + timedelta(days=4)
    assert send_waiting(posting, at=lambda: much_later) == {"expired": 1}
    written = "".join(Lines().format(record) for record in caplog.records)
    assert "example.org" not in written
    assert "avis" not in written


@once
def test_what_its_worker_left_is_in_doubt_and_a_person_decides(
    posting: House, server: Received
) -> None:
    queue(posting, "ada@example.org")
    with posting.database.write() as session:
        (waiting,) = outbox.due(session, "mail", now(), 9)
        assert outbox.claim(session, waiting, now()) is not None
        assert outbox.claim(session, waiting, now()) is None
    assert send_waiting(posting) == {}
    later = now() + timedelta(minutes=11)
    assert send_waiting(posting, at=lambda: later) == {"doubtful": 1}
    assert send_waiting(posting, at=lambda: later) == {}
    with posting.database.write() as session:
        (told,) = outbox.unsettled(session, 9)
        assert outbox.send_again(session, told.id, now())
        assert not outbox.send_again(session, told.id, now())
    assert send_waiting(posting) == {"sent": 1}
    assert server.to == ["ada@example.org"]


@once
def test_the_rate_holds_and_what_is_no_longer_wanted_stays(
    posting: House, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert posting.mail is not None
    slow = replace(posting, mail=replace(posting.mail, rate=2))
    for name in "abc":
        queue(slow, f"{name}@example.org")
    assert send_waiting(slow) == {"sent": 2}
    assert send_waiting(slow) == {}
    minute = now() + timedelta(seconds=61)
    monkeypatch.setitem(WANTED, "invitation", lambda _session, key: "c@" not in key)
    assert send_waiting(slow, at=lambda: minute) == {"unwanted": 1}
    assert len(server.mails) == 2


@once
def test_a_server_that_is_away_costs_no_message(posting: House, server: Received) -> None:
    queue(posting, "ada@example.org")
    away = replace(posting, mail=read_server("smtp://127.0.0.1:1", "survey@example.org"))
    assert send_waiting(away) == {}
    assert send_waiting(posting) == {"sent": 1}


@once
def test_mail_travels_under_tls_with_a_certificate_that_is_trusted(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = mail_server.certificate(tmp_path, "localhost")
    with mail_server.running(context) as received:
        user = f"{mail_server.USER}:p%40ss%20word"
        read = read_server(f"smtps://{user}@localhost:{received.port}", "survey@example.org")
        mail = replace(read, encryption="after hello")
        posting = replace(house, mail=mail)
        queue(posting, "ada@example.org")
        assert send_waiting(posting) == {}  # nobody vouches for the certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert send_waiting(replace(posting, mail=replace(mail, password="no"))) == {}
        assert send_waiting(posting) == {"sent": 1}
        assert received.to == ["ada@example.org"]
    assert mail_server.PASSWORD not in repr(mail)


@once
def test_what_waits_is_sealed_and_a_new_key_takes_over(posting: House) -> None:
    queue(posting, "ada@example.org")
    with posting.database.read() as session:
        sealed = session.scalars(select(OutgoingMessage.sealed)).one()
    assert sealed is not None
    assert b"ada" not in sealed
    assert rotate(posting)["outgoing_message"] == 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" Ada.Lovelace+x@Example.ORG ", "Ada.Lovelace+x@example.org"),
        ("a@été.example", "a@xn--t-9fab.example"),
        ("ada@localhost", None),
        ("ada", None),
        ("a@b@c.org, d@e.org", None),
        ("a\n@example.org", None),
        ("ada@example.org\nBcc: eve@example.org", None),
        ("a..b@example.org", None),
    ],
)
def test_addresses(written: str, read: str | None) -> None:
    assert mail_address(written) == read


@once
@pytest.mark.parametrize("more", [{"to": "nobody"}, {"subject": "a\nBcc: x@example.org"}])
def test_what_cannot_be_sent_is_refused_at_once(posting: House, more: dict[str, str]) -> None:
    values = {"to": "a@example.org", "subject": "S"} | more
    with pytest.raises(BadInput), posting.database.write() as session:
        queue_mail(session, posting, text="T", purpose="p", key="k", **values)
    assert rows(posting) == {}


def test_servers_are_encrypted_but_on_this_machine() -> None:
    def read(address: str) -> MailServer:
        return read_server(address, "a@example.org")

    assert read("smtp://127.0.0.1:2525").encryption == "none"
    assert read("smtp://mail.example.org").encryption == "after hello"
    assert read("smtps://mail.example.org").port == 465
    for bad in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://h/x"):
        with pytest.raises(ValueError, match="not an address"):
            read(bad)
