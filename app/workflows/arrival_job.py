"""The import of completed responses as a job: it may read for minutes."""

from __future__ import annotations

import io
from dataclasses import asdict

from app.domain.permissions import Verb
from app.workflows import jobs
from app.workflows.acting import Actor, House, require
from app.workflows.arrivals import import_responses, open_wave_row
from app.workflows.jobs import JobHandle

KIND = "responses"


def start_import(house: House, actor: Actor, wave_id: int, content: bytes, *, dry_run: bool) -> int:
    """Start an import as a job; its id. The file is kept with the job until it ends."""
    scope = actor.scope(Verb.RESPONSES_IMPORT)
    if not scope:
        require(house, actor, Verb.RESPONSES_IMPORT)
    with house.database.read() as session:
        open_wave_row(session, actor, wave_id)
    arguments = {"wave": wave_id, "dry_run": dry_run}
    return jobs.start(house, actor, KIND, arguments, file=content)


def run_import(house: House, job: JobHandle) -> None:
    """The job: the import, with the rights that its account has now."""
    content = job.input()
    total = max(content.count(b"\n"), 1)
    report = import_responses(
        house,
        job.actor(),
        int(job.arguments["wave"]),
        io.BytesIO(content),
        dry_run=bool(job.arguments["dry_run"]),
        progress=lambda read: job.progress(min(read, total), total),
    )
    job.result = asdict(report)


jobs.KINDS[KIND] = run_import
