"""Mutated forms and generated calls of the API: no answer of 5xx, and none that takes two seconds.

A trial of ``mutated-forms`` is 1,000 posts of forms as they stand on the pages of participants and
staff, each changed at random; of ``api-calls``, 80 calls of each operation made by schemathesis
from the API's own document, half of them to things that there are; what comes back must be what the
document says. The same with ``-postgresql`` behind, where text and numbers have other limits.
"""

from __future__ import annotations

import random
import re
import string
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import postgres
from bs4 import BeautifulSoup
from builders import World, world
from flask import Flask
from flask.testing import FlaskClient
from participants import EVERY_KIND
from people import Person, settle, sign_in
from run import Campaign, Outcome

from app.domain.permissions import Role
from app.factory import create_app
from app.protection.keys import Keys
from app.settings import Settings
from app.storage.schema import upgrade
from app.workflows.acting import House

POSTS, CALLS, SLOW = 1000, 80, 2.0
OWEN = Person("Owen", Role.NATIONAL_OWNER, "FR")
NASTY = (
    *(
        "",
        " ",
        "\x00",
        "\r\n\r\n",
        "é" * 3,
        "\ud7ff\ue000",
        "𝔘",
        "\u202e",
        "%00",
        "../../etc/passwd",
    ),
    *("'", '"><script>', "{{7*7}}", "${7*7}", "=1+1", "-1", "0", "1e999", "NaN", "9" * 400),
    *(
        "1970-01-01",
        "2026-02-30",
        "on",
        "null",
        "[]",
        "{}",
        "a.b.c.d",
        "1.self.1.FR",
        ",".join("a" * 500),
    ),
)


class Service:
    """Both surfaces in one process, with an invited person and somebody of the staff."""

    def __init__(self, folder: Path, database: str = "") -> None:
        settings = Settings(
            database=database or f"sqlite:///{folder / 'forms.sqlite'}",
            folder=folder,
            keys=Keys.derive(b"a secret that is only good for tests"),
            public_url="http://localhost",
            office_url="http://localhost",
            hosts=("localhost",),
            secure_cookies=False,
            demonstration=False,
        )
        self.app: Flask = create_app(settings)
        self.house: House = self.app.extensions["covalue"]
        upgrade(self.house.database)
        self.world: World = world(self.house, EVERY_KIND, people=400)
        settle(self.house, OWEN, programme="TEST")
        self.turn = 0

    def participant(self) -> FlaskClient:
        """A browser somewhere on a person's way."""
        self.turn += 1
        client = self.app.test_client()
        client.set_cookie("language", "fr")
        _follow(client, "/", {"code": self.world.codes[self.turn % len(self.world.codes)]})
        _follow(client, "/appareil", {"device": "own"})
        _follow(client, "/qui", {"role": "self"})
        _follow(client, "/accord", {"consent": "yes"})
        return client

    def staff(self) -> FlaskClient:
        """A browser of a national owner."""
        client = self.app.test_client()
        sign_in(client, self.house, OWEN)
        return client


def fields_of(client: FlaskClient, address: str) -> tuple[str, list[tuple[str, str]]]:
    """Where the largest form of a page goes to, and its fields as they stand."""
    soup = BeautifulSoup(
        client.get(address, follow_redirects=True).get_data(as_text=True), "html.parser"
    )
    forms = [f for f in soup.select("form") if str(f.get("method", "")).lower() == "post"]
    if not forms:
        return address, []
    form = max(forms, key=lambda each: len(each.select("[name]")))
    named = form.select("[name]")
    return str(form.get("action") or address), [
        (str(f["name"]), str(f.get("value", ""))) for f in named
    ]


def _follow(client: FlaskClient, address: str, more: dict[str, str]) -> str:
    to, fields = fields_of(client, address)
    hidden = {name: value for name, value in fields if name.startswith(("csrf", "form-"))}
    answer = client.post(to, data=hidden | more)
    return answer.headers.get("Location", to)


