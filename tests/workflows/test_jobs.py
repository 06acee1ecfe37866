"""Jobs: started with the act, run once, cancelled, failed, found again, fetched once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import collection
import people
import programme
import pytest
from sqlalchemy import select, update

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.logs import Lines
from app.settings import Settings
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.jobs import Job
from app.workflows import account_care, jobs, opening_results, own_jobs
from app.workflows.acting import Actor, House
from app.workflows.jobs import JobHandle
from app.workflows.letters import start_letters
from app.workflows.queue import FILE
from app.workflows.sample import issue_codes


@pytest.fixture
def actor(house: House, tmp_path: Path) -> Actor:
    programme.loaded(house, tmp_path / "files")
    return collection.operator(house)


@pytest.fixture
def ran() -> Iterator[list[int]]:
    """Kinds for these tests: what they do is said by the job's arguments."""
    seen: list[int] = []

    def work(house: House, job: JobHandle) -> None:
        seen.append(job.id)
        if job.arguments.get("refuse"):
            raise BadInput([Fault("3 weight", Text.of(fr="Non", en="No"), Text.of(fr="Si"))])
        if job.arguments.get("break"):
            raise RuntimeError("with something secret in it")
        if job.arguments.get("cancel_itself"):
            own_jobs.cancel(house, job.actor(), job.id)
        for done in range(3):
            job.progress(done, 2)
        job.result, job.file, job.file_name = {"answer": 42}, b"paper", "paper.pdf"

    jobs.KINDS["test"], jobs.VERBS["test"] = work, Verb.LETTERS_PRINT
    yield seen
    del jobs.KINDS["test"], jobs.VERBS["test"]


def test_a_job_runs_once_and_its_file_is_fetched_once(
    house: House, actor: Actor, ran: list[int]
) -> None:
    job_id = jobs.start(house, actor, "test", {})
    assert own_jobs.one(house, actor, job_id).state == "waiting"
    assert jobs.run(house, job_id)
    assert not jobs.run(house, job_id)
    assert ran == [job_id]
    seen = own_jobs.one(house, actor, job_id)
    assert (seen.state, seen.done, seen.total) == ("done", 2, 2)
    assert seen.result == {"answer": 42}
    assert own_jobs.take_file(house, actor, job_id) == ("paper.pdf", b"paper")
    assert own_jobs.one(house, actor, job_id).file_name is None
    with pytest.raises(Conflict):
        own_jobs.take_file(house, actor, job_id)


def test_a_job_is_of_who_started_it(house: House, actor: Actor, ran: list[int]) -> None:
    people.settle(house, people.MAYA, people.BASILE)
    maya, basile = people.acting(house, people.MAYA), people.acting(house, people.BASILE)
    job_id = jobs.start(house, maya, "test", {}, "MAY")
    jobs.run(house, job_id)
    for stranger in (basile, actor):
        for act in (own_jobs.one, own_jobs.cancel, own_jobs.take_file):
            with pytest.raises(NotFound):
                act(house, stranger, job_id)
        assert not own_jobs.mine(house, stranger)
    assert [job.id for job in own_jobs.mine(house, maya)] == [job_id]


def test_a_row_that_is_rolled_back_never_runs(house: House, actor: Actor, ran: list[int]) -> None:
    def broken() -> None:
        with house.database.write() as session:
            jobs.start(house, actor, "test", {}, session=session)
            raise ValueError("the act failed")

    with pytest.raises(ValueError, match="the act failed"):
        broken()
    assert jobs.sweep(house) == 0
    assert not (house.folder / FILE).exists()


def test_a_lost_queue_entry_and_a_dead_worker_are_found_by_the_sweep(
    house: House, actor: Actor, ran: list[int]
) -> None:
    (house.folder / FILE).mkdir()  # the queue cannot be written
    lost = jobs.start(house, actor, "test", {})
    alive = jobs.start(house, actor, "test", {})
    dead = jobs.start(house, actor, "test", {})
    moment = now()
    _set(house, alive, started_at=moment, beat_at=moment)
    _set(house, dead, started_at=moment, beat_at=moment - 2 * jobs.SILENT, attempts=1)
    assert jobs.sweep(house) == 2
    assert ran == [lost, dead]
    assert own_jobs.one(house, actor, alive).state == "running"


def test_a_job_that_kills_its_worker_is_given_up(
    house: House, actor: Actor, ran: list[int]
) -> None:
    job_id = jobs.start(house, actor, "test", {})
    old = now() - 2 * jobs.SILENT
    _set(house, job_id, started_at=old, beat_at=old, attempts=jobs.ATTEMPTS)
    jobs.sweep(house)
    assert not ran
    assert own_jobs.one(house, actor, job_id).failure == "given_up"


