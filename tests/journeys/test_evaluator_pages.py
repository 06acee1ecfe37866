"""Pages of results, and the coordinator's page of weights, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from matrix import barriers, serving

from app.factory import create_app
from app.settings import from_environment

pytestmark = pytest.mark.journey

WIDTHS = (1280, 360)
RESULTS = (
    "", "/compare", "/cross", "/cross?framework=MAY", "/robustness", "/indicators",
    "/indicators/OUT1", "/comparability", "/coproduction", "/audiences", "/territories/MAY",
    "/weights", "/methods", "/downloads", "/glance", "/quality", "/state",
)  # fmt: skip
PAGES = {
    EVALUATOR: tuple(f"/office/results/1{rest}" for rest in RESULTS),
    COORDINATOR: ("/office/waves/1/weighting",),
}


@pytest.mark.parametrize("who", PAGES)
def test_no_page_keeps_anybody_out(
    who: str, evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    app = create_app(from_environment(there.environment), "both")
    kept = there.browser(who).client._cookies.values()
    context = chromium.new_context(locale="fr-FR")
    context.add_cookies(
        [
            {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"}
            for each in kept
        ]
    )
    page = context.new_page()
    with serving(app) as found:
        address = found.replace("127.0.0.1", "localhost")  # the host that it answers for
        for number, rest in enumerate(PAGES[who]):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(address + rest)
                assert page.url == address + rest
                assert page.locator("h1").count() == 1, rest
                assert barriers(page) == [], (rest, width)
                overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert overflow <= 0, (rest, width)
                page.screenshot(path=tmp_path / f"{number}-{width}.png", full_page=True)
    context.close()
