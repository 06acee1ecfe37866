"""The contact plan: the right people, once, in their language, until something says stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import collection
import mail_server
import orjson
import pytest
from flask.testing import FlaskClient
from mail_server import Received
from sqlalchemy import select

from app.domain import contact
from app.domain.contact import MAIL, SMS
from app.domain.errors import BadInput, Conflict
from app.domain.text import Text
from app.interchange.bounces import bounce_in
from app.interchange.mail import read_server
from app.interchange.sms import read_gateway
from app.storage import outbox
from app.storage.contacting import Contact, ContactWish
from app.storage.database import now
from app.storage.outbox import OutgoingMessage
from app.storage.participants import AccessCode, Participant
from app.workflows import contacting as acts
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.bounces import receive
from app.workflows.contacting import NewStep
from app.workflows.fieldwork import record_disposition
from app.workflows.mailing import queue_due
from app.workflows.posting import send_waiting
from app.workflows.sample import issue_codes
from app.workflows.wishes import wish_link

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEADER = "reference;territory;audience;case;language;name;email;phone"
SAMPLE = f"""{HEADER}
E-1;MAY;elderly;C-1;fr;Mme Un;un@example.org;06 11 22 33 44
E-2;MAY;elderly;C-2;en;Mr Two;two@example.org;
E-3;BDX;elderly;C-3;fr;M. Trois;;07 11 22 33 44
E-4;BDX;elderly;C-4;fr;M. Quatre;gone@example.org;01 42 00 00 00
F-1;MAY;family;C-1;fr;M. Fils;fils@example.org;
"""


@contextmanager
def gateway(status: int = 202) -> Iterator[tuple[str, list[Any]]]:
    """A gateway for short messages on this machine; what it was asked."""
    asked: list[Any] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.headers["Authorization"], orjson.loads(body)))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_words: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def server() -> Iterator[Received]:
    """A mail server of this machine."""
    with mail_server.running() as received:
        yield received


@pytest.fixture
def posting(house: House, server: Received) -> House:
    """The house with a mail server."""
    mail = read_server(f"smtp://127.0.0.1:{server.port}", "survey@example.org", rate=10_000)
    return replace(house, mail=mail)


@pytest.fixture
def wave(posting: House, tmp_path: Path) -> int:
    """An open wave with five people who have codes."""
    wave_id = collection.opened(posting, tmp_path)
    collection.with_sample(posting, wave_id, SAMPLE)
    issue_codes(posting, collection.operator(posting), wave_id)
    return wave_id


def step(house: House, wave: int, channel: str, **more: Any) -> int:
    kind = more.pop("kind", contact.INVITATION)
    values: dict[str, Any] = {
        "territory": "FR",
        "audience": "elderly",
        "channel": channel,
        "kind": kind,
        "after_days": 0,
        "subject": contact.SUBJECTS[kind],
        "text": contact.TEXTS[channel, kind],
    }
    actor = collection.operator(house)
    step_id = acts.add_step(house, actor, wave, NewStep(**(values | more)))
    acts.set_in_force(house, actor, wave, step_id)
    return step_id


def say(house: House, wave: int, reference: str, disposition: str) -> None:
    record_disposition(house, collection.operator(house), wave, reference, disposition)


def sent_now(house: House) -> dict[str, int]:
    """Queue and send as the worker does, at an hour at which messages may leave."""
    noon = now() + timedelta(days=1)
    noon = noon.replace(hour=11)
    queue_due(house, noon)
    return dict(send_waiting(house, at=lambda: noon))


def test_each_is_written_to_once_in_their_language(
    posting: House, wave: int, server: Received
) -> None:
    step(posting, wave, MAIL)
    assert sent_now(posting) == {"sent": 2, "refused": 1}
    assert sent_now(posting) == {}
    first, second = server.mails
    assert first["Subject"] == "Votre avis compte – Programme d’essai"
    assert second["Subject"] == "Your opinion counts – Trial programme"
    assert "http://localhost/q/" in first.get_content()
    assert "{" not in first.get_content() + second.get_content()
    assert first["List-Unsubscribe"].startswith("<http://localhost/s/")
    step(posting, wave, MAIL, kind=contact.REMINDER)
    assert sent_now(posting) == {"sent": 2}  # nobody writes again to an address that is none


@once
@pytest.mark.parametrize(
    ("reference", "disposition", "stops"),
    [
        ("E-1", "refused", {"un"}),
        ("E-1", "moved", {"un"}),
        ("E-1", "do_not_contact", {"un"}),
        ("E-1", "in_hospital", {"un"}),
        ("E-1", "letter_returned", set()),
        ("E-1", "asked_paper", set()),
        ("E-1", "deceased", {"un", "fils"}),  # nor is the family
        ("F-1", "deceased", {"fils", "un"}),
    ],
)
def test_what_ends_the_writing(
    posting: House,
    wave: int,
    server: Received,
    reference: str,
    disposition: str,
    stops: set[str],
) -> None:
    """Said after the message was queued, and before it left."""
    for audience in ("elderly", "family"):
        step(posting, wave, MAIL, audience=audience)
    noon = now().replace(hour=11) + timedelta(days=1)
    assert queue_due(posting, noon) == 4
    say(posting, wave, reference, disposition)
    send_waiting(posting, at=lambda: noon)
    wrote = {address.partition("@")[0] for address in server.to}
    assert wrote == {"un", "two", "fils"} - stops


@once
def test_a_step_waits_for_its_day_and_for_being_put_in_force(
    posting: House, wave: int, server: Received
) -> None:
    actor = collection.operator(posting)
    late = step(posting, wave, MAIL, after_days=10)
    draft = NewStep(
        "MAY",
        "elderly",
        MAIL,
        contact.INVITATION,
        0,
        contact.SUBJECTS[contact.INVITATION],
        contact.TEXTS[MAIL, contact.INVITATION],
    )
    draft_id = acts.add_step(posting, actor, wave, draft)
    assert queue_due(posting, now() + timedelta(days=8)) == 0
    assert queue_due(posting, now() + timedelta(days=10)) == 3
    acts.end_step(posting, actor, wave, late)
    assert send_waiting(posting, at=lambda: now() + timedelta(days=11))["unwanted"] == 3
    seen = {each.step.id: each for each in acts.plan(posting, actor, wave)}
    assert seen[late].outcomes == {"unwanted": 3}
    assert seen[draft_id].due == 2
    with pytest.raises(Conflict):
        acts.set_in_force(posting, actor, wave, late)
    with pytest.raises(Conflict):
        step(replace(posting, mail=None), wave, MAIL)


@once
def test_messages_wait_for_an_hour_that_wakes_nobody(posting: House, wave: int) -> None:
    step(posting, wave, MAIL)
    night = now().replace(hour=23, minute=30) + timedelta(days=1)
    queue_due(posting, night)
    with posting.database.read() as session:
        moments = set(session.scalars(select(OutgoingMessage.next_at)))
    (moment,) = moments
    assert moment.astimezone(collection_zone()).hour == 9
    assert timedelta(0) < moment - night < timedelta(hours=12)


def collection_zone() -> Any:
    from app.workflows.contact_words import ZONE

    return ZONE


@once
def test_short_messages_go_to_the_one_gateway(posting: House, wave: int) -> None:
    with gateway() as (address, asked):
        sms = read_gateway(address, "secret", "127.0.0.1")
        with_sms = replace(posting, sms=sms)
        step(with_sms, wave, SMS)
        assert sent_now(with_sms) == {"sent": 2}
    assert [message["to"] for _, message in asked] == ["+33611223344", "+33711223344"]
    assert {token for token, _ in asked} == {"Bearer secret"}
    assert all("http://localhost/q/" in message["text"] for _, message in asked)
    assert "secret" not in repr(sms)


@once
@pytest.mark.parametrize(
    ("status", "outcome"), [(302, "refused"), (400, "refused"), (503, "put off")]
)
def test_a_gateway_that_refuses(posting: House, wave: int, status: int, outcome: str) -> None:
    with gateway(status) as (address, _asked):
        with_sms = replace(posting, sms=read_gateway(address, "secret", "127.0.0.1"))
        step(with_sms, wave, SMS)
        assert sent_now(with_sms) == {outcome: 2}


def test_gateways_are_named_twice() -> None:
    assert read_gateway("", "", "") is None
    for bad in (
        ("http://sms.example.org", "t", "sms.example.org"),
        ("https://sms.example.org", "t", "other.example.org"),
        ("https://sms.example.org", "", "sms.example.org"),
    ):
        with pytest.raises(ValueError, match="COVALUE_SMS"):
            read_gateway(*bad)


REPORT = """\
From: MAILER-DAEMON@example.net
To: survey@example.org
Subject: failure
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.net

