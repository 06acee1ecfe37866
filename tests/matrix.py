"""What a question page is held to in a real browser: barriers, sizes, reflow, focus, media.

Everything here is measured on the page as it is drawn. The scripts run over the browser's own
channel, so the page's content policy stands as for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import axe_playwright_python
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# A and AA of every version, what is good practice, targets, and contrast of 7 to 1 (which holds the
# lower one of AA in it).
RULES = """{
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: {'target-size': {enabled: true}, 'color-contrast': {enabled: false},
          'color-contrast-enhanced': {enabled: CONTRAST}},
  resultTypes: ['violations', 'incomplete'], preload: false, iframes: false,
}"""
HEARD = ".map(rule => rule.id + ': ' + rule.nodes[0].html.slice(0, 120))"
# On a participant's page what axe could not decide counts as well: nothing there is such that a
# person must look. On staff's there is: signs that stand for shares, lines that head a group.
TOLD = f"found.violations.concat(found.incomplete){HEARD}"
SURE = f"found.violations{HEARD}"
RUN_AXE = f"() => axe.run(document, {RULES.replace('CONTRAST', 'true')}).then(found => {SURE})"

# Smaller than a finger, rows lower than 64 px or closer than 8, a page wider than the screen,
# words cut off. A link inside a sentence is as high as its line.
SIZES = """() => {
  const bad = [], box = e => e.getBoundingClientRect();
  const within = e => getComputedStyle(e).display === 'inline'
    && e.parentElement.textContent.trim().length > e.textContent.trim().length;
  const pressed = 'a[href], button, summary, .option, input[type=text], textarea';
  for (const e of document.querySelectorAll(pressed)) {
    const b = box(e);
    if (!b.width || e.matches('.skip') || (e.matches('a') && within(e))) continue;
    const least = e.matches('.option, main button:not(.link)') ? 64 : 44;
    if (b.height < least - 0.5 || b.width < 43.5)
      bad.push('small: ' + e.outerHTML.slice(0, 80) + ' ' + b.width + 'x' + b.height);
  }
  for (const list of document.querySelectorAll('.options')) {
    const rows = [...list.querySelectorAll('.option')].map(box);
    rows.slice(1).forEach((b, i) => {
      if (b.top - rows[i].bottom < 8) bad.push('rows too close');
    });
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) bad.push('wider than the screen: ' + root.scrollWidth);
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e);
    if (style.overflow !== 'visible' && !e.matches('.hidden, textarea, input')
        && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1))
      bad.push('cut off: ' + e.outerHTML.slice(0, 80));
  }
  return bad;
}"""

# Another page in the window that is open: style sheet and axe stay, which saves most of the time.
PUT_AND_LOOK = f"""async ([html, address, contrast]) => {{
  const text = address ? await (await fetch(address)).text() : html;
  const put = new DOMParser().parseFromString(text, 'text/html');
  for (const name of ['lang', 'class'])
    document.documentElement.setAttribute(name, put.documentElement.getAttribute(name) || '');
  document.title = put.title;
  document.body.replaceWith(document.adoptNode(put.body));
  scrollTo(0, 0);
  const found = await axe.run(document, {RULES.replace("CONTRAST", "contrast")});
  return {TOLD}.concat(({SIZES})());
}}"""

# The spacing that people may set (WCAG 1.4.12), and text twice as large (1.4.4).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
TWICE = "() => { document.documentElement.style.fontSize = '200%'; }"

# Where the keyboard stands: a name for it, and whether people see it.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const b = e.getBoundingClientRect(), style = getComputedStyle(e), faults = [];
  const x = b.left + Math.min(b.width / 2, innerWidth / 2), y = b.top + Math.min(b.height / 2, 200);
  const seen = document.elementFromPoint(x, y);
  const low = b.bottom > innerHeight + 1 && b.height < innerHeight;
  if (b.top < -1 || low) faults.push('out of view');
  if (!seen || !(e.contains(seen) || seen.contains(e))) faults.push('covered');
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 3) faults.push('no ring');
  const words = (e.getAttribute('href') || e.value || e.innerText).trim();
  const name = e.matches('input[type=text], textarea') ? e.name
    : e.matches('input') ? e.name + '=' + e.value : e.tagName === 'SUMMARY' ? 'summary'
    : e.matches('button') ? (e.name ? e.name + '=' + e.value : 'button') : words;
  return {name, faults};
}"""

# What keeps its edge where the system chooses the colours.
EDGES = """() => {
  const bad = [];
  const edged = '.option, input[type=text], textarea, main button:not(.link)';
  for (const e of document.querySelectorAll(edged)) {
    const s = getComputedStyle(e);
    if (s.borderTopStyle !== 'solid' || parseFloat(s.borderTopWidth) < 1
        || s.borderTopColor === s.backgroundColor)
      bad.push('no edge: ' + e.outerHTML.slice(0, 80));
  }
  for (const e of document.querySelectorAll('.option:has(:checked)'))
    if (getComputedStyle(e).outlineStyle === 'none') bad.push('not seen as chosen: ' + e.innerText);
  return bad;
}"""
PRINTED = """() => [
  ...document.querySelectorAll('header.top, footer.foot, nav.back, button, .skip')
].filter(e => e.getBoundingClientRect().height > 0).map(e => e.outerHTML.slice(0, 80))"""


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Requests of a test are nobody's log."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind a real socket of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def barriers(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands: rule, and where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE)
    return found


class Glass:
    """A window in which page after page is looked at, without loading anything again."""

    def __init__(self, page: Any) -> None:
        page.goto("/aide")
        page.evaluate(AXE)
        self.page = page

    def faults(self, html: str = "", *, at: str = "", contrast: bool = True) -> list[str]:
        """Barriers and sizes of this page, or of the one at this address.

        Contrast hangs on the style alone: one language and one width are enough for it.
        """
        found: list[str] = self.page.evaluate(PUT_AND_LOOK, [html, at, contrast])
        return found


def stops(page: Any) -> tuple[list[str], list[str]]:
    """Where Tab leads from the top of the page to its end, and what is wrong at each stop."""
    names: list[str] = []
    faults: list[str] = []
    while len(names) < 80:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or (names and found["name"] == names[0]):
            break
        names.append(found["name"])
        faults += [f"{found['name']}: {fault}" for fault in found["faults"]]
    return names, faults
