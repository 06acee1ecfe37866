"""The queue that wakes the worker: huey in a small file of the data folder, carrying ids only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from huey import SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer

FILE = "queue.sqlite"
log = logging.getLogger("covalue.jobs")


class _Json(Serializer):  # type: ignore[misc] # huey has no types
    """Messages as JSON: whoever can write to the queue cannot make the worker run code."""

    def _serialize(self, data: Any) -> bytes:
        return orjson.dumps(data._asdict())

    def _deserialize(self, data: bytes) -> Any:
        return Message(**orjson.loads(data))


def _queue(folder: Path) -> SqliteHuey:
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(
        "covalue", filename=str(folder / FILE), results=False, serializer=_Json(), timeout=2
    )


@lru_cache(maxsize=8)
def _sender(folder: Path) -> Callable[[int], object]:
    return _tasks(_queue(folder), id)  # only the worker carries tasks out


def _tasks(queue: SqliteHuey, run: Callable[[int], object]) -> Callable[[int], object]:
    def job(job_id: int) -> None:
        run(job_id)

    sender: Callable[[int], object] = queue.task(name="job")(job)
    return sender


def wake(folder: Path, job_id: int) -> None:
    """Put the id in the queue. A queue that cannot be written is no failure: the sweep finds it."""
    try:
        _sender(folder)(job_id)
    except Exception as error:  # whatever is wrong with the file, the row stands
        told = {"kind": type(error).__name__, "job": job_id}
        log.warning("queue not written, the sweep will find the job", extra=told)


def consumer(folder: Path, run: Callable[[int], object], sweep: Callable[[], object]) -> Any:
    """The worker's loop: one thread runs jobs; a sweep at its start and every minute.

    SIGTERM lets the running job end for 30 seconds; what is cut off is found by a later sweep.
    """
    queue = _queue(folder)
    _tasks(queue, run)

    def minutely() -> None:
        sweep()

    queue.periodic_task(crontab(minute="*"), name="sweep")(minutely)
    queue.on_startup(name="sweep")(sweep)
    return queue.create_consumer(
        workers=1,
        worker_type="thread",
        max_delay=1.0,
        graceful_signal="TERM",
        shutdown_timeout=30,
    )
