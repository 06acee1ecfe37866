"""Second factors: owed by everybody, good once, counted; recovery codes; one's own sessions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import people
import programme
import pyotp
import pytest
from authenticator import Authenticator
from people import MAYA, PASSWORD
from sqlalchemy import func, select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.protection.passkeys import Site
from app.protection.second_factors import new_totp_secret
from app.storage.accounts import Account, StaffSession
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.factors import RecoveryCode, SecondFactor
from app.workflows import accounts, own_account, proving, signing_in
from app.workflows.acting import House
from app.workflows.proving import TRIES, Signed, Typed
from app.workflows.staff_sessions import CONFIRMED_FOR, HALF_OPEN, Holder, holder

HOME = "192.0.2.7"


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    return house


def first_step(house: House) -> Holder:
    """Maya after the password."""
    return held_by(house, signing_in.sign_in(house, MAYA.email, PASSWORD, HOME).secret)


def held_by(house: House, secret: str) -> Holder:
    found = holder(house, secret)
    assert found is not None
    return found


def shown(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes from now."""
    return pyotp.TOTP(secret).at(now(), counter_offset=steps)


def with_app(house: House) -> tuple[str, own_account.Added]:
    """Maya's first factor: the app's secret, and what came of adding it."""
    secret = new_totp_secret()
    return secret, own_account.add_totp(house, first_step(house), secret, shown(secret), "Phone")


def test_the_password_alone_opens_nothing(staffed: House) -> None:
    signed = signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME)
    assert signed.outcome == "half"
    assert accounts.actor_from_session(staffed, signed.secret) is None
    assert held_by(staffed, signed.secret).step == "enrol"


def test_the_first_factor_makes_the_session_whole_under_a_new_secret(staffed: House) -> None:
    half = first_step(staffed)
    _secret, added = with_app(staffed)
    assert accounts.actor_from_session(staffed, added.secret) is not None
    assert held_by(staffed, added.secret).key != half.key
    assert len(set(added.recovery_codes)) == 10
    with staffed.database.read() as session:
        stored = session.scalars(select(RecoveryCode.digest)).all()
        sealed = session.scalars(select(SecondFactor.sealed)).one()
    plain = {code.replace("-", "").encode() for code in added.recovery_codes}
    assert len(stored) == 10
    assert not plain & set(stored)
    assert sealed is not None
    assert _secret.encode() not in sealed


def test_a_wrong_code_adds_no_app(staffed: House) -> None:
    secret = new_totp_secret()
    wrong = str((int(shown(secret)) + 1) % 1_000_000).zfill(6)
    with pytest.raises(BadInput) as refusal:
        own_account.add_totp(staffed, first_step(staffed), secret, wrong, "Phone")
    assert [fault.place for fault in refusal.value.faults] == ["code"]
    assert first_step(staffed).factors == ()


def test_who_has_a_factor_adds_none_before_giving_it(staffed: House) -> None:
    with_app(staffed)
    half = first_step(staffed)
    assert half.step == "second"
    other = new_totp_secret()
    with pytest.raises(NotAllowed):
        own_account.add_totp(staffed, half, other, shown(other), "Mine now")


def test_a_code_is_good_once(staffed: House) -> None:
    secret = new_totp_secret()
    code = shown(secret)
    own_account.add_totp(staffed, first_step(staffed), secret, code, "Phone")
    half = first_step(staffed)
    assert proving.prove(staffed, half, Typed(code)).outcome == "wrong", "used to add it"
    code = shown(secret, 1)  # the clock of the phone may be ahead
    assert proving.prove(staffed, half, Typed(code)).outcome == "in"
    assert proving.prove(staffed, first_step(staffed), Typed(code)).outcome == "wrong"


def test_recovery_codes_are_stored_as_keyed_hashes_alone(staffed: House) -> None:
    _secret, added = with_app(staffed)
    with staffed.database.read() as session:
        rows = session.execute(select(RecoveryCode.__table__)).all()
        kept = {row.digest for row in rows}
    assert len(kept) == len(added.recovery_codes) == 10
    for code in added.recovery_codes:
        assert len(code.replace("-", "")) * 5 == 120, "five bits a letter"
        for written in (code, code.replace("-", "")):
            assert written.encode() not in b"".join(kept)
            assert hashlib.sha256(written.encode()).digest() not in kept, "a hash without a key"
            assert written not in repr(rows)


def test_a_proof_is_good_for_one_session(staffed: House) -> None:
    secret, _added = with_app(staffed)
    half = first_step(staffed)
    assert proving.prove(staffed, half, Typed(shown(secret, 1))).outcome == "in"
    with staffed.database.write() as session:
        session.scalars(select(SecondFactor)).one().last_step = None
    assert proving.prove(staffed, half, Typed(shown(secret, 1))).outcome == "wrong"


