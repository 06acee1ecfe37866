"""Somebody who goes from page to page in a real browser without script, and looks at each."""

from __future__ import annotations

from typing import Any

from chromium import barriers

# What is smaller than a finger, or wider than the screen; links inside a sentence are exempt.
SIZES = """() => {
  const bad = [], box = e => e.getBoundingClientRect();
  for (const e of document.querySelectorAll('a[href], button, summary, .option')) {
    const b = box(e);
    if (!b.width || e.closest('.skip') || e.matches('p a, li a, .skip')) continue;
    const least = e.matches('.option, main button:not(.link)') ? 64 : 44;
    if (b.height < least - 0.5 || b.width < 43.5)
      bad.push(e.outerHTML.slice(0, 80) + ' ' + b.width + 'x' + b.height);
  }
  const rows = [...document.querySelectorAll('.option')].map(box);
  rows.slice(1).forEach((b, i) => { if (b.top - rows[i].bottom < 8) bad.push('rows too close'); });
  if (document.documentElement.scrollWidth > innerWidth) bad.push('wider than the screen');
  return bad;
}"""


class Way:
    """Goes from page to page and looks at each."""

    def __init__(self, page: Any, glass: Any) -> None:
        self.page = page
        self.glass = glass  # axe needs a script: it looks at the same page in another window
        self.seen: list[str] = []

    def look(self, heading: str) -> None:
        """This page has this heading, keeps nobody out, and everything on it can be pressed."""
        found = " ".join(self.page.inner_text("h1").split())
        assert heading in found, found
        self.glass.set_content(self.page.content())
        assert barriers(self.glass) == [], found
        assert self.page.evaluate(SIZES) == [], found
        self.seen.append(found)

    def choose(self, *rows: str) -> None:
        for row in rows:
            self.page.click(f'label.option:has-text("{row}")')

    def follow(self, heading: str, link: str) -> None:
        self.page.click(f'main a:has-text("{link}")')
        self.look(heading)

    def go(self, heading: str, button: str = "Enregistrer et continuer") -> None:
        self.page.click(f'main button:has-text("{button}")')
        self.look(heading)


def enter(way: Way, code: str) -> None:
    way.page.goto("/")
    way.look("Votre avis améliore")
    way.page.fill("#code", " ".join((code[:4], code[4:8], code[8:])))
    way.page.click("main button")


def two_windows(chromium: Any, server: str, width: int = 360) -> tuple[Any, Any]:
    """A page without script, and a window for axe, which needs one; with their contexts open."""
    view = {"width": width, "height": 740}
    context = chromium.new_context(
        base_url=server, locale="fr-FR", viewport=view, java_script_enabled=False
    )
    glass = chromium.new_context(base_url=server, viewport=view).new_page()
    glass.goto("/aide")
    return context.new_page(), glass
