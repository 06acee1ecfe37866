"""Trial sittings of drafts: codes for trying, and what is typed under them while one tries.

A table of its own, which no reading of answers knows: the worker, who makes moments, extracts and
releases, may only remove what is over, and the participants' pages have no right to it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Trial(Base):
    """One code for trying a draft as it then was, and the sitting under it.

    ``body``: what was typed so far, as a response keeps it (``storage.responses``); gone when the
    trial ends or begins anew.
    """

    __tablename__ = "trial"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    version_id: Mapped[int]  # the draft; it may be discarded meanwhile
    audience: Mapped[str]
    persona: Mapped[str]  # workflows.trials.PERSONAS
    document: Mapped[dict[str, Any]]  # what is answered: core and module, composed
    code_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    session_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


def trial_by_code(session: Session, digest: bytes, moment: datetime) -> Trial | None:
    """The trial that this code opens at this moment."""
    found = select(Trial).where(Trial.code_digest == digest, Trial.until > moment)
    return session.scalar(found)


def trial_by_session(session: Session, digest: bytes, moment: datetime) -> Trial | None:
    """The trial that goes on in the browser with this secret."""
    found = select(Trial).where(Trial.session_digest == digest, Trial.until > moment)
    return session.scalar(found)


def trials_of(session: Session, version_id: int) -> Sequence[Trial]:
    """The trials of one draft, newest first."""
    found = select(Trial).where(Trial.version_id == version_id)
    return session.scalars(found.order_by(Trial.id.desc())).all()


def keep_typed(session: Session, trial: Trial, body: bytes) -> bool:
    """Keep what was typed; False where another page was kept since ``trial`` was read."""
    changed = (
        update(Trial)
        .where(Trial.id == trial.id, Trial.revision == trial.revision, Trial.body.is_not(None))
        .values(body=body, revision=Trial.revision + 1)
        .returning(Trial.id)
    )
    return session.scalar(changed) is not None


def remove_trials(session: Session, version_id: int) -> None:
    """Remove the codes of a draft, with all that was typed under them."""
    session.execute(delete(Trial).where(Trial.version_id == version_id))


def remove_old_trials(session: Session, moment: datetime) -> None:
    """Remove the codes whose time is over, with all that was typed under them."""
    session.execute(delete(Trial).where(Trial.until <= moment))
