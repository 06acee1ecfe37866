"""Five hundred hostile texts in every field of the office that takes words.

A trial of ``hostile-texts`` sends each field a twenty-fifth of them, so that in all trials every
field meets every text. Found is: an answer of 5xx; something on a page that would run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import postgres
from evaluated import evaluate
from every_form import Office
from extra_fields import grounded
from hostile_office import ALL, TOGETHER, send_texts
from run import Campaign, Outcome
from sqlalchemy.engine import make_url

from app.storage.database import Database
from app.storage.schema import TABLES

TURNS = len(ALL) // TOGETHER


def trials(seeds: list[int]) -> Iterator[Outcome]:
    """One turn a seed, each on a copy of one evaluated programme."""
    with tempfile.TemporaryDirectory() as name:
        empty, first = Path(name, "empty.sqlite"), Path(name, "first")
        made = Database(make_url(f"sqlite:///{empty}"))
        with made.engine.execution_options(covalue_writes=True).begin() as connection:
            TABLES.create_all(connection)
        made.dispose()
        first.mkdir()
        evaluated = evaluate(empty, first, b"a secret that is only good for trials")
        for seed in seeds:
            with grounded(_nowhere) as ground:
                done = send_texts(Office(evaluated.copied(Path(name, str(seed))), ground), seed)
            counted = {"turns": 1, "fields": len(done.fields), "pages": done.pages + done.answers}
            yield Outcome(seed, counted, done.found)


def _nowhere() -> postgres.Server:
    raise AssertionError("this campaign is on SQLite")


CAMPAIGNS = {"hostile-texts": Campaign(TURNS, "turns", trials)}
