"""The builder as a coordinator's browser without script sees it."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from bs4 import Tag
from flask.testing import FlaskClient
from people import ALICE, ANNA, MAYA

from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    return house


def building(client: FlaskClient, house: House, who: people.Person, version: int = 1) -> Browser:
    people.settle(house, who)
    people.sign_in(client, house, who)
    browser = Browser(client)
    browser.get(f"/office/questionnaires/{version}")
    browser.submit(form="/build")
    return browser


@once
def test_a_question_is_written_conditioned_renamed_and_published(
    client: FlaskClient, staffed: House
) -> None:
    browser = building(client, staffed, ALICE)
    page = browser.submit({"type": "choice", "home": "home"}, form="/add")
    assert page.heading.startswith("E03 – ")
    page = browser.submit(
        {
            "text-fr": "Sortez-vous ?",
            "text-en": "Do you go out?",
            "o0-fr": "Oui",
            "o0-en": "Yes",
            "o0-code": "yes",
            "o1-fr": "Non",
            "o1-en": "No",
            "o1-code": "no",
            "c0-item": "E01",
        },
        form="/q/E03",
    )
    assert "Posée seulement si E01 a une réponse." in page.words
    page = browser.submit({"c0-relation": "is", "c0-value": ["no"]}, form="/q/E03")
    assert "Posée seulement si E01 vaut « Non »." in page.words
    page = browser.submit(form="/q/E03", button="Ajouter une réponse")
    assert page.soup.select_one("#o2-code")
    page = browser.submit(
        {"o2-code": "some", "o2-fr": "Parfois", "o2-en": "At times"}, form="/q/E03"
    )
    assert "Parfois" in client.get(page.soup.iframe["src"]).get_data(as_text=True)
    page = browser.submit({"code": "OUT"}, form="/q/E03")
    assert page.address.endswith("/q/OUT")
    page = browser.submit(form="/act", button="Monter")
    page = browser.submit(form="/act", button="Dupliquer")
    assert page.heading.startswith("OUT_2")
    page = browser.submit(form="/turn", button="Annuler")
    assert "OUT_2" not in page.words
    browser.click("Historique")
    page = browser.click("Différence, effets, publication")
    assert "Ajout" in page.words
    page = browser.submit({"note": "Sortir"}, form="/publish")
    assert "Sortez-vous" in page.words
    file = client.get(page.link("Télécharger")).get_data(as_text=True)
    assert file.startswith("format: covalue/questionnaire/1\n")


@once
def test_what_forbids_publishing_stands_at_its_question(
    client: FlaskClient, staffed: House
) -> None:
    browser = building(client, staffed, ALICE)
    page = browser.submit({"type": "rating", "home": "home", "code": "NOTE"}, form="/add")
    assert "Il manque un texte en français : la question" in page.words
    page = browser.submit({"from": "9", "to": "1"}, form="/q/NOTE", status=422)
    assert "Rien n’a été enregistré" in page.words
    assert page.soup.select_one("#from[value='9']"), "what was typed is still there"
    page = browser.submit({"to": "12", "code": ""}, form="/q/NOTE", status=422)
    page = browser.submit({"code": "MARK"}, form="/q/NOTE")
    assert (page.heading.startswith("MARK"), page.form("/q/MARK") is not None) == (True, True)
    page = browser.click("Vue d’ensemble")
    page = browser.click("(pas encore de texte)")
    assert page.heading.startswith("MARK")


@once
def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    client: FlaskClient, staffed: House
) -> None:
    alice = building(client, staffed, ALICE)
    assert alice.page
    address = alice.page.address + "/q/E01"
    alice.get(address)
    people.settle(staffed, ANNA)
    other = client.application.test_client()
    people.sign_in(other, staffed, ANNA)
    anna = Browser(other)
    anna.get(address)
    anna.submit({"text-fr": "Allez-vous bien ?"}, form="/q/E01")
    page = alice.submit({"text-fr": "Êtes-vous heureux ?"}, form="/q/E01", status=409)
    assert "Anna a modifié ceci" in page.words
    assert "Êtes-vous heureux ?" in page.words
    page = alice.click("Voir où cela en est")
    assert "Allez-vous bien ?" in page.html
    alice.get(address.replace("E01", "E02"))
    alice.submit({"text-fr": "Et l’équipe ?"}, form="/q/E02")  # another question: both stand
    page = anna.get(address)
    assert "Et l’équipe" in page.words
    assert "Allez-vous bien" in page.html
    head = address.replace("q/E01", "head")
    for browser in (alice, anna):  # a list of answers that several questions use, and a part
        browser.get(head)
    lists = [form for form in anna.page.soup.select("form") if form.select("#yes_no-o0-fr")]
    assert len(lists) == 1
    sent = {each["name"]: each.get("value", "") for each in lists[0].select("input[name]")}
    for words, status in (("Tout à fait", 303), ("Un peu", 409)):
        answer = anna.client.post(lists[0]["action"], data={**sent, "o0-fr": words, "go": "save"})
        assert answer.status_code == status
    assert "Un peu" in answer.get_data(as_text=True)
    assert "Tout à fait" in anna.get(head).html


@pytest.mark.tries("coordinators.build_restore")
@once
def test_a_code_that_was_published_does_not_change(client: FlaskClient, staffed: House) -> None:
    browser = building(client, staffed, ALICE)
    assert browser.page
    browser.get(browser.page.address + "/q/E01")
    page = browser.submit({"code": "E99"}, form="/q/E01", status=422)
    assert "Des réponses sont enregistrées sous ce code" in page.words
    browser.get(page.address)
    page = browser.submit({"code": ""}, form="/q/E01", status=422)
    assert "Rien n’a été enregistré" in page.words
    browser.get(page.address)
    page = browser.submit(form="/act", button="Retirer")
    assert "Questions retirées" in page.words
    page = browser.submit({}, form="/build/restored")
    assert page.heading.startswith("E01")


@once
def test_a_territory_begins_a_module_and_sees_the_core_locked(
    client: FlaskClient, staffed: House
) -> None:
    people.settle(staffed, MAYA)
    people.sign_in(client, staffed, MAYA)
    browser = Browser(client)
    browser.get("/office/questionnaires")
    page = browser.click("Nouveau questionnaire ou module")
    place = page.soup.select_one("option[value=after_E02]")
    assert place
    assert place.get_text().startswith("Votre vie, à la fin"), "in words, not by its code"
    page = browser.submit({"slot": "after_E02"}, form="/questionnaires/new")
    assert "National E01" in page.words
    assert not page.soup.find("a", string=lambda words: bool(words and words.startswith("E01")))
    address = page.address
    page = browser.get(f"{address}/q/E02")
    assert "Seule la coordination nationale la change." in page.words
    assert "Posée seulement si E01 vaut « Oui »." in page.words
    assert not page.soup.select("form[action$='/q/E02'], form[action$='/act']")
    page = browser.click("L’adapter pour ce territoire")
    assert page.soup.select_one("#item option[value=E02][selected]")
    browser.get(f"{address}/q/E99", status=404)
    browser.get(f"{address}/q/MAY1")
    assert browser.page
    assert "E02" in str(browser.page.soup.select_one("#c0-item"))


@once
def test_every_path_is_told_in_words(client: FlaskClient, staffed: House) -> None:
    browser = building(client, staffed, ALICE)
    page = browser.click("Essayer tous les parcours")
    row = page.soup.select_one("tr:has(#page-E02)")
    assert row
    assert row.get_text(" ").count("E01 vaut «\xa0Oui\xa0»") == 2  # its condition, and the example
    browser.get(str(row.select("a")[-1]["href"]))
    assert browser.page
    assert [each["id"] for each in browser.page.soup.select("tr.on-path th")] == [
        "page-E01",
        "page-E02",
    ]


@once
def test_the_next_version_begins_where_new_things_begin(
    client: FlaskClient, staffed: House
) -> None:
    people.settle(staffed, MAYA)
    people.sign_in(client, staffed, MAYA)
    browser = Browser(client)
    page = browser.get("/office/questionnaires/new")
    offered = [each.get_text() for each in page.soup.select("#version option")]
    assert offered == ["Personnes âgées, Mayenne, version 1"]
    page = browser.submit(form="/questionnaires/next")
    assert "E02_MAY" in page.words


@once
def test_a_source_is_typed_by_language_or_once_for_all(client: FlaskClient, staffed: House) -> None:
    browser = building(client, staffed, ALICE)
    browser.click("E01")
    form = "/q/E01"

    def typed(fr: str, en: str) -> list[str]:
        page = browser.submit({"source-fr": fr, "source-en": en}, form=form)
        fields = page.form(form).select("[name^=source-]")
        return [str(each["value"]) for each in fields]

    assert typed("", "Own item") == ["Own item", ""]  # one line: the same in each language
    assert typed("Question propre", "Own item") == ["Question propre", "Own item"]
    number = browser.page.address.split("/drafts/")[1].split("/")[0]
    board = browser.get(f"/office/questionnaires/drafts/{number}/build/translations?part=home")
    assert "E01.source" in board.words
    browser.get(f"/office/questionnaires/drafts/{number}/build/head")
    page = browser.submit({"source-fr": "Nous", "source-en": "Us"}, form="/head")
    page = browser.submit({"source-en": ""}, form="/head")
    fields = page.form("/head").select("[name^=source-]")
    assert [each["value"] for each in fields] == ["Nous", ""]


@once
def test_answers_have_other_words_for_someone_in_the_persons_place(
    client: FlaskClient, staffed: House
) -> None:
    browser = building(client, staffed, ALICE)
    browser.submit({"type": "choice", "home": "home"}, form="/add")
    words = {
        "text-fr": "Et l’argent ?",
        "text-en": "And money?",
        "o0-code": "careful",
        "o0-fr": "Je fais attention",
        "o0-en": "I am careful",
        "o1-fr": "Ça va",
        "o1-en": "All right",
        "way": ["not_concerned"],
        "way-not_concerned-fr": "Pas pour moi",
        "way-not_concerned-en": "Not for me",
    }
    page = browser.submit(words, form="/q/E03")
    assert "Qui répond à la place lit « je » ou « vous » dans ces réponses" in page.words
    page = browser.submit(
        {
            "o0-proxy-fr": "La personne fait attention",
            "o0-proxy-en": "The person is careful",
            "way-not_concerned-proxy-fr": "Pas pour elle",
            "way-not_concerned-proxy-en": "Not for them",
        },
        form="/q/E03",
    )
    assert "Qui répond à la place lit" not in page.words
    preview = str(page.soup.iframe["src"])
    for role, said, never in (
        ("self", ("Je fais attention", "Pas pour moi"), "pour elle"),
        ("proxy", ("La personne fait attention", "Pas pour elle"), "pour moi"),
    ):
        shown = client.get(f"{preview}?role={role}").get_data(as_text=True)
        assert all(each in shown for each in said)
        assert never not in shown
    browser.submit(form="/q/E03")  # saved again as it is: nothing is lost
    browser.click("Historique")
    browser.click("Différence, effets, publication")
    page = browser.submit({"note": "Argent"}, form="/publish")
    assert "à la place de la personne : « La personne fait attention »" in page.words
    file = client.get(page.link("Télécharger")).get_data(as_text=True)
    assert "proxy: {fr: La personne fait attention, en: The person is careful}" in file
    assert "proxy: {fr: Pas pour elle, en: Not for them}" in file


def _typed(page: Page, name: str) -> object:
    field = page.soup.find(attrs={"name": name})
    assert isinstance(field, Tag)
    return field.get("value") or field.text.strip()


@once
def test_what_stands_beside_a_question_has_other_words_for_someone_in_the_persons_place(
    client: FlaskClient, staffed: House
) -> None:
    browser = building(client, staffed, ALICE)
    browser.submit({"type": "rating", "home": "home"}, form="/add")
    words = {
        "text-fr": "Votre moral ?",
        "text-en": "Your spirits?",
        "hint-fr": "Pensez à votre semaine.",
        "hint-en": "Think of your week.",
        "why-fr": "Votre moral compte.",
        "why-en": "Your spirits matter.",
        "l0-fr": "Je vais mal",
        "l0-en": "I am bad",
    }
    page = browser.submit(words, form="/q/E03")
    assert "lit « je » ou « vous » dans ces réponses : 0" in page.words
    for part in ("l’aide", "la raison de la question"):
        assert f"Qui répond à la place lit des mots dits à la personne : {part}." in page.words
    others = {
        "hint-proxy-fr": "Pensez à sa semaine.",
        "hint-proxy-en": "Think of their week.",
        "why-proxy-fr": "Son moral compte.",
        "why-proxy-en": "Their spirits matter.",
        "l0-proxy-fr": "Elle va mal",
        "l0-proxy-en": "They are bad",
    }
    page = browser.submit(others, form="/q/E03")
    assert "Qui répond à la place lit" not in page.words
    preview = str(page.soup.iframe["src"])
    for role, said, never in (
        ("self", (words["hint-fr"], words["why-fr"], words["l0-fr"]), "Pensez à sa"),
        ("proxy", (others["hint-proxy-fr"], others["why-proxy-fr"], "Elle va mal"), "Pensez à vo"),
    ):
        shown = client.get(f"{preview}?role={role}").get_data(as_text=True)
        assert all(each in shown for each in said)
        assert never not in shown
    browser.submit(form="/q/E03")  # saved again as it is: nothing is lost
    browser.submit({"type": "battery", "home": "home"}, form="/add")
    row = {
        "text-fr": "Vos proches ?",
        "text-en": "Your family?",
        "r0-fr": "On m’écoute",
        "r0-en": "I am heard",
        "r0-proxy-fr": "On l’écoute",
        "r0-proxy-en": "They are heard",
        "r1-fr": "Oui",
        "r1-en": "Yes",
        "o0-fr": "Un",
        "o0-en": "One",
        "o1-fr": "Deux",
        "o1-en": "Two",
    }
    page = browser.submit(row, form="/q/E04")
    assert _typed(page, "r0-proxy-fr") == "On l’écoute"
    browser.submit(form="/q/E04")
    browser.click("Titre, parties")
    head = {"introduction-fr": "Votre vie.", "introduction-en": "Your life."}
    instead = {"introduction-proxy-fr": "Sa vie.", "introduction-proxy-en": "Their life."}
    page = browser.submit(head | instead, form="/head")
    page = browser.get(page.address)
    part = next(form for form in page.soup.select("form.part-form") if form.h3)
    fields = {str(each["name"]): str(each.get("value", "")) for each in part.select("input")}
    title = {"title-proxy-fr": "Sa maison", "title-proxy-en": "Their home", "go": "save"}
    client.post(str(part["action"]), data=fields | title)
    page = browser.get(page.address)
    assert _typed(page, "title-proxy-fr") == "Sa maison"
    assert _typed(page, "introduction-proxy-en") == "Their life."
    browser.click("Historique")
    page = browser.click("Différence, effets, publication")
    assert "l’aide, à la place de quelqu’un" not in page.words, "the question is new as a whole"
    page = browser.submit({"note": "Moral"}, form="/publish")
    assert "à la place de la personne : « Sa maison »" in page.words
    assert "à la place de la personne : « Pensez à sa semaine. »" in page.words
    file = client.get(page.link("Télécharger")).get_data(as_text=True)
    for own, other in (
        ("fr: Pensez à votre semaine., en: Think of your week.", others["hint-proxy-fr"]),
        ("fr: Votre moral compte., en: Your spirits matter.", others["why-proxy-fr"]),
        ("fr: Je vais mal, en: I am bad", others["l0-proxy-fr"]),
        ("fr: Votre vie., en: Your life.", "Sa vie."),
    ):
        assert f"{{text: {{{own}}}, proxy: {{fr: {other}, en: " in file
    assert "proxy: {fr: Sa maison, en: Their home}" in file
    assert "proxy: {fr: On l’écoute, en: They are heard}" in file
