"""Signing in and out: a new session each time, slow guesses, one answer to every failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.deeds import Deed
from app.protection.keys import digest
from app.protection.passwords import hash_password, password_matches, wants_rehash
from app.storage import accounts as stored
from app.storage import throttle
from app.storage.accounts import Account
from app.storage.audit import record
from app.storage.database import now
from app.storage.factors import factors_of
from app.workflows.acting import House
from app.workflows.refusals import record_refusal
from app.workflows.staff_sessions import end_session, open_session

WINDOW = 15  # minutes over which failed attempts count
TRIES_PER_ADDRESS = 30  # an office may stand behind one address
TRIES_PER_EMAIL = 10


@dataclass(frozen=True, slots=True)
class SignIn:
    """How an attempt ended; ``secret`` goes into the cookie and is stored nowhere else.

    ``half``: the password was right, and the second factor is owed.
    """

    outcome: Literal["in", "half", "wrong", "throttled"]
    secret: str = ""
    language: str = ""


def sign_in(
    house: House, email: str, password: str, address: str, earlier: str = "", browser: str = ""
) -> SignIn:
    """Open a session for who knows the password. ``earlier``: the cookie that it replaces.

    An unknown address, a wrong password, a disabled account and one without grants are the same
    to the outside, in words and in work. Only failures count towards the throttle, which delays
    by the address they come from and by the e-mail they try, and forgets after some minutes.
    """
    buckets = [
        digest(house.keys.throttle, f"sign-in address {address}"),
        digest(house.keys.throttle, f"sign-in email {stored.spelled(email)}"),
    ]
    limits = (TRIES_PER_ADDRESS, TRIES_PER_EMAIL)
    with house.database.read() as session:
        account = stored.account_by_email(session, email)
        tried = [throttle.attempts(session, bucket, WINDOW) for bucket in buckets]
        nobody = 0  # the same question is asked for it
        granted = stored.programmes_granted(
            session, account.id if account else nobody, now().date()
        )
    if any(count >= limit for count, limit in zip(tried, limits, strict=True)):
        _refuse(house, [])
        return SignIn("throttled")
    matches = password_matches(account.password_hash if account else None, password)
    if account is None or not matches or not granted or account.disabled_at is not None:
        _refuse(house, buckets)
        return SignIn("wrong")
    _rehash(house, account, password)
    return admit(house, account, earlier=earlier, browser=browser)


def _refuse(house: House, buckets: list[bytes]) -> None:
    """Count towards the throttle, and leave an entry: it does not tell which address was tried."""
    with house.database.write() as session:
        for bucket in buckets:
            throttle.count(session, bucket)
    why = "wrong" if buckets else "throttled"
    record_refusal(house, Deed.ACCOUNT_SIGN_IN, "web", why)


def _rehash(house: House, account: Account, password: str) -> None:
    """Bring a hash of an earlier cost up to the present one."""
    if account.password_hash is None or not wants_rehash(account.password_hash):
        return
    hashed = hash_password(password)
    with house.database.write() as session:
        session.get_one(Account, account.id).password_hash = hashed


def admit(
    house: House,
    account: Account,
    *,
    earlier: str = "",
    browser: str = "",
    both_factors: bool = False,
    how: str = "password",
) -> SignIn:
    """Open a session for an account that has proved the first factor, or both.

    In the demonstration an account without a second factor owes none.
    """
    with house.database.write() as session:
        if earlier:
            end_session(session, digest(house.keys.lookup, earlier), now())
        owes = not house.demonstration or bool(factors_of(session, account.id))
        passed = both_factors or not owes
        secret = open_session(house, session, account.id, browser, passed=passed)
        record(
            session,
            actor=account.id,
            origin="web",
            act=Deed.ACCOUNT_SIGN_IN,
            details={"by": how, "second_factor_owed": not passed},
        )
    return SignIn("in" if passed else "half", secret, account.language)


def sign_out(house: House, secret: str) -> None:
    """End the session behind this cookie. Nothing happens for one that has ended already."""
    with house.database.write() as session:
        account_id = end_session(session, digest(house.keys.lookup, secret), now())
        if account_id is not None:
            record(session, actor=account_id, origin="web", act=Deed.ACCOUNT_SIGN_OUT)