def mutated(draw: random.Random, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields with one to four changes; the token stays, or nothing behind it is reached."""
    made = list(fields)
    for _ in range(draw.randint(1, 4)):
        where = draw.randrange(len(made)) if made else 0
        name = made[where][0] if made else "x"
        keep = name == "csrf_token"
        change = draw.randrange(6)
        if change == 0 and made and not keep:
            del made[where]
        elif change == 1 and made:
            made.insert(where, made[where])
        elif change == 2:
            made.append(
                (draw.choice((name, "role", "territory", "q-K1", "form-key")), _nasty(draw))
            )
        elif change == 3 and made and not keep:
            made[where] = (name + draw.choice(string.printable), made[where][1])
        elif made and not keep:
            made[where] = (name, _nasty(draw))
    return made


def _nasty(draw: random.Random) -> str:
    if draw.random() < 0.6:
        return draw.choice(NASTY)
    return "".join(
        chr(draw.choice((32, 60, 0x2028, 0x1F600)) + draw.randrange(60))
        for _ in range(draw.randrange(40))
    )


THERE = {"code": "W1", "job_id": 1, "release_id": 1}  # what paths of the API may name
ENDS = re.compile("sign-out|sessions|close")  # nothing more would be answered behind these
PUBLIC_PAGES = ("/", "/aide", "/retirer", "/r", "/verifier", "/mot", "/pause")


def office_pages(client: FlaskClient) -> tuple[str, ...]:
    """Every page of the office with a form of its own that links lead to; one of each kind."""
    waiting, found, kinds = ["/office/"], [], set()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"=[^&]*|[0-9]+", "", address)
        if kind in kinds or ENDS.search(address):
            continue
        kinds.add(kind)
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype == "text/html":
            soup = BeautifulSoup(answer.get_data(as_text=True), "lxml")
            links = (urljoin(address, str(link["href"])) for link in soup.select("main a[href]"))
            waiting += [link.partition("#")[0] for link in links if link.startswith("/office/")]
            found += [address] if soup.select("main form[method=post]") else []
        answer.close()
    return tuple(found)


@contextmanager
def served(engine: str) -> Iterator[Service]:
    """The service on a new database."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as ends:
        if engine == "sqlite":
            yield Service(Path(name))
            return
        server = ends.enter_context(postgres.running())
        url = server.create("forms").render_as_string(hide_password=False)
        service = Service(Path(name), url)
        yield service
        service.house.database.dispose()


def forms(engine: str, seeds: list[int]) -> Iterator[Outcome]:
    """So many mutated posts a seed."""
    with served(engine) as service:
        for outcome, slow in timed(service, seeds, POSTS):
            yield outcome._replace(found=[*outcome.found, *(f"slow at {to}" for to in slow)])


def some(service: Service, seeds: list[int], count: int) -> Iterator[Outcome]:
    """``count`` mutated posts a seed, whatever time they took."""
    return (outcome for outcome, _slow in timed(service, seeds, count))


def timed(service: Service, seeds: list[int], count: int) -> Iterator[tuple[Outcome, list[str]]]:
    """``count`` mutated posts a seed, and where one took longer than ``SLOW``."""
    for seed in seeds:
        draw, counted, found, slow = random.Random(seed), {"posts": 0}, [], []
        clients = [(service.participant(), PUBLIC_PAGES) for _ in range(5)]
        staff = service.staff()
        clients.append((staff, office_pages(staff)))
        while counted["posts"] < count:
            client, pages = draw.choice(clients)
            to, fields = fields_of(client, draw.choice(pages))
            for _ in range(10):
                begun = time.perf_counter()
                answer = client.post(to, data=_multi(mutated(draw, fields)))
                if time.perf_counter() - begun > SLOW:
                    slow.append(to)
                counted["posts"] += 1
                key = f"answers of {answer.status_code // 100}xx"
                counted[key] = counted.get(key, 0) + 1
                if answer.status_code >= 500:
                    found.append(f"{answer.status_code} at {to}")
        yield Outcome(seed, counted, found), slow


def _multi(fields: list[tuple[str, str]]) -> Any:
    from werkzeug.datastructures import MultiDict

    return MultiDict(fields)


def calls(engine: str, seeds: list[int]) -> Iterator[Outcome]:
    """So many calls of each operation of the API a seed, made by schemathesis from its document."""
    import schemathesis

    with served(engine) as service:
        client = service.staff()
        token = str(client.get("/api/v1/session").get_json()["csrf_token"])
        staff = {
            "cookies": {each.key: each.value for each in client._cookies.values()},
            "headers": {"X-CSRFToken": token},
        }
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", service.app)
        operations = [found.ok() for found in schema.get_all_operations()]
        strategies = [operation.as_strategy() for operation in operations]
        for seed in seeds:
            counted: dict[str, int] = {"cases": 0}
            found: list[str] = []
            for strategy in strategies:
                _call(strategy, seed, staff, counted, found)
            yield Outcome(seed, counted, found)


def _call(
    strategy: Any, seed: int, staff: dict[str, Any], counted: dict[str, int], found: list[str]
) -> None:
    """Call one operation of the API so many times, as somebody of the staff."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi import checks

    held = [checks.response_schema_conformance, checks.content_type_conformance]
    draw = random.Random(seed)

    @seeded(seed)
    @settings(
        max_examples=CALLS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def call(case: Any) -> None:
        if draw.random() < 0.5:
            there = {name: value for name, value in THERE.items() if name in case.path_parameters}
            case.path_parameters = {**case.path_parameters, **there}
        begun = time.perf_counter()
        answer = case.call(**staff)
        slow = time.perf_counter() - begun > SLOW
        counted["cases"] += 1
        key = f"answers of {answer.status_code // 100}xx"
        counted[key] = counted.get(key, 0) + 1
        place = f"at {case.operation.path}"
        if answer.status_code >= 500 or slow:
            found.append(f"{answer.status_code}{' slow' * slow} {place}")
        try:
            case.validate_response(answer, checks=held)
        except FailureGroup as group:
            found.extend(f"{type(each).__name__} {place}" for each in group.exceptions)

    call()


CAMPAIGNS: dict[str, Campaign] = {
    "mutated-forms": Campaign(1_000_000, "posts", partial(forms, "sqlite")),
    "mutated-forms-postgresql": Campaign(100_000, "posts", partial(forms, "postgresql")),
    "api-calls": Campaign(100_000, "cases", partial(calls, "sqlite")),
    "api-calls-postgresql": Campaign(20_000, "cases", partial(calls, "postgresql")),
}