def test_a_refusal_is_kept_in_words_and_a_failure_without_its_values(
    house: House, actor: Actor, ran: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    refused = jobs.start(house, actor, "test", {"refuse": True}, file=b"input")
    broken = jobs.start(house, actor, "test", {"break": True})
    assert jobs.sweep(house) == 2
    seen = own_jobs.one(house, actor, refused)
    assert (seen.state, seen.failure) == ("failed", "bad_input")
    assert seen.result["faults"][0]["place"] == "3 weight"
    assert own_jobs.one(house, actor, broken).failure == "failure"
    told = [record for record in caplog.records if record.msg == "job failed"]
    assert [record.__dict__["kind"] for record in told] == ["RuntimeError"]
    assert not any("secret" in Lines().format(record) for record in caplog.records)
    with house.database.read() as session:
        ended = select(AuditEntry).where(AuditEntry.act == "job.end").order_by(AuditEntry.id)
        entries = session.scalars(ended).all()
    assert [(each.thing, each.outcome, each.details) for each in entries] == [
        (f"job:{refused}", "refused", {"kind": "test", "why": "bad_input", "faults": 1}),
        (f"job:{broken}", "refused", {"kind": "test", "why": "failure", "faults": 0}),
    ]
    assert {each.actor for each in entries} == {actor.account_id}


def test_cancelling_before_and_while_it_runs(house: House, actor: Actor, ran: list[int]) -> None:
    before = jobs.start(house, actor, "test", {}, file=b"input")
    own_jobs.cancel(house, actor, before)
    during = jobs.start(house, actor, "test", {"cancel_itself": True})
    jobs.sweep(house)
    assert ran == [during]
    assert [job.state for job in own_jobs.mine(house, actor)] == ["cancelled", "cancelled"]
    with house.database.read() as session:
        assert session.get_one(Job, before).file is None
        assert session.get_one(Job, during).file is None


def test_files_are_dropped_after_a_week(house: House, actor: Actor, ran: list[int]) -> None:
    job_id = jobs.start(house, actor, "test", {})
    jobs.run(house, job_id)
    _set(house, job_id, finished_at=now() - jobs.KEEP_FILES - timedelta(hours=1))
    jobs.sweep(house)
    assert own_jobs.one(house, actor, job_id).file_name is None


def test_a_job_has_the_rights_that_its_account_has_now(
    house: House, actor: Actor, ran: list[int]
) -> None:
    people.settle(house, people.MAYA)
    maya = people.acting(house, people.MAYA)
    assert maya.account_id is not None
    handle = JobHandle(house, 1, maya.programme_id, maya.account_id, None, {})
    assert handle.actor().scope(Verb.SAMPLE_IMPORT) == {"MAY"}
    account_care.disable(house, actor, maya.account_id)
    assert not handle.actor().scope(Verb.SAMPLE_IMPORT)
    assert replace(handle, made_by=None).actor().may(Verb.WAVE_OPEN)


def test_the_real_worker_is_woken_works_and_stops_when_told(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    first = start_letters(house, actor, wave_id, "MAY")
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi:office", "worker"],
        cwd=Path(__file__).parents[2],
        env=_surroundings(settings),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stderr is not None
        told = json.loads(worker.stderr.readline())  # found by the sweep at its start
        assert (told["event"], told["job"], told["outcome"]) == ("job ended", first, "done")
        second = start_letters(house, actor, wave_id, "BDX")
        assert json.loads(worker.stderr.readline())["job"] == second  # woken by the queue
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    finally:
        worker.kill()
        worker.wait()
        if worker.stderr is not None:
            worker.stderr.close()
    assert [job.state for job in own_jobs.mine(house, actor)] == ["done", "done"]


@pytest.mark.parametrize("surface", ["app", "office"])
def test_the_worker_knows_how_to_draw_public_pages_whatever_it_was_started_with(
    house: House, actor: Actor, settings: Settings, surface: str
) -> None:
    job = jobs.start(house, actor, opening_results.KIND, {"release": 999})
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", f"wsgi:{surface}", "worker", "--once"],
        cwd=Path(__file__).parents[2],
        env=_surroundings(settings),
        check=True,
        capture_output=True,
    )
    assert own_jobs.one(house, actor, job).failure == NotFound.code


def _surroundings(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "COVALUE_DATABASE": settings.database,
        "COVALUE_FOLDER": str(settings.folder),
        "COVALUE_RESERVE": "0",
        "COVALUE_SECRET": "a secret that is only good for tests",
        "COVALUE_HOSTS": "localhost",
        "PYTHONUNBUFFERED": "1",
    }


def _set(house: House, job_id: int, **values: object) -> None:
    with house.database.write() as session:
        session.execute(update(Job).where(Job.id == job_id).values(**values))
