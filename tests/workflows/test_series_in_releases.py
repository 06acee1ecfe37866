"""A series from its entry to the evaluator's page, and the moments' check from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from evaluated import EVALUATOR, Evaluated

from app.domain.series import SeriesValue
from app.evaluation.tables import What
from app.factory import create_app
from app.settings import from_environment
from app.storage.published import published
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, make_release, verify_release
from app.workflows.series import enter


@pytest.fixture
def there(evaluated: Evaluated, tmp_path: Path) -> Evaluated:
    return evaluated.copied(tmp_path / "own")


def value(where: str, numerator: float, denominator: float) -> SeriesValue:
    year = (date(2025, 1, 1), date(2025, 12, 31))
    return SeriesValue("PPS_1000", where, *year, numerator, denominator, "ANAP, 2025")


def test_a_series_is_frozen_with_the_cut_and_stands_beside_the_scores(
    there: Evaluated, catalogues: None
) -> None:
    house = there.house()
    actor = operator(house, "DEMO")
    enter(house, actor, [("2", value("MAY", 600, 33000)), ("3", value("BDX", 79, 16000))])
    number = make_release(house, actor, make_cut(house, actor, 1))
    assert number != there.release_id
    seen = published(house.database, 1, number)
    assert seen is not None
    here = seen.table.one("MAY", None, What.LEDGER, "PPS_1000")
    nation = seen.table.one("FR", None, What.LEDGER, "PPS_1000")
    assert here is not None
    assert nation is not None
    assert here.value == pytest.approx(1000 * 600 / 33000)
    assert nation.value == pytest.approx(1000 * 679 / 49000)
    assert nation.flags == ("register", "without:VAL")
    enter(house, actor, [("2", value("MAY", 900, 33000))])  # after the cut
    assert verify_release(house, actor, number)["figures"] is True
    browser = there.browser(EVALUATOR)
    words = browser.get(f"/office/results/{number}/territories/MAY").words
    assert "registre, sans erreur d’échantillonnage" in words
    assert "1er janvier 2025 – 31 décembre 2025. ANAP, 2025" in words
    assert "série administrative non saisie" in words  # the others stay without a value


def test_evaluate_verify_says_what_it_read_and_compared(there: Evaluated) -> None:
    app = create_app(from_environment(there.environment), "office")
    found = app.test_cli_runner().invoke(args=["evaluate", "verify", "V1"])
    assert found.exit_code == 0, found.output
    assert "responses read again" in found.output
    assert "largest relative difference" in found.output
