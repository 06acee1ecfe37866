"""Partial responses that count: those a closed wave's rule takes, though they were never sent.

Rule (``Wave.partials_from``): consented to, begun, not refused since, and at least so many percent
of the pages of their path answered or passed. While the wave is open nothing unsent counts: the
person may still go on, or change everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from app.domain.answers import RespondentRole
from app.domain.fieldwork import Disposition
from app.domain.questionnaire import Questionnaire
from app.domain.unsent import answered_percent, as_if_sent
from app.storage.database import Database
from app.storage.instruments import compiled
from app.storage.participants import Participant
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response, answers_in, cell_of, pack, unpack
from app.storage.waves import Wave

SAID_NO = (Disposition.REFUSED, Disposition.DO_NOT_CONTACT)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partial response that counts stands."""

    territory: str
    audience: str
    instrument: int


def rule_of(session: Session, wave_id: int) -> int | None:
    """From how many percent of pages on unsent answers of the wave count now; None: not at all."""
    wave = session.get_one(Wave, wave_id)
    return wave.partials_from if wave.closed_at is not None else None


def unsent(wave_id: int) -> ColumnElement[bool]:
    """The condition of a response that the rule may take: consented to, neither sent nor ended."""
    said_no = select(Participant.id).where(
        Participant.wave_id == wave_id, Participant.disposition.in_(SAID_NO)
    )
    return (
        (Response.wave_id == wave_id)
        & Response.consented_at.is_not(None)
        & Response.submitted_at.is_(None)
        & Response.withdrawn_at.is_(None)
        & Response.refused_at.is_(None)
        & Response.superseded_by.is_(None)
        & or_(Response.participant_id.is_(None), Response.participant_id.not_in(said_no))
    )


def partials(database: Database, wave_id: int) -> dict[int, Place]:
    """The partial responses of the wave that count, by number."""
    with database.read() as session:
        percent = rule_of(session, wave_id)
        rows = session.execute(
            select(
                Response.id,
                Response.territory,
                Response.audience,
                Response.instrument_id,
                Response.body,
                Response.secret_digest,
                ResponseKey.sealed,
            )
            .outerjoin(ResponseKey, ResponseKey.secret_digest == Response.secret_digest)
            .where(unsent(wave_id) if percent is not None else false())
            .execution_options(yield_per=1000)
        )
        return {
            number: Place(territory, audience, instrument)
            for number, territory, audience, instrument, body, own, key in rows
            if percent is not None
            and _reaches(
                database.sealing.open(body, key, own), compiled(database, instrument), percent
            )
        }


def settled(body: bytes, asked: Questionnaire) -> bytes:
    """The body as it counts: see ``domain.unsent``."""
    document = unpack(body)
    answers = as_if_sent(asked, answers_in(document), _role(document))
    return pack(document | {"a": {item: cell_of(answer) for item, answer in answers.items()}})


def _reaches(body: bytes, asked: Questionnaire, percent: int) -> bool:
    document = unpack(body)
    return answered_percent(asked, answers_in(document), _role(document)) >= percent


def _role(document: Mapping[str, Any]) -> RespondentRole:
    """Who answered last: the path is theirs."""
    sittings = document.get("sit", ())
    role: RespondentRole = sittings[-1].get("role", "self") if sittings else "self"
    return role
