"""Long work: started by an act, run by the worker.

Our row is the truth. The queue only wakes the worker up; a row without a queue entry, or whose
worker died, is found by ``sweep``. Work may therefore begin again: a kind must change nothing
twice (docs/decisions/0003-jobs.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.errors import BadInput, CovalueError, Unavailable
from app.domain.permissions import Grant, Role, Verb
from app.domain.territories import NATION, within
from app.domain.text import Text
from app.protection.logs import last_place
from app.storage import jobs as rows
from app.storage.accounts import Account, grants_of
from app.storage.audit import Occasion, during, record
from app.storage.database import now
from app.storage.jobs import Job
from app.storage.row_security import Reach
from app.storage.territories import ProgrammeRow, territories_of
from app.workflows.acting import Actor, House
from app.workflows.in_turns import in_turns
from app.workflows.queue import wake
from app.workflows.uploads import NO_ROOM, forget_old, short_of_room

SILENT = timedelta(seconds=60)  # without a sign of life for so long, its worker is dead
BEAT = 10.0  # seconds between signs of life
ATTEMPTS = 3  # a job that takes its worker down this often is given up
KEEP_FILES = timedelta(days=7)
log = logging.getLogger("covalue.jobs")


class Cancelled(Exception):
    """Somebody asked to stop; raised inside the kind's function by ``JobHandle.progress``."""


@dataclass
class JobHandle:
    """What a kind's function sees of its row; set ``result``, ``file`` and ``file_name`` on it."""

    house: House
    id: int
    programme_id: int
    made_by: int | None
    territory: str | None
    arguments: Mapping[str, Any]
    result: dict[str, Any] | None = None
    file: bytes | None = None
    file_name: str | None = None
    _beaten: datetime | None = field(default=None, repr=False)

    def progress(self, done: int, total: int) -> None:
        """Say how far it is (written at most once a second). Raises ``Cancelled``."""
        if self._beaten and now() - self._beaten < timedelta(seconds=1) and 0 < done < total:
            return
        self._beaten = now()
        with self.house.database.write() as session:
            cancelled = rows.beat(session, self.id, self._beaten, (done, total))
        if cancelled:
            raise Cancelled

    def actor(self) -> Actor:
        """Who started it, with the rights of now; a command's job has the operator's."""
        with self.house.database.read() as session:
            programme = session.get_one(ProgrammeRow, self.programme_id)
            grants = tuple(Grant(role, NATION) for role in Role)
            if self.made_by is not None:
                active = session.get_one(Account, self.made_by).disabled_at is None
                grants = grants_of(session, self.made_by, self.programme_id) if active else ()
            return Actor(
                programme_id=self.programme_id,
                territories=territories_of(session, self.programme_id),
                grants=grants,
                account_id=self.made_by,
                programme_title=Text.of(programme.title),
                synthetic=programme.synthetic,
                origin="job",
            )

    def input(self) -> bytes:
        """The file that the job was started with."""
        with self.house.database.read() as session:
            return rows.file_of(session, self.id) or b""


KINDS: dict[str, Callable[[House, JobHandle], None]] = {}
VERBS: dict[str, Verb] = {}  # who may fetch the file that a kind makes; no verb: nobody


def start(
    house: House,
    actor: Actor,
    kind: str,
    arguments: dict[str, Any],
    territory: str | None = None,
    *,
    session: Session | None = None,
    file: bytes | None = None,
    request_key: str | None = None,
) -> int:
    """Write the row (in the act's transaction when ``session`` is given); the job's id.

    The caller has checked the permission. The worker is woken once the row is committed. Raises
    ``Unavailable`` where the disk is almost full: what is left is for answers.
    """
    if short_of_room(house.folder):
        raise Unavailable(NO_ROOM)
    if session is None:
        with house.database.write() as own:
            return start(
                house,
                actor,
                kind,
                arguments,
                territory,
                session=own,
                file=file,
                request_key=request_key,
            )
    job = Job(
        programme_id=actor.programme_id,
        kind=kind,
        arguments=arguments,
        territory=territory,
        made_at=now(),
        made_by=actor.account_id,
        file=file,
        request_key=request_key,
    )
    session.add(job)
    session.flush()
    job_id = job.id
    event.listen(session, "after_commit", lambda _session: wake(house.folder, job_id), once=True)
    return job_id


