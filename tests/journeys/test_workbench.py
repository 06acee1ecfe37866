"""The workbench by keyboard in a real browser: written, agreed on, published, kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import collection
import people
import programme
import pytest
from chromium import looked_at
from people import ALICE, MAYA

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
QUESTIONS = (
    ("choice", "F01"),
    ("choices", "F02"),
    ("number", "F03"),
    ("date", "F04"),
    ("text", "F05"),
    ("long_text", "F06"),
    ("rating", "F07"),
    ("battery", "F08"),
    ("information", "F09"),
    ("choice", "F10"),
    ("number", "F11"),
    ("text", "F12"),
)


def press(page: Any, words: str) -> None:
    """Press a button by its words, with the Enter key, and wait for the page that comes."""
    button = page.locator("main").get_by_role("button", name=words, exact=True).first
    with page.expect_navigation():
        button.press("Enter")


def follow(page: Any, words: str) -> None:
    """Follow the link with these words, with the Enter key, to the page that it leads to."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=words).first.press("Enter")


def entered(chromium: Any, server: str, house: House, who: people.Person) -> Any:
    page = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    page.goto("/office/sign-in")
    people.type_in(page, house, who)
    return page


def typed(page: Any, name: str, words: str) -> None:
    """Type into a field, reached by its name."""
    page.focus(f"[name='{name}']")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)


def chosen(page: Any, name: str, value: str) -> None:
    page.focus(f"main select[name='{name}']")
    page.select_option(f"main select[name='{name}']", value)


def written(page: Any, kind: str, code: str) -> None:
    """One question behind the one before, in both languages, with its answers; it saves itself."""
    page.focus("#next, select[name=type]")
    page.select_option("#next" if page.locator("#next").count() else "select[name=type]", kind)
    press(page, "Ajouter la question")
    assert page.inner_text("h1").startswith(code)
    typed(page, "text-fr", f"Question {code} ?")
    typed(page, "text-en", f"Question {code}?")
    for field in page.locator("main [name^=o], main [name^=r]").all():
        name = str(field.get_attribute("name"))
        if re.fullmatch(r"[or]\d-(fr|en)", name):
            typed(page, name, f"{name[:2]} {name[-2:]}")
    page.locator("#saved", has_text="Enregistré.").wait_for()


def answered(page: Any, said: Mapping[str, str], end: str = "/verifier") -> list[str]:
    """From the door to the check (``end``), by the keyboard: what ``said`` has for a page is typed,
    of other choices the first is taken. The question pages that came."""
    came: list[str] = []
    while not page.url.endswith(end):
        came += [page.url.rpartition("/")[2]] if "/r/" in page.url else []
        for group in page.locator("main fieldset").all():
            row = group.locator("input[type=radio], input[type=checkbox]").first
            if row.count() and not group.locator(":checked").count():
                row.press("Space")
        for name, words in said.items():
            if page.locator(f"main input[type=text][name='{name}']").count():
                typed(page, name, words)
        with page.expect_event("domcontentloaded"):  # not what the page notes in its own history
            page.locator("main button:not(.listen), main a.button").first.press("Enter")
    return came


def tried(page: Any, chromium: Any, server: str) -> None:
    """The draft on trial, from the making of a code to the end."""
    follow(page, "Essayer avec un code")
    press(page, "Créer les codes")
    looked_at(page, "trials")
    code = page.inner_text("main code")
    other = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    other.goto("/office/trial/")
    looked_at(other, "trial-door")
    typed(other, "code", code)
    press(other, "Commencer l’essai")
    looked_at(other, "trial-question")
    assert "F12" in answered(other, {"q-F11": "5"}, "/check")
    looked_at(other, "trial-check")
    press(other, "Terminer l’essai et effacer")
    looked_at(other, "trial-over")
    other.context.close()


def read_aloud(page: Any) -> None:
    """A question read into the microphone: what it heard is sent like a file, and played."""
    form = page.locator("form.aloud").first
    form.get_by_role("button", name="Enregistrer au micro").press("Enter")
    form.get_by_text("Le micro est ouvert").wait_for()
    page.wait_for_timeout(600)  # of a hum
    form.get_by_role("button", name="Arrêter l’enregistrement").press("Enter")
    form.get_by_text("Enregistré").wait_for()
    with page.expect_navigation():
        form.get_by_role("button", name="Envoyer l’enregistrement").press("Enter")
    address = page.locator("form.aloud audio").first.get_attribute("src")
    heard = page.request.get(address)
    assert (heard.headers["content-type"], heard.body()[:4]) == ("audio/wav", b"RIFF")
    looked_at(page, "recorded")


