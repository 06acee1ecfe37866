"""Where answers were imported without a sample, evaluators read that there is no response rate."""

from __future__ import annotations

from pathlib import Path

from evaluated import EVALUATOR, Evaluated
from sqlalchemy import update

from app.storage.participants import Participant
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, make_release


def test_no_rate_is_made_of_answers_alone(
    evaluated: Evaluated, catalogues: None, tmp_path: Path
) -> None:
    own = evaluated.copied(tmp_path / "own")
    browser = own.browser(EVALUATOR)
    page = browser.get(f"/office/results/{own.release_id}")
    assert "pas de taux de réponse" not in page.words
    house = own.house()
    with house.database.write() as session:
        session.execute(update(Participant).values(listed=False))
    actor = operator(house, "DEMO")
    release = make_release(house, actor, make_cut(house, actor, 1))
    page = browser.get(f"/office/results/{release}")
    assert "– pas de taux de réponse : les réponses ont été importées" in page.words.replace(
        "\u00a0", " "
    )
    house.database.dispose()
