"""What has outlived its time goes, what has not stays, and a certificate says so."""

from __future__ import annotations

from datetime import timedelta

import orjson
import people
import pytest
from browser import Browser
from builders import world
from flask import Flask
from flask.cli import FlaskGroup
from participants import EVERY_KIND
from sqlalchemy import func, select

from app.domain.errors import NotAllowed
from app.domain.retention import SET_ASIDE
from app.domain.sittings import Sitting
from app.protection.audit_chain import canonical, public_key, signed
from app.protection.keys import digest
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response
from app.storage.retention import SetAside
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.entering import begin
from app.workflows.erasing import clear_copies, keep_tombstones
from app.workflows.retaining import Due, due, keep_until, purge, put_aside


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


def a_month_passes(house: House) -> None:
    with house.database.write() as session:
        for row in session.scalars(select(SetAside)):
            row.at -= SET_ASIDE


def counts(found: list[Due]) -> dict[str, int]:
    return {each.kept.name: each.rows for each in found if each.rows}


def test_nothing_goes_before_its_time(house: House) -> None:
    closed(house, 20)
    assert not counts(due(house))
    assert put_aside(house) == 0
    purge(house)
    assert left(house) == (2, 1, 1)


def test_names_are_set_aside_for_a_month_then_removed_on_their_day(house: House) -> None:
    closed(house, 61)
    assert put_aside(house) == 1
    assert put_aside(house) == 0, "once"
    (found,) = [each for each in due(house) if each.wave]
    assert (found.kept.name, found.rows) == ("contacts", 2)
    assert (found.goes - now().date()).days in (29, 30)
    assert counts(purge(house)[0]) == {"sessions": 1}
    assert left(house) == (2, 0, 1)


def test_a_dry_run_says_what_a_purge_removes(house: House) -> None:
    closed(house, 100)
    said = counts(due(house))
    assert counts(purge(house)[0]) == {"sessions": 1}, "people's data wait for thirty days"
    a_month_passes(house)
    done, path = purge(house)
    assert counts(done) | {"sessions": 1} == said == {"contacts": 2, "sessions": 1}
    assert left(house) == (0, 0, 1)
    certificate = orjson.loads(path.read_bytes())
    signature = bytes.fromhex(certificate.pop("signature"))
    assert signed(public_key(house.keys.heads), canonical(certificate), signature)
    assert certificate["removed"][0]["rows"] == 2
    nothing, next_path = purge(house)
    assert not nothing
    assert next_path != path, "each purge leaves a certificate of its own"


def test_after_five_years_answers_are_erased_and_lead_to_nobody(house: House) -> None:
    closed(house, 5 * 365 + 1)
    purge(house)
    a_month_passes(house)
    assert counts(purge(house)[0]) == {"contacts": 2, "answers": 1}
    assert left(house) == (0, 0, 0)
    with house.database.read() as session:
        assert session.scalars(select(Response.participant_id)).all() == [None]
    assert keep_tombstones(house) == 0, "a restoration erases them again"
    assert clear_copies(house).waves == 0, "no copy has them"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_officer_keeps_what_is_set_aside_with_a_reason(house: House, app: Flask) -> None:
    closed(house, 100)
    people.settle(house, people.DORA, people.ALICE, programme="TEST")
    with pytest.raises(NotAllowed):
        keep_until(house, people.acting(house, people.ALICE), 1, "contacts", "2999-01-01", "x")
    client = app.test_client()
    people.sign_in(client, house, people.DORA)
    browser = Browser(client)
    assert "Garder plus longtemps" not in browser.get("/office/privacy/retention").words
    put_aside(house)
    a_month_passes(house)
    browser.get("/office/privacy")
    page = browser.click("Ce qui est supprimé, et quand")
    assert "noms et adresses" in page.words
    page = browser.submit({"until": "2001-01-01"}, form="/contacts", status=422)
    assert "Il manque une date à venir" in page.words
    assert "Il manque la raison" in page.words
    page = browser.submit({"until": "2999-01-01", "because": "Un recours"}, form="/contacts")
    assert "Un recours" in page.words
    purge(house)
    assert left(house) == (2, 0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_log_of_more_than_a_year_is_said_to_officer_and_operator(
    house: House, app: Flask
) -> None:
    closed(house, 1)
    people.settle(house, people.DORA, programme="TEST")
    client = app.test_client()
    people.sign_in(client, house, people.DORA)
    flask = FlaskGroup(create_app=lambda: app, add_default_commands=False, load_dotenv=False)
    told = "Le journal d’audit a plus d’un an"
    for days, old in ((364, False), (366, True)):
        day = now() - timedelta(days=days)
        with house.database.write() as session:
            entry = {"origin": "cli", "act": "backup.make", "outcome": "done", "thing": ""}
            session.add(AuditEntry(at=day, details={}, **entry))
        page = Browser(client).get("/office/privacy/retention")
        assert (told in page.words) is old
        assert (f"{day:%d/%m/%Y}" in page.words) is old
        said = app.test_cli_runner().invoke(flask, ["privacy", "retain"]).output
        assert (f"goes back to {day.date()}" in said) is old
