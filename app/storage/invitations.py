"""How somebody comes to an account: a link that works once, or an identity confirmed elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, ForeignKey, LargeBinary, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.accounts import Account
from app.storage.database import IDENTITY, Base


class Invitation(Base):
    """A link with which a person chooses a password: keyed hash of its 256 bits, good once."""

    __tablename__ = "invitation"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LinkedIdentity(Base):
    """A person at an identity provider: its issuer and its subject there, never an e-mail."""

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), {"schema": IDENTITY})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    made_at: Mapped[datetime]


def invitation_with_account(session: Session, digest: bytes) -> tuple[Invitation, Account] | None:
    """The invitation with this digest and its account, whatever their state."""
    found = session.execute(
        select(Invitation, Account)
        .join(Account, Account.id == Invitation.account_id)
        .where(Invitation.digest == digest)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def take_invitation(session: Session, invitation_id: int, at: datetime) -> bool:
    """Use the invitation; False when it was used, revoked or is too old."""
    done = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(used_at=at)
    )
    return cast(CursorResult[object], done).rowcount == 1


def revoke_invitations(session: Session, account_id: int, at: datetime) -> None:
    """Let no invitation of the account that is still open open anything any more."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )


def open_invitation(session: Session, account_id: int, at: datetime) -> Invitation | None:
    """The account's invitation that still opens something."""
    return session.scalar(
        select(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def identity_with_account(
    session: Session, issuer: str, subject: str
) -> tuple[LinkedIdentity, Account] | None:
    """The identity and the account that it is linked to."""
    found = session.execute(
        select(LinkedIdentity, Account)
        .join(Account, Account.id == LinkedIdentity.account_id)
        .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def identities_of(session: Session, account_id: int) -> list[LinkedIdentity]:
    """The identities linked to the account."""
    return list(
        session.scalars(select(LinkedIdentity).where(LinkedIdentity.account_id == account_id))
    )
