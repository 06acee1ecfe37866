"""The pages and the API of weights: from a total entered to the report of a release."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from browser import Browser
from evaluated import COORDINATOR, EVALUATOR, Evaluated

from app.workflows import jobs
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, make_release
from app.workflows.known_totals import known

PAGE = "/office/waves/1/weighting"
TOTAL = {
    "place": "MAY.elderly",
    "margin": "ESEX",
    "category": "woman",
    "count": "24 000",
    "source": "INSEE, recensement 2022",
    "dated": "2022-01-01",
}
HEADER = "territory;audience;margin;category;count;units;into;source;dated\n"
LINES = "MAY;elderly;ESEX;{};{};;;INSEE;2022-01-01\n"
FILE = HEADER + "".join(
    LINES.format(*each) for each in (("woman", 24000), ("man", 9000), ("missing", ""))
)


@pytest.fixture
def there(evaluated: Evaluated, tmp_path: Path, catalogues: None) -> Evaluated:
    return evaluated.copied(tmp_path / "own")


def sent(text: str) -> dict[str, tuple[io.BytesIO, str]]:
    return {"file": (io.BytesIO(text.encode()), "totals.csv")}


def test_a_coordinator_enters_totals_weighs_and_reads_the_report(there: Evaluated) -> None:
    visitor = there.browser(COORDINATOR)
    assert "Rien n’est encore connu des populations" in visitor.get(PAGE).words
    page = visitor.submit(TOTAL, form="/weighting")
    assert "L’effectif est saisi" in page.words
    assert "INSEE, recensement 2022" in page.words
    page = visitor.submit({**TOTAL, "place": "BDX.elderly"}, form="/weighting", status=403)
    page = visitor.get(PAGE)
    page = visitor.submit({**TOTAL, "category": "dog", "count": "x"}, form="/weighting", status=422)
    assert "Ce n’est pas un nombre. Écrivez un nombre" in page.words
    page = visitor.submit({**TOTAL, "count": "12,500"}, form="/weighting", status=422)
    assert "Ce nombre se lit de deux façons" in page.words
    page = visitor.submit(sent(FILE), form="/file")
    assert "Aperçu" in page.words
    assert "2 nouveaux effectifs" in page.words
    page = visitor.submit(form="/import")
    assert "Le fichier est importé" in page.words
    visitor.submit(
        {"group": "MAY.elderly", "lower": "0,5", "upper": "", "collapse_below": ""},
        form="/rule",
        status=422,
    )
    page = visitor.submit(
        {"group": "MAY.elderly", "lower": "0,5", "upper": "2", "collapse_below": "5"}, form="/rule"
    )
    assert "entre 0,5 et 2 fois la moyenne" in page.words
    page = visitor.submit(form="/try")
    assert "Calcul en cours" in page.words
    house = there.house()
    assert jobs.sweep(house) == 1
    page = visitor.get(PAGE)
    assert "Ce que valent les réponses" in page.words
    assert "calage sur marges, poids bornés" in page.words
    assert "Bordeaux" not in page.words.split("Ce que valent")[1].split("Effectifs connus")[0]
    file = visitor.client.get("/office/waves/1/totals.csv").get_data(as_text=True)
    assert "MAY;elderly;ESEX;missing;;;;INSEE;2022-01-01" in file
    page = visitor.submit(form="/3/take-back")
    assert "ne compte plus" in page.words


def test_the_release_says_how_it_was_weighted(there: Evaluated) -> None:
    api = there.browser(EVALUATOR)
    token = api.client.get("/api/v1/session").get_json()["csrf_token"]
    items = [
        {"territory": "MAY", "audience": "elderly", "margin": "ESEX", "category": category}
        | {"source": "INSEE", "dated": "2022-01-01", "count": count}
        for category, count in (("woman", 24000), ("man", 9000), ("missing", None))
    ]
    address, headers = "/api/v1/waves/V1/totals", {"X-CSRFToken": token}
    assert api.client.post(address, json={"items": items}).status_code == 400
    bad = api.client.post(address, json={"items": [items[0] | {"count": -1}]}, headers=headers)
    assert bad.status_code == 422
    assert bad.get_json(force=True)["faults"][0]["place"] == "items 0"
    wrong = api.client.post(address, json={"items": [{"territory": "MAY"}]}, headers=headers)
    assert "items" in wrong.get_json(force=True)["fields"]
    done = api.client.post(address, json={"items": items}, headers=headers)
    assert done.get_json() == {"new": 3, "replaced": 0, "same": 0, "gone": 0}
    assert len(api.client.get(address).get_json()["items"]) == 3
    house = there.house()
    actor = operator(house, "DEMO")
    assert len(known(house, actor, 1).rows) == 3
    release = make_release(house, actor, make_cut(house, actor, 1))
    page = api.get(f"/office/results/{release}/weights")
    assert re.search("1 groupe sur [789] est pondéré", page.words)
    assert "post-stratification" in page.words
    told = api.client.get(f"/api/v1/releases/{release}/weights").get_json()["items"]
    here = next(e for e in told if (e["territory"], e["audience"]) == ("MAY", "elderly"))
    assert here["converged"]
    assert "small" not in here
    mine = there.browser(COORDINATOR).client.get(f"/api/v1/releases/{release}/weights")
    assert {each["territory"] for each in mine.get_json()["items"]} == {"MAY"}
    said = api.get(f"/office/results/{release}/methods").words
    assert re.search(r"Dans 1 de \d+ groupes", said)


def test_places_and_robustness_open_with_the_answer(there: Evaluated) -> None:
    visitor: Browser = there.browser(EVALUATOR)
    page = visitor.get("/office/results/1/cross")
    assert re.search(r"place possible|mis en ordre", page.words)
    assert "Compare" in page.words
    own = visitor.get("/office/results/1/cross?framework=MAY")
    assert "Kendall" in own.words
    assert visitor.get("/office/results/1/cross?framework=nothing").words
    page = visitor.get("/office/results/1/robustness")
    assert "méthode" in page.words
    page = visitor.get("/office/results/1/comparability?indicator=OUT2")
    assert "non évaluable" in page.words  # fewer than 200 people, in three small samples
    assert "moins de 200 personnes ici" in page.words
    page = visitor.get("/office/results/1/robustness?one=NAT.as_written&other=NAT.geometric")
    assert "Méthodes admises" in page.words
    assert re.search(r"Kendall|Trop peu de territoires|n’a pas deux ordres", page.words)
    page = visitor.get("/office/results/1/compare")
    assert "Plus grand décalage possible" in page.words
