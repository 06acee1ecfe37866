"""Paper, keying and accompanied sessions as people use them, on two processes as in production."""

from __future__ import annotations

import io
from collections.abc import Iterator

import keyers
import people
import pytest
from browser import Browser, Page
from builders import World, world
from flask import Flask
from keyers import CARLA, FANNY, FRED, OWEN
from participants import EVERY_KIND, answer_all, only_response, send
from people import Person
from pypdf import PdfReader

from app.settings import Settings
from app.storage.database import now
from app.storage.responses import unpack
from app.workflows.acting import House
from app.workflows.letters import ZONE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(settings: Settings, house: House, catalogues: None) -> Iterator[Flask]:
    """The staff's surface alone, with what its process may do to the database."""
    from app.factory import create_app

    made = create_app(settings, "office")
    yield made
    made.extensions["covalue"].database.dispose()


@pytest.fixture
def made(house: House) -> World:
    return keyers.place(house, people=2)


def staff(office: Flask, house: House, person: Person) -> Browser:
    client = office.test_client()
    people.sign_in(client, house, person)
    return Browser(client)


def key(browser: Browser, role: str = "self", **changes: str) -> Page:
    """From the head of the sheet to its end."""
    browser.submit({"batch": "12-A", "consent": "yes", "role": role})
    for fields in keyers.SHEET.values():
        typed = {f"k-{item}": changes.get(item, value) for item, value in fields.items()}
        browser.submit(typed)
    return browser.submit(form="/finish")


@pytest.mark.tries("coordinators.keying_finish")
def test_a_sheet_is_found_and_keyed(office: Flask, house: House, made: World) -> None:
    browser = staff(office, house, FANNY)
    browser.get(f"/office/waves/{made.wave_id}")
    browser.click("Saisie du papier")
    page = browser.submit({"sheet": "P9"}, form="", status=422)
    assert "Aucune feuille" in page.words
    page = browser.submit({"sheet": made.codes[0]})
    assert page.heading == "Feuille P0"
    assert made.codes[0] not in page.html
    page = browser.submit({"batch": "", "consent": "no"}, status=422)
    assert "Il manque le nom du lot" in page.words
    assert "Sans la case d’accord" in page.words
    page = browser.submit({"batch": "12-A", "consent": "yes", "role": "self"})
    assert page.heading == "Votre vie"
    page = browser.submit({"k-K1": "7"}, status=422)
    assert "pas de case avec ce numéro" in page.words
    page = browser.submit({"k-K1": "2", "k-K2": "1", "k-K3": "3"})
    assert "1 réponse de la partie précédente" in page.words
    assert page.heading == "Plus sur vous"
    page = browser.submit({"k-K4": "2", "k-K5": "?"})
    assert "Toutes les parties sont enregistrées" in page.words
    page = browser.submit(form="/finish")
    assert "ses réponses sont arrivées" in page.words
    assert unpack(only_response(house).body)["sit"][0]["illegible"] == "K5"
    page = browser.submit({"sheet": "P0"})
    assert "sont déjà arrivées" in page.words
    assert "Cenon" not in page.html


def test_double_entry_with_a_difference(office: Flask, house: House, made: World) -> None:
    owner = staff(office, house, OWEN)
    owner.get(f"/office/waves/{made.wave_id}/keying")
    assert "Ce n’est pas un taux" in owner.submit({"rate": "x"}, form="/rate", status=422).words
    assert "prochaine feuille" in owner.submit({"rate": "100"}, form="/rate").words
    fanny = staff(office, house, FANNY)
    fanny.get(f"/office/waves/{made.wave_id}/keying")
    fanny.submit({"sheet": "P0"})
    assert "seconde saisie" in key(fanny).words
    fred = staff(office, house, FRED)
    page = fred.get(f"/office/waves/{made.wave_id}/keying")
    assert "lot 12-A" in page.words
    page = fred.click("Feuille P0")
    assert "comme si personne" in page.words
    page = key(fred, "helped", K4="3", K5="Floirac")
    assert "diffèrent" in page.words
    carla = staff(office, house, CARLA)
    carla.get(f"/office/waves/{made.wave_id}/keying")
    page = carla.click("Décider la feuille P0")
    assert "Cenon" in page.words
    assert "Floirac" in page.words
    assert "Merci" not in page.words, "what agrees is nobody’s business"
    assert "la personne, avec l’aide de quelqu’un – Français – notice 1" in page.words
    page = carla.submit({"d-K4": "second"}, status=422)
    assert "Il manque une décision" in page.words
    page = carla.submit({"d-@head": "second", "d-K4": "second", "d-K5": "first"})
    assert "C’est décidé" in page.words
    assert "3 / 11" in page.words
    cells = unpack(only_response(house).body)["a"]
    assert (cells["K4"]["v"], cells["K5"]["v"]) == (3, "Cenon")


