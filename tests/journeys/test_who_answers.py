"""Who answers, and on whose device: stories in a real browser, without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from builders import World, world
from participants import EVERY_KIND, document_of
from way import Way, enter, two_windows

from app.domain.fieldwork import OPEN_CALL
from app.protection.letter_links import link_token
from app.storage.responses import Response
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def open_way(chromium: Any, server: str) -> Iterator[Callable[[], Way]]:
    """Browsers of different people, each with its own window for axe."""
    pages: list[Any] = []

    def opened() -> Way:
        found = two_windows(chromium, server)
        pages.extend(found)
        return Way(*found)

    yield opened
    for page in pages:
        page.context.close()


def consent(way: Way, device: str, *rows: str) -> None:
    """From the page after the code to the first page after consent."""
    if "langue" in way.page.url:
        way.page.click("main button:has-text('Français')")
    way.choose(device)
    way.page.click("main button")
    for row in rows:
        way.choose(row)
        way.page.click("main button")
    way.choose("Oui, j’accepte")
    way.page.click("main button")


STOPS = ("/partie/", "/parties", "/soutien/")


def answer(way: Way, until: str = "/verifier") -> None:
    """Answer with the first of everything until this address."""
    for _ in range(40):
        before = way.page.url
        if until in before:
            return
        if any(stop in before for stop in STOPS):
            way.page.click("main .actions a.button")
            continue
        fill(way.page)
        way.page.click("main form .actions button >> nth=0")
        if way.page.url == before:  # the reminder: pass
            way.page.click("main form .actions button >> nth=0")
    raise AssertionError(way.page.url)


def fill(page: Any) -> None:
    """The first option of every group, and the two fields that need something."""
    for option in page.query_selector_all("main fieldset:not(.outs) label.option:first-child"):
        option.click()
    for field, written in (("#q-K4", "2"), ("#q-K5", "Cenon")):
        if page.query_selector(field):
            page.fill(field, written)


def send(way: Way) -> None:
    """From the check to the receipt."""
    way.follow("Dernière étape", "Continuer")
    way.go("Vos réponses sont bien arrivées", "Envoyer mes réponses")


def documents(house: House) -> list[dict[str, Any]]:
    with house.database.read() as session:
        rows = list(session.query(Response).order_by(Response.id))
    return [document_of(house, row) for row in rows]


def test_a_shared_tablet_shows_nothing_when_it_changes_hands(
    open_way: Callable[[], Way], house: House
) -> None:
    people = world(house, EVERY_KIND, people=2)
    way = open_way()
    enter(way, people.codes[0])
    consent(way, "On me le prête", "Je réponds moi-même")
    way.look("Recevez-vous de l’aide")
    assert "15 minutes" in way.page.inner_text("main")
    answer(way)
    assert "Cenon" in way.page.inner_text("main")
    send(way)
    code = way.page.inner_text("main .big")
    way.go("Votre avis améliore", "Terminer et effacer l’écran")
    assert way.page.context.cookies() == [] or all(
        cookie["name"] != "participant" for cookie in way.page.context.cookies()
    )
    for _ in range(4):  # the next person presses Back
        way.page.go_back()
        content = way.page.content()
        assert "Cenon" not in content
        assert code not in content
    for address in ("/recu", "/verifier", "/r/K5", "/pause", "/parties"):
        way.page.goto(address)
        way.look("nous avons fermé l’écran")
    enter(way, people.codes[1])
    consent(way, "On me le prête", "Je réponds moi-même")
    way.look("Recevez-vous de l’aide")
    assert not way.page.query_selector("main input:checked")


def test_a_proxy_hands_over_to_the_person(open_way: Callable[[], Way], house: House) -> None:
    people = world(house, EVERY_KIND)
    way = open_way()
    enter(way, people.codes[0])
    way.page.click("main button:has-text('Français')")
    way.choose("Il est à moi")
    way.page.click("main button")
    way.choose("Quelqu’un répond à la place")
    way.go("Vous répondez à la place", "Continuer")
    way.go("Vous répondez à la place", "Continuer")  # nothing chosen
    assert way.page.title().startswith("Erreur")
    way.choose("Un fils ou une fille", "La mémoire", "Oui, la personne est d’accord")
    way.go("Protection de la personne", "Continuer")
    way.go("Protection de la personne", "Continuer")
    assert way.page.title().startswith("Erreur")
    way.choose("Non, aucune")
    way.go("Comment vous allez répondre", "Continuer")
    way.go("Comment vous allez répondre", "Continuer")
    assert way.page.title().startswith("Erreur")
    way.choose("Toutes les semaines", "Je dis ce que la personne dirait")
    way.go("Avant de commencer", "Continuer")
    assert "au nom de la personne" in way.page.inner_text("main")
    way.choose("Oui, j’accepte")
    way.go("La personne reçoit-elle de l’aide", "Continuer")
    way.choose("Non")
    way.go("C’est enregistré", "Faire une pause")
    way.go("Qui répond aujourd’hui", "Quelqu’un d’autre continue")
    way.choose("Je réponds moi-même")
    way.go("Vous étiez à la partie 1", "Continuer")
    way.follow("À quel point", "Continuer où j’étais")  # never asked of a proxy
    way.choose("5 – tout à fait")
    way.go("La partie 1 est terminée")
    answer(way)
    way.look("Vérifiez vos réponses")
    assert "Réponse donnée un autre jour" in way.page.inner_text("main")
    send(way)
    (document,) = documents(house)
    proxy, person = document["sit"]
    assert (proxy["role"], proxy["contact"], proxy["perspective"]) == (
        "proxy",
        "weekly",
        "as_person",
    )
    assert (person["role"], document["a"]["K1"]["s"], document["a"]["K3"]["s"]) == ("self", 0, 1)


def test_a_daughter_answers_with_her_own_code_on_her_mothers_telephone(
    open_way: Callable[[], Way], house: House
) -> None:
    mother: World = world(house, EVERY_KIND, people=2)
    way = open_way()
    enter(way, mother.codes[0])
    consent(way, "Il est à moi", "Je réponds, et quelqu’un m’aide", "La personne me lit")
    answer(way, "/r/K6")
    way.page.goto("/")
    assert "Vous avez commencé à répondre" in way.page.inner_text("main")
    enter(way, mother.codes[1])  # her own letter, on the same telephone
    consent(way, "On me le prête", "Je réponds moi-même")
    way.look("Recevez-vous de l’aide")
    assert not way.page.query_selector("main input:checked")
    way.page.goto("/r/K5")
    way.look("Recevez-vous de l’aide")  # not her mother’s answers
    way.page.goto("/r")
    answer(way)
    send(way)
    way.go("Votre avis améliore", "Terminer et effacer")
    enter(way, mother.codes[0])
    way.go("Ce téléphone, cette tablette", "Français")  # what the daughter chose went with her
    way.choose("Il est à moi")
    way.page.click("main button")
    way.choose("Je réponds moi-même")
    way.go("Vous étiez à la partie 2", "Continuer")
    way.follow("Quand l’aide a-t-elle commencé", "Continuer où j’étais")
    first, second = documents(house)
    assert first["sit"][0]["helper"] == "reads"
    assert "K9" in second["a"]
    assert "K9" not in first["a"]


def test_a_letter_opens_by_its_square_and_the_language_changes_on_the_way(
    open_way: Callable[[], Way], house: House
) -> None:
    people = world(house, EVERY_KIND)
    way = open_way()
    token = link_token(house.keys.lookup, people.codes[0])
    way.page.goto(f"/q/{token}")
    way.look("Quelle langue préférez-vous")
    assert token not in way.page.url
    assert token not in way.page.content()
    consent(way, "Il est à moi", "Je réponds moi-même")
    way.look("Recevez-vous de l’aide")
    way.choose("Oui")
    way.page.click("footer button:has-text('English')")
    way.look("Do you get help")
    assert way.page.is_checked('input[value="yes"]')
    way.page.click("footer button:has-text('very large')")
    way.look("Do you get help")
    assert "larger" in (way.page.get_attribute("html", "class") or "")
    way.page.click("footer button:has-text('Français')")
    way.look("Recevez-vous de l’aide")


def test_an_open_call_from_the_poster_to_the_receipt(
    open_way: Callable[[], Way], house: House
) -> None:
    world(house, EVERY_KIND, people=0, wave={"frame": OPEN_CALL})
    way = open_way()
    way.page.goto("/ouvert/W1")
    way.look("Votre avis améliore")
    way.page.click("main button:has-text('Commencer')")
    consent(way, "Il est à moi", "Je réponds moi-même")
    way.choose("Non")
    way.go("C’est enregistré", "Faire une pause")
    code = way.page.inner_text("main .big >> nth=0")
    way.go("Votre avis améliore", "Terminer et effacer")
    enter(way, code.replace(" ", ""))
    way.choose("Il est à moi")
    way.page.click("main button")
    way.choose("Je réponds moi-même")
    way.go("Vous étiez à la partie 1", "Continuer")
    answer(way)
    send(way)
    way.page.goto("/ouvert/W1")
    way.look("Votre avis améliore")
    assert "déjà parties de cet appareil" in way.page.inner_text("main")
