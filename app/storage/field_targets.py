"""What a coordinator wants of a collection: so many answers, or no more than so many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
from app.storage.waves import Wave


class FieldTarget(Base):
    """Answers of one audience of one territory; ``channel`` empty: by any."""

    __tablename__ = "field_target"
    __table_args__ = (
        UniqueConstraint("wave_id", "territory", "audience", "channel", "kind"),
        {"schema": PROGRAMME},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    audience: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str]  # target: at least so many; quota: at most
    people: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[int | None]


def targets(session: Session, wave_id: int, territories: frozenset[str]) -> Sequence[FieldTarget]:
    """Those of a wave in these territories."""
    found = select(FieldTarget).where(FieldTarget.wave_id == wave_id)
    found = within_scope(found, FieldTarget.territory, territories)
    order = (FieldTarget.territory, FieldTarget.audience, FieldTarget.channel, FieldTarget.kind)
    return session.scalars(found.order_by(*order)).all()


def put(session: Session, new: FieldTarget) -> None:
    """Set one in the place of the one there was; 0 people: none any more."""
    session.execute(
        delete(FieldTarget).where(
            FieldTarget.wave_id == new.wave_id,
            FieldTarget.territory == new.territory,
            FieldTarget.audience == new.audience,
            FieldTarget.channel == new.channel,
            FieldTarget.kind == new.kind,
        )
    )
    if new.people:
        session.add(new)
