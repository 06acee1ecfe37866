"""Take the pictures of the documentation again: ``make screenshots``.

A throw-away demonstration is made, served by the real server, and walked through by a real browser
as the people of the pictures would; what is written to docs/screenshots/ is what they saw.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "screenshots"
PHONE = {"width": 412, "height": 839}
DESK = {"width": 1280, "height": 1100}
TERRITORY = "MAY"
PATIENCE = 120_000  # milliseconds
# The page of a job asks for itself again until the work is done.
MADE = r"() => [...document.querySelectorAll('main a')].some(a => /results\/\d+/.test(a.pathname))"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """A filled demonstration behind a server; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environment = os.environ | {
        "COVALUE_SECRET": "only for pictures, thrown away after",
        "COVALUE_FOLDER": str(folder),
        "COVALUE_DEMONSTRATION": "1",
        "COVALUE_PUBLIC_URL": address,
        "COVALUE_OFFICE_URL": address,
        "COVALUE_BIND": f"fd://{listener.fileno()}",
        "COVALUE_WORKERS": "1",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi:app"]
    for step in (["database", "upgrade"], ["programme", "load", "--synthetic"], ["demo", "fill"]):
        subprocess.run([*flask, *step], cwd=ROOT, env=environment, check=True)
    server = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:app"]
    options = {"cwd": ROOT, "env": environment, "pass_fds": [listener.fileno()]}
    worker = [*flask, "worker"]
    with (
        listener,
        subprocess.Popen(server, **options) as serving,
        subprocess.Popen(worker, cwd=ROOT, env=environment) as working,
    ):
        try:
            yield address
        finally:  # else a picture that fails would wait for them for ever
            working.terminate()
            serving.terminate()


def answered(page: Page, code: str) -> None:
    """Come in with a code and answer up to the third question."""
    page.goto("/")
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    questions = 0
    while questions < 3:
        if "/r/" in page.url:
            questions += 1
        if questions < 3:
            _step(page)
    page.locator("input[type=radio], input[type=checkbox]").first.check(force=True)
    picture(page, "question")


def _step(page: Page) -> None:
    groups = page.eval_on_selector_all(
        "input[type=radio]", "all => [...new Set(all.map(one => one.name))]"
    )
    for name in groups:
        page.locator(f'input[type=radio][name="{name}"]').first.check(force=True)
    page.locator("main form button:not(.link)").first.click()


def signed_in(browser: Browser, address: str, email: str, password: str) -> Page:
    """A page of somebody of the staff."""
    page = browser.new_context(base_url=address, locale="fr-FR", viewport=DESK).new_page()
    page.goto("/office/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()
    return page


def drafted(page: Page) -> None:
    """Change the wording of one question and look at what that means before publishing."""
    page.goto("/office/questionnaires")
    first = page.locator('a[href^="/office/questionnaires/"]').first.get_attribute("href") or ""
    number = re.search(r"\d+", first)
    page.goto(f"/office/questionnaires/drafts/new?from={number.group() if number else 1}")
    area = page.locator("textarea[name=text]")
    area.fill(area.input_value().replace("Où vivez-vous", "Où habitez-vous"))
    page.locator("main form button").first.click()
    picture(page, "draft")


def released(page: Page) -> None:
    """Look at the release of the demonstration, which is made where there is none."""
    if (number := _release(page)) is None:
        page.locator("main form[action*=make] button").first.click()
        page.wait_for_function(MADE, timeout=600_000)
        number = _release(page)
    for name, place in (("territory", f"territories/{TERRITORY}"), ("compare", "compare")):
        answer = page.goto(f"/office/results/{number}/{place}")
        if answer is None or not answer.ok:
            raise SystemExit(f"no page to take a picture of: {place} of release {number}")
        picture(page, name)


def _release(page: Page) -> str | None:
    page.goto("/office/results")
    links = page.eval_on_selector_all("main a", "all => all.map(one => one.pathname)")
    found = (re.match(r"/office/results/(\d+)", link) for link in links)
    return next((each.group(1) for each in found if each), None)


def picture(page: Page, name: str) -> None:
    """Keep what the window shows."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Take all pictures."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with tempfile.TemporaryDirectory() as name, demonstration(Path(name)) as address:
        shown = json.loads((Path(name) / "demonstration.json").read_text())
        staff = {
            email.partition("@")[0]: (email, password) for _, email, password in shown["staff"]
        }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, env=os.environ | {"LANGUAGE": "fr"}
            )
            phone = browser.new_context(base_url=address, locale="fr-FR", viewport=PHONE)
            phone.set_default_timeout(PATIENCE)  # the server has only begun to start
            answered(phone.new_page(), shown["codes"]["elderly"])
            drafted(signed_in(browser, address, *staff["nationale"]))
            released(signed_in(browser, address, *staff["evaluation"]))
            browser.close()


if __name__ == "__main__":
    main()
