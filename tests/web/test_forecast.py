"""The forecast: what a release would show, from counts alone."""

from __future__ import annotations

import csv
import io

from browser import Browser
from evaluated import COORDINATOR, EVALUATOR, Evaluated

from app.evaluation.tables import What


def test_where_the_forecast_says_too_few_the_release_shows_nothing(
    evaluated: Evaluated, catalogues: None
) -> None:
    browser: Browser = evaluated.browser(EVALUATOR)
    releases = browser.get("/office/results")
    assert releases.soup.select("a[href$='/forecast/1']")
    page = browser.get("/office/results/forecast/1")
    content = browser.client.get("/office/results/forecast/1/csv").data.decode()
    lines = list(csv.DictReader(io.StringIO(content)))
    assert len(page.soup.select("tbody tr")) == len(lines) == 9
    seen = evaluated.seen()
    shown = {
        (each.territory, each.audience)
        for each in seen.table.of(What.COMPONENT)
        if each.shown and each.territory != "FR"
    }
    audiences = {
        "personnes âgées": "elderly",
        "proches": "family",
        "professionnels": "professional",
    }
    found = {(line["territory"], audiences[line["audience"]]): line for line in lines}
    enough = {key for key, line in found.items() if line["needed"] == "0"}
    assert shown <= enough
    few = found["VAL", "family"]
    assert few["state"] == "hors d’atteinte"
    assert int(few["answers"]) + int(few["needed"]) == 11
    assert few["indicators"]
    assert int(few["groups"]) > 0
    assert not found["VAL", "elderly"]["groups"], "no breakdown of elderly people is declared"


def test_a_coordinator_reads_the_pace_of_answers_that_came(
    evaluated: Evaluated, catalogues: None
) -> None:
    page = evaluated.browser(COORDINATOR).get("/office/waves/1/forecast")
    assert "Semaine par semaine" in page.words
    assert page.soup.select("svg rect")
