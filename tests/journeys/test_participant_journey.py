"""A participant in a real browser: a narrow telephone, no script, every page looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from builders import World, world
from participants import EVERY_KIND
from way import Way, enter

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture(params=["phone", "large text"])
def phone(request: pytest.FixtureRequest, chromium: Any, server: str) -> Iterator[tuple[Any, Any]]:
    """A page without script at 360 px, also with large text; and a window for axe."""
    context = chromium.new_context(
        base_url=server,
        locale="fr-FR",
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
    )
    if request.param == "large text":
        context.add_cookies([{"name": "look", "value": '"larger contrast"', "url": server}])
    mirror = chromium.new_context(base_url=server, viewport={"width": 360, "height": 740})
    yield context.new_page(), mirror.new_page()
    context.close()
    mirror.close()


@pytest.fixture
def people(house: House) -> World:
    return world(house, EVERY_KIND, people=1)


def test_a_whole_journey_without_script(phone: Any, people: World) -> None:
    way, code = Way(*phone), people.codes[0]
    way.page.goto("/")
    way.page.fill("#code", "1234 5678 9011")
    way.go("Votre avis améliore", "Commencer")
    assert way.page.title().startswith("Erreur")
    way.page.click(".problems a")
    assert way.page.evaluate("document.activeElement.id || location.hash") in ("code", "#code")
    enter(way, code)
    way.look("Quelle langue préférez-vous")
    way.go("Ce téléphone, cette tablette", "Français")
    way.go("Ce téléphone, cette tablette", "Continuer")  # nothing chosen
    way.choose("Il est à moi")
    way.go("Qui répond aujourd’hui", "Continuer")
    way.choose("Je réponds, et quelqu’un m’aide")
    way.go("Comment la personne vous aide", "Continuer")
    way.choose("La personne me lit")
    way.go("Avant de commencer", "Continuer")
    way.page.click("summary")
    way.look("Avant de commencer")
    way.choose("Oui, j’accepte")
    way.go("Recevez-vous de l’aide", "Continuer")
    way.go("Recevez-vous de l’aide")  # the gentle reminder
    assert "Vous n’avez pas répondu" in way.page.inner_text("main")
    way.choose("Oui")
    way.go("Quelles aides")
    way.page.click("text=Question précédente")
    way.look("Recevez-vous de l’aide")
    assert way.page.is_checked('input[value="yes"]')
    way.go("Recevez-vous de l’aide", "Effacer ma réponse")
    assert way.page.inner_text("[role=status]") == "Votre réponse est effacée."
    assert way.page.query_selector("main input:checked") is None
    way.choose("Oui")
    way.go("Quelles aides")
    way.choose("Aucune", "Les repas")
    way.go("Quelles aides")  # an error
    assert way.page.title().startswith("Erreur")
    way.choose("Aucune")
    way.go("À quel point")
    way.choose("5 – tout à fait")
    way.go("Pour votre information")
    way.go("La partie 1 est terminée", "Continuer")
    way.follow("Combien de personnes", "Continuer avec la partie 2")
    way.page.fill("#q-K4", "beaucoup")
    way.go("Combien de personnes")
    way.page.fill("#q-K4", "2")
    way.go("Dans quelle commune")
    way.page.fill("#q-K5", "Cenon")
    way.go("C’est enregistré", "Faire une pause")
    words = way.page.inner_text("main .big")
    way.go("Votre avis améliore", "Terminer et effacer")

    enter(way, code)
    way.choose("Il est à moi")
    way.page.click("main button")
    way.choose("Je réponds moi-même")
    way.go("Vous étiez à la partie 2", "Continuer")
    way.follow("Quand l’aide", "Continuer où j’étais")
    way.page.goto("/r/K5")
    way.look("Pour revoir vos réponses")
    way.page.fill("#words", "pomme poire")
    way.go("Pour revoir vos réponses", "Voir mes réponses")
    way.page.fill("#words", words)
    way.go("Quand l’aide", "Voir mes réponses")
    way.page.fill("#q-K6", "mars")
    way.page.fill("#q-K6-year", "2020")
    way.go("je me suis senti bien")
    way.choose("Parfois")
    way.go("je suis sorti")
    way.choose("Toujours")
    way.go("Que voulez-vous ajouter")
    way.go("Quel jour êtes-vous sorti")
    way.go("Vérifiez vos réponses")
    assert "Sans réponse" in way.page.inner_text("main")
    way.page.click('a[href^="/r/K4"]')
    way.look("Combien de personnes")
    way.page.fill("#q-K4", "3")
    way.go("Vérifiez vos réponses")
    assert "3 personnes" in way.page.inner_text("main")
    way.follow("Dernière étape", "Continuer")
    way.choose("Personne", "Bien")
    way.go("Vos réponses sont bien arrivées", "Envoyer mes réponses")
    withdrawal = way.page.inner_text("main .big")
    way.go("Votre avis améliore", "Terminer et effacer")

    way.page.goto("/recu")  # kept as a bookmark: the day, without the code
    way.look("Vos réponses sont bien arrivées")
    assert withdrawal not in way.page.content()
    way.page.goto("/r/K4")
    way.look("nous avons fermé l’écran")
    enter(way, code)
    way.look("Vos réponses sont déjà envoyées")
    way.page.click("main a >> text=Retirer mes réponses")
    way.look("Retirer mes réponses")
    way.page.fill("#code", withdrawal)
    way.go("Voulez-vous effacer", "Continuer")
    way.go("retirées et effacées", "Effacer mes réponses")
    for address, heading in (
        ("/aide", "Aide"),
        ("/accessibilite", "non conforme"),
        ("/donnees-personnelles", "Vos données personnelles"),
    ):
        way.page.goto(address)
        way.look(heading)
    assert len(set(way.seen)) > 25
