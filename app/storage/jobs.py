"""Long work: our own row with state, progress, cancel and result; the queue carries its id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Job(Base):
    """One piece of long work. Its state follows from the times that are set."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_open", "finished_at", "made_at"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    kind: Mapped[str]  # names a function registered in app.workflows.jobs
    arguments: Mapped[dict[str, Any]]
    territory: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]  # last sign of life of its worker
    finished_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    cancel_at: Mapped[datetime | None]
    failure: Mapped[str | None]  # safe to show
    result: Mapped[dict[str, Any] | None]
    file: Mapped[bytes | None] = mapped_column(LargeBinary)  # a finished document, e.g. letters
    file_name: Mapped[str | None]
