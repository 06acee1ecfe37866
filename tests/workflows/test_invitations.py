"""Invitations and what an operator does with accounts: once, not for long, within reach."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import people
import programme
import pytest
from people import ALICE, MAYA, OSCAR, PASSWORD, Person
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.domain.permissions import Grant, Role, Verb
from app.interchange.mail import read_server
from app.storage.audit import AuditEntry
from app.storage.invitations import Invitation
from app.storage.outbox import OutgoingMessage
from app.workflows import account_care, accounts, api_tokens, invitations, signing_in
from app.workflows.acting import Actor, House
from app.workflows.mail import content_of
from app.workflows.staff_sessions import holder

HOME = "192.0.2.7"
LOCAL = Person("Loic", Role.OPERATOR, "MAY")
PHRASE = "sept girafes sous la pluie"


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, OSCAR, LOCAL)
    return house


@pytest.fixture
def oscar(staffed: House) -> Actor:
    return people.acting(staffed, OSCAR)


def number(house: House, actor: Actor, person: Person) -> int:
    return account_care.account_number(house, actor, person.email)


def invite(house: House, actor: Actor, email: str = "nina@example.org") -> invitations.Link:
    grant = Grant(Role.REVIEWER, "MAY")
    return invitations.invite(house, actor, email=email, name="Nina", grant=grant)


def test_a_link_opens_the_account_once(staffed: House, oscar: Actor) -> None:
    link = invite(staffed, oscar)
    assert signing_in.sign_in(staffed, "nina@example.org", "", HOME).outcome == "wrong"
    with staffed.database.read() as session:
        stored = session.scalars(select(Invitation.digest)).one()
    assert link.secret.encode() not in stored
    with pytest.raises(BadInput):
        invitations.accept(staffed, link.secret, "short", "fr")
    assert not invitations.accept(staffed, link.secret, PHRASE, "fr").ends, (
        "nothing was open before"
    )
    assert signing_in.sign_in(staffed, "nina@example.org", PHRASE, HOME).outcome == "half"
    with pytest.raises(NotFound):
        invitations.accept(staffed, link.secret, PHRASE + " encore", "fr")


def test_a_link_does_not_last(staffed: House, oscar: Actor) -> None:
    link = invite(staffed, oscar)
    with staffed.database.write() as session:
        session.scalars(select(Invitation)).one().expires_at -= invitations.GOOD_FOR
    for secret in (link.secret, "", "no link at all"):
        with pytest.raises(NotFound):
            invitations.invited(staffed, secret)


def test_a_new_link_ends_the_earlier_one_and_the_sessions_but_no_factor(
    staffed: House, oscar: Actor
) -> None:
    session = people.session_of(staffed, MAYA.email)
    maya = number(staffed, oscar, MAYA)
    first = invitations.new_link(staffed, oscar, maya)
    second = invitations.new_link(staffed, oscar, maya)
    with pytest.raises(NotFound):
        invitations.invited(staffed, first.secret)
    assert account_care.cared_for(staffed, oscar, maya).invited_until == second.expires_at
    invitations.accept(staffed, second.secret, PHRASE, "fr")
    assert holder(staffed, session) is None
    signed = signing_in.sign_in(staffed, MAYA.email, PHRASE, HOME)
    held = holder(staffed, signed.secret)
    assert held is not None
    assert held.step == "second", "a lost password takes no factor away"


def test_a_password_chosen_by_link_ends_the_tokens_and_says_so(
    staffed: House, oscar: Actor
) -> None:
    posting = replace(staffed, mail=read_server("smtp://127.0.0.1:9", "survey@example.org"))
    owner = people.acting(staffed, MAYA)
    tokens = [
        api_tokens.make_token(staffed, owner, label, ["read"], 30) for label in ("R", "Python")
    ]
    link = invitations.new_link(posting, oscar, number(staffed, oscar, MAYA))
    with staffed.database.read() as session:
        waiting = session.scalars(select(OutgoingMessage)).one()
    assert "jetons pour programmes ne servent plus" in content_of(staffed, waiting)["text"]
    assert all(api_tokens.actor_from_token(staffed, token) for token in tokens)
    assert invitations.accept(staffed, link.secret, PHRASE, "fr").ends
    assert not any(api_tokens.actor_from_token(staffed, token) for token in tokens)
    with staffed.database.read() as session:
        used = select(AuditEntry).where(AuditEntry.act == "account.link_used")
        assert session.scalars(used).one().details == {"tokens_ended": 2}


def test_a_disabled_account_has_no_token_when_it_is_let_in_again(
    staffed: House, oscar: Actor
) -> None:
    token = api_tokens.make_token(staffed, people.acting(staffed, MAYA), "R", ["read"], 30)
    maya = number(staffed, oscar, MAYA)
    account_care.disable(staffed, oscar, maya)
    account_care.enable(staffed, oscar, maya)
    assert api_tokens.actor_from_token(staffed, token) is None


def test_twenty_tokens_are_the_most_also_under_requests_at_once(staffed: House) -> None:
    owner = people.acting(staffed, MAYA)
    most = api_tokens.MOST
    for each in range(most - 1):
        api_tokens.make_token(staffed, owner, f"token {each}", ["read"], 30)

    def ask(_turn: int) -> bool:
        try:
            return bool(api_tokens.make_token(staffed, owner, "one more", ["read"], 30))
        except BadInput:
            return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(6))) == 1
    assert len(api_tokens.tokens(staffed, owner)) == most


def test_a_right_is_given_and_taken_back_at_once(staffed: House, oscar: Actor) -> None:
    maya, own = number(staffed, oscar, MAYA), number(staffed, oscar, OSCAR)
    secret = people.session_of(staffed, MAYA.email)
    assert account_care.cared_for(staffed, oscar, own).own
    assert not account_care.cared_for(staffed, oscar, maya).own

    def scope(verb: Verb) -> frozenset[str]:
        actor = accounts.actor_from_session(staffed, secret)
        assert actor is not None
        return actor.scope(verb)

    everywhere = Grant(Role.TERRITORY_COORDINATOR, "FR", only_viewing=True)
    account_care.grant_role(staffed, oscar, maya, everywhere)
    assert scope(Verb.FIELDWORK_VIEW) == {"FR", "MAY", "BDX"}
    assert scope(Verb.SAMPLE_IMPORT) == {"MAY"}
    grants = account_care.cared_for(staffed, oscar, maya).grants
    account_care.revoke_grant(staffed, oscar, maya, max(grants))
    assert scope(Verb.FIELDWORK_VIEW) == {"MAY"}
    with pytest.raises(Conflict):
        account_care.revoke_grant(staffed, oscar, maya, min(grants))
    for other in (999_999, min(account_care.cared_for(staffed, oscar, own).grants)):
        with pytest.raises(NotFound):
            account_care.revoke_grant(staffed, oscar, maya, other)
    with pytest.raises(BadInput):
        account_care.grant_role(staffed, oscar, maya, Grant(Role.REVIEWER, "XXX"))


def test_nobody_gives_a_right_to_oneself(staffed: House, oscar: Actor) -> None:
    own = number(staffed, oscar, OSCAR)
    with pytest.raises(Conflict):
        account_care.grant_role(staffed, oscar, own, Grant(Role.NATIONAL_OWNER, "FR"))
    with pytest.raises(Conflict):
        account_care.reset_factors(staffed, oscar, own)


def test_the_operator_of_a_territory_reaches_its_accounts_alone(staffed: House) -> None:
    local = people.acting(staffed, LOCAL)
    everywhere = accounts.operator(staffed, "DEMO")
    assert [one.account.name for one in accounts.list_accounts(staffed, local)] == ["Loic", "Maya"]
    alice = number(staffed, everywhere, ALICE)
    for act in (account_care.disable, account_care.reset_factors, account_care.end_sessions):
        with pytest.raises(NotFound):
            act(staffed, local, alice)
    with pytest.raises(NotFound):
        invitations.new_link(staffed, local, alice)
    maya = number(staffed, everywhere, MAYA)
    with pytest.raises(NotAllowed):
        account_care.grant_role(staffed, local, maya, Grant(Role.REVIEWER, "BDX"))
    with pytest.raises(NotAllowed):
        invitations.invite(
            staffed, local, email="n@example.org", name="N", grant=Grant(Role.OPERATOR, "FR")
        )
    account_care.end_sessions(staffed, local, maya)


def test_who_manages_no_account_sees_none(staffed: House) -> None:
    maya = people.acting(staffed, MAYA)
    with pytest.raises(NotAllowed):
        accounts.list_accounts(staffed, maya)
    with pytest.raises(NotAllowed):
        invite(staffed, maya)


def test_resetting_factors_leads_to_a_new_one(staffed: House, oscar: Actor) -> None:
    session = people.session_of(staffed, MAYA.email)
    maya = number(staffed, oscar, MAYA)
    account_care.reset_factors(staffed, oscar, maya)
    assert holder(staffed, session) is None
    found = account_care.cared_for(staffed, oscar, maya)
    assert (found.factors, found.recovery_codes) == ((), 0)
    assert account_care.cared_for(staffed, oscar, number(staffed, oscar, OSCAR)).factors
    held = holder(staffed, signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME).secret)
    assert held is not None
    assert held.step == "enrol"


def test_a_disabled_account_is_let_in_again(staffed: House, oscar: Actor) -> None:
    maya = number(staffed, oscar, MAYA)
    link = invitations.new_link(staffed, oscar, maya)
    account_care.disable(staffed, oscar, maya)
    assert signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME).outcome == "wrong"
    with pytest.raises(NotFound):
        invitations.accept(staffed, link.secret, PHRASE, "fr")
    account_care.enable(staffed, oscar, maya)
    assert signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME).outcome == "half"
