"""Which accounts want to hear of releases about which territories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.accounts import Account
from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Follow(Base):
    """An account follows a territory of a programme (the nation: every release)."""

    __tablename__ = "follow"
    __table_args__ = ({"schema": PROGRAMME},)

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


def followed(session: Session, programme_id: int, account_id: int) -> frozenset[str]:
    """The territories that an account follows."""
    found = select(Follow.territory).where(
        Follow.account_id == account_id, Follow.programme_id == programme_id
    )
    return frozenset(session.scalars(found))


def set_followed(
    session: Session, programme_id: int, account_id: int, territories: Collection[str], at: datetime
) -> None:
    """Follow exactly these territories from now on."""
    known = followed(session, programme_id, account_id)
    session.execute(
        delete(Follow).where(
            Follow.account_id == account_id,
            Follow.programme_id == programme_id,
            Follow.territory.not_in(sorted(territories)),
        )
    )
    session.add_all(
        Follow(account_id=account_id, programme_id=programme_id, territory=code, since=at)
        for code in sorted(set(territories) - known)
    )


def followers(
    session: Session, programme_id: int, territories: Collection[str]
) -> Sequence[Account]:
    """The accounts in use that follow one of these territories, each once."""
    chosen = select(Follow.account_id).where(
        Follow.programme_id == programme_id, Follow.territory.in_(sorted(territories))
    )
    found = select(Account).where(Account.id.in_(chosen), Account.disabled_at.is_(None))
    return session.scalars(found.order_by(Account.id)).all()
