"""Staff accounts, what they are granted, their sessions, and the throttle counters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import IDENTITY, Base
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


class StaffSession(Base):
    """A signed-in browser: hash of the cookie's 256-bit secret; a new one at each sign-in."""

    __tablename__ = "staff_session"
    __table_args__ = ({"schema": IDENTITY},)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Throttle(Base):
    """Attempts counted per window: soft delays, never a lock on a person's code."""

    __tablename__ = "throttle"
    __table_args__ = (Index("ix_throttle_window", "window_start"), {"schema": IDENTITY})

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # keyed hash of the source
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
