"""Figures at an address of their own, and a crowd at the door."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from builders import World
from conftest import SECRET
from flask import Flask
from participants import begin, cells, hidden_fields

from app.settings import Settings
from app.web import crowd
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def served(settings: Settings, catalogues: None) -> Iterator[tuple[str, str, Any]]:
    """A real server with two processes: address of its pages, of its figures, and itself."""
    pages, figures = (f"127.0.0.1:{free_port()}" for _ in range(2))
    environment = {
        "PATH": os.environ["PATH"],
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_HOSTS": "127.0.0.1",
        "COVALUE_DATABASE": settings.database,
        "COVALUE_FOLDER": str(settings.folder),
        "COVALUE_RESERVE": "0",
        "COVALUE_BIND": pages,
        "COVALUE_METRICS": figures,
        "COVALUE_WORKERS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:public"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    booted = 0
    while booted < 2:
        booted += "Booting worker" in process.stderr.readline()
    yield pages, figures, process
    process.kill()
    process.wait()
    process.stderr.close()


def fetched(address: str, path: str, host: str = "") -> tuple[int, str]:
    asked = urllib.request.Request(f"http://{address}{path}", headers={"Host": host or address})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@once
def test_figures_of_all_processes_at_their_own_address_alone(
    served: tuple[str, str, Any],
) -> None:
    pages, figures, process = served
    asked = 12
    assert [fetched(pages, "/health")[0] for _ in range(asked)] == [200] * asked
    status, text = fetched(figures, "/metrics")
    assert status == 200
    found = re.findall(r'covalue_requests_total\{endpoint="health.health",.*\} ([\d.]+)', text)
    assert [float(count) for count in found] == [asked]
    assert "covalue_database_connections" in text
    for path in ("/metrics", "/"):  # whatever a visitor says of the port
        assert "covalue_requests" not in fetched(pages, path, host=figures)[1]
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in process.stderr if line.strip()]
    assert process.wait() == 0
    assert {"at", "level", "logger", "event"} <= set(lines[-1])


@once
def test_in_a_crowd_newcomers_wait_and_who_has_begun_goes_on(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0])
    waiting = 0
    public.extensions[crowd.WAITING] = lambda: waiting
    waiting = crowd.DOOR + 1
    newcomer = Browser(public.test_client())
    refused = newcomer.get("/", status=503)
    assert refused.headers["Retry-After"]
    assert browser.submit({"q-K1": "yes"}, form="/r/K1").address == "/r/K2"
    page = browser.page  # type: ignore[assignment]
    waiting = crowd.FULL + 1
    data = hidden_fields(page) | {"q-K2": ["meals"]}
    answer = browser.client.post("/r/K2", data=data)
    again = browser._arrive(answer, "/r/K2", 503)
    assert again.soup.select_one("input[value=meals][checked]")
    assert hidden_fields(again)["form-key"] == data["form-key"]
    assert browser.client.get("/health").status_code == 200
    waiting = 0
    assert browser.submit(form="/r/K2").address == "/r/K3"
    assert cells(house)["K2"]["v"] == ["meals"]
    assert newcomer.get("/").status == 200
