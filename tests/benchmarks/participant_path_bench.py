"""What one complete participant costs the server, against the same requests to an empty Flask view.

``python tests/benchmarks/run.py participant_path``. The workload of the comparison with peers
(workload.yaml: 30 questions on 6 pages, 66 values), walked through gunicorn by a small client:
code, consent, six pages, check, sending. Every page is one durable commit. CPU is user and
system time of the server's processes (and of the database's), from /proc; the client's is not in.
"""

from __future__ import annotations

import gzip
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import postgres
from builders import world
from sqlalchemy.engine import URL, make_url

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Kind, Page, Questionnaire
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House

HERE = Path(__file__).parent
SECRET = "b" * 32
WARM = 40  # participants before it counts, so that every process has made its pages
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ON = re.compile(r'class="button" href="([^"]+)"')
TICK = os.sysconf("SC_CLK_TCK")
Asked = tuple[str, str, str, dict[str, str]]  # method, address, body, headers
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DURABLE = "-c shared_buffers=128MB"


def cpu_of(root: int) -> float:
    """CPU seconds of a process, its children and those of them that ended."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            rest = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(rest[1]), []).append(int(folder.name))
        spent[int(folder.name)] = sum(map(int, rest[11:15])) / TICK
    found, open_ = 0.0, [root]
    while open_:
        process = open_.pop()
        found += spent.get(process, 0.0)
        open_ += parents.get(process, [])
    return found


@contextmanager
def serving(target: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A gunicorn with the product's own configuration; its port and its process."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", target],
            env=os.environ
            | environment
            | {"COVALUE_BIND": f"fd://{listener.fileno()}", "COVALUE_WORKERS": "2"},
            pass_fds=[listener.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            with socket.create_connection(("127.0.0.1", port)) as first:
                # come before gunicorn took the socket over, it would send in two parts with 40 ms
                # between them: an own connection waits for the start, and the measured ones do not
                first.sendall(b"GET /health HTTP/1.0\r\n\r\n")
                while first.recv(4096):
                    continue
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


@dataclass
class Walker:
    """One participant: a connection, cookies, and how many requests were made."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, int, int]] = field(default_factory=list)  # size as served, packed
    asked: list[Asked] = field(default_factory=list)
    weighs: bool = False
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= FORM if body else {}
        self.asked.append((method, address, body, headers))
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        sent = answer.read()
        head = len(str(answer.headers).encode()) + len(b"HTTP/1.1 200 OK\r\n")
        small = len(gzip.compress(sent, 5)) if sent and self.weighs else len(sent)
        self.seen.append((method, address, head + len(sent), head + small))
        page = sent.decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def send(self, address: str, page: str, fields: dict[str, object]) -> tuple[str, str]:
        """Send a form and follow where it leads: address and page."""
        status, to, text = self.ask(
            "POST", address, urlencode(dict(HIDDEN.findall(page)) | fields, doseq=True)
        )
        if status != 303:
            raise SystemExit(f"{address}: {status}\n{text[:600]}")
        while status == 303:
            address = to
            status, to, text = self.ask("GET", address)
        return address, text


def typed(page: Page, draw: random.Random, token: str) -> dict[str, object]:
    """What somebody at random types on a page."""
    fields: dict[str, object] = {}
    for question in page.questions:
        codes = [option.code for option in question.options]
        for item in question.item_codes:
            if question.kind is Kind.CHOICES:
                fields[f"q-{item}"] = [code for code in codes if draw.random() < 0.4]
            elif codes:
                fields[f"q-{item}"] = draw.choice(codes)
            elif question.kind is Kind.NUMBER:
                fields[f"q-{item}"] = str(draw.randint(16, 20))
            else:
                words = 24 if question.kind is Kind.LONG_TEXT else 3
                fields[f"q-{item}"] = f"{token} " + "word " * words
    return fields


