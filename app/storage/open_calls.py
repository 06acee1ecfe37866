"""Open calls: waves without a sample, which anybody may answer, and those who did."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.fieldwork import OPEN_CALL
from app.storage.waves import Wave, WaveInstrument


def calls(session: Session, code: str) -> Sequence[Wave]:
    """The open calls with this code, one for each programme that has one; the newest first."""
    found = select(Wave).where(Wave.code == code, Wave.frame == OPEN_CALL)
    return session.scalars(found.order_by(Wave.id.desc())).all()


def call(session: Session, wave_id: int) -> Wave | None:
    """The open call with this number."""
    return session.scalar(select(Wave).where(Wave.id == wave_id, Wave.frame == OPEN_CALL))


def asked(session: Session, wave_id: int) -> Sequence[tuple[str, str]]:
    """Who may answer: territory and audience, once the wave is open."""
    found = select(WaveInstrument.territory, WaveInstrument.audience)
    rows = session.execute(
        found.where(WaveInstrument.wave_id == wave_id).order_by(
            WaveInstrument.territory, WaveInstrument.audience
        )
    )
    return [(row.territory, row.audience) for row in rows]


def reference_of(digest: bytes) -> str:
    """The reference of somebody who came without a code: told by the digest of the one given.

    Row-level security reads it: see ``row_security``.
    """
    return f"open-{digest.hex()}"
