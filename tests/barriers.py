"""Every page of the staff in a real browser, as who needs it otherwise: ``make barriers``.

At 320 px, French and English by turns, in a programme with work of every kind under way: what
axe-core finds (A, AA, 2.2 AA, good practice, contrast of 7 to 1), what is wider than the screen,
headings, and the way of the Tab key through the page and out of it, with what it stands on seen.
Each page is a line with its faults; 1 where there is one. Words after the command choose pages by
parts of their names.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import people
from chromium import NAMES, WIDER
from conftest import SECRET
from evaluated import evaluate
from every_route import Call
from matrix import barriers, serving
from playwright.sync_api import Error, sync_playwright
from staffed import BEFORE, HALF, LEADS, OWN, PEOPLE, REFUSALS, WAVE, office, pages, staffed

from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows import signing_in

# At each stop of the keyboard: what it is, and whether people see it.
WATCH = """() => {
  document.activeElement?.blur();
  scrollTo(0, 0);
  window.stops = new Set();
  window.unseen = [];
  window.left = false;
  addEventListener('keyup', () => {
    const e = document.activeElement;
    if (!e || e === document.body) { window.left = true; return; }
    if (window.stops.has(e)) return;
    window.stops.add(e);
    const b = e.getBoundingClientRect(), style = getComputedStyle(e);
    const from = Math.max(b.top, 0), to = Math.min(b.bottom, innerHeight);
    const x = b.left + Math.min(b.width, innerWidth) / 2, y = (from + to) / 2;
    const top = document.elementFromPoint(x, y), said = e.outerHTML.slice(0, 100);
    if (to <= from) window.unseen.push('out of view: ' + said);
    else if (!top || !(e.contains(top) || top.contains(e) || e.labels?.[0]?.contains(top)))
      window.unseen.push('covered: ' + said);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3;
    if (!ring && !e.matches('iframe'))
      window.unseen.push('no ring: ' + said);
  });
}"""
# What the keyboard has to reach; of choices that belong together the browser picks one.
REACHED = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]):not([type=radio]), select, textarea,'
    + ' summary, [tabindex="0"]';
  const missed = [...document.querySelectorAll(wanted)].filter(
    e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && !window.stops.has(e));
  return {
    stops: window.stops.size, left: window.left, unseen: window.unseen,
    missed: missed.map(e => e.outerHTML.slice(0, 100)),
  };
}"""
CHUNK = 25  # presses of a key between two looks
MOST = 1500  # presses on one page


def by_keyboard(page: Any) -> Iterator[str]:
    """What is wrong on the way of the Tab key through the page and out of it."""
    page.evaluate(WATCH)
    for _ in range(0, MOST, CHUNK):
        for _ in range(CHUNK):
            page.keyboard.press("Tab")
        found = page.evaluate(REACHED)
        if found["left"] and not found["missed"]:
            break
    yield from found["unseen"]
    if not found["left"]:
        yield f"the keyboard does not leave the page after {found['stops']} stops"
    yield from (f"no stop of the keyboard: {missed}" for missed in found["missed"])


def looked_at(page: Any, call: Call) -> Iterator[str]:
    """Open the page; every fault that it has. A file is none."""
    try:
        answer = page.goto(call.address)
    except Error as file:
        if "Download is starting" not in str(file):
            raise
        return
    if answer.status != REFUSALS.get(call.endpoint, 200):
        yield f"answered with {answer.status}"
    elif LEADS.get(call.endpoint, call.address) not in page.url:
        yield f"led to {page.url}"
    elif answer.headers["content-type"].startswith("text/html"):
        if page.locator("h1").count() != 1:
            yield f"{page.locator('h1').count()} headings of the first level"
        if page.evaluate(WIDER):
            yield "wider than 320 px"
        yield from barriers(page)
        yield from by_keyboard(page)


def window(browser: Any, address: str, secret: str, language: str) -> Any:
    """A window of somebody with this session; empty: of nobody."""
    locale = {"fr": "fr-FR", "en": "en-GB"}[language]
    size = {"width": 320, "height": 800}
    context = browser.new_context(base_url=address, locale=locale, viewport=size)
    context.set_default_timeout(90_000)
    if secret:
        context.add_cookies([{"name": "staff", "value": secret, "url": address}])
    return context.new_page()


def main(wanted: list[str]) -> int:
    """Look at every page whose name has one of the words in it, at all without a word."""
    wrong = 0
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        empty = folder / "empty.sqlite"
        database = Database(f"sqlite:///{empty}")
        upgrade(database)
        database.dispose()
        (folder / "own").mkdir()
        there = evaluate(empty, folder / "own", SECRET)
        path = next((found for name in NAMES if (found := shutil.which(name))), None)
        made, browser = staffed(there), playwright.chromium.launch(executable_path=path)
        app = office(there)
        with serving(app) as found:
            address = found.replace("127.0.0.1", "localhost")  # the host that it answers for
            inside = {}
            for (language, person), code in zip(PEOPLE.items(), made.trial_codes, strict=True):
                secret = people.session_of(made.house, person.email)
                inside[language] = window(browser, address, secret, language)
                inside[language].goto("/office/trial/")
                inside[language].fill("input[name=code]", code)
                inside[language].locator("main button").first.click()
                inside[language].goto(f"/office/waves/{WAVE}/reason")
                inside[language].locator("input[name=why]").first.check()
                inside[language].locator("main button").first.click()
            nobody = window(browser, address, "", "fr")
            person = PEOPLE["fr"]
            first = signing_in.sign_in(made.house, person.email, people.PASSWORD, "192.0.2.1")
            half = window(browser, address, first.secret, "fr")
            for number, call in enumerate(pages(app, made)):
                if wanted and not any(word in call.endpoint for word in wanted):
                    continue
                language = "fr" if call.endpoint in OWN else ("fr", "en")[number % 2]
                page = nobody if call.endpoint in BEFORE else inside[language]
                page = half if call.endpoint == HALF else page
                faults = list(looked_at(page, call))
                wrong += len(faults)
                sys.stdout.write(f"{call.endpoint}: {'; '.join(faults) or 'nothing'}\n")
                sys.stdout.flush()
        browser.close()
    sys.stdout.write(f"{wrong} found\n")
    return min(wrong, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
