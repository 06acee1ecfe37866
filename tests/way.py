"""Somebody who goes from page to page in a real browser without script, and looks at each."""

from __future__ import annotations

from typing import Any

from matrix import Glass


class Way:
    """Goes from page to page and looks at each."""

    def __init__(self, page: Any, glass: Any) -> None:
        self.page = page
        self.glass = Glass(glass)  # axe needs a script: it looks at the page in another window
        self.seen: list[str] = []

    def look(self, heading: str) -> None:
        """This page has this heading, keeps nobody out, and everything on it can be pressed."""
        found = " ".join(self.page.inner_text("h1").split())
        assert heading in found, found
        assert self.glass.faults(self.page.content()) == [], found
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
    return context.new_page(), glass
