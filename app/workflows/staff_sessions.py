"""Sessions of staff: who holds one, how long it lasts, and how one replaces another.

A session opens no page of work until the second factor was given. It ends by signing out, after
two idle hours, after twelve hours, or when its account is disabled; a half-open one after a quarter
of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.protection.keys import digest, new_secret
from app.protection.passkeys import new_challenge
from app.storage import accounts as stored
from app.storage.accounts import Seat, StaffSession
from app.storage.audit import sits
from app.storage.database import now
from app.storage.factors import SecondFactor, factors_of
from app.workflows.acting import House

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
HALF_OPEN = timedelta(minutes=15)
CONFIRMED_FOR = timedelta(minutes=30)  # a form opened in time may be sent as long again


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as its owner sees it."""

    id: int
    kind: str  # totp, passkey
    label: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a session, whole or half-open."""

    key: bytes  # digest of the cookie's secret
    account_id: int
    email: str
    name: str
    language: str
    has_password: bool
    passed: bool
    made_at: datetime
    confirmed_at: datetime | None
    challenge: bytes
    factors: tuple[Factor, ...]
    sitting: str  # its name in the audit log

    @property
    def step(self) -> str:
        """What comes next: ``second`` (give a factor), ``enrol`` (make one) or ``in``."""
        if self.passed:
            return "in"
        return "second" if self.factors else "enrol"

    @property
    def may_change(self) -> bool:
        """Whether factors and password may be changed now."""
        return self.step == "enrol" or confirmed(self.confirmed_at)


def confirmed(at: datetime | None, *, sending: bool = False) -> bool:
    """Whether a proof given ``at`` this time still counts, to open a form or to send it."""
    return at is not None and now() - at < CONFIRMED_FOR * (2 if sending else 1)


def holds(row: StaffSession | Seat, disabled_at: datetime | None) -> bool:
    """Whether the session of an account (``disabled_at``) has not ended, in any way it can."""
    moment = now()
    longest = LONGEST if row.passed_at is not None else HALF_OPEN
    return (
        row.ended_at is None
        and disabled_at is None
        and moment - row.seen_at < IDLE
        and moment - row.made_at < longest
    )


def sitting_of(house: House, row: StaffSession | Seat) -> str:
    """The name of a session in the audit log: it stays through proofs and opens nothing."""
    named = f"sitting {row.account_id} {row.made_at.isoformat()}"
    return digest(house.keys.lookup, named).hex()[:32]


def holder(house: House, secret: str) -> Holder | None:
    """Who holds the session behind this cookie; None when there is none that goes on."""
    if not secret:
        return None
    with house.database.read() as session:
        found = stored.session_with_account(session, digest(house.keys.lookup, secret))
        if found is None or not holds(found[0], found[1].disabled_at):
            return None
        row, account = found
        factors = factors_of(session, account.id)
    return Holder(
        key=row.digest,
        account_id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        has_password=account.password_hash is not None,
        passed=row.passed_at is not None,
        made_at=row.made_at,
        confirmed_at=row.confirmed_at,
        challenge=row.challenge or b"",
        factors=tuple(_seen(factor) for factor in factors),
        sitting=sitting_of(house, row),
    )


def _seen(row: SecondFactor) -> Factor:
    return Factor(row.id, row.kind, row.label, row.made_at, row.used_at)


def open_session(
    house: House, session: Session, account_id: int, browser: str, *, passed: bool
) -> str:
    """Open a session in this transaction; its secret, for the cookie and nowhere else.

    For the audit log the request acts in it from here on.
    """
    secret, moment = new_secret(), now()
    row = StaffSession(
        digest=digest(house.keys.lookup, secret),
        account_id=account_id,
        made_at=moment,
        seen_at=moment,
        passed_at=moment if passed else None,
        confirmed_at=moment if passed else None,
        browser=browser,
        challenge=new_challenge(),
    )
    session.add(row)
    sits(sitting_of(house, row))
    return secret


def replace_session(house: House, session: Session, key: bytes) -> str:
    """Put a new secret in the place of this session's, which has just proved who sits there.

    A session that was whole keeps its beginning, and with it its twelve hours.
    """
    row = session.get_one(StaffSession, key)
    secret, moment = new_secret(), now()
    session.add(
        StaffSession(
            digest=digest(house.keys.lookup, secret),
            account_id=row.account_id,
            made_at=row.made_at if row.passed_at else moment,
            seen_at=moment,
            passed_at=row.passed_at or moment,
            confirmed_at=moment,
            browser=row.browser,
            challenge=new_challenge(),
            reasons=row.reasons,
        )
    )
    row.ended_at = row.ended_at or moment
    return secret


def end_session(session: Session, key: bytes, moment: datetime) -> int | None:
    """End the session with this key; its account, None where there was nothing to end."""
    row = session.get(StaffSession, key)
    if row is None or row.ended_at is not None:
        return None
    row.ended_at = moment
    return row.account_id
