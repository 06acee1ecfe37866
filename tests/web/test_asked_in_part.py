"""A national framework that reads an item of one territory: pages, files and API say the same."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from browser import Browser
from evaluated import EVALUATOR, Evaluated
from sqlalchemy import select, update

from app.definitions.files import dump_framework, load_framework
from app.domain.conditions import OneOf
from app.domain.frameworks import Component, Indicator, Leaf, Share
from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.storage.frameworks import FrameworkVersion
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, make_release

REASON = "pas demandé dans tous les territoires"
PARTLY = Indicator(
    "NIGHT",
    Text.of(fr="La nuit", en="By night"),
    (Component(Audience.ELDERLY, Share(of=OneOf("E16_BDX", ("yes",)))),),
)


@pytest.fixture(scope="module")
def there(evaluated: Evaluated, tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """The programme judged by a national framework with an indicator of Bordeaux's own module."""
    changed = evaluated.copied(tmp_path_factory.mktemp("partly") / "own")
    house = changed.house()
    with house.database.write() as session:
        national = session.scalars(
            select(FrameworkVersion).where(FrameworkVersion.territory == "FR")
        ).one()
        tree = load_framework(national.document)
        first, *others = tree.dimensions
        more = replace(first, children=(*first.children, Leaf(PARTLY, Fraction(10))))
        tree = replace(tree, dimensions=(more, *others))
        session.execute(
            update(FrameworkVersion)
            .where(FrameworkVersion.id == national.id)
            .values(document=dump_framework(tree))
        )
    actor = operator(house, "DEMO")
    release = make_release(house, actor, make_cut(house, actor, 1))
    house.database.dispose()
    return replace(changed, release_id=release)


def taken(visitor: Browser, there: Evaluated, form: str) -> bytes:
    answer = visitor.client.get(f"/office/results/{there.release_id}/downloads/fr/{form}")
    assert answer.status_code == 200
    return bytes(answer.data)


def test_pages_workbook_api_and_methods_say_that_there_is_no_national_figure(
    there: Evaluated, catalogues: None
) -> None:
    visitor = there.browser(EVALUATOR)
    start = f"/office/results/{there.release_id}"
    page = visitor.get(f"{start}/indicators/NIGHT")
    assert f"Il n’y a pas de chiffre national : {REASON}." in page.words
    (nation,) = (row for row in page.soup.select("tbody tr") if "France" in row.get_text())
    assert REASON in nation.get_text()
    listed = visitor.get(f"{start}/indicators")
    assert REASON in listed.words
    assert "La nuit (NIGHT)" in visitor.get(f"{start}/methods").words
    overview = visitor.get(start)
    (nation,) = (row for row in overview.soup.select("tbody tr") if "France" in row.get_text())
    assert "incomplet" in nation.get_text()
    found = {
        (row["territory"], row["what"]): row
        for row in json.loads(taken(visitor, there, "json"))["figures"]
        if row.get("code") == "NIGHT"
    }
    assert found["BDX", "indicator"]["value"] is not None
    assert found["FR", "indicator"]["reason"] == REASON
    book = openpyxl.load_workbook(io.BytesIO(taken(visitor, there, "xlsx")))
    (methods,) = (sheet for sheet in book if sheet.title.startswith("Méthodes"))
    assert any("La nuit (NIGHT)" in str(row[0]) for row in methods.iter_rows(values_only=True))
    (indicators,) = (sheet for sheet in book if sheet.title.startswith("Indicateurs"))
    (nation,) = (
        row for row in indicators.iter_rows(values_only=True) if "FR" in row and "NIGHT" in row
    )
    assert REASON in nation
