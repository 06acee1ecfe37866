"""What closing a wave takes away from its sample: printable codes, and links to answers."""

from __future__ import annotations

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.storage.participants import AccessCode, Participant
from app.storage.responses import Response


def destroy_printable(session: Session, wave_id: int) -> int:
    """Forget the printable form of every code of the wave; how many had one."""
    people = select(Participant.id).where(Participant.wave_id == wave_id)
    result = session.execute(
        update(AccessCode)
        .where(AccessCode.participant_id.in_(people), AccessCode.sealed.is_not(None))
        .values(sealed=None)
    )
    assert isinstance(result, CursorResult)  # an UPDATE gives one
    return result.rowcount


def cut_links(session: Session, wave_id: int) -> None:
    """Let no response of the wave name its participant, nor be found by a withdrawal code."""
    session.execute(
        update(Response)
        .where(Response.wave_id == wave_id)
        .values(participant_id=None, withdrawal_digest=None)
    )
