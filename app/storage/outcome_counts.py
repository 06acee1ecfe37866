"""The people of a sample grouped by what is known of them: what outcome rates are made from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Label, case, false, func, select, true
from sqlalchemy.orm import Session

from app.storage.calls import Call
from app.storage.contacting import Contact
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.scope import within_scope

Group = tuple[str, str, str | None, str | None, str | None, bool, bool, bool]
Frame = tuple[str, str, str]  # stratum, sub-area, language
FRAME = ("stratum", "sub_area", "language")


def standings(
    session: Session, wave_id: int, territories: frozenset[str]
) -> list[tuple[Group, Frame, int]]:
    """Number of people by territory, audience, first way of contact, outcome said, result of the
    last call (where no outcome was said and nothing opened), and whether a response was opened,
    agreed to, sent; and by what the frame knows of them. Each person is in one group.
    """
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
    return [
        ((*row[:5], bool(row[5]), bool(row[6]), bool(row[7])), (row[8], row[9], row[10]), row[11])
        for row in rows
    ]