def test_a_recovery_code_is_good_once_however_it_is_typed(staffed: House) -> None:
    _secret, added = with_app(staffed)
    code = added.recovery_codes[3]
    spelled = code.lower().replace("-", " ").replace("o", "0")
    assert proving.prove(staffed, first_step(staffed), Typed(spelled)).outcome == "in"
    assert proving.prove(staffed, first_step(staffed), Typed(code)).outcome == "wrong"


def test_the_password_is_no_second_factor(staffed: House) -> None:
    with_app(staffed)
    assert proving.prove(staffed, first_step(staffed), Typed(PASSWORD)).outcome == "wrong"


def test_guessing_the_second_step_is_slowed_down(staffed: House) -> None:
    secret, added = with_app(staffed)
    for _ in range(TRIES):
        assert proving.prove(staffed, first_step(staffed), Typed("000000")).outcome == "wrong"
    right = Typed(shown(secret, 1))
    assert proving.prove(staffed, first_step(staffed), right).outcome == "throttled"
    recovery = Typed(added.recovery_codes[0])
    assert proving.prove(staffed, first_step(staffed), recovery).outcome == "throttled"


def test_a_half_open_session_ends_soon(staffed: House) -> None:
    signed = signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME)
    with staffed.database.write() as session:
        row = session.scalars(select(StaffSession)).one()
        row.made_at -= HALF_OPEN
    assert holder(staffed, signed.secret) is None


def test_in_the_demonstration_a_password_is_enough_until_a_factor_is_made(staffed: House) -> None:
    shop_window = replace(staffed, demonstration=True)
    assert signing_in.sign_in(shop_window, MAYA.email, PASSWORD, HOME).outcome == "in"
    with_app(staffed)
    assert signing_in.sign_in(shop_window, MAYA.email, PASSWORD, HOME).outcome == "half"


def test_confirming_puts_a_new_secret_in_the_place_of_the_old_one(staffed: House) -> None:
    secret = people.session_of(staffed, MAYA.email)
    with staffed.database.write() as session:
        row = session.get_one(StaffSession, held_by(staffed, secret).key)
        row.confirmed_at = now() - CONFIRMED_FOR
        row.made_at -= timedelta(hours=3)
    held = held_by(staffed, secret)
    assert not held.may_change
    with pytest.raises(NotAllowed):
        own_account.new_recovery_codes(staffed, held)
    other = new_totp_secret()
    with pytest.raises(NotAllowed):
        own_account.add_totp(staffed, held, other, shown(other), "Mine now")
    assert proving.prove(staffed, held, Typed("not it")).outcome == "wrong"
    done = proving.prove(staffed, held, Typed(PASSWORD))
    assert done.outcome == "in"
    assert holder(staffed, secret) is None
    fresh = held_by(staffed, done.secret)
    assert fresh.may_change
    assert fresh.made_at == held.made_at, "the twelve hours go on"


def test_the_last_factor_stays(staffed: House) -> None:
    _secret, added = with_app(staffed)
    held = held_by(staffed, added.secret)
    with pytest.raises(Conflict):
        own_account.remove_factor(staffed, held, held.factors[0].id)
    other = new_totp_secret()
    more = own_account.add_totp(staffed, held, other, shown(other), "Tablet")
    assert more.recovery_codes == (), "those of the first factor hold"
    held = held_by(staffed, more.secret)
    own_account.remove_factor(staffed, held, held.factors[0].id)
    assert [factor.label for factor in held_by(staffed, more.secret).factors] == ["Tablet"]
    with pytest.raises(NotFound):
        own_account.remove_factor(staffed, held, 999_999)


def test_new_recovery_codes_end_the_earlier_ones(staffed: House) -> None:
    _secret, added = with_app(staffed)
    held = held_by(staffed, added.secret)
    codes = own_account.new_recovery_codes(staffed, held)
    assert not set(codes) & set(added.recovery_codes)
    assert own_account.recovery_codes_left(staffed, held) == 10
    earlier = Typed(added.recovery_codes[0])
    assert proving.prove(staffed, first_step(staffed), earlier).outcome == "wrong"


def test_one_sees_and_ends_the_own_sessions(staffed: House) -> None:
    away = people.session_of(staffed, MAYA.email)
    here = people.session_of(staffed, MAYA.email)
    held = held_by(staffed, here)
    seen = own_account.signed_in_at(staffed, held)
    assert sorted(one.here for one in seen) == [False, True]
    (other,) = [one for one in seen if not one.here]
    own_account.end_one(staffed, held, other.reference)
    assert holder(staffed, away) is None
    assert holder(staffed, here) is not None
    with pytest.raises(NotFound):
        own_account.end_one(staffed, held, other.reference)
    again = people.session_of(staffed, MAYA.email)
    own_account.end_others(staffed, held)
    assert holder(staffed, again) is None
    assert holder(staffed, here) is not None


