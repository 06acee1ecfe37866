"""The people of a sample grouped by what is known of them: what outcome rates are made from.

A large sample takes a second to count; its counts are kept, and pages show them with their moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Label, case, delete, false, func, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.calls import Call
from app.storage.contacting import Contact
from app.storage.database import PROGRAMME, Base
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave

# Territory, audience, first way of contact, outcome said, result of the last call (where no outcome
# was said and nothing opened), and whether a response was opened, agreed to, sent.
Group = tuple[str, str, str | None, str | None, str | None, bool, bool, bool]
Value = tuple[str, str, str]  # frame variable, audience, value
FRAME = ("stratum", "sub_area", "language")


@dataclass(frozen=True, slots=True)
class Standings:
    """Number of people by group, each person in one; by value of each frame variable, how many
    there are and how many sent; ``at``: when they were counted, None: now."""

    groups: Sequence[tuple[Group, int]]
    frame: Sequence[tuple[Value, int, int]]
    at: datetime | None = None


class OutcomeCount(Base):
    """The standings of one territory of a wave as they were counted last."""

    __tablename__ = "outcome_count"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    groups: Mapped[list[Any]]
    frame: Mapped[list[Any]]


def more_than(session: Session, wave_id: int, territories: frozenset[str], number: int) -> bool:
    """Whether the sample has more people than this in these territories; none is counted beyond."""
    some = select(Participant.id).where(Participant.wave_id == wave_id)
    some = within_scope(some, Participant.territory, territories).limit(number + 1)
    return (session.scalar(select(func.count()).select_from(some.subquery())) or 0) > number


def kept(session: Session, wave_id: int, territories: frozenset[str]) -> Standings | None:
    """The standings of these territories as they were counted last; None: they never were."""
    found = select(OutcomeCount).where(OutcomeCount.wave_id == wave_id)
    rows = session.scalars(within_scope(found, OutcomeCount.territory, territories)).all()
    if not rows:
        return None
    groups = [((row.territory, *each[:-1]), each[-1]) for row in rows for each in row.groups]
    frame = [((each[0], each[1], each[2]), each[3], each[4]) for row in rows for each in row.frame]
    return Standings(groups, _together(frame), min(row.counted_at for row in rows))


def keep(session: Session, wave_id: int, counted: Mapping[str, Standings], at: datetime) -> None:
    """Keep the standings of each territory in the place of what was kept of the wave."""
    session.execute(delete(OutcomeCount).where(OutcomeCount.wave_id == wave_id))
    session.add_all(
        OutcomeCount(
            wave_id=wave_id,
            territory=place,
            counted_at=at,
            groups=[[*group[1:], number] for group, number in found.groups],
            frame=[[*value, people, sent] for value, people, sent in found.frame],
        )
        for place, found in counted.items()
        if found.groups
    )


def counted_at(session: Session, wave_id: int) -> datetime | None:
    """When the standings of a wave were counted last."""
    return session.scalar(
        select(func.min(OutcomeCount.counted_at)).where(OutcomeCount.wave_id == wave_id)
    )


def standings(session: Session, wave_id: int, territories: frozenset[str]) -> Standings:
    """The people of these territories, counted now."""
    first = select(Contact.channel).where(Contact.participant_id == Participant.id)
    last = select(Call.result).where(Call.participant_id == Participant.id)
    key = (
        Participant.territory,
        Participant.audience,
        first.order_by(Contact.id).limit(1).scalar_subquery().label("first"),
        Participant.disposition,
        case(  # of the others nobody asks
            (
                Participant.disposition.is_(None) & Response.id.is_(None),
                last.order_by(Call.id.desc()).limit(1).scalar_subquery(),
            ),
        ).label("last"),
        (Response.id.is_not(None) | Participant.answered).label("opened"),
        case((Response.consented_at.is_not(None), true()), else_=Participant.answered).label("ok"),
        case(
            (Response.submitted_at.is_not(None), true()),
            (Participant.answered, true()),
            else_=false(),
        ).label("sent"),
        Participant.stratum,
        func.coalesce(Participant.sub_area, "").label("area"),
        Participant.language,
    )
    person = (
        select(*key, func.count())
        .outerjoin(
            Response,
            (Response.participant_id == Participant.id) & Response.superseded_by.is_(None),
        )
        .where(Participant.wave_id == wave_id, Participant.listed)
        # By the labels: written out twice, each would be looked up twice.
        .group_by(*(column.name if isinstance(column, Label) else column for column in key))
    )
    rows: Any = session.execute(within_scope(person, Participant.territory, territories))
    groups: Counter[Group] = Counter()
    frame: list[tuple[Value, int, int]] = []
    for row in rows:
        *said, opened, agreed, sent = row[:8]
        number = row[11]
        groups[(*said, bool(opened), bool(agreed), bool(sent))] += number
        values = zip(FRAME, row[8:11], strict=True)
        frame += (((name, row[1], value), number, number if sent else 0) for name, value in values)
    return Standings(list(groups.items()), _together(frame))


def _together(frame: Sequence[tuple[Value, int, int]]) -> list[tuple[Value, int, int]]:
    people: Counter[Value] = Counter()
    sent: Counter[Value] = Counter()
    for value, number, answered in frame:
        people[value] += number
        sent[value] += answered
    return [(value, number, sent[value]) for value, number in people.items()]
