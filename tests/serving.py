"""The product's own server on a socket that outlives it, and a crowd of participants before it.

For tests and campaigns that kill, starve or restart the server under load. Every participant keeps
a ledger of what was acknowledged (303), and tries again with the same form until it is.
"""

from __future__ import annotations

import html
import http.client
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl, urlencode

from builders import sealing_house, world
from nursery import Child, opened
from participants import document_of
from sqlalchemy import select
from sqlalchemy.engine import URL

from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.schema import upgrade
from app.workflows.acting import House

SECRET = "a secret that is only good for tests"
CLIENTS, ITEMS, PAGES_A_ROUND = 4, 12, 25
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
QUESTIONS = "".join(
    f'      - {{code: Q{n:02}, type: text, text: {{fr: "Q{n}", en: "Q{n}"}}}}\n'
    for n in range(ITEMS)
)
ASKED = f"""
format: covalue/questionnaire/1
code: kills
audience: professional
languages: [fr, en]
title: {{fr: Essai, en: Trial}}
sections:
  - code: one
    title: {{fr: Un, en: One}}
    items:
{QUESTIONS}"""


def children(root: int) -> list[int]:
    """The processes that a process has started and that live."""
    return [int(pid) for pid in Path(f"/proc/{root}/task/{root}/children").read_text().split()]


class Service:
    """A gunicorn of the participants' surface, to be started as often as it is killed."""

    def __init__(self, url: URL, folder: Path, log: BinaryIO | None = None, **more: str) -> None:
        """``log``: file for what it says; ``more``: settings."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self.listener.getsockname()[1])
        self._ends = ExitStack()
        self._nursery = self._ends.enter_context(opened())
        self._log = log or self._ends.enter_context(Path(os.devnull).open("wb"))  # noqa: SIM115 # closed there
        self._environment = {
            "PATH": os.environ["PATH"],
            "COVALUE_SECRET": SECRET,
            "COVALUE_DATABASE": url.render_as_string(hide_password=False),
            "COVALUE_FOLDER": str(folder),
            "COVALUE_RESERVE": "0",
            "COVALUE_HOSTS": "127.0.0.1",
            "COVALUE_WORKERS": "2",
            **more,
        }
        self.process: Child

    def start(self) -> None:
        """Start it; requests wait in the socket meanwhile."""
        self.process = self._nursery.start("public", self.listener, self._log, self._environment)

    def say(self, number: int) -> None:
        """Send a signal to the server's first process."""
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Kill every process of it at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Stop for good."""
        if self.process.runs:
            self.kill()
        self.listener.close()
        self._ends.close()


@dataclass
class Client:
    """A participant's browser that tries again, with the same form, until it is answered."""

    port: int
    stop: threading.Event
    cookies: dict[str, str] = field(default_factory=dict)
    errors: int = 0
    refused: int = 0  # answers with 503
    wrong: list[str] = field(default_factory=list)
    ledger: list[tuple[str, str, str]] = field(default_factory=list)
    pause: float = 0.02
    between: float = 0.0  # seconds to think before a form is sent

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        while not self.stop.is_set():
            try:
                status, to, page = self._once(method, address, body)
            except (OSError, http.client.HTTPException):
                self.errors += 1
                time.sleep(self.pause)
                continue
            if status < 500:
                return status, to, page
            self.refused += 1
            self.wrong += _lost_in(status, address, body, page)
            time.sleep(self.pause)
        raise SystemExit

    def _once(self, method: str, address: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        if answer.status < 500:
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def send(self, address: str, page: str, fields: dict[str, str]) -> tuple[str, str]:
        """Send a form; what was answered with 303 goes to the ledger before anything else."""
        time.sleep(self.between)
        body = urlencode(dict(HIDDEN.findall(page)) | fields)
        status, to, page = self.ask("POST", address, body)
        assert status == 303, (address, status)
        for name, value in fields.items():
            if name.startswith("q-"):
                self.ledger.append((fields["code"], name[2:], value))
        while status == 303:
            address = to
            status, to, page = self.ask("GET", address)
        return address, page


def _lost_in(status: int, address: str, body: str, page: str) -> list[str]:
    """What a failure does not give back of what was sent."""
    if status != 503:
        return [f"{status} at {address.partition('/r/')[1] or address}"]
    shown = html.unescape(page)
    return [
        f"503 without {name.partition('-')[0]}- of the form"
        for name, value in parse_qsl(body)
        if (name.startswith("q-") or name == "form-key") and value not in shown
    ]


def walk(client: Client, code: str) -> None:
    """One participant from the code to the receipt."""
    client.cookies = {"language": "fr"}
    page = client.ask("GET", "/")[2]
    _, page = client.send("/", page, {"code": code})
    address, page = client.send("/accord", page, {"device": "own", "consent": "yes"})
    while address.startswith("/r/") or address == "/appareil":
        if address == "/appareil":  # the answer to the consent was lost, and its cookie with it
            address, page = client.send(address, page, {"device": "own"})
            continue
        item = address[3:]
        address, page = client.send(address, page, {f"q-{item}": f"{code} {item}", "code": code})
    assert address == "/verifier", address
    client.send("/envoyer", page, {})
    client.ledger.append((code, "", ""))


class Crowd:
    """Participants who answer until they are told to stop."""

    def __init__(self, port: int, codes: list[str], clients: int = CLIENTS) -> None:
        self.stop = threading.Event()
        self.clients = [Client(port, self.stop) for _ in range(clients)]
        self.broken: list[BaseException] = []
        self._codes, self._lock = iter(codes), threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(c,)) for c in self.clients]

    def _run(self, client: Client) -> None:
        try:
            while not self.stop.is_set():
                with self._lock:
                    code = next(self._codes)
                walk(client, code)
        except (SystemExit, StopIteration):
            return
        except BaseException as error:
            self.broken.append(error)

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(60)

    @property
    def idle(self) -> bool:
        """Whether nobody answers any more, all codes being used up."""
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def ledger(self) -> list[tuple[str, str, str]]:
        """Person, item and value of every page that was acknowledged so far."""
        return [entry for client in self.clients for entry in list(client.ledger)]

    @property
    def wrong(self) -> list[str]:
        """What participants saw that they must not see."""
        told = [problem for client in self.clients for problem in client.wrong]
        return told + [f"{type(error).__name__}: {error}" for error in self.broken]

    def acknowledged(self, more: int = PAGES_A_ROUND, seconds: float = 60) -> bool:
        """Wait until so many more pages are acknowledged; False where they are not in time."""
        before = sum(len(client.ledger) for client in self.clients)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.broken or self.idle:
                return False
            if sum(len(client.ledger) for client in self.clients) >= before + more:
                return True
            time.sleep(0.02)
        return False


