"""A coordinator's week in a real browser: sample, plan, help desk, calls, rates, forecast."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import collection
import people
import pytest
import xlsxwriter
from chromium import looked_at

from app.workflows.acting import House

pytestmark = pytest.mark.journey
ROWS = [
    ["Identifiant", "Territoire", "Public", "Dossier", "Nom", "Ville", "Téléphone", "Remarque"],
    *(
        [
            f"A-{n}",
            "MAY",
            "elderly",
            f"C-{n}",
            f"Mme Nom{'abcdefghijkl'[n]}",
            "53000 LAVAL",
            f"06112233{n:02}",
            "x",
        ]
        for n in range(12)
    ),
]


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_monday_to_friday(house: House, browser_page: Any, tmp_path: Path) -> None:
    wave = collection.opened(house, tmp_path)
    people.settle(house, people.MAYA, people.FELIX)
    page, base = browser_page, f"/office/waves/{wave}"
    page.goto(base)
    people.type_in(page, house, people.MAYA)

    page.goto(base)
    page.get_by_role("link", name="Échantillon et codes").first.click()
    file = {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Voir un aperçu").click()
    page.get_by_label("Ville").select_option("address1")
    looked_at(page, "columns")
    page.get_by_role("button", name="Voir un aperçu").first.click()
    looked_at(page, "preview")
    page.get_by_role("button", name="Importer ces personnes").click()
    page.get_by_role("button", name="Créer les codes manquants").click()
    page.get_by_text("Tout le monde a un code.").wait_for()

    page.goto(base)
    page.get_by_role("link", name="Plan de contact").click()
    looked_at(page, "plan-empty")
    page.get_by_label("Comment").select_option("letter")
    page.get_by_role("button", name="La rédiger").click()
    looked_at(page, "step-new")
    page.get_by_role("button", name="L’enregistrer et voir un aperçu").click()
    page.get_by_text("Votre avis").first.wait_for()
    page.get_by_text("your opinion").first.wait_for()
    looked_at(page, "step")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Mettre en vigueur").focus()
    page.keyboard.press("Enter")
    page.get_by_text("en vigueur").first.wait_for()
    page.get_by_role("button", name="Préparer les lettres").click()
    page.goto(f"{base}/contact")
    page.get_by_text("12 imprimée").wait_for()
    looked_at(page, "plan")

    page.goto(base)
    page.get_by_role("link", name="Accueil téléphonique").click()
    looked_at(page, "reason")
    page.locator("input[name=why]").first.check()
    page.locator("main button").first.click()
    page.get_by_label("Code, numéro de feuille ou mots du nom").fill("nomh")
    page.keyboard.press("Enter")
    page.get_by_text("1 personne trouvée").wait_for()
    looked_at(page, "desk")
    page.get_by_role("link", name="A-7").click()
    looked_at(page, "person")
    page.get_by_label("Quand et comment appeler").fill("hospitalisée")
    page.get_by_role("button", name="Enregistrer l’appel").click()
    page.get_by_text("semble parler de santé").first.wait_for()
    assert page.get_by_label("Quand et comment appeler").input_value() == "hospitalisée"
    page.locator("#disposition").select_option("deceased")
    page.get_by_role("button", name="Enregistrer l’issue").click()
    page.get_by_text("C’est noté.").wait_for()

    page.goto(base)
    page.get_by_role("link", name="Liste d’appels").click()
    page.get_by_text("+33611223300").wait_for()
    assert page.get_by_text("A-7").count() == 0
    looked_at(page, "calls")
    page.goto(base)
    page.get_by_role("link", name="Taux de participation").click()
    looked_at(page, "rates")
    page.get_by_role("columnheader", name="Hors champ").wait_for()
    page.goto(base)
    page.get_by_role("link", name="Rythme et prévision").click()
    page.get_by_label("Demi-largeur voulue").fill("10")
    page.get_by_role("button", name="Calculer").click()
    page.get_by_text("Réponses nécessaires").wait_for()
    page.get_by_text("Un changement de 20,1 points").wait_for()
    looked_at(page, "forecast")
    page.goto(f"{base}/feedback")
    looked_at(page, "feedback")
