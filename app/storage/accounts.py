"""Staff accounts, what they are granted, and their sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, bindparam, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.permissions import Grant, Role
from app.storage.database import IDENTITY, Base, now
from app.storage.prepared import Driver, Prepared
from app.storage.territories import ProgrammeRow


class Account(Base):
    """A member of staff."""

    __tablename__ = "account"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="fr")
    password_hash: Mapped[str | None]
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class GrantRow(Base):
    """A role over a territory of a programme and all below it, between two dates."""

    __tablename__ = "account_grant"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    role: Mapped[str]
    territory: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    only_viewing: Mapped[bool] = mapped_column(default=False, server_default=false())


class StaffSession(Base):
    """A signed-in browser: hash of the cookie's 256-bit secret; a new one at each sign-in.

    Until ``passed_at`` the second factor is still owed, and the session opens no page of work.
    """

    __tablename__ = "staff_session"
    __table_args__ = ({"schema": IDENTITY},)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when the person last proved to sit there
    browser: Mapped[str] = mapped_column(default="", server_default="")  # "Firefox, Linux"
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)  # for a passkey; used once
    reasons: Mapped[dict[str, Any] | None]  # by wave: why contacts are opened (workflows.looking)


@dataclass(frozen=True, slots=True)
class Seat:
    """A session with what its account says: all that a page asks of it."""

    digest: bytes
    account_id: int
    made_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    passed_at: datetime | None
    confirmed_at: datetime | None
    reasons: dict[str, Any] | None
    disabled_at: datetime | None
    name: str
    language: str


_SEAT = Prepared(
    select(
        StaffSession.digest,
        StaffSession.account_id,
        StaffSession.made_at,
        StaffSession.seen_at,
        StaffSession.ended_at,
        StaffSession.passed_at,
        StaffSession.confirmed_at,
        StaffSession.reasons,
        Account.disabled_at,
        Account.name,
        Account.language,
    )
    .join(Account, Account.id == StaffSession.account_id)
    .where(StaffSession.digest == bindparam("digest"))
)


def seat(at: Driver, digest: bytes) -> Seat | None:
    """The session with this digest, whatever its state."""
    found = _SEAT.row(at, {"digest": digest})
    return None if found is None else Seat(*found)


_GRANTED = Prepared(
    select(
        ProgrammeRow.id,
        ProgrammeRow.title,
        ProgrammeRow.synthetic,
        GrantRow.role,
        GrantRow.territory,
        GrantRow.valid_from,
        GrantRow.valid_until,
        GrantRow.only_viewing,
    )
    .join(ProgrammeRow, ProgrammeRow.id == GrantRow.programme_id)
    .where(GrantRow.account_id == bindparam("account"))
    .order_by(ProgrammeRow.id, GrantRow.id)
)


def granted(at: Driver, account_id: int) -> Iterator[tuple[int, dict[str, Any], bool, Grant]]:
    """What the account is granted anywhere, past and future grants included: programme, its title,
    whether it is synthetic, grant; the oldest programme first."""
    for programme_id, title, synthetic, role, *rest in _GRANTED.rows(at, {"account": account_id}):
        yield programme_id, title, synthetic, Grant(Role(role), *rest)


def account_by_email(session: Session, email: str) -> Account | None:
    """The account with this address, however it is spelled in upper and lower case."""
    return session.scalar(select(Account).where(Account.email == spelled(email)))


def spelled(email: str) -> str:
    """The one spelling under which an address is stored and looked up."""
    return email.strip().lower()


def session_with_account(session: Session, digest: bytes) -> tuple[StaffSession, Account] | None:
    """The session row with this digest and its account, whatever their state."""
    found = session.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(StaffSession.digest == digest)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def programmes_granted(session: Session, account_id: int, day: date) -> list[ProgrammeRow]:
    """The programmes in which the account holds a grant on ``day``, oldest first."""
    return list(
        session.scalars(
            select(ProgrammeRow)
            .where(
                ProgrammeRow.id.in_(
                    select(GrantRow.programme_id).where(
                        GrantRow.account_id == account_id,
                        GrantRow.valid_from.is_(None) | (GrantRow.valid_from <= day),
                        GrantRow.valid_until.is_(None) | (GrantRow.valid_until >= day),
                    )
                )
            )
            .order_by(ProgrammeRow.id)
        )
    )


def grants_of(session: Session, account_id: int, programme_id: int) -> tuple[Grant, ...]:
    """What the account is granted in the programme, past and future grants included."""
    return tuple(
        Grant(Role(row.role), row.territory, row.valid_from, row.valid_until, row.only_viewing)
        for row in grant_rows(session, account_id, programme_id)
    )


def grant_rows(session: Session, account_id: int, programme_id: int) -> list[GrantRow]:
    """The grants of the account in the programme, with the number of each."""
    return list(
        session.scalars(
            select(GrantRow)
            .where(GrantRow.account_id == account_id, GrantRow.programme_id == programme_id)
            .order_by(GrantRow.id)
        )
    )


def accounts_in(session: Session, programme_id: int) -> list[Account]:
    """Every account that holds or held a grant in the programme, by name."""
    granted = select(GrantRow.account_id).where(GrantRow.programme_id == programme_id)
    return list(
        session.scalars(select(Account).where(Account.id.in_(granted)).order_by(Account.name))
    )


def holders_of(session: Session, programme_id: int, role: str) -> list[Account]:
    """Accounts in use that hold this role in the programme today, by name."""
    day = now().date()
    granted = select(GrantRow.account_id).where(
        GrantRow.programme_id == programme_id,
        GrantRow.role == role,
        GrantRow.valid_from.is_(None) | (GrantRow.valid_from <= day),
        GrantRow.valid_until.is_(None) | (GrantRow.valid_until >= day),
    )
    return list(
        session.scalars(
            select(Account)
            .where(Account.id.in_(granted), Account.disabled_at.is_(None))
            .order_by(Account.name)
        )
    )


def names_of(session: Session, account_ids: set[int]) -> dict[int, str]:
    """The name of each of these accounts."""
    rows = session.execute(
        select(Account.id, Account.name).where(Account.id.in_(sorted(account_ids)))
    )
    return {row.id: row.name for row in rows}


def open_sessions(session: Session, account_id: int, since: datetime) -> list[StaffSession]:
    """The account's sessions that have not ended and were used after ``since``, newest first."""
    return list(
        session.scalars(
            select(StaffSession)
            .where(
                StaffSession.account_id == account_id,
                StaffSession.ended_at.is_(None),
                StaffSession.passed_at.is_not(None),
                StaffSession.seen_at > since,
            )
            .order_by(StaffSession.seen_at.desc())
        )
    )


def end_sessions(session: Session, account_id: int, at: datetime, spare: bytes = b"") -> None:
    """End every session of the account that is still open, but for the one to ``spare``."""
    session.execute(
        update(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.ended_at.is_(None),
            StaffSession.digest != spare,
        )
        .values(ended_at=at)
    )
