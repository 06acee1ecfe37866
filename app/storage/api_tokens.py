"""Tokens with which a program calls the API for a person: only their hashes are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.accounts import Account
from app.storage.database import IDENTITY, Base


class ApiToken(Base):
    """One token of an account; ``scopes`` narrow what the account may do."""

    __tablename__ = "api_token"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    programme_id: Mapped[int]
    label: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[Any]]
    territory: Mapped[str | None]  # it reaches this place and below; None: as far as its person
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def token_by_digest(session: Session, digest: bytes) -> ApiToken | None:
    """The token with this hash, whatever its state."""
    return session.scalar(select(ApiToken).where(ApiToken.digest == digest))


def tokens_of(session: Session, account_id: int) -> Sequence[ApiToken]:
    """The tokens of an account that were not revoked, newest first."""
    found = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    return session.scalars(found.order_by(ApiToken.id.desc())).all()


def lock_tokens(session: Session, account_id: int) -> None:
    """Make acts that change how many tokens this account has wait for each other."""
    session.get(Account, account_id, with_for_update=True)


def end_tokens(session: Session, account_id: int, at: datetime) -> int:
    """Revoke every token of the account; how many were still good until now."""
    lock_tokens(session, account_id)
    ended = session.scalars(
        update(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(ApiToken.expires_at)
    )
    return sum(expires > at for expires in ended)