Final-Recipient: rfc822; {to}
Action: failed
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {identity}
Subject: x

--b--
"""


@once
def test_what_comes_back_ends_that_way_only(
    posting: House, wave: int, server: Received, tmp_path: Path
) -> None:
    step(posting, wave, MAIL)
    sent_now(posting)
    identity = server.mails[0]["Message-ID"]
    final = REPORT.format(identity=identity, status="5.1.1", to="un@example.org").encode()
    passing = final.replace(b"5.1.1", b"4.2.2")
    other = REPORT.format(identity=f"<{'0' * 40}@x>", status="5.0.0", to="x@y.org").encode()
    told = receive(posting, [final, final, passing, other, b"Subject: hello\n\nHello"])
    assert told == {"final": 2, "passing": 1, "unknown": 1, "no report": 1}
    assert bounce_in(b"") is None
    step(posting, wave, MAIL, kind=contact.REMINDER)
    server.mails.clear()
    assert sent_now(posting) == {"sent": 1}
    assert server.to == ["two@example.org"]
    letters = step(posting, wave, "letter")
    seen = acts.step_seen(posting, collection.operator(posting), wave, letters)
    assert seen.due == 4


@once
def test_silence_is_asked_for_without_a_sign_in(
    posting: House, wave: int, server: Received, client: FlaskClient, browser: Any
) -> None:
    with posting.database.read() as session:
        people = {p.reference: p.id for p in session.scalars(select(Participant))}
    link = wish_link(posting, people["E-1"]).removeprefix("http://localhost")
    assert browser.get(link).heading == "Messages au sujet de l’enquête"
    with posting.database.read() as session:
        assert session.scalars(select(ContactWish)).all() == []
    assert client.get(link[:-1] + "0").status_code == 404
    assert client.get("/s/1").status_code == 404
    assert client.post(link, data={}).status_code == 422
    one_click = client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    step(posting, wave, MAIL)
    sent_now(posting)
    assert server.to == ["two@example.org"]
    other = wish_link(posting, people["E-2"]).removeprefix("http://localhost")
    assert client.post(other, data={"wish": "no_contact"}).status_code == 200
    letters = step(posting, wave, "letter")
    assert acts.step_seen(posting, collection.operator(posting), wave, letters).due == 3


def test_letters_are_printed_once_and_a_reminder_has_a_new_code(posting: House, wave: int) -> None:
    actor = collection.operator(posting)
    first = step(posting, wave, "letter")
    job = acts.print_step(posting, actor, wave, first, "MAY")
    with pytest.raises(Conflict):
        acts.print_step(posting, actor, wave, first, "MAY")
    again = acts.print_again(posting, actor, wave, first, job)
    reminder = step(posting, wave, "letter", kind=contact.REMINDER)
    say(posting, wave, "E-2", "refused")
    second = acts.print_step(posting, actor, wave, reminder, "MAY")
    assert jobs.sweep(posting) == 3
    with posting.database.read() as session:
        results = {row.id: row.result for row in session.scalars(select(jobs.Job))}
        codes = session.execute(
            select(Participant.reference, AccessCode.generation, AccessCode.revoked_at)
            .join(AccessCode, AccessCode.participant_id == Participant.id)
            .where(Participant.territory == "MAY", Participant.audience == "elderly")
            .order_by(Participant.id, AccessCode.generation)
        ).all()
        batches = session.scalars(select(Contact.job_id)).all()
    assert results[second]["letters"] == 1
    assert results[job]["letters"] == results[again]["letters"] == 1  # E-2 refused meanwhile
    assert [(row[0], row[1], row[2] is None) for row in codes] == [
        ("E-1", 1, False),
        ("E-1", 2, True),
        ("E-2", 1, True),
    ]
    assert sorted(batches) == [job, job, second]


@once
def test_a_step_is_refused_with_everything_that_is_wrong(posting: House, wave: int) -> None:
    new = NewStep(
        "FR", "elderly", MAIL, contact.REMINDER, 400, Text.of(fr="a\nb"), Text.of(fr="{link}")
    )
    with pytest.raises(BadInput) as caught:
        acts.add_step(posting, collection.operator(posting), wave, new)
    places = [fault.place for fault in caught.value.faults]
    assert places == ["after_days", "text_fr", "subject_fr", "text_en", "subject_en"]


@once
def test_what_is_in_doubt_is_decided_by_a_person(
    posting: House, wave: int, server: Received
) -> None:
    actor = collection.operator(posting)
    step(posting, wave, MAIL)
    noon = now().replace(hour=11) + timedelta(days=1)
    queue_due(posting, noon)
    with posting.database.write() as session:
        for message in outbox.due(session, "mail", noon, 2):
            outbox.claim(session, message, noon)
    later = noon + timedelta(minutes=11)
    assert send_waiting(posting, at=lambda: later)["doubtful"] == 2
    assert acts.settle(posting, actor, wave, again=True) == 2
    assert acts.settle(posting, actor, wave, again=True) == 0
    send_waiting(posting, at=lambda: later)
    assert sorted(server.to) == ["two@example.org", "un@example.org"]
