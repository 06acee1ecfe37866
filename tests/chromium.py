"""A real server on the test's database, and a real browser in front of it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SECRET
from nursery import Nursery, opened
from sqlalchemy.engine import URL

PATIENCE = 90_000  # milliseconds: a busy machine is no finding
WIDER = "() => document.documentElement.scrollWidth > innerWidth"
# The same browser without a desktop's shell around it takes a third of the time; any will do.
# A microphone that hums, allowed without asking.
DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def nursery(catalogues: None) -> Iterator[Nursery]:
    """Where the servers of the journeys come from."""
    with opened() as made:
        yield made


@pytest.fixture
def server(database_url: URL, nursery: Nursery, tmp_path: Path) -> Iterator[str]:
    """Address of a real server with both surfaces, on the same database as ``house``."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_DATABASE": database_url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(tmp_path),
        "COVALUE_RESERVE": "0",
        "COVALUE_PUBLIC_URL": address,
        "COVALUE_OFFICE_URL": address,
        "COVALUE_HOSTS": "127.0.0.1,localhost",
        "COVALUE_WORKERS": "1",
    }
    log = (tmp_path / "server.log").open("wb")
    with listener, log:
        child = nursery.start("app", listener, log, environment)
        yield address
        child.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of this machine, or Playwright's own; none: skipped loudly, in CI a failure."""
    from playwright.sync_api import Error, sync_playwright

    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=DEVICES)
        except Error:
            if os.environ.get("CI") == "true":
                pytest.fail("no browser: .ci/run has to install chromium")
            pytest.skip("NO BROWSER ON THIS MACHINE: the journeys did not run; install chromium")
        make = browser.new_context

        def patient(**options: Any) -> Any:
            context = make(**options)
            context.set_default_timeout(PATIENCE)
            return context

        browser.new_context = patient
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Any, server: str) -> Iterator[Any]:
    """A page of a fresh French browser at the server; any error of script or console fails."""
    context = chromium.new_context(base_url=server, locale="fr-FR", timezone_id="Europe/Paris")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda sent: _from_elsewhere(errors, sent.url, server))
    page.on("console", lambda said: errors.append(said.text) if "Refused" in said.text else None)
    yield page
    context.close()
    assert not errors, errors


def _from_elsewhere(errors: list[str], address: str, server: str) -> None:
    if not address.startswith((server, "data:")):
        errors.append(f"asked elsewhere: {address}")


def barriers(page: Any) -> list[str]:
    """What axe-core finds on the page that keeps people out: rule, and where."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]


def looked_at(page: Any, name: str) -> None:
    """Nobody is kept out, at any width; a picture where one is asked for."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert barriers(page) == [], (name, width)
        assert not page.evaluate(WIDER), (name, width)
        if shots := os.environ.get("COVALUE_SHOTS"):
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
