"""A territory's module between two levels, its translation, and what waits for whom."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import disguised_files
import people
import programme
import pytest
from browser import Browser
from flask import Flask
from people import ALICE, MAYA, Person

from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def entered(app: Flask, house: House, who: Person) -> Browser:
    people.settle(house, who)
    client = app.test_client()
    people.sign_in(client, house, who)
    return Browser(client)


@once
def test_a_module_is_adapted_submitted_sent_back_approved_and_published(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    maya, alice = entered(app, house, MAYA), entered(app, house, ALICE)
    maya.get("/office/questionnaires/2")
    page = maya.submit(form="/build")
    draft = page.address.removesuffix("/build")
    maya.get(f"{draft}/agree")
    page = maya.submit({"item": "E01"}, form="/adapt", status=422)
    assert "Il manque la raison." in page.words
    maya.get(f"{draft}/agree")
    adapted = {"item": "E01", "reason": "Ici on dit logement", "until": "2099-12-31"}
    page = maya.submit(adapted, form="/adapt")
    assert page.heading.startswith("E01_MAY")
    maya.submit({"text-fr": "Êtes-vous bien dans votre logement ?"}, form="/q/E01_MAY")
    page = maya.get(draft)
    assert "Le niveau national approuve d’abord ce module" in page.words
    maya.get(f"{draft}/agree")
    page = maya.submit({"note": "Un mot d’ici"}, form="/submit")
    assert "En attente de la décision nationale." in page.words

    alice.get("/office/work")
    page = alice.click("Décider du module")
    assert "adapte E01" in page.words
    assert "pas encore autorisé" in page.words
    assert (
        "Connaissez-vous l’équipe" not in page.soup.select_one("main").decode().split("<select")[0]
    )
    alice.submit(form="/decide", button="Demander des changements", status=422)
    alice.get(page.address)
    alice.submit({"words": "Plus court"}, form="/decide", button="Demander des changements")

    maya.get("/office/work")
    page = maya.click("Changements demandés")
    assert "Plus court" in page.words
    maya.get(f"{draft}/build/q/E01_MAY")
    maya.submit({"text-fr": "Bien logé ?"}, form="/q/E01_MAY")
    maya.get(f"{draft}/agree")
    maya.submit({"note": "Plus court"}, form="/submit")

    alice.get(page.address)
    page = alice.submit({"words": "Bien"}, form="/decide", button="Approuver")
    assert "autorisé par Alice" in page.words
    maya.get("/office/work")
    maya.click("Publier le module approuvé")
    page = maya.submit({"note": "Une question d’ici"}, form="/publish")
    assert "Bien logé" in page.words


@once
def test_an_approval_holds_for_what_was_approved_only(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    maya, alice = entered(app, house, MAYA), entered(app, house, ALICE)
    maya.get("/office/questionnaires/2")
    page = maya.submit(form="/build")
    draft = page.address.removesuffix("/build")
    maya.get(f"{draft}/build/q/E02_MAY")
    maya.submit({"text-fr": "Le plan est-il signé ?"}, form="/q/E02_MAY")
    maya.get(f"{draft}/agree")
    maya.submit({"note": "n"}, form="/submit")
    alice.get(f"{draft}/agree")
    alice.submit(form="/decide", button="Approuver")
    maya.get(f"{draft}/build/q/E02_MAY")
    maya.submit({"text-fr": "Le plan est-il vieux ?"}, form="/q/E02_MAY")
    assert "approuve d’abord" in maya.get(draft).words
    assert "Modifié depuis la demande" in maya.get(f"{draft}/agree").words


@once
def test_a_language_is_translated_on_the_page_and_by_workbook(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    alice = entered(app, house, ALICE)
    alice.get("/office/questionnaires/1")
    page = alice.submit(form="/build")
    base = page.address
    alice.get(f"{base}/q/E01")
    alice.submit({"text-fr": "Vous sentez-vous bien ?"}, form="/q/E01")
    page = alice.get(f"{base}/translations?part=home")
    assert "périmée" in page.words
    alice.submit({"t-E01.text": "Do you feel well?"}, form="/translations")
    book = alice.client.get(f"{base}/translations.xlsx?lang=en").get_data()
    alice.submit({"t-E01.text": ""}, form="/translations")
    assert "1 bloque" in alice.get(base).words
    alice.get(f"{base}/translations")
    page = alice.submit({"file": (BytesIO(book), "t.xlsx")}, form="/translations.xlsx")
    assert "E01.text prise" in page.words
    assert "0 bloque" in page.words
    assert "première feuille" not in page.words
    two = disguised_files.with_sheet(book, "Suite")
    page = alice.submit({"file": (BytesIO(two), "t.xlsx")}, form="/translations.xlsx")
    assert "D’autres feuilles ont aussi un contenu" in page.words
    lost = disguised_files.with_cell(book, "C2", "<c><f>A1</f></c>")
    sent = {"file": (BytesIO(lost), "t.xlsx")}
    page = alice.submit(sent, form="/translations.xlsx", status=422)
    assert "2 en" in page.words
    assert "formule sans résultat enregistré" in page.words
    page = alice.submit(form="/language", button="Laisser cette langue de côté")
    assert "Publier aussi dans cette langue" in page.words


@once
def test_an_adapted_item_keeps_its_condition_and_what_was_typed(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    maya = entered(app, house, MAYA)
    maya.get("/office/questionnaires/2")
    draft = maya.submit(form="/build").address.removesuffix("/build")
    maya.get(f"{draft}/agree")
    page = maya.submit({"item": "E02", "until": "2099-12-31"}, form="/adapt", status=422)
    assert page.soup.select_one("#item option[value=E02][selected]")
    page = maya.submit({"reason": "Ici on dit relais"}, form="/adapt")
    assert "Posée seulement si E01 vaut « Oui »." in page.words
    page = maya.get(f"{draft}/agree")
    assert "adapte E02" in page.words
    assert "Encore mot pour mot la question nationale." in page.words


@pytest.mark.tries("coordinators.build_wish")
@once
def test_a_territory_asks_for_a_change_in_a_national_question(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    maya, alice = entered(app, house, MAYA), entered(app, house, ALICE)
    maya.get("/office/questionnaires/2")
    build = maya.submit(form="/build").address
    maya.get(f"{build}/q/E01")
    page = maya.submit({"words": " "}, form="/wish", status=422)
    assert "Il manque quelques mots." in page.words
    maya.submit({"words": "« Chez vous » se comprend mal ici."}, form="/wish")
    assert "E01" not in maya.get("/office/work").words
    page = alice.get("/office/work")
    assert "Mayenne demande une modification de E01" in page.words
    page = alice.click("Mayenne demande une modification")
    assert "se comprend mal ici" in page.words
    alice.submit({"words": "Nous le prenons pour la version 2."}, form="/wish")
    assert "E01" not in alice.get("/office/work").words
    page = maya.get("/office/work")
    page = maya.click("Le niveau national répond à propos de E01")
    assert "pour la version 2" in page.words
    forged = maya.page.soup.select_one("input[name=csrf_token]")["value"] if maya.page else ""
    for code, status in (("E02_MAY", 404), ("E99", 404)):
        sent = {"words": "Autrement", "csrf_token": str(forged)}
        assert maya.client.post(f"{build}/q/{code}/wish", data=sent).status_code == status
