"""A sample that is large, or that a program sends, brought in as a job: it may read for minutes.

The file waits sealed beside the database (``uploads``); the job knows its token alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.csv_reading import open_csv
from app.interchange.sample_csv import COLUMNS, NEEDED, sample_lines
from app.interchange.sample_table import as_sample
from app.protection.keys import digest
from app.storage.jobs import by_request, one_of_account
from app.storage.scratch import scratch
from app.workflows import jobs, uploads
from app.workflows.acting import Actor, House, require
from app.workflows.jobs import JobHandle
from app.workflows.sample import taking_people
from app.workflows.sample_import import Progress, SampleReport, import_sample, preview_sample
from app.workflows.waves import places

KIND = "sample"


def purpose(wave_id: int) -> str:
    """What a file kept for a job of this wave is kept for."""
    return f"sample job:{wave_id}"


def start_sample(
    house: House,
    actor: Actor,
    wave_id: int,
    content: bytes | BinaryIO,
    mapping: Mapping[str, str],
    *,
    dry_run: bool,
    request_key: str = "",
    said: bytes = b"",
    listed: bool = False,
) -> int:
    """Start an import as a job; its id. ``mapping`` as for ``as_sample``; empty: our own columns.

    ``request_key``: of a program's request. The same one again, with the same ``said``, gives the
    job that it began; with another, ``Conflict``. Raises ``NotAllowed``, ``NotFound``.
    """
    if not actor.scope(Verb.SAMPLE_IMPORT):
        require(house, actor, Verb.SAMPLE_IMPORT)
    key = digest(house.keys.lookup, f"request {request_key}").hex() if request_key else None
    same = digest(house.keys.lookup, f"{wave_id} {dry_run} {said.hex()}").hex()
    with house.database.read() as session:
        taking_people(session, actor, wave_id, lock=False)
        begun = by_request(session, actor.account_id, key) if key else None
        if begun is not None:
            if begun.arguments.get("said") != same:
                raise Conflict(_ANOTHER)
            return begun.id
    token = uploads.keep(house, actor, purpose(wave_id), content)
    arguments: dict[str, Any] = {
        "wave": wave_id,
        "dry_run": dry_run,
        "mapping": dict(mapping),
        "token": token,
        "said": same,
        "listed": listed,
    }
    return jobs.start(house, actor, KIND, arguments, request_key=key)


def import_checked(house: House, actor: Actor, wave_id: int, job_id: int) -> int:
    """Start the import of the file that this account's job has looked through; the new job's id.

    Raises ``NotFound`` where there is no such job, ``NotAllowed``.
    """
    if not actor.scope(Verb.SAMPLE_IMPORT):
        require(house, actor, Verb.SAMPLE_IMPORT)
    with house.database.read() as session:
        checked = one_of_account(session, actor.programme_id, actor.account_id, job_id)
        result = {} if checked is None else checked.result or {}
        if checked is None or checked.kind != KIND or result.get("wave") != wave_id:
            raise NotFound
        arguments = dict(checked.arguments) | {"dry_run": False}
    return jobs.start(house, actor, KIND, arguments)


_ANOTHER = Text.of(
    fr="Cette clé de requête a déjà servi pour un autre contenu.",
    en="This request key was used for other content already.",
)


def bring_file(
    house: House,
    actor: Actor,
    wave_id: int,
    file: BinaryIO,
    *,
    dry_run: bool,
    progress: Progress = lambda _read: None,
) -> tuple[SampleReport, tuple[Text, ...]]:
    """Import a CSV file with our columns, or say what that would do; the report and warnings.

    Raises what ``import_sample`` does.
    """
    act = preview_sample if dry_run else import_sample
    there = places(house, actor, wave_id)
    with open_csv(file, COLUMNS, NEEDED) as opened, scratch() as seen:
        scope = actor.scope(Verb.SAMPLE_IMPORT)
        rows = sample_lines(opened, there, scope, seen.first)
        return act(house, actor, wave_id, rows, progress), opened.warnings


def run_sample(house: House, job: JobHandle) -> None:
    """The job: the import, with the rights that its account has now."""
    actor, wave_id = job.actor(), int(job.arguments["wave"])
    dry_run, token = bool(job.arguments["dry_run"]), str(job.arguments["token"])
    with (
        uploads.opened(house, actor, purpose(wave_id), token) as sent,
        _ours(house, sent, job.arguments["mapping"]) as file,
    ):
        total = max(_lines(file), 1)
        job.progress(0, total)
        report, warnings = bring_file(
            house,
            actor,
            wave_id,
            file,
            dry_run=dry_run,
            progress=lambda read: job.progress(min(read, total), total),
        )
    if not dry_run:
        uploads.forget(house, token)
    job.result = _told(report, job, [warning.as_dict() for warning in warnings])


@contextmanager
def _ours(house: House, sent: BinaryIO, mapping: Mapping[str, str]) -> Iterator[BinaryIO]:
    """The file with our columns."""
    if not mapping:
        yield sent
        return
    with tempfile.TemporaryFile(dir=house.folder) as made:
        as_sample(sent, mapping, made)
        yield made


def _lines(file: BinaryIO) -> int:
    """How many lines a file has; it stands at its beginning again."""
    count = 0
    while piece := file.read(uploads.PIECE):
        count += piece.count(b"\n")
    file.seek(0)
    return count


def _told(report: SampleReport, job: JobHandle, warnings: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "wave": job.arguments["wave"],
        "dry_run": job.arguments["dry_run"],
        "new": report.new,
        "same": report.same,
        "twice": report.twice,
        "before": report.before,
        "by_place": report.places,
        "warnings": warnings,
    }


jobs.KINDS[KIND] = run_sample
