"""Second factors of staff accounts: authenticator apps, passkeys, and the codes for a lost one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.accounts import Account
from app.storage.database import IDENTITY, Base


class SecondFactor(Base):
    """Something that the person has: an app that shows codes (totp), or a passkey."""

    __tablename__ = "second_factor"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    kind: Mapped[str]  # totp, passkey
    label: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # totp: its secret
    last_step: Mapped[int | None]  # totp: the newest half minute whose code was taken
    credential: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # passkey: its id
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None]


class RecoveryCode(Base):
    """A code for the day when the second factor is lost: keyed hash of 120 bits, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = ({"schema": IDENTITY},)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def factors_of(session: Session, account_id: int) -> list[SecondFactor]:
    """The account's second factors, oldest first."""
    return list(
        session.scalars(
            select(SecondFactor)
            .where(SecondFactor.account_id == account_id)
            .order_by(SecondFactor.id)
        )
    )


def take_step(session: Session, factor_id: int, step: int, at: datetime) -> bool:
    """Use the code of this half minute; False when it, or a later one, was used before."""
    done = session.execute(
        update(SecondFactor)
        .where(
            SecondFactor.id == factor_id,
            SecondFactor.last_step.is_(None) | (SecondFactor.last_step < step),
        )
        .values(last_step=step, used_at=at)
    )
    return cast(CursorResult[object], done).rowcount == 1


def take_recovery_code(session: Session, account_id: int, digest: bytes, at: datetime) -> bool:
    """Use the account's code with this digest; False when there is none, or it was used."""
    done = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.digest == digest,
            RecoveryCode.account_id == account_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return cast(CursorResult[object], done).rowcount == 1


def replace_recovery_codes(
    session: Session, account_id: int, digests: Iterable[bytes], at: datetime
) -> None:
    """Put these codes in the place of all earlier ones of the account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(
        RecoveryCode(digest=digest, account_id=account_id, made_at=at) for digest in digests
    )


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many unused recovery codes the account has."""
    return len(
        session.scalars(
            select(RecoveryCode.digest).where(
                RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
            )
        ).all()
    )


def forget_factors(session: Session, account_id: int) -> None:
    """Remove every second factor and every recovery code of the account."""
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def credentials_of(session: Session, account_id: int) -> list[bytes]:
    """Which passkeys the account has, by their ids."""
    return [row.credential for row in factors_of(session, account_id) if row.credential]
