"""Somebody calls: found by code, sheet or name; status only; nothing of professionals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.errors import BadInput, NotFound
from app.domain.looking import HOLDS
from app.domain.outcome_rates import Category
from app.protection.codes import code_place
from app.protection.sealing import unseal
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.participants import AccessCode, Participant
from app.workflows import accounts, auditing, calls, help_desk, looking, outcomes, staff_sessions
from app.workflows.acting import Actor, House
from app.workflows.looking import ReasonOwed, give_reason
from app.workflows.sample import issue_codes

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAMPLE = """reference;territory;audience;language;name;phone
E-1;MAY;elderly;fr;Mme Élise Durand;06 11 22 33 44
E-2;MAY;elderly;en;M. Paul Durand;02 43 00 00 00
B-1;BDX;elderly;fr;Mme Élise Durand;05 56 00 00 00
P-1;MAY;professional;fr;Mme Nurse;
"""


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    """An open wave whose people have codes; Maya coordinates Mayenne, Felix works there."""
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, SAMPLE)
    issue_codes(house, collection.operator(house), wave_id)
    people.settle(house, people.MAYA, people.FELIX, people.BASILE)
    return wave_id


def code_of(house: House, reference: str) -> str:
    with house.database.read() as session:
        person, code = session.execute(
            select(Participant, AccessCode)
            .join(AccessCode, AccessCode.participant_id == Participant.id)
            .where(Participant.reference == reference)
        ).one()
        assert code.sealed is not None
        return unseal(house.keys.sealing, code.sealed, code_place(person.id, code.generation))


def acting(house: House, wave: int, person: people.Person) -> Actor:
    """The actor, who has said why."""
    return people.with_reason(people.acting(house, person), wave)


def references(found: list[Any]) -> list[str]:
    return [each.reference for each in found]


def test_found_by_code_sheet_or_name_within_reach(house: House, wave: int) -> None:
    maya, felix = acting(house, wave, people.MAYA), acting(house, wave, people.FELIX)

    def search(actor: Actor, words: str) -> list[str]:
        return references(help_desk.search(house, actor, wave, words))

    assert search(maya, code_of(house, "E-1")) == ["E-1"]
    assert search(maya, code_of(house, "B-1")) == []
    assert search(maya, "E-2") == ["E-2"]
    assert search(maya, "durand") == ["E-1", "E-2"]
    assert search(maya, "elise DURAND") == ["E-1"]
    assert search(maya, "dur") == []
    assert search(felix, "durand") == []  # opens no names
    assert search(felix, "E-1") == ["E-1"]
    assert help_desk.search(house, felix, wave, "E-1")[0].name == ""
    with house.database.read() as session:
        told = session.scalars(select(AuditEntry.act)).all()
    assert told.count("contact.see") == 9


@once
def test_status_only_and_nothing_of_professionals(house: House, wave: int) -> None:
    maya = acting(house, wave, people.MAYA)
    seen = help_desk.seen(house, maya, wave, "E-1")
    assert (seen.stage, seen.has_code, seen.name) == ("none", True, "Mme Élise Durand")
    hidden = help_desk.seen(house, maya, wave, "P-1")
    assert (hidden.stage, hidden.disposition) == ("hidden", None)
    with pytest.raises(NotFound):
        help_desk.seen(house, maya, wave, "B-1")
    help_desk.set_wishes(house, maya, wave, "E-1", language="en", large_print=True, results=True)
    help_desk.revoke(house, maya, wave, "E-1")
    seen = help_desk.seen(house, maya, wave, "E-1")
    assert (seen.language, seen.large_print, seen.has_code) == ("en", True, False)


@once
def test_calls_come_in_their_time_and_to_whom_they_were_given(house: House, wave: int) -> None:
    maya, felix = acting(house, wave, people.MAYA), acting(house, wave, people.FELIX)
    assert references(calls.call_list(house, maya, wave)) == ["E-1", "E-2"]
    assert calls.call_list(house, felix, wave) == []
    assert felix.account_id is not None
    assert calls.assign(house, maya, wave, "MAY", felix.account_id) == 3
    assert calls.assign(house, maya, wave, "MAY", felix.account_id) == 0
    (first, _second) = calls.call_list(house, felix, wave)
    assert (first.phone, first.name) == ("+33611223344", "Mme Élise Durand")
    later = now() + timedelta(hours=2)
    calls.record_call(house, felix, wave, "E-1", "no_answer", later, "après 14 h")
    calls.record_call(house, felix, wave, "E-2", "wrong_number", later)
    assert calls.call_list(house, felix, wave) == []
    seen = help_desk.seen(house, maya, wave, "E-1")
    assert [note for _, note in seen.calls] == ["après 14 h"]
    with pytest.raises(BadInput, match="health"):
        calls.record_call(house, felix, wave, "E-1", "spoke", None, "à l’hôpital")
    with pytest.raises(NotFound):
        calls.record_call(house, felix, wave, "B-1", "spoke")
    (row,) = [
        r for r in outcomes.outcomes(house, maya, wave).rows if r.territory == "MAY" and r.shown
    ]
    assert row.counts[Category.NON_CONTACT] == 1
    assert row.counts[Category.UNKNOWN] == 1
    basile = people.acting(house, people.BASILE)
    assert {r.territory for r in outcomes.outcomes(house, basile, wave).rows} == {"BDX", ""}


@once
def test_the_pages_are_read_and_used(
    house: House, wave: int, client: FlaskClient, browser: Any
) -> None:
    people.sign_in(client, house, people.MAYA)
    base = f"/office/waves/{wave}"
    page = browser.get(f"{base}/desk/E-1")
    assert page.heading == "Pourquoi ouvrez-vous des noms et des adresses ?"
    assert "Durand" not in page.words
    page = browser.submit({"why": "asked"})
    assert "pas encore ouvert" in page.words
    page = browser.get(f"{base}/desk")
    assert page.heading == "Pourquoi ouvrez-vous des noms et des adresses ?", "the next who calls"
    browser.submit({"why": "asked"}, form="/reason")
    page = browser.submit({"words": "durand"})
    assert "2 personnes" in page.words
    assert client.get(f"{base}/desk/B-1").status_code == 404
    person = browser.get(f"{base}/desk/E-1")
    assert "pas encore ouvert" in person.words
    page = browser.get(f"{base}/calls")
    assert "+33611223344" not in page.words
    assert not page.soup.select("[value=asked]"), "a list of people is opened for none of them"
    browser.submit({"why": "inviting"}, form="/reason")
    assert "+33611223344" in browser.get(f"{base}/calls").words
    assert "Taux" in browser.get(f"{base}/rates").heading
    assert "Plan de contact" in browser.get(f"{base}/contact").heading
    browser.get(f"{base}/contact/new?channel=sms&kind=reminder")


@once
def test_nothing_is_opened_without_a_reason_that_tells_of_nobody(house: House, wave: int) -> None:
    people.settle(house, people.DORA)
    secret = people.session_of(house, people.MAYA.email)

    def maya() -> Actor:
        found = accounts.actor_from_session(house, secret)
        assert found is not None
        return found

    for look in (
        lambda: help_desk.search(house, maya(), wave, "durand"),
        lambda: help_desk.seen(house, maya(), wave, "E-1"),
        lambda: calls.call_list(house, maya(), wave),
    ):
        with pytest.raises(ReasonOwed):
            look()
    for why, words in (
        ("", ""),
        ("curious", "I would like to know"),
        ("other", "too few"),
        ("other", "about Mme DURAND of the first floor"),
        ("other", "somebody at 06 11 22 33 44 asked"),
        ("other", "wrote from a@example.org today"),
        ("other", "she is in the hospital again"),
    ):
        with pytest.raises(BadInput):
            give_reason(house, maya(), wave, why, words)
    with pytest.raises(NotFound):
        give_reason(house, maya(), 99, "asked")
    assert not maya().reasons
    give_reason(house, maya(), wave, "asked", "left out where it is none of its own")
    help_desk.search(house, maya(), wave, "durand")
    give_reason(house, maya(), wave, "other", "the printer lost  a batch")
    help_desk.seen(house, maya(), wave, "E-1")
    with house.database.write() as session:
        held = staff_sessions.holder(house, secret)
        assert held is not None
        secret = staff_sessions.replace_session(house, session, held.key)
    calls.call_list(house, maya(), wave)
    with house.database.read() as session:
        looks = session.scalars(
            select(AuditEntry.details)
            .where(AuditEntry.act == "contact.see")
            .order_by(AuditEntry.id)
        ).all()
    batch = {"why": "other", "words": "the printer lost a batch"}
    assert looks == [
        {"what": "search", "people": 2, "why": "asked"},
        {"what": "person", "people": 1} | batch,
        {"what": "calls", "people": 2} | batch,
    ]
    told = auditing.read(house, people.acting(house, people.DORA), None).looks
    maya_id = maya().account_id
    assert told == [
        (maya_id, "contact.see", "other", 2),
        (maya_id, "contact.see", "asked", 1),
    ]
    again = people.acting(house, people.MAYA)
    assert not again.reasons, "another sitting is asked anew"


@once
def test_a_reason_that_speaks_of_one_person_opens_no_other(house: House, wave: int) -> None:
    secret = people.session_of(house, people.MAYA.email)

    def maya() -> Actor:
        found = accounts.actor_from_session(house, secret)
        assert found is not None
        return found

    before = maya()
    give_reason(house, before, wave, "rights")
    with pytest.raises(ReasonOwed):
        calls.call_list(house, maya(), wave)
    help_desk.search(house, maya(), wave, "durand")
    at_once = maya()
    help_desk.seen(house, maya(), wave, "E-1")
    help_desk.seen(house, maya(), wave, "E-1")
    for actor in (maya(), at_once):
        with pytest.raises(ReasonOwed):
            help_desk.seen(house, actor, wave, "E-2")
    with pytest.raises(ReasonOwed):
        help_desk.search(house, maya(), wave, "durand")
    give_reason(house, maya(), wave, "asked")
    help_desk.seen(house, maya(), wave, "E-2")
    give_reason(house, maya(), wave, "checking")
    for reference in ("E-1", "E-2", "E-1"):
        help_desk.seen(house, maya(), wave, reference)


@once
def test_a_reason_holds_for_an_hour_and_beyond_for_who_is_open(
    house: House, wave: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = people.session_of(house, people.MAYA.email)
    held = accounts.actor_from_session(house, secret)
    assert held is not None
    give_reason(house, held, wave, "inviting")
    first = accounts.actor_from_session(house, secret)
    assert first is not None
    help_desk.seen(house, first, wave, "E-1")
    opened = accounts.actor_from_session(house, secret)
    assert opened is not None
    hour = now() + HOLDS
    monkeypatch.setattr(looking, "now", lambda: hour - timedelta(minutes=1))
    calls.call_list(house, opened, wave)
    monkeypatch.setattr(looking, "now", lambda: hour + timedelta(minutes=1))
    help_desk.seen(house, opened, wave, "E-1")
    for look in (
        lambda: calls.call_list(house, opened, wave),
        lambda: help_desk.search(house, opened, wave, "durand"),
        lambda: help_desk.seen(house, opened, wave, "E-2"),
    ):
        with pytest.raises(ReasonOwed):
            look()