def test_changing_the_password_asks_for_the_present_one_and_ends_the_others(
    staffed: House,
) -> None:
    away = people.session_of(staffed, MAYA.email)
    held = held_by(staffed, people.session_of(staffed, MAYA.email))
    with pytest.raises(BadInput):
        own_account.change_password(staffed, held, "not it", "quite another phrase of mine")
    with pytest.raises(BadInput):
        own_account.change_password(staffed, held, PASSWORD, "Motdepasse2026!")
    secret = own_account.change_password(staffed, held, PASSWORD, "quite another phrase of mine")
    assert accounts.actor_from_session(staffed, secret) is not None
    assert holder(staffed, away) is None
    assert signing_in.sign_in(staffed, MAYA.email, PASSWORD, HOME).outcome == "wrong"


def test_every_act_on_the_own_account_is_in_the_audit(staffed: House) -> None:
    _secret, added = with_app(staffed)
    held = held_by(staffed, added.secret)
    own_account.new_recovery_codes(staffed, held)
    own_account.end_others(staffed, held)
    proving.prove(staffed, held, Typed("000000"))
    with staffed.database.read() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.actor == held.account_id).order_by(AuditEntry.id)
        ).all()
        assert session.scalar(select(func.count()).select_from(Account)) == 1
    found = [(row.act, row.outcome) for row in rows if row.act != "account.sign_in"]
    assert found == [
        ("account.factor_add", "done"),
        ("account.recovery_codes", "done"),
        ("account.session_end", "done"),
        ("account.confirm", "refused"),
    ]


SITE = Site("office.example", "https://office.example")


def with_passkey(house: House, credential: bytes = b"a passkey") -> tuple[Authenticator, Holder]:
    """Maya's first factor: a passkey, and her session after adding it."""
    half, own = first_step(house), Authenticator(SITE.host, SITE.origin, credential)
    added = own_account.add_passkey(house, half, SITE, own.register(half.challenge), "Key")
    return own, held_by(house, added.secret)


def signed_by(house: House, own: Authenticator, challenge: bytes, half: Holder) -> str:
    return proving.prove(house, half, Signed(SITE, own.sign(challenge))).outcome


def test_a_passkey_signs_what_this_session_asks_and_that_once(staffed: House) -> None:
    own, held = with_passkey(staffed)
    assert [factor.kind for factor in held.factors] == ["passkey"]
    half = first_step(staffed)
    assert signed_by(staffed, own, b"another challenge", half) == "wrong"
    assert signed_by(staffed, own, half.challenge, half) == "wrong", "a new one was made"
    stranger = Authenticator(SITE.host, SITE.origin, b"unknown")
    half = first_step(staffed)
    assert signed_by(staffed, stranger, half.challenge, half) == "wrong"
    half = first_step(staffed)
    assert signed_by(staffed, own, half.challenge, half) == "in"
    with staffed.database.read() as session:
        kept = session.scalars(select(SecondFactor)).one()
    assert (kept.sign_count, kept.used_at is None) == (own.count, False)
    own.count -= 1  # as a copy would sign
    half = first_step(staffed)
    assert signed_by(staffed, own, half.challenge, half) == "wrong"


def test_a_passkey_made_for_another_session_is_not_added(staffed: House) -> None:
    half = first_step(staffed)
    answer = Authenticator(SITE.host, SITE.origin).register(first_step(staffed).challenge)
    for held in (half, replace(half, challenge=b"")):
        with pytest.raises(BadInput):
            own_account.add_passkey(staffed, held, SITE, answer, "Key")
    assert first_step(staffed).factors == ()


def test_a_session_without_a_challenge_takes_no_passkey(staffed: House) -> None:
    own, _held = with_passkey(staffed)
    half = first_step(staffed)
    with staffed.database.write() as session:
        session.get_one(StaffSession, half.key).challenge = None
    assert signed_by(staffed, own, b"", half) == "wrong"


def test_an_account_has_at_most_ten_factors(staffed: House) -> None:
    _own, held = with_passkey(staffed)
    one = held.factors[0]
    other = new_totp_secret()
    own_account._may_add(replace(held, factors=(one,) * (own_account.MOST_FACTORS - 1)))
    with pytest.raises(Conflict):
        own_account.add_totp(
            staffed,
            replace(held, factors=(one,) * own_account.MOST_FACTORS),
            *(other, shown(other), "One more"),
        )


def test_who_has_no_password_keeps_the_way_in(staffed: House) -> None:
    _own, held = with_passkey(staffed)
    with pytest.raises(Conflict):
        own_account.unlink_identity(staffed, replace(held, has_password=False))
    own_account.unlink_identity(staffed, held)
    with staffed.database.read() as session:
        told = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert told[-1] == "account.identity_unlink"
