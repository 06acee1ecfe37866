"""Versions of one thing: who and why, any two beside each other, against the data cuts."""

from __future__ import annotations

from pathlib import Path

import collection
import people
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE, MAYA

from app.storage.database import now
from app.storage.frameworks import FrameworkVersion
from app.storage.releases import DataCut
from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@once
def test_any_two_versions_are_compared_by_question_and_language(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    wave = collection.opened(house, tmp_path)
    collection.with_sample(house, wave)
    people.settle(house, ALICE, MAYA)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/questionnaires/1")
    draft = browser.submit(form="/build").address.removesuffix("/build")
    browser.get(f"{draft}/build/q/E02")
    browser.submit({"text-en": "Do you know them?"}, form="/q/E02", button="Enregistrer")
    browser.get(f"{draft}/build/q/E02")
    browser.submit(form="/act", button="Retirer")
    page = browser.get(draft)
    assert "Séries qui montreront une rupture SQ1" in page.words
    assert "filled" not in page.words
    page = browser.click("Historique des versions")
    assert "Rupture" in page.words
    number = int(draft.rpartition("/")[2])
    page = browser.submit({"before": str(number), "after": str(number)})
    assert "Les deux disent la même chose." in page.words
    page = browser.submit({"before": "1", "after": str(number)})
    table = page.soup.select_one("table.told")
    assert table
    assert "E02" in table.get_text()
    # Of a territory's account the nation's draft is no version at all.
    people.sign_in(client, house, MAYA)
    page = browser.get(f"/office/questionnaires/1/history?before=1&after={number}")
    assert "choisissez à nouveau" not in page.words  # one version only: nothing to choose
    assert client.get(f"/office/questionnaires/{number}/history").status_code == 404


@once
def test_a_framework_changed_after_a_data_cut_is_marked(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    wave = collection.opened(house, tmp_path)
    with house.database.write() as session:
        session.add(
            DataCut(
                wave_id=wave,
                made_at=now(),
                membership=b"",
                counts={},
                extract="cuts/x",
                checksum="x",
            )
        )
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/frameworks/1")
    browser.submit(form="/board")
    browser.submit({"w-OUT": "30", "w-SQ": "70"}, form="/weights")
    page = browser.get("/office/frameworks/1/history")
    assert "Arrêt des données" in page.words
    assert "après que des réponses ont été vues" in page.words
    with house.database.read() as session:
        assert session.query(FrameworkVersion).count() == 3
