"""A territory that may leave a national item out: asked for, allowed, over; and what it changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import collection
import people
import programme
import pytest
from browser import Browser
from flask import Flask
from people import ALICE, MAYA
from sqlalchemy import select

from app.definitions.files import load_module
from app.domain.composition_checks import check_fit
from app.domain.conditions import Compare
from app.domain.errors import BadDefinition
from app.evaluation.tables import What
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.published import published
from app.storage.responses import Response, pack
from app.storage.reviews import Divergence
from app.storage.surveys import QuestionnaireVersion
from app.storage.waves import WaveInstrument
from app.workflows.acting import House
from app.workflows.evaluate import make_cut, make_release
from app.workflows.surroundings import surroundings
from app.workflows.waves import create_wave, open_wave

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# E03, BAT and WHO are read by no condition; OUT1 measures E03; SQ1 counts "no" where E02 is not
# asked; E05 reads a row of GRID.
CORE = programme.CORE.replace(
    "      - slot:",
    """      - code: E03
        type: choice
        text: {fr: "Êtes-vous content ?", en: "Are you pleased?"}
        options: yes_no
        status: tested
      - code: BAT
        type: battery
        text: {fr: "Êtes-vous d’accord ?", en: "Do you agree?"}
        options: yes_no
        rows:
          - {code: BAT_A, text: {fr: "Le plan est utile.", en: "The plan is of use."}}
          - {code: BAT_B, text: {fr: "Il est lu.", en: "It is read."}, shown_when: BAT_A = yes}
        status: tested
      - code: WHO
        type: list
        text: {fr: "Qui vient ?", en: "Who comes?"}
        name: {fr: Prénom, en: First name}
        entry: {fr: cette personne, en: this person}
        most: 2
        questions:
          - code: OFT
            type: choice
            text: {fr: "{entry} vient souvent ?", en: "Does {entry} come often?"}
            options: yes_no
          - code: WHY
            type: text
            text: {fr: "Pourquoi ?", en: "Why?"}
            shown_when: OFT = no
        status: tested
      - code: GRID
        type: battery
        layout: list
        text: {fr: "Et encore ?", en: "And then?"}
        options: yes_no
        rows: [{code: GRID_A, text: {fr: "Le suivi va.", en: "Follow-up goes well."}}]
        status: tested
      - code: E05
        type: text
        text: {fr: "Pourquoi ?", en: "Why?"}
        shown_when: GRID_A = no
        status: tested
      - slot:""",
)


def entered(app: Flask, house: House, who: people.Person) -> Browser:
    people.settle(house, who)
    client = app.test_client()
    people.sign_in(client, house, who)
    return Browser(client)


@pytest.mark.tries("coordinators.agree_ask_again")
def test_a_dispensation_from_the_wish_to_its_end(app: Flask, house: House, tmp_path: Path) -> None:
    national = programme.NATIONAL.replace("E01 = yes", "E03 = yes")
    files = {"surveys/elderly/core.yaml": CORE, "config/frameworks/national.yaml": national}
    programme.loaded(house, tmp_path, files)
    maya, alice = entered(app, house, MAYA), entered(app, house, ALICE)
    maya.get("/office/questionnaires/2")
    draft = maya.submit(form="/build").address.removesuffix("/build")
    said = {"reason": "Ici on demande autrement", "until": "2099-12-31", "how": "instead"}

    maya.get(f"{draft}/agree")
    page = maya.submit({"item": "E02"} | said, form="/adapt", status=422)
    assert "SQ1 vaudrait zéro pour MAY, faussement" in page.words
    page = maya.submit({"item": "E01"} | said, form="/adapt")
    page = maya.get(f"{draft}/build")
    assert "E02 dépend de E01, que ce territoire ne pose plus." in page.words
    maya.get(f"{draft}/agree")
    page = maya.submit(form="/again")
    assert "adapte E01" in page.words
    maya.submit({"item": "E03"} | said, form="/adapt")
    page = maya.submit({"text-fr": "Et ici ?", "text-en": "And here?"}, form="/q/E03_MAY")
    maya.submit({"code": "HERE"}, form="/q/E03_MAY")
    maya.submit(form="/turn", button="Annuler")
    page = maya.get(f"{draft}/agree")
    assert "à la place de E03" in page.words
    maya.get(f"{draft}/build/q/E03_MAY")
    maya.submit({"code": "HERE"}, form="/q/E03_MAY")
    maya.get(f"{draft}/agree")
    maya.submit({"item": "BAT"} | said, form="/adapt")
    page = maya.get(f"{draft}/agree")
    assert len(page.soup.select("#item option[value=BAT]")) == 1  # once, not a row each
    assert page.words.count("Encore mot pour mot la question nationale.") == 2
    maya.submit({"item": "WHO"} | said, form="/adapt")
    page = maya.get(f"{draft}/agree")
    assert "à la place de E03" in page.words  # the new code was followed
    assert page.words.count("Encore mot pour mot la question nationale.") == 3
    assert "n’est pas posée dans ce territoire" in page.words
    maya.submit({"note": "Autrement"}, form="/submit")
    alice.get(f"{draft}/agree")
    alice.submit(form="/decide", button="Approuver")
    page = maya.get(draft)
    assert "remplacée dans le territoire par" in page.words
    assert "Rupture" in page.words
    alice.get(draft)  # a break takes the approver
    alice.submit({"note": "Avec dispense"}, form="/publish")

    operator = collection.operator(house)
    wave_id = create_wave(house, operator, collection.new_wave())
    collection.with_dossier(house, operator, wave_id)
    _until(house, -1)
    with pytest.raises(BadDefinition) as over:
        open_wave(house, operator, wave_id)
    assert {found.rule for found in over.value.findings} == {"instead_not_allowed"}
    _until(house, 30)
    open_wave(house, operator, wave_id)
    with house.database.read() as session:
        rows = session.execute(select(WaveInstrument.territory, WaveInstrument.instrument_id)).all()
    asked = {place: compiled(house.database, number).question_by_item for place, number in rows}
    assert ("E03" in asked["MAY"], "HERE" in asked["MAY"]) == (False, True)
    assert ("E03" in asked["BDX"], "HERE" in asked["BDX"]) == (True, False)
    whole = {"BAT_A", "BAT_B", "WHO", "WHO_1", "WHO_2", "OFT_1", "WHY_2"}
    assert whole <= asked["BDX"].keys()
    assert not whole & asked["MAY"].keys()
    assert {"BAT_A_MAY", "WHO_MAY", "WHO_MAY_1", "OFT_MAY_1", "WHY_MAY_2"} <= asked["MAY"].keys()
    row = asked["MAY"]["BAT_B_MAY"].rows[0]
    assert row.shown_when == Compare("BAT_A_MAY", "=", "yes")  # its own row, not the nation's
    with house.database.write() as session:
        session.add_all(
            answered(wave_id, place, number, n) for place, number in rows for n in range(15)
        )
    release = make_release(house, operator, make_cut(house, operator, wave_id))
    seen = published(house.database, operator.programme_id, release)
    assert seen is not None
    found = {e.territory: e for e in seen.table.of(What.INDICATOR) if e.code == "OUT1"}
    assert (found["BDX"].shown, found["BDX"].n) == (True, 15)
    assert found["MAY"].reason == "not_asked"


def answered(wave_id: int, place: str, instrument: int, number: int) -> Response:
    """Somebody who is well, and two in three pleased, whichever question asks for it."""
    item = "HERE" if place == "MAY" else "E03"
    said = {"E01": {"v": "yes"}, "E02": {"v": "no"}, item: {"v": "yes" if number % 3 else "no"}}
    return Response(
        wave_id=wave_id,
        territory=place,
        audience="elderly",
        instrument_id=instrument,
        secret_digest=f"{place} {number}".encode(),
        body=pack({"a": said, "sit": [{"role": "self", "lang": "fr"}], "v": 1}),
        **dict.fromkeys(("consented_at", "started_at", "saved_at", "submitted_at"), now()),
    )


def _until(house: House, days: int) -> None:
    with house.database.write() as session:
        for one in session.scalars(select(Divergence).where(Divergence.item == "E03")):
            one.until = (now() + timedelta(days=days)).date()


@pytest.mark.parametrize(
    ("instead", "rule"),
    [
        ({"E99": "E02_MAY"}, "instead_of_nothing"),
        ({"E03": "GONE"}, "instead_by_nothing"),
        ({"GRID": "E02_MAY"}, "instead_read"),
    ],
)
def test_what_cannot_be_replaced_is_refused(
    house: House, tmp_path: Path, instead: dict[str, str], rule: str
) -> None:
    programme.loaded(house, tmp_path, {"surveys/elderly/core.yaml": CORE})
    operator = collection.operator(house)
    with house.database.read() as session:
        around = surroundings(session, operator.programme_id, operator.territories)
        row = session.scalars(select(QuestionnaireVersion).filter_by(territory="MAY")).one()
        module = load_module(row.document | {"instead": instead})
    found = check_fit(around.cores["elderly"], module)
    assert [each.rule for each in found] == [rule]
