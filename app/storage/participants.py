"""Who is invited and how they come in: cases, participants, access codes, dispositions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Table,
    UniqueConstraint,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.domain.exchange import is_drawn
from app.domain.fieldwork import Disposition
from app.storage.database import IDENTITY, Base
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave, WaveExchange, wave_instrument


class Participant(Base):
    """One person of a wave's sample; ``reference`` is the key in the file it came from."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("wave_id", "reference"),
        # Who counts people reads this index and no row.
        Index(
            "ix_participant_counted",
            *("wave_id", "territory", "audience", "disposition", "declined_because"),
            *("answered", "listed", "coded", "id"),
        ),
        Index("ix_participant_phone", "wave_id", "has_phone", "id", "territory"),
        Index("ix_participant_case", "wave_id", "case_reference"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    reference: Mapped[str]
    territory: Mapped[str]
    audience: Mapped[str]
    case_reference: Mapped[str | None]  # one elderly person and their family
    sub_area: Mapped[str | None]
    stratum: Mapped[str] = mapped_column(default="")
    psu: Mapped[str | None]
    weight: Mapped[float] = mapped_column(default=1.0)
    language: Mapped[str] = mapped_column(default="fr")
    sealed_contact: Mapped[bytes | None] = mapped_column(LargeBinary)  # name and address, sealed
    sealed_reach: Mapped[bytes | None] = mapped_column(LargeBinary)  # e-mail, telephone, sealed
    by_mail: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_sms: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_phone: Mapped[bool] = mapped_column(default=False, server_default=false())
    assigned_to: Mapped[int | None]  # account of the field worker who calls and visits
    large_print: Mapped[bool] = mapped_column(default=False, server_default=false())
    disposition: Mapped[str | None]  # refused, moved, deceased, …: decision 24
    disposition_at: Mapped[datetime | None]
    declined_because: Mapped[str | None]  # told with a refusal by who wanted to; only counted
    listed: Mapped[bool] = mapped_column(default=True)  # False: known by an answer only
    exchange_instrument_id: Mapped[int | None]  # of the part that exchanges items: drawn by chance
    coded: Mapped[bool] = mapped_column(default=False, server_default=false())  # ever had a code
    answered: Mapped[bool] = mapped_column(default=False)  # where the link is cut: nothing else is
    created_at: Mapped[datetime]


class AccessCode(Base):
    """A participant's code: found by its HMAC; printable while sealed; a new one ends the old."""

    __tablename__ = "access_code"
    __table_args__ = (UniqueConstraint("participant_id", "generation"), {"schema": IDENTITY})

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # until the wave closes
    generation: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


BATCH = 500  # values in one IN list


def instrument_of(session: Session, person: Participant) -> int | None:
    """What this person answers: of the part that exchanges items, else of the territory."""
    if person.exchange_instrument_id is not None:
        return person.exchange_instrument_id
    return wave_instrument(session, person.wave_id, person.territory, person.audience)


def exchange_of(session: Session, wave_id: int, references: Sequence[str]) -> dict[str, int]:
    """What those of these references answer who are in a part that exchanges items."""
    found: dict[str, int] = {}
    for batch in _batches([each for each in references if each]):
        rows = session.execute(
            select(Participant.reference, Participant.exchange_instrument_id).where(
                Participant.wave_id == wave_id,
                Participant.reference.in_(batch),
                Participant.exchange_instrument_id.is_not(None),
            )
        )
        found |= {reference: instrument for reference, instrument in rows if instrument}
    return found


def draw_exchange(session: Session, exchange: WaveExchange) -> int:
    """Draw the part of a place's sample that exchanges items, anew; how many are in it."""
    people = session.execute(
        select(Participant.id, Participant.case_reference, Participant.reference).where(
            Participant.wave_id == exchange.wave_id,
            Participant.territory == exchange.territory,
            Participant.audience == exchange.audience,
        )
    )
    drawn = [
        id_
        for id_, case, reference in people
        if is_drawn(exchange.seed, case or reference, exchange.percent)
    ]
    for batch in _batches(drawn):
        session.execute(
            update(Participant)
            .where(Participant.id.in_(batch))
            .values(exchange_instrument_id=exchange.instrument_id)
        )
    return len(drawn)


def by_reference(
    session: Session, wave_id: int, references: Sequence[str]
) -> dict[str, Participant]:
    """The participants of a wave that have one of these references."""
    found: dict[str, Participant] = {}
    for batch in _batches(references):
        rows = session.scalars(
            select(Participant).where(
                Participant.wave_id == wave_id, Participant.reference.in_(batch)
            )
        )
        found |= {row.reference: row for row in rows}
    return found


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert participants from mappings of columns."""
    if rows:
        session.execute(insert(cast(Table, Participant.__table__)), list(rows))


def without_code(
    session: Session, wave_id: int, territories: frozenset[str], limit: int
) -> Sequence[int]:
    """Ids of participants who never got a code and have not answered without one, in order."""
    # A release before this one gives codes without saying so beside the person: looked for too.
    held = select(AccessCode.id).where(AccessCode.participant_id == Participant.id).exists()
    statement = select(Participant.id).where(
        Participant.wave_id == wave_id, Participant.coded.is_(False), ~held, ~answered()
    )
    statement = within_scope(statement, Participant.territory, territories)
    return session.scalars(statement.order_by(Participant.id).limit(limit)).all()


def answered() -> ColumnElement[bool]:
    """Whether the participant sent answers, as a link or, where it was cut, as the bare fact."""
    sent = select(Response.id).where(
        Response.participant_id == Participant.id, Response.submitted_at.is_not(None)
    )
    return Participant.answered | sent.exists()


def bereaved() -> ColumnElement[bool]:
    """Whether the elderly person of the participant's case has died: nobody writes there."""
    other = aliased(Participant)
    died = select(other.id).where(
        other.wave_id == Participant.wave_id,
        other.case_reference == Participant.case_reference,
        other.disposition == Disposition.DECEASED,
    )
    return Participant.case_reference.is_not(None) & died.exists()


def digests_taken(session: Session, digests: Collection[bytes]) -> frozenset[bytes]:
    """Which of these digests are some code's already."""
    taken: set[bytes] = set()
    for batch in _batches(list(digests)):
        taken.update(session.scalars(select(AccessCode.digest).where(AccessCode.digest.in_(batch))))
    return frozenset(taken)


def add_codes(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert codes from mappings of columns."""
    if rows:
        session.execute(insert(cast(Table, AccessCode.__table__)), list(rows))
    for batch in _batches([row["participant_id"] for row in rows]):
        session.execute(update(Participant).where(Participant.id.in_(batch)).values(coded=True))


def last_generations(session: Session, participants: Sequence[int]) -> dict[int, int]:
    """The highest generation of each participant's codes."""
    found: dict[int, int] = {}
    for batch in _batches(participants):
        rows = session.execute(
            select(AccessCode.participant_id, func.max(AccessCode.generation))
            .where(AccessCode.participant_id.in_(batch))
            .group_by(AccessCode.participant_id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def revoke_codes(session: Session, participants: Sequence[int], at: datetime) -> None:
    """End every live code of these participants, its printable form included."""
    for batch in _batches(participants):
        session.execute(
            update(AccessCode)
            .where(AccessCode.participant_id.in_(batch), AccessCode.revoked_at.is_(None))
            .values(revoked_at=at, sealed=None)
        )


def mark_answered(session: Session, participants: Sequence[int]) -> None:
    """Keep of these people the bare fact that they answered."""
    for batch in _batches(participants):
        session.execute(update(Participant).where(Participant.id.in_(batch)).values(answered=True))


def printable(
    session: Session,
    wave_id: int,
    territory: str,
    audience: str | None,
    leave_out: Collection[str],
) -> Sequence[Row[Participant, AccessCode]]:
    """Participants with a live printable code, less who answered or has such a disposition."""
    statement = (
        select(Participant, AccessCode)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(
            Participant.wave_id == wave_id,
            Participant.territory == territory,
            AccessCode.revoked_at.is_(None),
            AccessCode.sealed.is_not(None),
            Participant.disposition.is_(None) | Participant.disposition.not_in(leave_out),
            ~answered(),
            ~bereaved(),
        )
        .order_by(Participant.id)
    )
    if audience is not None:
        statement = statement.where(Participant.audience == audience)
    return session.execute(statement).all()


def sizes(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[tuple[str, str], int]:
    """Number of participants by (territory, audience)."""
    statement = (
        select(Participant.territory, Participant.audience, func.count())
        .where(Participant.wave_id == wave_id)
        .group_by(Participant.territory, Participant.audience)
    )
    rows = session.execute(within_scope(statement, Participant.territory, territories))
    return {(territory, audience): count for territory, audience, count in rows}


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