def test_a_questionnaire_from_nothing_to_a_wave(
    chromium: Any, server: str, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house)
    page = entered(chromium, server, house, ALICE)
    page.goto("/office/questionnaires")
    page.get_by_role("link", name="Nouveau questionnaire ou module").press("Enter")
    page.wait_for_url("**/new")
    chosen(page, "audience", "family")
    typed(page, "title-fr", "Vous qui aidez")
    typed(page, "title-en", "You who help")
    press(page, "Commencer le questionnaire")
    for kind, code in QUESTIONS:
        written(page, kind, code)
    for code, item, relation, value in (
        ("F10", "F01", "is", "1"),
        ("F12", "F11", "least", "3"),
    ):
        page.goto(page.url.rpartition("/")[0] + f"/{code}")
        chosen(page, "c0-item", item)
        press(page, "Choisir ses réponses")
        chosen(page, "c0-relation", relation)
        if relation == "is":
            page.locator(f"input[name='c0-value'][value='{value}']").press("Space")
        else:
            typed(page, "c0-value", value)
        press(page, "Enregistrer")
    assert "au moins 3" in page.inner_text("main")
    looked_at(page, "question")
    # Typed without pressing anything: saved by itself, and seen in the participants' page.
    typed(page, "text-fr", "Combien d’heures aidez-vous ?")
    page.locator("#saved", has_text="Enregistré.").wait_for()
    seen = page.frame_locator("#preview")
    seen.get_by_role("heading", name="Combien d’heures aidez-vous ?").wait_for()
    follow(page, "Titre, parties")
    looked_at(page, "head")
    page.focus("#s0-slot")
    page.keyboard.insert_text("here")
    press(page, "Ajouter l’emplacement part1")
    for words, name in (
        ("Historique", "history"),
        ("Traduction", "translations"),
        ("Essayer tous les parcours", "walk"),
        ("Vue d’ensemble et contrôles", "overview"),
    ):
        follow(page, words)
        looked_at(page, name)
    tried(page, chromium, server)
    follow(page, "Vue d’ensemble et contrôles")
    follow(page, "F01")
    follow(page, "Verser cette question dans la bibliothèque")
    looked_at(page, "library-new")
    typed(page, "code", "helping")
    typed(page, "title", "Aider")
    press(page, "Verser")
    press(page, "Mettre là")
    build = page.url
    page.goto("/office/library")
    looked_at(page, "library")
    page.get_by_role("link", name="Aider").press("Enter")
    page.wait_for_url("**/library/1")
    looked_at(page, "library-entry")
    page.goto(build)
    follow(page, "Vue d’ensemble et contrôles")
    follow(page, "Différence, effets, publication")
    typed(page, "note", "Première version")
    press(page, "Publier la version 1")
    core = page.url

    maya = entered(chromium, server, house, MAYA)
    maya.goto("/office/questionnaires/new")
    press(maya, "Commencer le module Proches aidants")
    draft = maya.url.removesuffix("/build")
    maya.goto(f"{draft}/build/q/MAY1")
    for name, words in (
        ("text-fr", "Avez-vous un répit ?"),
        ("text-en", "Do you get a rest?"),
        ("o0-fr", "Oui"),
        ("o0-en", "Yes"),
        ("o1-fr", "Non"),
        ("o1-en", "No"),
    ):
        typed(maya, name, words)
    press(maya, "Enregistrer")
    read_aloud(maya)
    maya.goto(f"{draft}/agree")
    chosen(maya, "item", "F05")
    typed(maya, "reason", "Ici on dit autrement")
    maya.fill("[name=until]", "2099-12-31")
    chosen(maya, "how", "instead")
    press(maya, "Adapter")
    typed(maya, "text-fr", "Autrement dit ?")
    typed(maya, "text-en", "In other words?")
    press(maya, "Enregistrer")
    maya.goto(f"{draft}/agree")
    looked_at(maya, "agree-instead")
    press(maya, "Poser de nouveau F05, à côté")
    assert "Poser de nouveau F05" not in maya.inner_text("main")
    typed(maya, "note", "Deux questions d’ici")
    press(maya, "Soumettre")

    page.goto("/office/work")
    looked_at(page, "work")
    page.get_by_role("link", name="Décider du module").press("Enter")
    page.wait_for_url("**/agree")
    page.fill("#decision", "Dites-le plus simplement.")
    press(page, "Demander des changements")
    maya.goto(f"{draft}/build/q/F05_MAY")
    late = maya.context.new_page()
    late.goto(f"{draft}/build/q/F05_MAY")
    typed(maya, "text-fr", "Et ici ?")
    press(maya, "Enregistrer")
    # Who comes second is told, finds what they typed, and overwrites nothing.
    typed(late, "text-fr", "Trop tard ?")
    late.locator("#saved", has_text="Rien n’a été écrasé").wait_for()
    press(late, "Enregistrer")
    assert "Trop tard ?" in late.inner_text("main")
    looked_at(late, "overtaken")
    maya.goto(f"{draft}/agree")
    assert "Dites-le plus simplement." in maya.inner_text("main")
    press(maya, "Soumettre")
    page.goto(f"{draft}/agree")
    press(page, "Approuver")
    maya.goto(draft)
    typed(maya, "note", "Le module de la Mayenne")
    press(maya, "Publier la version 1")
    assert "Et ici ?" in maya.inner_text("main")

    # The wave opens with both, and somebody answers.
    page.goto("/office/waves/new")
    for name, words in (
        ("code", "F1"),
        ("title_fr", "Vague des aidants"),
        ("title_en", "Carers’ wave"),
        ("period_start", "2026-01-01"),
        ("period_end", "2026-06-30"),
        ("opens_at", "2026-01-05T09:00"),
        ("closes_at", "2099-01-05T18:00"),
    ):
        page.fill(f"[name={name}]", words)
    page.locator("input[name=frame][value=open_call]").press("Space")
    press(page, "Prévoir la vague")
    collection.with_dossier(house, collection.operator(house), 1)
    page.goto("/office/waves/1/open")
    press(page, "Ouvrir la vague")
    carer = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    carer.goto("/ouvert/F1")
    carer.locator("input[name=territory][value=MAY]").press("Space")
    carer.locator("input[name=audience][value=family]").press("Space")
    came = answered(carer, {"q-F11": "5"})
    assert {"F10", "F12", "MAY1", "F05_MAY"} <= set(came)  # both conditions held
    carer.goto("/fin")
    carer.get_by_role("button", name="Envoyer mes réponses").press("Enter")
    carer.wait_for_url("**/recu")

    maya.goto("/office/frameworks/2")
    press(maya, "Préparer la version suivante à l’écran")
    maya.locator("summary").first.press("Enter")
    typed(maya, "w-OUT", "70")  # the sum follows while one types
    assert "120" in maya.inner_text("caption .together")
    typed(maya, "w-OUT", "50")
    typed(maya, "j0-OUT", "30")  # and of each judge
    assert maya.inner_text("tr:has([name=j0-OUT]) .together") == "30"
    looked_at(maya, "board")
    maya.get_by_role("link", name="L’adapter").first.press("Enter")
    maya.locator("#code[value='OUT1_MAY']").wait_for()
    looked_at(maya, "indicator")
    typed(maya, "reason-fr", "Ici on vit autrement")
    typed(maya, "reason-en", "Life is different here")
    press(maya, "Ajouter l’indicateur")
    assert "OUT1_MAY" in maya.inner_text("h1")
    maya.goto("/office/frameworks/2/history")
    looked_at(maya, "history-of-versions")

    # A breaking change is stopped, and the page says why and what to do.
    page.goto(core)
    press(page, "Préparer la version suivante à l’écran")
    page.goto(f"{page.url}/q/F03")
    chosen(page, "type", "date")
    press(page, "Enregistrer")
    page.goto(page.url.split("/build")[0])
    assert "Sous ce code, des réponses ont un autre sens" in page.inner_text("main")
    assert "Vague des aidants\u00a0: 1." in page.inner_text("main")
    assert page.get_by_role("button", name="Publier la version 2").count() == 0
