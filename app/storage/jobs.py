"""Long work: our own row with state, progress, cancel and result; the queue carries its id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    and_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Job(Base):
    """One piece of long work. Its state follows from the times that are set."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_open", "finished_at", "made_at"),
        Index("ix_job_request", "made_by", "request_key", unique=True),
        {"schema": PROGRAMME},
    )

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
    attempts: Mapped[int] = mapped_column(default=0)  # how often a worker took it
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    cancel_at: Mapped[datetime | None]
    failure: Mapped[str | None]  # stable word of the refusal; its text is in ``result``
    result: Mapped[dict[str, Any] | None]
    file: Mapped[bytes | None] = deferred(  # what it reads, then what it made, e.g. letters
        mapped_column(LargeBinary)
    )
    file_name: Mapped[str | None]
    request_key: Mapped[str | None]  # of the request that began it: sent again, it begins nothing


def unfinished(session: Session, stale: datetime, limit: int = 20) -> Sequence[int]:
    """Ids of rows to run, oldest first: never started, or silent since ``stale``."""
    waiting = or_(Job.started_at.is_(None), Job.beat_at < stale)
    found = select(Job.id).where(Job.finished_at.is_(None), waiting).order_by(Job.id).limit(limit)
    return session.scalars(found).all()


def claim(session: Session, job_id: int, stale: datetime, at: datetime) -> bool:
    """Take the row for one worker; False where it is finished or another worker is alive on it."""
    free = or_(Job.started_at.is_(None), Job.beat_at < stale)
    taken = (
        update(Job)
        .where(and_(Job.id == job_id, Job.finished_at.is_(None), free))
        .values(started_at=at, beat_at=at, attempts=Job.attempts + 1, done=0)
    )
    return _rows(session.execute(taken)) == 1


def beat(session: Session, job_id: int, at: datetime, progress: tuple[int, int] | None) -> bool:
    """Say that the worker lives, and how far it is. True where somebody asked to cancel."""
    values: dict[str, Any] = {"beat_at": at}
    if progress is not None:
        values |= {"done": progress[0], "total": progress[1]}
    session.execute(update(Job).where(Job.id == job_id).values(**values))
    return session.scalar(select(Job.cancel_at).where(Job.id == job_id)) is not None


def finish(session: Session, job_id: int, at: datetime, **values: Any) -> None:
    """Write how it ended."""
    session.execute(update(Job).where(Job.id == job_id).values(finished_at=at, **values))


def begun(session: Session, kind: str, since: datetime) -> Sequence[Job]:
    """Work of a kind that was asked for after this moment."""
    return session.scalars(select(Job).where(Job.kind == kind, Job.made_at > since)).all()


def last_of_kind(session: Session, programme_id: int, kind: str) -> Sequence[Job]:
    """The last hundred jobs of a kind in a programme, whoever started them, newest first."""
    found = (
        select(Job)
        .where(Job.programme_id == programme_id, Job.kind == kind)
        .order_by(Job.id.desc())
        .limit(100)
    )
    return session.scalars(found).all()


def of_account(session: Session, programme_id: int, account_id: int | None) -> Sequence[Job]:
    """The last hundred jobs that this account started, newest first."""
    found = (
        select(Job)
        .where(Job.programme_id == programme_id, Job.made_by == account_id)
        .order_by(Job.id.desc())
        .limit(100)
    )
    return session.scalars(found).all()


def one_of_account(
    session: Session, programme_id: int, account_id: int | None, job_id: int
) -> Job | None:
    """One job, if this account started it."""
    found = select(Job).where(
        Job.id == job_id, Job.programme_id == programme_id, Job.made_by == account_id
    )
    return session.scalar(found)


def by_request(session: Session, account_id: int | None, key: str) -> Job | None:
    """The job that this account's request with this key began."""
    return session.scalar(select(Job).where(Job.made_by == account_id, Job.request_key == key))


def file_of(session: Session, job_id: int) -> bytes | None:
    """The file that the row carries now."""
    return session.scalar(select(Job.file).where(Job.id == job_id))


def has_file(session: Session, job_id: int) -> bool:
    """Whether the row carries a file, without reading it."""
    found = select(Job.file.is_not(None)).where(Job.id == job_id)
    return bool(session.scalar(found))


def forget_files(session: Session, before: datetime) -> int:
    """Drop the files of jobs that ended before ``before``; how many."""
    dropped = update(Job).where(Job.finished_at < before, Job.file.is_not(None)).values(file=None)
    return _rows(session.execute(dropped))


def _rows(result: Any) -> int:
    assert isinstance(result, CursorResult)  # an UPDATE gives one
    return result.rowcount
