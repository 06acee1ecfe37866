"""Jobs as those who started them see them: progress, cancelling, fetching what was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import jobs as rows
from app.storage.audit import record
from app.storage.database import now
from app.storage.jobs import Job
from app.workflows.acting import Actor, House, require
from app.workflows.jobs import VERBS


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its owner sees it.

    ``state``: waiting, running, stopping, done, failed or cancelled.
    """

    id: int
    kind: str
    territory: str | None
    state: str
    made_at: datetime
    finished_at: datetime | None
    done: int
    total: int | None
    failure: str | None
    message: Text
    result: Mapping[str, Any]
    file_name: str | None  # None once it was fetched or dropped
    listed: bool = False  # what it reads came as a list of a program, not as a file


def mine(house: House, actor: Actor) -> tuple[JobView, ...]:
    """The jobs that this account started, newest first."""
    with house.database.read() as session:
        found: Sequence[Job] = rows.of_account(session, actor.programme_id, actor.account_id)
        return tuple(_view(session, job) for job in found)


def one(house: House, actor: Actor, job_id: int) -> JobView:
    """One job of this account. Raises ``NotFound``."""
    with house.database.read() as session:
        return _view(session, _own(session, actor, job_id))


def cancel(house: House, actor: Actor, job_id: int) -> None:
    """Ask a job of this account to stop; one that did not begin never will."""
    with house.database.write() as session:
        job = _own(session, actor, job_id)
        if job.finished_at is None:
            job.cancel_at = job.cancel_at or now()
            if job.started_at is None:
                job.finished_at, job.file = job.cancel_at, None


def take_file(house: House, actor: Actor, job_id: int) -> tuple[str, bytes]:
    """The file that a job made, once: it is dropped as it is handed out. Name and content."""
    with house.database.read() as session:
        job = _own(session, actor, job_id)
    verb = VERBS.get(job.kind)
    if verb is None or job.finished_at is None:
        raise NotFound
    require(house, actor, verb, job.territory or NATION)
    with house.database.write() as session:
        job = _own(session, actor, job_id)
        content = rows.file_of(session, job_id)
        if content is None or job.file_name is None:
            raise Conflict(
                Text.of(
                    fr="Ce fichier a déjà été remis, ou il a été effacé. Relancez le travail.",
                    en="This file was handed out already, or dropped. Start the work again.",
                )
            )
        job.file = None
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=verb,
            programme_id=actor.programme_id,
            territory=job.territory,
            thing=f"job:{job_id}",
            details={"file": "handed out"},
        )
        return job.file_name, content


def _own(session: Session, actor: Actor, job_id: int) -> Job:
    job = rows.one_of_account(session, actor.programme_id, actor.account_id, job_id)
    if job is None:
        raise NotFound
    return job


def _view(session: Session, job: Job) -> JobView:
    result = job.result or {}
    has_file = job.finished_at is not None and rows.has_file(session, job.id)
    return JobView(
        id=job.id,
        kind=job.kind,
        territory=job.territory,
        state=state_of(job),
        made_at=job.made_at,
        finished_at=job.finished_at,
        done=job.done,
        total=job.total,
        failure=job.failure,
        message=Text.of(result.get("message") or {}),
        result=result,
        file_name=job.file_name if has_file else None,
        listed=bool(job.arguments.get("listed")),
    )


def state_of(job: Job) -> str:
    """waiting, running, stopping, done, failed or cancelled."""
    if job.finished_at is None:
        running = "stopping" if job.cancel_at else "running"
        return running if job.started_at else "waiting"
    if job.failure is not None:
        return "failed"
    return "cancelled" if job.cancel_at is not None else "done"
