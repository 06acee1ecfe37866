"""Signing in and out: a new session each time, slow guesses, one answer to every failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.protection.keys import digest, new_secret
from app.protection.passwords import password_matches
from app.storage import accounts as stored
from app.storage import throttle
from app.storage.accounts import Account, StaffSession
from app.storage.audit import record
from app.storage.database import now
from app.workflows.acting import House

WINDOW = 15  # minutes over which failed attempts count
TRIES_PER_ADDRESS = 30  # an office may stand behind one address
TRIES_PER_EMAIL = 10


@dataclass(frozen=True, slots=True)
class SignIn:
    """How an attempt ended; ``secret`` goes into the cookie and is stored nowhere else."""

    outcome: Literal["in", "wrong", "throttled"]
    secret: str = ""
    language: str = ""


def sign_in(house: House, email: str, password: str, address: str, earlier: str = "") -> SignIn:
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
        granted = account is not None and stored.programmes_granted(
            session, account.id, now().date()
        )
    if any(count >= limit for count, limit in zip(tried, limits, strict=True)):
        _refuse(house, [])
        return SignIn("throttled")
    matches = password_matches(account.password_hash if account else None, password)
    if account is None or not matches or not granted or account.disabled_at is not None:
        _refuse(house, buckets)
        return SignIn("wrong")
    return SignIn("in", _open_session(house, account, earlier), account.language)


def _refuse(house: House, buckets: list[bytes]) -> None:
    with house.database.write() as session:
        for bucket in buckets:
            throttle.count(session, bucket, WINDOW)
        record(
            session,
            actor=None,
            origin="web",
            act="account.sign_in",
            outcome="refused",
            details={"throttled": not buckets},
        )


def _open_session(house: House, account: Account, earlier: str) -> str:
    secret, moment = new_secret(), now()
    with house.database.write() as session:
        if earlier:
            _end(session, digest(house.keys.lookup, earlier), moment)
        session.add(
            StaffSession(
                digest=digest(house.keys.lookup, secret),
                account_id=account.id,
                made_at=moment,
                seen_at=moment,
            )
        )
        record(session, actor=account.id, origin="web", act="account.sign_in")
    return secret


def _end(session: Session, key: bytes, moment: datetime) -> int | None:
    row = session.get(StaffSession, key)
    if row is None or row.ended_at is not None:
        return None
    row.ended_at = moment
    return row.account_id


def sign_out(house: House, secret: str) -> None:
    """End the session behind this cookie. Nothing happens for one that has ended already."""
    with house.database.write() as session:
        account_id = _end(session, digest(house.keys.lookup, secret), now())
        if account_id is not None:
            record(session, actor=account_id, origin="web", act="account.sign_out")
