"""What people of the sample have asked for: to see or to erase what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import IDENTITY, Base
from app.storage.participants import Participant
from app.storage.scope import within_scope
from app.storage.waves import Wave


class RightsRequest(Base):
    """One request: asked by one account, confirmed by another, then carried out."""

    __tablename__ = "rights_request"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    kind: Mapped[str]  # access, erase
    checked: Mapped[str]  # how it was made sure who asks: no copy of any paper
    received_at: Mapped[datetime]
    asked_by: Mapped[int | None]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


def requests_of(
    session: Session, programme_id: int, territories: frozenset[str]
) -> Sequence[tuple[RightsRequest, str, str]]:
    """The requests of a programme in these territories, newest first: wave and reference beside."""
    found = (
        select(RightsRequest, Wave.code, Participant.reference)
        .join(Wave, Wave.id == RightsRequest.wave_id)
        .join(Participant, Participant.id == RightsRequest.participant_id)
        .where(Wave.programme_id == programme_id)
        .order_by(RightsRequest.id.desc())
        .limit(200)
    )
    found = within_scope(found, RightsRequest.territory, territories)
    return [(row, code, reference) for row, code, reference in session.execute(found)]


def request_of(
    session: Session, programme_id: int, number: int, territories: frozenset[str]
) -> tuple[RightsRequest, str, str] | None:
    """One of them, kept from others until the end of the transaction."""
    found = (
        select(RightsRequest, Wave.code, Participant.reference)
        .join(Wave, Wave.id == RightsRequest.wave_id)
        .join(Participant, Participant.id == RightsRequest.participant_id)
        .where(Wave.programme_id == programme_id, RightsRequest.id == number)
        .with_for_update(of=RightsRequest)
    )
    row = session.execute(within_scope(found, RightsRequest.territory, territories)).first()
    return None if row is None else (row[0], row[1], row[2])
