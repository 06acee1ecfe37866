"""What a participant was told is saved is saved, whatever happens to the server."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import postgres
import pytest
from builders import world
from conftest import SECRET
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url

from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.participants import Participant
from app.storage.responses import Response, unpack
from app.storage.schema import upgrade
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]
KILLS, CLIENTS, PEOPLE, ITEMS, PAGES_A_ROUND = 10, 4, 400, 12, 25
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


@dataclass
class Client:
    """A participant's browser that tries again, with the same form, until it is answered."""

    port: int
    stop: threading.Event
    cookies: dict[str, str]
    errors: int = 0
    ledger: list[tuple[str, str, str]] = field(default_factory=list)

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        while not self.stop.is_set():
            try:
                return self._once(method, address, body)
            except (OSError, http.client.HTTPException):
                self.errors += 1
                time.sleep(0.02)
        raise SystemExit

    def _once(self, method: str, address: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 500:
            raise OSError(answer.status)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def send(self, address: str, page: str, fields: dict[str, str]) -> tuple[str, str]:
        """Send a form; what was answered with 303 goes to the ledger before anything else."""
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


def walk(client: Client, code: str) -> None:
    """One participant from the code to the receipt."""
    client.cookies = {"language": "fr"}
    page = client.ask("GET", "/")[2]
    _, page = client.send("/", page, {"code": code})
    _, page = client.send("/appareil", page, {"device": "own"})
    address, page = client.send("/accord", page, {"consent": "yes"})
    while address.startswith("/r/"):
        item = address[3:]
        address, page = client.send(address, page, {f"q-{item}": f"{code} {item}", "code": code})
    assert address == "/verifier", address
    client.send("/envoyer", page, {})
    client.ledger.append((code, "", ""))


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A database with every safety on, unlike the other tests' PostgreSQL."""
    if request.param == "sqlite":
        yield make_url(f"sqlite:///{tmp_path / 'kills.sqlite'}")
        return
    with postgres.running("-c fsync=on") as server:
        yield server.create("kills")


@pytest.mark.full
def test_ten_kills_lose_nothing_that_was_acknowledged(
    durable_url: URL, catalogues: None, tmp_path: Path
) -> None:
    house = House(Database(durable_url), Keys.derive(SECRET), tmp_path)
    upgrade(house.database)
    made = world(house, ASKED, people=PEOPLE)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    port, stop = listener.getsockname()[1], threading.Event()
    waiting = iter(made.codes)
    lock = threading.Lock()
    clients = [Client(port, stop, {}) for _ in range(CLIENTS)]
    broken: list[BaseException] = []

    def run(client: Client) -> None:
        try:
            while not stop.is_set():
                with lock:
                    code = next(waiting)
                walk(client, code)
        except (SystemExit, StopIteration):
            return
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    with listener:
        server = _start(listener, durable_url, tmp_path)
        for thread in threads:
            thread.start()
        for turn in range(KILLS):
            _under_load(clients, broken)
            time.sleep(0.05 * turn)  # another place in the work each time
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            server = _start(listener, durable_url, tmp_path)
        _under_load(clients, broken)
        stop.set()
        for thread in threads:
            thread.join(30)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    assert not broken, broken
    _reconcile(house, made.codes, [entry for client in clients for entry in client.ledger])
    house.database.dispose()


def _under_load(clients: list[Client], broken: list[BaseException]) -> None:
    """Wait until this server has acknowledged pages of every client's; give up after 20 s."""
    before = sum(len(client.ledger) for client in clients)
    for _ in range(400):
        if broken or sum(len(client.ledger) for client in clients) >= before + PAGES_A_ROUND:
            return
        time.sleep(0.05)


def _start(listener: socket.socket, url: URL, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_DATABASE": url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(folder),
        "COVALUE_HOSTS": "127.0.0.1",
        "COVALUE_BIND": f"fd://{listener.fileno()}",
        "COVALUE_WORKERS": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:public"],
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )


def _reconcile(house: House, codes: list[str], ledger: list[tuple[str, str, str]]) -> None:
    with house.database.read() as session:
        rows = session.scalars(select(Response)).all()
        people = session.scalars(select(Participant.id).order_by(Participant.id)).all()
    by_code = dict(zip(codes, people, strict=True))
    assert len({row.participant_id for row in rows}) == len(rows)
    by_person = {row.participant_id: row for row in rows}
    pages = [entry for entry in ledger if entry[1]]
    sent = [entry for entry in ledger if not entry[1]]
    assert len(pages) > 200, "too few pages to prove anything"
    stored = {
        code: unpack(by_person[person].body)["a"]
        for code, person in by_code.items()
        if person in by_person
    }
    lost = [(code, item) for code, item, value in pages if stored[code][item]["v"] != value]
    assert not lost
    assert all(by_person[by_code[code]].submitted_at for code, _, _ in sent)