@pytest.mark.parametrize(
    ("audience", "offered"),
    [("elderly", ["self", "helped", "proxy"]), ("family", ["self", "helped"])],
)
def test_the_head_of_a_sheet_offers_who_may_answer(
    office: Flask, house: House, audience: str, offered: list[str]
) -> None:
    asked = EVERY_KIND.replace("audience: elderly", f"audience: {audience}")
    made = world(house, asked)
    people.settle(house, FANNY, programme="TEST")
    browser = staff(office, house, FANNY)
    page = browser.get(f"/office/waves/{made.wave_id}/keying/{made.participants[0]}")
    assert [row["value"] for row in page.soup.select("input[name=role]")] == offered
    assert bool(page.soup.select("#relation, #agrees, #measure")) is ("proxy" in offered)
    if "proxy" not in offered:
        token = str(page.soup.select("main [name=csrf_token]")[0]["value"])
        sent = {"csrf_token": token, "batch": "12-A", "consent": "yes", "role": "proxy"}
        answer = browser.client.post(page.address, data=sent)
        assert answer.status_code == 422
        assert "à la place d’un autre" in answer.get_data(as_text=True)
    assert browser.submit({"batch": "12-A", "consent": "yes"}).address.startswith("/office/keying/")


@pytest.mark.tries("coordinators.wave_keying_begin", "coordinators.keying_drop")
def test_a_keying_can_be_given_up(office: Flask, house: House, made: World) -> None:
    browser = staff(office, house, FANNY)
    browser.get(f"/office/waves/{made.wave_id}/keying")
    browser.submit({"sheet": "P1"})
    browser.submit({"batch": "1", "consent": "yes"})
    browser.click("Toutes les parties")
    assert "Rien de cette saisie" in browser.submit(form="/drop").words


def test_field_workers_neither_decide_nor_print(office: Flask, house: House, made: World) -> None:
    browser = staff(office, house, FANNY)
    page = browser.get(f"/office/waves/{made.wave_id}")
    assert "Visites des aides" not in page.words
    client = browser.client
    for address in ("papers", "papers/blank.pdf", "visits"):
        assert client.get(f"/office/waves/{made.wave_id}/{address}").status_code == 403
    assert client.get("/office/keying/1/differences").status_code == 403
    elsewhere = staff(office, house, keyers.EVAN)
    for address in (f"waves/{made.wave_id}/keying", f"waves/{made.wave_id}/interview"):
        assert elsewhere.client.get(f"/office/{address}").status_code == 403


def test_paper_is_ordered_and_a_blank_fetched(office: Flask, house: House, made: World) -> None:
    browser = staff(office, house, CARLA)
    browser.get(f"/office/waves/{made.wave_id}/papers")
    page = browser.submit({"territory": "BDX"}, form="/papers")
    assert "en attente" in page.words
    address = f"/office/waves/{made.wave_id}/papers/blank.pdf?territory=BDX&language=en"
    sent = browser.client.get(address)
    assert sent.mimetype == "application/pdf"
    assert sent.data.startswith(b"%PDF")
    assert "no-store" in sent.headers["Cache-Control"]


