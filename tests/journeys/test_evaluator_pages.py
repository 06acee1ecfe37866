"""Every page of an evaluator, and the coordinator's page of weights, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chromium import barriers
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from matrix import serving

from app.factory import create_app
from app.settings import from_environment

pytestmark = pytest.mark.journey

WIDTHS = (1280, 360)
RESULTS = (
    "", "/compare", "/cross", "/cross?framework=MAY", "/robustness", "/indicators",
    "/indicators/OUT1", "/comparability", "/coproduction", "/audiences", "/territories/MAY",
    "/weights", "/methods", "/downloads",
)  # fmt: skip


def signed_in(page: Any, address: str, there: Evaluated, email: str) -> None:
    page.goto(f"{address}/office/sign-in")
    page.fill("input[type=email], input[name=email]", email)
    page.fill("input[type=password]", there.passwords[email])
    page.click("main button")


def looked_at(page: Any, address: str, name: str, folder: Path) -> None:
    """The page keeps nobody out, and fits, on a wide screen and on a small one."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert barriers(page) == [], (address, width)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, (address, width)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def test_no_page_of_results_keeps_anybody_out(
    evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    app = create_app(from_environment(evaluated.environment), "both")
    with serving(app) as address:
        visit = chromium.new_context(locale="fr-FR").new_page()
        signed_in(visit, address, evaluated, EVALUATOR)
        for rest in RESULTS:
            name = rest.strip("/").replace("/", "-").replace("?", "-") or "overview"
            looked_at(visit, f"{address}/office/results/1{rest}", name, tmp_path)


def test_the_page_of_weights_keeps_no_coordinator_out(
    evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    app = create_app(from_environment(there.environment), "both")
    with serving(app) as address:
        visit = chromium.new_context(locale="fr-FR").new_page()
        signed_in(visit, address, there, COORDINATOR)
        page = f"{address}/office/waves/1/weighting"
        visit.goto(page)
        visit.fill("#margin", "ESEX")
        visit.fill("#category", "woman")
        visit.fill("#count", "24000")
        visit.fill("#source", "INSEE, recensement 2022")
        visit.fill("#dated", "2022-01-01")
        visit.click("text=Saisir l’effectif >> visible=true >> nth=-1")
        visit.wait_for_selector("text=L’effectif est saisi")
        looked_at(visit, page, "weighting", tmp_path)
