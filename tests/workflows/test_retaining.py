"""What has outlived its time goes, what has not stays, and a certificate says so."""

from __future__ import annotations

from datetime import timedelta

import orjson
from builders import world
from participants import EVERY_KIND
from sqlalchemy import func, select

from app.domain.sittings import Sitting
from app.protection.audit_chain import canonical, public_key, signed
from app.protection.keys import digest
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.entering import begin
from app.workflows.retaining import due, purge


def closed(house: House, days: int) -> None:
    made = world(house, EVERY_KIND, people=2)
    begin(house, digest(house.keys.lookup, made.codes[0]), Sitting(lang="fr"))
    ago = now() - timedelta(days=days)
    with house.database.write() as session:
        session.get_one(Wave, made.wave_id).closed_at = ago
        for person in session.scalars(select(Participant)):
            person.sealed_contact = b"sealed"
        for row in session.scalars(select(ParticipantSession)):
            row.seen_at = ago


def left(house: House) -> tuple[int, int, int]:
    """Contacts, sessions, responses that stand."""
    with house.database.read() as session:
        contacts = select(func.count()).where(Participant.sealed_contact.is_not(None))
        sessions = select(func.count()).select_from(ParticipantSession)
        standing = select(func.count()).where(Response.withdrawn_at.is_(None))
        return tuple(session.scalar(each) or 0 for each in (contacts, sessions, standing))  # type: ignore[return-value]


def test_nothing_goes_before_its_time(house: House) -> None:
    closed(house, 20)
    assert not any(each.rows for each in due(house))
    purge(house)
    assert left(house) == (2, 1, 1)


def test_a_dry_run_says_what_a_purge_removes(house: House) -> None:
    closed(house, 100)
    said = {each.name: each.rows for each in due(house)}
    assert left(house) == (2, 1, 1)
    done, path = purge(house)
    assert {each.name: each.rows for each in done} == said
    assert said == {"contacts": 2, "sessions": 1, "form_keys": 0, "answers": 0}
    assert left(house) == (0, 0, 1)
    certificate = orjson.loads(path.read_bytes())
    signature = bytes.fromhex(certificate.pop("signature"))
    assert signed(public_key(house.keys.heads), canonical(certificate), signature)
    assert not any(each.rows for each in purge(house)[0])


def test_after_five_years_answers_are_erased_and_lead_to_nobody(house: House) -> None:
    closed(house, 5 * 365 + 1)
    assert {each.name: each.rows for each in purge(house)[0]}["answers"] == 1
    assert left(house) == (0, 0, 0)
    with house.database.read() as session:
        assert session.scalars(select(Response.participant_id)).all() == [None]
