"""Two hundred identical sendings at once, for each of five hundred responses: one is stored.

A trial is ten people who have answered everything; two hundred times each, by sixteen threads and
in an order drawn with the seed, the same last form is sent. Every answer is the same receipt.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builders import sealing_house, world
from kills import database
from run import Campaign, Outcome
from serving import SECRET
from sqlalchemy import func, select

from app.domain.acceptance import Submitted
from app.domain.errors import Unavailable
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.audit import AuditEntry
from app.storage.responses import Response
from app.storage.schema import upgrade
from app.workflows.acting import House
from app.workflows.collect import Sent, answer_page
from app.workflows.entering import begin
from app.workflows.leaving import receipt_code
from app.workflows.sending import submit
from app.workflows.standing import standing

PEOPLE, TIMES, THREADS = 10, 200, 16
ASKED = """
format: covalue/questionnaire/1
code: sent
audience: professional
languages: [fr, en]
title: {fr: Essai, en: Trial}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - {code: A, type: text, text: {fr: A, en: A}}
"""


def trials(engine: str) -> Callable[[list[int]], Iterator[Outcome]]:
    """Ten responses a seed, all in one database."""

    def run(seeds: list[int]) -> Iterator[Outcome]:
        with tempfile.TemporaryDirectory() as name, database(engine, Path(name)) as (url, _server):
            house = sealing_house(url, SECRET.encode(), Path(name))
            upgrade(house.database)
            made = world(house, ASKED, people=PEOPLE * len(seeds))
            for turn, seed in enumerate(seeds):
                codes = made.codes[turn * PEOPLE : (turn + 1) * PEOPLE]
                yield _trial(seed, house, codes, (turn + 1) * PEOPLE)
            house.database.dispose()

    return run


def _trial(seed: int, house: House, codes: list[str], sent_so_far: int) -> Outcome:
    secrets = [_answered(house, code) for code in codes]
    order = secrets * TIMES
    random.Random(seed).shuffle(order)

    def send(secret: str) -> tuple[str, str | None]:
        while True:
            try:
                submit(house, secret, f"last {secret}")
                return secret, receipt_code(house, standing(house, secret, sent=True))
            except Unavailable:  # a page with 503 that keeps the answers: sent again
                continue

    with ThreadPoolExecutor(THREADS) as pool:
        receipts = list(pool.map(send, order))
    found = []
    if len(set(receipts)) != PEOPLE or not all(receipt for _secret, receipt in receipts):
        found.append("receipts of one response differ")
    with house.database.read() as session:
        stored = session.scalar(
            select(func.count()).select_from(Response).where(Response.submitted_at.is_not(None))
        )
        acts = session.scalar(select(func.count()).where(AuditEntry.act == "response.submit"))
    if (stored, acts) != (sent_so_far, sent_so_far):
        found.append("a sending stored twice, or not")
    return Outcome(seed, {"responses": PEOPLE, "receipts": len(receipts)}, found)


def _answered(house: House, code: str) -> str:
    secret = begin(house, digest(house.keys.lookup, code), Sitting(notice="1"))
    sent = Sent({"A": Submitted(("one",))}, {"A": ""}, f"page {secret}")
    answer_page(house, standing(house, secret, sent.key), "A", sent)
    return secret


CAMPAIGNS = {
    "sendings-sqlite": Campaign(250, "responses", trials("sqlite")),
    "sendings-postgresql": Campaign(250, "responses", trials("postgresql")),
}