def test_who_interviews_fetches_show_cards(office: Flask, house: House, made: World) -> None:
    browser = staff(office, house, FANNY)
    browser.get(f"/office/waves/{made.wave_id}")
    page = browser.click("Cartes-réponses")
    assert page.heading == "Cartes-réponses"
    browser.get(f"/office/waves/{made.wave_id}/interview")
    assert browser.click("Cartes-réponses à imprimer").address == page.address
    address = f"{page.address}.pdf?territory=BDX&audience=elderly"
    for language, words in (("fr", "Question 2 Quelles aides"), ("en", "Question 2 Which help")):
        sent = browser.client.get(f"{address}&language={language}")
        assert sent.mimetype == "application/pdf"
        read = PdfReader(io.BytesIO(sent.data)).pages[1].extract_text()
        assert words in " ".join(read.split()).replace("\u00a0", " ")
    for wrong in (f"{address}&language=de", address.replace("BDX", "FR")):
        assert browser.client.get(wrong).status_code == 404
    family = address.replace("elderly", "family")
    assert browser.client.get(family).status_code == 404, "nobody there is asked that"
    assert browser.client.get(address.replace("BDX", "MAY")).status_code == 403
    evan = staff(office, house, keyers.EVAN)
    assert evan.client.get(address).status_code == 403


def short_code(page: Page) -> str:
    assert page.soup.select_one(".big")
    return page.soup.select_one(".big").get_text(strip=True)  # type: ignore[union-attr] # just seen


def hand_over(
    office: Flask, house: House, made: World, channel: str, number: int = 0
) -> tuple[Browser, str]:
    browser = staff(office, house, FANNY)
    browser.get(f"/office/waves/{made.wave_id}")
    browser.click("Entretien à domicile")
    page = browser.submit({"channel": channel, "code": "1234"}, status=422)
    assert "Un chiffre est faux" in page.words
    page = browser.submit({"channel": channel, "code": made.codes[number]})
    assert made.codes[number] not in page.html + page.address
    assert short_code(page).replace(" ", "") not in page.address
    return browser, short_code(page)


def through(participant: Browser, role: str = "self") -> Page:
    """From the language to the check of the answers; every page says who answers."""
    page = participant.submit(button="Français")
    assert page.address.startswith("/qui"), "the device is known to be shared"
    if page.address == "/qui":
        page = participant.submit({"role": role})
    if page.address == "/qui/aide":
        page = participant.submit({"helper": ["reads"]})
    page = participant.submit({"consent": "yes"})
    assert "la personne répond" in page.words
    assert "mot pour mot" in page.words
    page = answer_all(participant, page)
    assert page.address == "/verifier"
    assert "la personne répond" in page.words
    return page


def test_an_interview_by_telephone(office: Flask, public: Flask, house: House, made: World) -> None:
    _, code = hand_over(office, house, made, "phone")
    participant = Browser(public.test_client())
    page = participant.get("/entretien")
    page = participant.submit({"short": "1234"}, status=422)
    participant.submit({"short": code})
    through(participant)
    page = send(participant)
    assert "Merci" in page.words
    page = participant.submit(form="/terminer")
    assert page.address == "/ecran"
    assert "L’écran est effacé" in page.heading
    assert participant.get("/recu").heading.endswith("fermé l’écran")
    response = only_response(house)
    sitting = unpack(response.body)["sit"][0]
    assert response.channel == sitting["channel"] == "phone"
    assert sitting["assisted_by"].startswith("account:")
    assert sitting["device"] == "shared"
    participant.get("/entretien")
    page = participant.submit({"short": code}, status=422)
    assert "n’ouvre plus rien" in page.words


def first_question(public: Flask, code: str, language: str) -> Browser:
    """The first question page, for who answers alone with the short code of an interviewer."""
    participant = Browser(public.test_client())
    participant.get("/entretien")
    participant.submit({"short": code})
    participant.submit(button=language)
    participant.submit({"role": "self"})
    page = participant.submit({"consent": "yes"})
    assert page.address == "/r/K1"
    return participant


