"""A token does less than its person, never more, and nothing once it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import people
import programme
import pytest
from people import ALICE, EVA, MAYA, OSCAR
from sqlalchemy import delete, select, update

from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.permissions import Verb
from app.storage.accounts import Account, GrantRow
from app.storage.api_tokens import ApiToken
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.workflows import api_tokens
from app.workflows.acting import Actor, House


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, EVA, MAYA, OSCAR)
    return house


@pytest.fixture
def eva(staffed: House) -> Actor:
    return people.acting(staffed, EVA)


def calling(house: House, secret: str) -> Actor:
    found = api_tokens.actor_from_token(house, secret)
    assert found is not None
    return found


def test_a_token_is_narrowed_to_its_scopes(staffed: House, eva: Actor) -> None:
    """What each scope allows, of everything that the evaluator may."""
    allowed = {
        "read": {
            *("release.view", "wave.view", "questionnaire.view", "framework.view"),
            *("series.view", "margins.view"),
        },
        "download": {"release.download"},
        "counts": {"fieldwork.view"},
        "sample": set(),
        "dispositions": set(),
    }
    assert set(allowed) == set(api_tokens.SCOPES)
    for scope, verbs in allowed.items():
        program = calling(staffed, api_tokens.make_token(staffed, eva, scope, [scope], 30))
        assert {verb.value for verb in Verb if program.may(verb)} == verbs
        assert {verb.value for verb in Verb if program.scope(verb)} == verbs
        assert (program.origin, program.account_id) == ("api", eva.account_id)


def test_a_token_may_reach_one_place_alone(staffed: House, eva: Actor) -> None:
    secret = api_tokens.make_token(staffed, eva, "R", ["read"], 30, "MAY")
    assert calling(staffed, secret).scope(Verb.RELEASE_VIEW) == {"MAY"}
    maya = people.acting(staffed, MAYA)
    with pytest.raises(BadInput):
        api_tokens.make_token(staffed, maya, "R", ["read"], 30, "BDX")
    own = api_tokens.make_token(staffed, maya, "R", ["read"], 30)
    assert calling(staffed, own).scope(Verb.RELEASE_VIEW) == {"MAY"}


def test_what_is_wrong_with_a_token_is_said_all_at_once(staffed: House, eva: Actor) -> None:
    for label, scopes, days, place, wrong in (
        ("", [], 30, "XXX", ["label", "scope", "territory"]),
        ("x" * 61, ["all"], 30, None, ["label", "scope"]),
        ("R", ["read"], 31, None, ["scope"]),
        ("R", ["read", "all"], 30, None, ["scope"]),
    ):
        with pytest.raises(BadInput) as refusal:
            api_tokens.make_token(staffed, eva, label, scopes, days, place)
        assert [fault.place for fault in refusal.value.faults] == wrong
    assert api_tokens.tokens(staffed, eva) == []
    for number in range(api_tokens.MOST):
        api_tokens.make_token(staffed, eva, f"{number}".rjust(60, "x"), ["read"], 30)
    with pytest.raises(BadInput):
        api_tokens.make_token(staffed, eva, "one more", ["read"], 30)


@pytest.mark.parametrize("how", ["ended", "revoked", "disabled", "without rights", "unknown"])
def test_a_token_that_is_over_opens_nothing(staffed: House, eva: Actor, how: str) -> None:
    secret = api_tokens.make_token(staffed, eva, "R", ["read"], 30)
    calling(staffed, secret)
    mine = GrantRow.account_id == eva.account_id
    with staffed.database.write() as session:
        if how == "ended":
            session.execute(update(ApiToken).values(expires_at=now()))
        elif how == "disabled":
            session.execute(update(Account).values(disabled_at=now()))
        elif how == "without rights":
            session.execute(delete(GrantRow).where(mine))
    if how == "revoked":
        (token,) = api_tokens.tokens(staffed, eva)
        api_tokens.revoke_token(staffed, eva, token.id)
        assert api_tokens.tokens(staffed, eva) == []
    assert api_tokens.actor_from_token(staffed, secret + "x" * (how == "unknown")) is None


def test_one_ends_the_own_tokens_alone(staffed: House, eva: Actor) -> None:
    secret = api_tokens.make_token(staffed, eva, "R", ["read"], 30)
    (token,) = api_tokens.tokens(staffed, eva)
    alice = people.acting(staffed, ALICE)
    assert api_tokens.tokens(staffed, alice) == []
    for who, number in ((alice, token.id), (eva, 999_999)):
        with pytest.raises(NotFound):
            api_tokens.revoke_token(staffed, who, number)
    calling(staffed, secret)
    api_tokens.revoke_token(staffed, eva, token.id)
    with pytest.raises(NotFound):
        api_tokens.revoke_token(staffed, eva, token.id)


def test_who_may_have_no_token_has_none(staffed: House) -> None:
    oscar = people.acting(staffed, OSCAR)
    with pytest.raises(NotAllowed):
        api_tokens.make_token(staffed, oscar, "R", ["read"], 30)
    with staffed.database.read() as session:
        told = session.scalars(select(AuditEntry.act).where(AuditEntry.outcome == "refused"))
        assert told.all() == ["token.make"]
    assert api_tokens.tokens(staffed, replace(oscar, account_id=None)) == ()


def test_when_a_token_was_used_is_noted_once_a_minute(staffed: House, eva: Actor) -> None:
    secret = api_tokens.make_token(staffed, eva, "R", ["read"], 30)

    def used(seconds: int) -> bool:
        """Whether a call is noted when the last was so long ago."""
        before = now() - timedelta(seconds=seconds)
        with staffed.database.write() as session:
            session.execute(update(ApiToken).values(used_at=before))
        calling(staffed, secret)
        with staffed.database.read() as session:
            return session.scalars(select(ApiToken.used_at)).one() != before

    (token,) = api_tokens.tokens(staffed, eva)
    assert token.used_at is None
    calling(staffed, secret)
    (token,) = api_tokens.tokens(staffed, eva)
    assert token.used_at is not None
    assert not used(30)
    assert used(61)
