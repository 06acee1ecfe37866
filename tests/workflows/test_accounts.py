"""Accounts: signing in and out, how long it lasts, grants, and who may give them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import people
import programme
import pytest
from people import ALICE, MAYA, OSCAR, PASSWORD
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.domain.permissions import Grant, Role, Verb
from app.storage.accounts import Account, StaffSession
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.workflows import account_care, accounts, signing_in, staff_sessions
from app.workflows.acting import House
from app.workflows.signing_in import TRIES_PER_ADDRESS, TRIES_PER_EMAIL

HOME = "192.0.2.7"


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, OSCAR)
    return house


def outcome(house: House, email: str, password: str, address: str = HOME) -> str:
    return signing_in.sign_in(house, email, password, address).outcome


def entered(house: House, email: str, password: str, address: str = HOME) -> bool:
    """Whether the first step is passed."""
    return outcome(house, email, password, address) == "half"


def test_a_new_installation_has_no_account(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    with house.database.read() as session:
        assert session.scalars(select(Account)).all() == []
    for email, password in (("admin", "admin"), ("admin@example.org", ""), ("", "")):
        assert outcome(house, email, password) == "wrong"


def test_the_right_password_opens_a_session_of_the_account(staffed: House) -> None:
    actor = accounts.actor_from_session(staffed, people.session_of(staffed, " MAYA@example.org "))
    assert actor is not None
    assert (actor.name, actor.synthetic) == ("Maya", True)
    assert actor.scope(Verb.QUESTIONNAIRE_DRAFT) == {"MAY"}


def test_a_wrong_password_and_an_unknown_address_are_the_same(staffed: House) -> None:
    wrong = signing_in.sign_in(staffed, MAYA.email, "not the password", HOME)
    unknown = signing_in.sign_in(staffed, "nobody@example.org", PASSWORD, HOME)
    assert wrong == unknown
    assert wrong.outcome == "wrong"


def test_a_refused_sign_in_leaves_an_entry_that_names_nobody(staffed: House) -> None:
    for _ in range(TRIES_PER_EMAIL + 1):
        outcome(staffed, MAYA.email, "a guess")
    refused = select(AuditEntry).where(AuditEntry.act == "account.sign_in")
    with staffed.database.read() as session:
        rows = session.scalars(refused.order_by(AuditEntry.id)).all()
    assert [row.details["why"] for row in rows] == ["wrong"] * TRIES_PER_EMAIL + ["throttled"]
    assert {(row.actor, row.outcome) for row in rows} == {(None, "refused")}


def test_why_contacts_are_opened_stays_with_the_session(staffed: House) -> None:
    secret = people.session_of(staffed, MAYA.email)
    before = accounts.actor_from_session(staffed, secret)
    assert before is not None
    assert before.reasons == {}
    told = {"wave:1": {"why": "inviting"}}
    with staffed.database.write() as session:
        session.get_one(StaffSession, before.seat).reasons = told
    after = accounts.actor_from_session(staffed, secret)
    assert after is not None
    assert after.reasons == told


def test_the_secret_is_not_stored(staffed: House) -> None:
    signed = signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME)
    with staffed.database.read() as session:
        (row,) = session.scalars(select(StaffSession)).all()
    assert len(row.digest) == 32
    assert signed.secret.encode() not in row.digest


def test_each_sign_in_is_a_new_session_and_ends_the_one_it_replaces(staffed: House) -> None:
    first = people.session_of(staffed, MAYA.email)
    second = signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME, earlier=first)
    assert first != second.secret
    assert staff_sessions.holder(staffed, first) is None
    assert staff_sessions.holder(staffed, second.secret) is not None


def test_signing_out_ends_the_session_on_the_server(staffed: House) -> None:
    signed = signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME)
    signing_in.sign_out(staffed, signed.secret)
    signing_in.sign_out(staffed, signed.secret)  # again: nothing
    assert accounts.actor_from_session(staffed, signed.secret) is None
    with staffed.database.read() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.origin == "web")).all()
    assert acts == ["account.sign_in", "account.sign_out"]


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        (timedelta(hours=1), staff_sessions.IDLE + timedelta(seconds=1)),
        (staff_sessions.LONGEST + timedelta(seconds=1), timedelta(0)),
    ],
)
def test_a_session_ends_by_itself(staffed: House, made: timedelta, seen: timedelta) -> None:
    secret = people.session_of(staffed, MAYA.email)
    with staffed.database.write() as session:
        row = session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).one()
        row.made_at, row.seen_at = now() - made, now() - seen
    assert accounts.actor_from_session(staffed, secret) is None


def test_being_active_pushes_the_idle_limit_on(staffed: House) -> None:
    going_on = select(StaffSession).where(StaffSession.ended_at.is_(None))
    secret = people.session_of(staffed, MAYA.email)
    with staffed.database.write() as session:
        session.scalars(going_on).one().seen_at = now() - timedelta(hours=1)
    assert accounts.actor_from_session(staffed, secret) is not None
    with staffed.database.read() as session:
        seen = session.scalars(going_on).one().seen_at
    assert now() - seen < timedelta(minutes=1)


def test_guessing_one_account_is_slowed_down_and_others_are_not(staffed: House) -> None:
    for number in range(TRIES_PER_EMAIL):
        assert outcome(staffed, MAYA.email, "a guess", f"192.0.2.{number}") == "wrong"
    assert outcome(staffed, MAYA.email, PASSWORD) == "throttled"
    assert entered(staffed, ALICE.email, PASSWORD)


def test_guessing_from_one_place_is_slowed_down(staffed: House) -> None:
    for number in range(TRIES_PER_ADDRESS):
        assert outcome(staffed, f"guess{number}@example.org", "a guess") == "wrong"
    assert outcome(staffed, ALICE.email, PASSWORD) == "throttled"
    assert entered(staffed, ALICE.email, PASSWORD, "192.0.2.99")


def test_signing_in_often_is_no_guessing(staffed: House) -> None:
    for _ in range(TRIES_PER_EMAIL + 1):
        assert entered(staffed, MAYA.email, PASSWORD)


def test_a_disabled_account_is_out_at_once(staffed: House) -> None:
    secret = people.session_of(staffed, MAYA.email)
    operator = accounts.operator(staffed, "DEMO")
    account_care.disable(
        staffed, operator, account_care.account_number(staffed, operator, MAYA.email)
    )
    assert accounts.actor_from_session(staffed, secret) is None
    assert outcome(staffed, MAYA.email, PASSWORD) == "wrong"


def test_a_grant_holds_between_its_dates(staffed: House) -> None:
    operator = accounts.operator(staffed, "DEMO")
    past = Grant(Role.EVALUATOR, "FR", valid_until=date(2020, 1, 1))
    accounts.create_account(
        staffed, operator, email="old@example.org", name="Old", password=PASSWORD, grant=past
    )
    assert outcome(staffed, "old@example.org", PASSWORD) == "wrong"
    number = account_care.account_number(staffed, operator, "old@example.org")
    account_care.grant_role(staffed, operator, number, Grant(Role.REVIEWER, "MAY"))
    actor = accounts.actor_from_session(staffed, people.session_of(staffed, "old@example.org"))
    assert actor is not None
    assert actor.scope(Verb.QUESTIONNAIRE_VIEW) == {"MAY"}
    assert not actor.scope(Verb.RELEASE_CREATE)


def test_who_has_no_right_creates_no_account(staffed: House) -> None:
    for person in (ALICE, MAYA):
        with pytest.raises(NotAllowed):
            accounts.create_account(
                staffed,
                people.acting(staffed, person),
                email="friend@example.org",
                name="Friend",
                password=PASSWORD,
                grant=Grant(Role.NATIONAL_OWNER, "FR"),
            )
    with staffed.database.read() as session:
        assert session.scalar(select(Account).where(Account.name == "Friend")) is None
        refused = session.scalars(
            select(AuditEntry.act).where(AuditEntry.outcome == "refused")
        ).all()
    assert refused == ["account.manage"] * 2


def test_what_cannot_be_taken_is_said_all_at_once(staffed: House) -> None:
    with pytest.raises(BadInput) as refusal:
        accounts.create_account(
            staffed,
            accounts.operator(staffed, "DEMO"),
            email="no address",
            name=" ",
            password="short",
            grant=Grant(Role.EVALUATOR, "XXX"),
        )
    places = [fault.place for fault in refusal.value.faults]
    assert places == ["email", "name", "password", "territory"]


def test_one_address_has_one_account(staffed: House) -> None:
    with pytest.raises(Conflict):
        people.settle(staffed, MAYA)


def test_accounts_are_listed_with_what_they_are_granted(staffed: House) -> None:
    listed = accounts.list_accounts(staffed, people.acting(staffed, OSCAR))
    assert [entry.account.name for entry in listed] == ["Alice", "Maya", "Oscar"]
    assert listed[1].grants == (Grant(Role.TERRITORY_COORDINATOR, "MAY"),)


def test_an_unknown_programme_or_account_is_not_found(staffed: House) -> None:
    with pytest.raises(NotFound):
        accounts.operator(staffed, "NONE")
    with pytest.raises(NotFound):
        account_care.account_number(
            staffed, accounts.operator(staffed, "DEMO"), "nobody@example.org"
        )