@pytest.mark.parametrize(
    ("language", "aloud", "silent", "asked"),
    [
        ("Français", "Réponses à lire\u00a0:", "ne pas lire", "à lire si la personne le demande"),
        ("English", "Read these answers aloud:", "do not read", "read only if the person asks"),
    ],
)
def test_on_the_telephone_it_is_said_what_is_read_aloud(
    office: Flask,
    public: Flask,
    house: House,
    made: World,
    language: str,
    aloud: str,
    silent: str,
    asked: str,
) -> None:
    screens = {}
    for number, channel in enumerate(("visit", "phone")):
        _, code = hand_over(office, house, made, channel, number)
        screens[channel] = first_question(public, code, language)
    pages = {channel: screen.get("/r/K1") for channel, screen in screens.items()}  # kept by now
    note = {"Français": "Laissez le temps de", "English": "Leave time to"}[language]
    for each in pages.values():  # in a box of its own, beside what is read out
        (box,) = each.soup.select("fieldset .for-reader")
        assert note in box.get_text()
    assert not pages["visit"].soup.select(".aloud")
    page = pages["phone"].soup
    assert [mark.get_text() for mark in page.select("p.aloud")] == [aloud]
    described = str(page.select("fieldset")[0]["aria-describedby"]).split()
    assert [mark["id"] for mark in page.select("p.aloud")] == described[-1:]
    said = {
        str(label.select("input")[0]["value"]): [mark.get_text() for mark in label.select("small")]
        for label in page.select("label.option")
    }
    assert said == {"yes": [], "no": [], "~dont_know": [silent], "~prefer_not": [silent]}
    assert [mark.get_text() for mark in page.select("summary small")] == [asked]
    assert page.select(".assisted")[0].get_text().lower().count(silent) == 1
    assert len(pages["phone"].html) - len(pages["visit"].html) < 1_000


@pytest.mark.tries("coordinators.interview_leave")
def test_a_visit_signs_the_staff_out_before_the_device_changes_hands(
    office: Flask, house: House, made: World
) -> None:
    browser, _ = hand_over(office, house, made, "visit")
    assert browser.page
    assert "form-action 'self' http://localhost" in browser.page.headers["Content-Security-Policy"]
    form = browser.page.form("/interviews/leave")
    token = form.select_one("[name=csrf_token]")
    assert token
    sent = browser.client.post(str(form["action"]), data={"csrf_token": token["value"]})
    assert sent.status_code == 303
    assert sent.headers["Location"] == "http://localhost/entretien"
    left = browser.client.get("/office/waves")
    assert "/office/sign-in" in left.headers["Location"]


def test_a_home_help_with_the_code_of_a_visit(
    office: Flask, public: Flask, house: House, made: World
) -> None:
    carla = staff(office, house, CARLA)
    carla.get(f"/office/waves/{made.wave_id}")
    carla.click("Visites des aides")
    assert "ne convient pas" in carla.submit({"reference": "P0"}, status=422).words
    page = carla.submit({"reference": "P0", "day": now().astimezone(ZONE).date().isoformat()})
    short = short_code(page)
    participant = Browser(public.test_client())
    participant.get("/accompagnement")
    page = participant.submit({"short": short, "code": made.codes[1]}, status=422)
    assert "ne vont pas ensemble" in page.words
    participant.submit({"short": short, "code": made.codes[0]})
    through(participant)
    sitting = unpack(only_response(house).body)["sit"][0]
    assert sitting["role"] == "helped"
    assert sitting["helper"] == "reads"
    assert sitting["channel"] == "web_assisted"
    assert sitting["assisted_by"].startswith("visit:")
    carla.get(f"/office/waves/{made.wave_id}/visits")
    assert "n’ouvre plus rien" in carla.submit(form="/revoke").words
    other = Browser(public.test_client())
    other.get("/accompagnement")
    page = other.submit({"short": short, "code": made.codes[0]}, status=422)
    assert "ne vont pas ensemble" in page.words
