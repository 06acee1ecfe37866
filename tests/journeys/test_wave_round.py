"""A national coordinator in a real browser: a wave from its planning to the monitor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import collection
import people
import programme
import pytest
from chromium import barriers

from app.workflows import jobs, letters
from app.workflows.acting import House

pytestmark = pytest.mark.journey

WIDTHS = (1280, 360)
PEOPLE = "".join(
    f"A-{n:02};{'MAY' if n % 2 else 'BDX'};elderly;;1;fr;Mme Exemple {n};1 rue;53000 LAVAL\n"
    for n in range(30)
)


def looked_at(page: Any, name: str, folder: Path) -> None:
    """The page keeps nobody out, and fits, on a wide screen and on a small one."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert barriers(page) == [], (name, width)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, (name, width)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_planning_to_the_monitor(house: House, browser_page: Any, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE)
    page = browser_page

    def see(name: str) -> None:
        looked_at(page, name, tmp_path)

    page.goto("/office/waves")
    people.type_in(page, house, people.ALICE)
    page.get_by_role("link", name="Prévoir une vague").click()
    page.get_by_text("Choisir d’autres versions").click()
    see("new-versions")
    page.get_by_text("Choisir d’autres versions").click()
    see("new")
    for name, value in (
        ("code", "V1"),
        ("title_fr", "Première vague"),
        ("title_en", "First wave"),
        ("period_start", "2026-01-01"),
        ("period_end", "2026-06-30"),
        ("opens_at", "2026-01-05T09:00"),
        ("closes_at", "2099-01-05T18:00"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_label("toutes les personnes de 75 ans ou plus").check()
    page.get_by_role("button", name="Prévoir la vague").click()
    page.get_by_role("heading", name="V1 – Première vague").wait_for()
    see("planned")

    page.get_by_role("link", name="Dossier de protection des données").click()
    see("dossier")
    page.get_by_role("link", name="Notices").click()
    see("notices")
    collection.with_dossier(house, collection.operator(house), 1)
    page.reload()
    see("notices-published")
    page.get_by_role("link", name="Registre des traitements").click()
    see("register")
    page.get_by_role("link", name="V1 – Première vague").click()
    page.get_by_role("link", name="Vague V1").click()

    page.get_by_role("link", name="Choisir les versions").click()
    see("versions")
    page.get_by_label("Personnes âgées : module").select_option("none")
    page.get_by_role("button", name="Garder ces versions").click()
    page.get_by_role("link", name="Ouvrir la vague").click()
    see("opening")
    page.get_by_role("link", name="Choisir d’autres versions").click()
    page.get_by_label("Personnes âgées : module").select_option("")
    page.get_by_role("button", name="Garder ces versions").click()
    page.get_by_role("link", name="Ouvrir la vague").click()
    page.get_by_role("button", name="Ouvrir la vague").click()
    page.get_by_text("Figées à l’ouverture.").wait_for()

    page.get_by_role("link", name="Importer l’échantillon").click()
    content = f"{collection.HEADER}\n{PEOPLE}".encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "sample.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Voir un aperçu").click()
    see("preview")
    page.get_by_role("button", name="Importer ces personnes").click()
    page.get_by_role("button", name="Créer les codes manquants").click()
    page.get_by_text("Tout le monde a un code.").wait_for()
    see("sample")

    page.get_by_role("link", name="Vague V1").click()
    see("opened")
    page.get_by_role("link", name="Imprimer les lettres").click()
    see("letters")
    page.get_by_label("Mayenne").check()
    page.get_by_role("button", name="Préparer les lettres").click()
    assert letters.KIND in jobs.KINDS  # what the worker's process has imported too
    assert jobs.sweep(house) == 1
    page.reload()
    see("job")
    with page.expect_download() as fetched:
        page.get_by_role("button", name=re.compile("Télécharger")).click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-")

    page.goto("/office/waves/1/fieldwork")
    assert page.get_by_role("img", name="0 sur 15").count() == 2
    see("monitor")
