"""``flask worker``: the second process, which carries long work out."""

from __future__ import annotations

import importlib
import logging.config
import os
import pkgutil
import time
from dataclasses import replace
from functools import partial

import click

from app import workflows
from app.cli.entry import served
from app.protection.logs import LOGGING
from app.storage.database import Database
from app.storage.limits import WORK
from app.storage.row_security import EVERYTHING
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.counting import count_due
from app.workflows.erasing import clear_copies, keep_tombstones
from app.workflows.expiring import tell_ending
from app.workflows.field_warning import warn_today
from app.workflows.looks_drawn import tell_looks
from app.workflows.mailing import queue_due
from app.workflows.posting import send_waiting, sending
from app.workflows.provisional import every_days, start_due
from app.workflows.queue import consumer
from app.workflows.retaining import put_aside
from app.workflows.sealing_audit import seal, sealing
from app.workflows.trials import forget_old
from app.workflows.watching_audit import verify_hourly
from app.workflows.watching_clock import Clock, clock_behind
from app.workflows.watching_disk import watch_disk
from app.workflows.watching_guesses import watch_guesses
from app.workflows.watching_starts import note_start


@click.command("worker")
@click.option("--once", is_flag=True, help="Run what is waiting, then stop.")
def worker(once: bool) -> None:
    """Carry out long work (letters, imports, releases) until told to stop."""
    for found in pkgutil.iter_modules(workflows.__path__, "app.workflows."):
        importlib.import_module(found.name)  # each registers the kinds of work that it knows
    logging.config.dictConfig(LOGGING)
    given = served()
    database = Database(
        given.database.url, within=WORK, sealing=given.database.sealing, reserve=given.reserve
    )
    whole = replace(given, database=database)
    house = whole.seen_by(EVERYTHING)  # each job then sees its own territories only
    try:
        if seconds := clock_behind(house):
            raise click.ClickException(
                f"This machine's clock is {seconds:.0f} s behind the audit log. Set it right."
            )
        note_start(house, "worker", os.environ)
        _work(house, once)
    finally:
        whole.database.dispose()


def _work(house: House, once: bool) -> None:
    if once:
        seal(house)
        click.echo(jobs.sweep(house))
        queue_due(house)
        tell_ending(house)
        send_waiting(house)
        return
    verify_hourly(house, anew=True)
    clock = Clock()
    with sealing(house), sending(house):
        sweep = partial(_sweep, house, clock)
        consumer(house.folder, lambda job_id: jobs.run(house, job_id), sweep).run()


def _sweep(house: House, clock: Clock) -> None:
    """Once a minute: was the clock set, jobs left, copies of answers erased, large samples counted;
    once an hour: does the audit log hold; once a day: what collections need a look."""
    clock.look(house, time.time(), time.monotonic())
    jobs.sweep(house)
    keep_tombstones(house)
    clear_copies(house)
    watch_guesses(house)
    watch_disk(house)
    tell_looks(house)
    verify_hourly(house)
    put_aside(house)
    queue_due(house)
    tell_ending(house)
    forget_old(house)
    start_due(house, every_days())
    count_due(house)
    warn_today(house)