def run(house: House, job_id: int) -> bool:
    """Carry the job out in this thread; False where it was not free to take.

    What goes wrong in the kind's function is written in the row, not raised.
    """
    at = now()
    with house.database.write() as session:
        if not rows.claim(session, job_id, at - SILENT, at):
            return False
        job = session.get_one(Job, job_id)
        session.expunge(job)
    if job.attempts > ATTEMPTS:
        _finish(house, job_id, failure="given_up")
        return True
    if job.cancel_at is not None:
        _finish(house, job_id, file=None)
        return True
    narrowed = house.seen_by(_reach(house, job))
    handle = JobHandle(
        narrowed, job_id, job.programme_id, job.made_by, job.territory, dict(job.arguments)
    )
    with _heart(house, job_id):
        during(Occasion(sitting=f"job-{job_id}"))
        values = _carried_out(narrowed, job.kind, handle)
        during(Occasion())
    _finish(house, job_id, **values)
    log.info(
        "job ended",
        extra={"job": job_id, "outcome": "failed" if values.get("failure") else "done"},
    )
    return True


def _reach(house: House, job: Job) -> Reach:
    """A job sees its programme, or the territory that it is about and all below."""
    if job.territory is None:
        return Reach(job.programme_id)
    with house.database.read() as session:
        places = territories_of(session, job.programme_id).values()
    return Reach(job.programme_id, frozenset(within(places, job.territory)))


def _carried_out(house: House, kind: str, handle: JobHandle) -> dict[str, Any]:
    """Run the kind's function; what to write in the row."""
    try:
        KINDS[kind](house, handle)
    except Cancelled:
        return {"file": None, "cancel_at": now()}
    except CovalueError as error:
        return {"file": None, "failure": error.code, "result": _told(error)}
    except Exception as error:  # the worker outlives every job
        told = {"job": handle.id, "outcome": kind, "kind": type(error).__name__}
        log.error("job failed", extra=told | {"place": last_place(error)})
        return {"file": None, "failure": "failure"}
    return {"result": handle.result, "file": handle.file, "file_name": handle.file_name}


def _told(error: CovalueError) -> dict[str, Any]:
    """A refusal as it is shown later, in the languages it has."""
    told: dict[str, Any] = {"message": error.message.as_dict()}
    if isinstance(error, BadInput):
        told["faults"] = [
            {"place": f.place, "reason": f.reason.as_dict(), "remedy": f.remedy.as_dict()}
            for f in error.faults[:200]
        ]
        told["fault_count"] = len(error.faults)
    return told


def _finish(house: House, job_id: int, **values: Any) -> None:
    """Write how it ended; what was refused or failed is an entry of the log as well."""
    with house.database.write() as session:
        rows.finish(session, job_id, now(), **values)
        if why := values.get("failure"):
            job = session.get_one(Job, job_id)
            faults = (values.get("result") or {}).get("fault_count", 0)
            record(
                session,
                actor=job.made_by,
                origin="job",
                act=Deed.JOB_END,
                outcome="refused",
                programme_id=job.programme_id,
                territory=job.territory,
                thing=f"job:{job_id}",
                details={"kind": job.kind, "why": why, "faults": faults},
            )


def _heart(house: House, job_id: int) -> AbstractContextManager[None]:
    """Signs of life while a kind computes without saying its progress."""

    def beat() -> None:
        try:
            with house.database.write() as session:
                rows.beat(session, job_id, now(), None)
        except Unavailable:  # the next one will do
            log.info("sign of life not written", extra={"job": job_id})

    return in_turns(f"heart of job {job_id}", BEAT, beat)


def sweep(house: House) -> int:
    """Run what the queue lost and what dead workers left; drop old files. How many were run."""
    forget_old(house)
    with house.database.write() as session:
        rows.forget_files(session, now() - KEEP_FILES)
    with house.database.read() as session:
        found = rows.unfinished(session, now() - SILENT)
    return sum(run(house, job_id) for job_id in found)