@contextmanager
def answering(
    url: URL,
    folder: Path,
    people: int,
    clients: int = CLIENTS,
    log: BinaryIO | None = None,
    **settings: str,
) -> Iterator[tuple[Service, Crowd, House, list[str]]]:
    """A server and a crowd at work on a new database with so many people invited."""
    house = sealing_house(url, SECRET.encode(), folder)
    upgrade(house.database)
    made = world(house, ASKED, people=people)
    service = Service(url, folder, log, **settings)
    crowd = Crowd(service.port, made.codes, clients)
    try:
        service.start()
        crowd.begin()
        yield service, crowd, house, made.codes
    finally:
        crowd.end()
        service.close()
        house.database.dispose()


def lost(
    house: House,
    codes: list[str],
    ledger: list[tuple[str, str, str]],
    named: Set[str] | None = None,
) -> list[str]:
    """What was acknowledged and is not stored, or is stored twice.

    ``named``: only of the people with these codes; that nobody has two responses, of all.
    """
    named = {code for code, _item, _value in ledger} if named is None else named
    with house.database.read() as session:
        owners = session.scalars(select(Response.participant_id)).all()
        people = session.scalars(select(Participant.id).order_by(Participant.id)).all()
        by_code = dict(zip(codes, people, strict=True))
        asked = [by_code[code] for code in named]
        rows = session.scalars(select(Response).where(Response.participant_id.in_(asked))).all()
    by_person = {row.participant_id: row for row in rows}
    found = [] if len(set(owners)) == len(owners) else ["a person with two responses"]
    stored = {
        code: document_of(house, by_person[by_code[code]])["a"]
        for code in named
        if by_code[code] in by_person
    }
    for code, item, value in ledger:
        if code not in named:
            continue
        if not item and not by_person[by_code[code]].submitted_at:
            found.append("a sending")
        if item and stored.get(code, {}).get(item, {}).get("v") != value:
            found.append(f"an answer to {item}")
    return found
