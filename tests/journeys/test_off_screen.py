"""Off the screen, in a real browser: double keying, a visit, the telephone, a shared tablet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import keyers
import people
import pytest
from builders import World
from chromium import barriers
from keyers import CARLA, FANNY, FRED, OWEN
from participants import document_of, only_response
from people import Person

from app.storage.database import now
from app.workflows.acting import House
from app.workflows.letters import ZONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
NARROW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.wide, .hidden'))
    .map(e => e.outerHTML.slice(0, 80))"""
Open = Callable[..., Any]

# A page that was loaded again puts the keyboard in its first field, but not at once.
IN_A_FIELD = "document.activeElement !== document.body"


@pytest.fixture
def opened(chromium: Any, server: str, house: House) -> Iterator[Open]:
    """Opens a window of a browser: of a person of the staff, or of nobody yet."""
    contexts = []

    def open_(person: Person | None = None, width: int = 1280) -> Any:
        context = chromium.new_context(
            base_url=server,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        page = context.new_page()
        if person is not None:
            page.goto("/office/sign-in")
            people.type_in(page, house, person)
        return page

    yield open_
    for context in contexts:
        context.close()


def look(page: Any, heading: str) -> None:
    """This page has this heading, keeps nobody out, and fits a narrow screen."""
    page.wait_for_load_state()
    found = " ".join(page.inner_text("h1").split())
    assert heading in found, found
    assert barriers(page) == [], found
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(NARROW) == [], found
    page.set_viewport_size(before)


def typed(page: Any, fields: dict[str, str]) -> None:
    """Key a section without the mouse: the first field has the focus, Tab goes on, Enter saves."""
    for place, (item, value) in enumerate(fields.items()):
        if place:
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == f"k-{item}"
        page.keyboard.type(value)
    if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def key_sheet(page: Any, **changes: str) -> None:
    """From the search to the end, with the keyboard alone where it matters."""
    look(page, "Saisie du papier")
    assert page.evaluate("document.activeElement.name") == "sheet"
    page.keyboard.type("P0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#batch")
    look(page, "Feuille P0")
    page.fill("#batch", "12-A")
    page.check("input[name=consent][value=yes]")
    page.keyboard.press("Enter")
    for heading, fields in (("Votre vie", keyers.LIFE), ("Plus sur vous", keyers.MORE)):
        page.wait_for_selector(f"h1:has-text('{heading}')")
        look(page, heading)
        page.reload()
        page.wait_for_function(IN_A_FIELD)
        typed(page, {item: changes.get(item, value) for item, value in fields.items()})
    page.wait_for_selector("button:has-text('Terminer cette feuille')")
    look(page, "Feuille P0")
    page.reload()
    page.focus("button:has-text('Terminer cette feuille')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")


def test_double_keying_with_a_difference(opened: Open, house: House) -> None:
    made = keyers.place(house, rate=100)
    address = f"/office/waves/{made.wave_id}/keying"
    fanny = opened(FANNY)
    fanny.goto(address)
    key_sheet(fanny)
    assert "seconde saisie" in fanny.inner_text("[role=status]")
    fred = opened(FRED)
    fred.goto(address)
    key_sheet(fred, K3="2")
    assert "diffèrent" in fred.inner_text("[role=status]")
    carla = opened(CARLA)
    carla.goto(address)
    look(carla, "Saisie du papier")
    carla.click("text=Décider la feuille P0")
    look(carla, "Différences sur la feuille P0")
    carla.click("main button")
    carla.wait_for_selector(".problems")
    look(carla, "Différences sur la feuille P0")
    assert carla.title().startswith("Erreur")
    carla.click(".problems a")
    carla.keyboard.press("Tab")
    carla.keyboard.press("Space")
    carla.keyboard.press("ArrowDown")
    carla.keyboard.press("Enter")
    carla.wait_for_selector("[role=status]")
    look(carla, "Saisie du papier")
    assert document_of(house, only_response(house))["a"]["K3"]["v"] == "2"


def start(page: Any, made: World, channel: str) -> str:
    """From the wave to the short code."""
    page.goto(f"/office/waves/{made.wave_id}/interview")
    look(page, "Entretien à domicile")
    page.check(f"input[value={channel}]")
    page.fill("#code", made.codes[0])
    page.keyboard.press("Enter")
    page.wait_for_selector(".big")
    look(page, "code court")
    return str(page.inner_text(".big"))


def answered(page: Any) -> None:
    """Answer everything: a value where one is asked, the banner on every page."""
    page.wait_for_selector("h1")
    for _ in range(40):
        page.wait_for_load_state()
        assert "la personne répond" in page.inner_text("aside")
        if page.url.endswith("/verifier"):
            return
        if "/partie/" in page.url:
            look(page, "est terminée")
            page.click("main a.button")
            page.wait_for_url("**/r/*")
            continue
        if page.locator("#q-K4").count():
            page.fill("#q-K4", "2")
        elif page.locator("main .option input[type=radio]").count():
            page.locator("main .option input[type=radio]").first.check()
        before = page.url
        page.click("main form .actions button >> nth=0")
        with suppress(Exception):
            page.wait_for_url(lambda address, was=before: address != was, timeout=2000)
    raise AssertionError(f"no end: {page.url}")


def into(page: Any, *, helps: bool = False) -> None:
    """Language, who answers, consent; the device is known to be shared."""
    page.click("main button:has-text('Français')")
    if helps:
        page.wait_for_selector("h1:has-text('Comment la personne')")
        page.click("label.option:has-text('La personne me lit')")
    else:
        page.wait_for_selector("h1:has-text('Qui répond')")
        look(page, "Qui répond")
        page.click("label.option:has-text('Je réponds moi-même')")
    page.click("main form .actions button >> nth=0")
    page.wait_for_selector("h1:has-text('Avant de commencer')")
    look(page, "Avant de commencer")
    page.click("label.option:has-text('Oui, j’accepte')")
    page.click("main form .actions button >> nth=0")
    page.wait_for_selector("h1:has-text('Recevez-vous')")
    look(page, "Recevez-vous")


def cleared(page: Any) -> None:
    """Send, then clear the screen; going back shows nothing of the person."""
    page.click("main a.button:has-text('Continuer')")
    page.wait_for_selector("h1:has-text('Dernière étape')")
    look(page, "Dernière étape")
    page.click("label.option:has-text('Un professionnel')")
    page.click("main button:has-text('Envoyer mes réponses')")
    page.wait_for_selector("h1:has-text('sont bien arrivées')")
    page.click("main button:has-text('Terminer et effacer')")
    page.wait_for_url("**/ecran")
    look(page, "L’écran est effacé")
    page.go_back()
    page.wait_for_load_state()
    assert "Code de retrait" not in page.content()
    assert page.locator("main .big").count() == 0
    page.goto("/recu")
    assert "fermé l’écran" in page.inner_text("h1")


def test_an_interview_at_home_on_one_shared_tablet(opened: Open, house: House) -> None:
    made = keyers.place(house)
    tablet = opened(FANNY, width=800)
    code = start(tablet, made, "visit")
    tablet.click("button:has-text('Me déconnecter')")
    tablet.wait_for_url("**/entretien")
    look(tablet, "Commencer un accompagnement")
    tablet.fill("#short", code)
    tablet.keyboard.press("Enter")
    tablet.wait_for_url("**/langue")
    into(tablet)
    answered(tablet)
    cleared(tablet)
    tablet.goto("/office/waves")
    assert "sign-in" in tablet.url, "the person never holds the account"
    response = only_response(house)
    sitting = document_of(house, response)["sit"][0]
    assert (response.channel, sitting["device"]) == ("web_assisted", "shared")
    assert sitting["assisted_by"].startswith("account:")


def test_an_interview_by_telephone(opened: Open, house: House) -> None:
    made = keyers.place(house)
    desk = opened(FANNY)
    code = start(desk, made, "phone")
    assert "où la personne répond" not in desk.inner_text("main")  # she holds a telephone
    with desk.context.expect_page() as second:
        desk.click("text=Ouvrir la page dans une autre fenêtre")
    page = second.value
    page.fill("#short", "0000 0000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".problems")
    look(page, "Commencer un accompagnement")
    page.fill("#short", code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/langue")
    into(page)
    assert "Entretien par téléphone" in page.inner_text("aside")
    answered(page)
    cleared(page)
    assert only_response(house).channel == "phone"


def test_a_visit_with_a_home_help(opened: Open, house: House) -> None:
    made = keyers.place(house)
    carla = opened(CARLA)
    carla.goto(f"/office/waves/{made.wave_id}/visits")
    look(carla, "Visites des aides à domicile")
    carla.fill("#reference", "P0")
    carla.fill("#day", now().astimezone(ZONE).date().isoformat())
    carla.keyboard.press("Enter")
    carla.wait_for_selector(".big")
    look(carla, "Le code de cette visite")
    short = carla.inner_text(".big")
    telephone = opened(width=360)
    telephone.goto("/accompagnement")
    look(telephone, "Vous aidez quelqu’un aujourd’hui")
    telephone.fill("#short", short)
    telephone.fill("#code", made.codes[0])
    telephone.keyboard.press("Enter")
    telephone.wait_for_url("**/langue")
    into(telephone, helps=True)
    answered(telephone)
    cleared(telephone)
    sitting = document_of(house, only_response(house))["sit"][0]
    assert (sitting["role"], sitting["helper"]) == ("helped", "reads")
    assert sitting["assisted_by"].startswith("visit:")


def test_the_page_that_orders_paper(opened: Open, house: House) -> None:
    made = keyers.place(house)
    page = opened(OWEN)
    page.goto(f"/office/waves/{made.wave_id}/papers")
    look(page, "Questionnaires sur papier")
    with page.expect_download() as fetched:
        page.click("text=Télécharger un exemplaire vierge")
    assert fetched.value.suggested_filename == "questionnaire-BDX-elderly-fr.pdf"