def walk(port: int, code: str, asked: Questionnaire, walker: Walker | None = None) -> int:
    """One complete participant; how many requests it took."""
    walker = walker or Walker(port, cookies={"language": "fr"})
    draw = random.Random(code)
    page = walker.ask("GET", "/")[2]
    _, page = walker.send("/", page, {"code": code})
    address, page = walker.send("/accord", page, {"device": "own", "consent": "yes"})
    while address.startswith(("/r/", "/parties", "/partie/")):
        if not address.startswith("/r/"):  # a part ends: on with the next one
            address = ON.findall(page)[0]
            page = walker.ask("GET", address)[2]
            continue
        fields = typed(asked.page_by_code[address[3:]], draw, code)
        address, page = walker.send(address, page, fields)
    address, page = walker.send("/envoyer", page, {})
    if address != "/recu" or f"R{chr(32)}" not in page:
        raise SystemExit(f"no receipt at {address}")
    walker.connection.close()
    return len(walker.seen)


def again(port: int, requests: list[Asked]) -> int:
    """The same requests to the empty view: methods, addresses, cookies and forms."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for request in requests:
        connection.request(*request)
        connection.getresponse().read()
    connection.close()
    return len(requests)


def measured(port: int, pid: int, tasks: list[object], run: object, extra: int = 0) -> tuple:  # type: ignore[type-arg]
    """Requests of all, seconds, CPU seconds of the server and of the database."""
    server, database, begun = cpu_of(pid), cpu_of(extra) if extra else 0.0, time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        requests = sum(pool.map(lambda task: run(port, task), tasks))  # type: ignore[operator]
    elapsed = time.perf_counter() - begun
    return (
        requests,
        elapsed,
        cpu_of(pid) - server,
        (cpu_of(extra) - database) if extra else 0.0,
    )


def compare(name: str, url: URL, folder: Path, people: int, database_pid: int = 0) -> None:
    """Walk so many participants and as many empty requests, and print the ratio."""
    house = House(Database(url), Keys.derive(SECRET.encode()), folder)
    upgrade(house.database)
    asked = read_questionnaire((HERE / "workload.yaml").read_text())
    made = world(house, asked, people=people + WARM)
    house.database.dispose()
    environment = {
        "COVALUE_DATABASE": url.render_as_string(hide_password=False),
        "COVALUE_SECRET": SECRET,
        "COVALUE_FOLDER": str(folder),
        "COVALUE_RESERVE": "0",
        "COVALUE_HOSTS": "127.0.0.1",
        "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}",
    }

    walkers: dict[str, Walker] = {}

    def one(port: int, code: str) -> int:
        walkers[code] = Walker(port, cookies={"language": "fr"})
        return walk(port, code, asked, walkers[code])

    with serving("wsgi:public", environment) as (port, pid):
        measured(port, pid, made.codes[:WARM], one)  # warm: pages are made once in each process
        total, elapsed, cpu, database = measured(port, pid, made.codes[WARM:], one, database_pid)
    with serving("empty:app", environment) as (port, pid):
        measured(port, pid, [walkers[code].asked for code in made.codes[:WARM]], again)
        turns = [walkers[code].asked for code in made.codes[WARM:]]
        _, _, empty, _ = measured(port, pid, turns, again)
    mine, least = 1000 * cpu / people, 1000 * empty / people
    beside = 1000 * database / people
    sys.stdout.write(
        f"{name}: {people / elapsed:.1f} participants/s (client included; LimeSurvey at best 5.5), "
        f"{total // people} requests each\n"
        f"  server CPU {mine:.1f} ms a participant, database {beside:.1f} ms "
        f"(LimeSurvey tuned 290 to 380); the same requests to an empty view {least:.1f} ms; "
        f"ratio {mine / least:.2f}, with the database {(mine + beside) / least:.2f}\n"
    )


def main(people: int) -> None:
    """SQLite, then PostgreSQL with every safety on."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        compare("SQLite", make_url(f"sqlite:///{path / 'x.sqlite'}"), path, people)
    with tempfile.TemporaryDirectory() as name, postgres.running(DURABLE) as server:
        pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        compare("PostgreSQL", server.create("bench"), Path(name), people, pid)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
