"""The people of a sample grouped by what is known of them: what outcome rates are made from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, false, func, select, true
from sqlalchemy.orm import Session

from app.storage.calls import Call
from app.storage.contacting import Contact
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.scope import within_scope

Group = tuple[str, str, str | None, str | None, str | None, bool, bool, bool]


def standings(
    session: Session, wave_id: int, territories: frozenset[str]
) -> list[tuple[Group, int]]:
    """Number of people by territory, audience, first way of contact, outcome said, result of the
    last call, and whether a response was opened, agreed to, sent. Each person is in one group.
    """
    first = _edge(Contact, Contact.channel, func.min(Contact.id))
    last = _edge(Call, Call.result, func.max(Call.id))
    key = (
        Participant.territory,
        Participant.audience,
        first.c.value,
        Participant.disposition,
        last.c.value,
        (Response.id.is_not(None) | Participant.answered).label("opened"),
        case((Response.consented_at.is_not(None), true()), else_=Participant.answered).label("ok"),
        case(
            (Response.submitted_at.is_not(None), true()),
            (Participant.answered, true()),
            else_=false(),
        ).label("sent"),
    )
    counted = (
        select(*key, func.count())
        .outerjoin(
            Response,
            (Response.participant_id == Participant.id) & Response.superseded_by.is_(None),
        )
        .outerjoin(first, first.c.participant_id == Participant.id)
        .outerjoin(last, last.c.participant_id == Participant.id)
        .where(Participant.wave_id == wave_id, Participant.listed)
        .group_by(*key)
    )
    rows: Any = session.execute(within_scope(counted, Participant.territory, territories))
    return [((*row[:5], bool(row[5]), bool(row[6]), bool(row[7])), int(row[8])) for row in rows]


def _edge(table: Any, value: Any, which: Any) -> Any:
    """The value of the first or last row of each participant."""
    chosen = select(which.label("id")).group_by(table.participant_id).subquery()
    return (
        select(table.participant_id, value.label("value"))
        .join(chosen, chosen.c.id == table.id)
        .subquery()
    )


FRAME = {
    "stratum": Participant.stratum,
    "sub_area": Participant.sub_area,
    "language": Participant.language,
}


def frame_shares(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[str, list[tuple[str, str, int, int]]]:
    """By frame variable: audience, value, people, people who sent answers."""
    found: dict[str, list[tuple[str, str, int, int]]] = {}
    for name, column in FRAME.items():
        sent = case((Response.submitted_at.is_not(None) | Participant.answered, 1), else_=0)
        counted = (
            select(Participant.audience, column, func.count(), func.sum(sent))
            .outerjoin(
                Response,
                (Response.participant_id == Participant.id) & Response.superseded_by.is_(None),
            )
            .where(Participant.wave_id == wave_id, Participant.listed)
            .group_by(Participant.audience, column)
            .order_by(Participant.audience, column)
        )
        rows = session.execute(within_scope(counted, Participant.territory, territories))
        found[name] = [(row[0], row[1] or "", row[2], int(row[3] or 0)) for row in rows]
    return found
