"""Counts of a running collection: responses by stage and channel, invitations that led to none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave

Place = tuple[str, str]  # territory, audience


@dataclass(frozen=True, slots=True)
class Answers:
    """Responses of one audience of a territory: by stage; those sent by channel, and the last."""

    stages: dict[str, int]
    channels: dict[str, int]
    last: datetime | None


def answers(session: Session, wave_id: int, territories: frozenset[str]) -> dict[Place, Answers]:
    """Responses opened, consented to and submitted, by territory and audience."""
    statement = (
        select(
            Response.territory,
            Response.audience,
            Response.channel,
            func.count(),
            func.count(Response.consented_at),
            func.count(Response.submitted_at),
            func.max(Response.submitted_at),
        )
        .where(Response.wave_id == wave_id, Response.superseded_by.is_(None))
        .group_by(Response.territory, Response.audience, Response.channel)
    )
    found: dict[Place, Answers] = {}
    rows = session.execute(within_scope(statement, Response.territory, territories))
    for territory, audience, channel, *numbers, last in rows:
        before = found.get((territory, audience), Answers(dict.fromkeys(STAGES, 0), {}, None))
        found[territory, audience] = Answers(
            {name: before.stages[name] + n for name, n in zip(STAGES, numbers, strict=True)},
            before.channels | ({channel: numbers[-1]} if numbers[-1] else {}),
            max(filter(None, (before.last, last)), default=None),
        )
    return found


STAGES = ("opened", "consented", "submitted")


@dataclass(frozen=True, slots=True)
class People:
    """The sample of one audience of a territory: how many, by disposition, by reason told."""

    invited: int
    dispositions: dict[str, int]
    reasons: dict[str, int]


def people(session: Session, wave_id: int, territories: frozenset[str]) -> dict[Place, People]:
    """People of the sample by territory and audience."""
    said, because = Participant.disposition, Participant.declined_because
    statement = (
        select(Participant.territory, Participant.audience, said, because, func.count())
        .where(Participant.wave_id == wave_id)
        .group_by(Participant.territory, Participant.audience, said, because)
    )
    counted: dict[Place, list[Counter[str]]] = {}
    rows = session.execute(within_scope(statement, Participant.territory, territories))
    for territory, audience, disposition, reason, number in rows:
        all_, by_disposition, by_reason = counted.setdefault(
            (territory, audience), [Counter(), Counter(), Counter()]
        )
        all_["invited"] += number
        if disposition is not None:
            by_disposition[disposition] += number
        if reason is not None:
            by_reason[reason] += number
    return {
        place: People(each[0]["invited"], dict(each[1]), dict(each[2]))
        for place, each in counted.items()
    }


def sent_by_wave(
    session: Session, programme_id: int, audience: str, territory: str | None
) -> dict[int, int]:
    """Responses sent, by wave, of one audience; of one territory, or (None) of all.

    A wave in which nobody sent any is left out.
    """
    found = (
        select(Response.wave_id, func.count())
        .join(Wave, Wave.id == Response.wave_id)
        .where(
            Wave.programme_id == programme_id,
            Response.audience == audience,
            Response.submitted_at.is_not(None),
            Response.withdrawn_at.is_(None),
            Response.superseded_by.is_(None),
        )
        .group_by(Response.wave_id)
    )
    if territory is not None:
        found = found.where(Response.territory == territory)
    return {row[0]: row[1] for row in session.execute(found)}
