"""The door: five messages, counted attempts, and nothing that tells known codes from others."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from builders import World, world
from flask import Flask
from participants import EVERY_KIND, answer_all, begin, cells, enter, hidden_fields, send
from sqlalchemy import update

from app.protection import codes
from app.storage.database import now
from app.storage.participants import AccessCode
from app.storage.throttle import Throttle, all_attempts
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.throttling import MOST_WRONG, network_of


def _attempts(house: House) -> int:
    with house.database.read() as session:
        return all_attempts(session, 24 * 60)


def test_spaces_hyphens_and_letters_for_digits_are_forgiven(
    public: Flask,
    invited: World,
) -> None:
    code = invited.codes[0]
    written = f" {code[:4]}-{code[4:8]}.{code[8:]} ".replace("0", "O").replace("1", "l")
    assert enter(Browser(public.test_client()), written).address == "/accord"


def test_a_wrong_digit_is_a_typing_error_and_not_counted(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    code = invited.codes[0]
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    browser = Browser(public.test_client())
    browser.get("/")
    page = browser.submit({"code": wrong}, status=422)
    assert "Un chiffre semble faux" in page.words
    assert page.soup.select_one("#code")["value"] == wrong  # type: ignore[index]
    assert _attempts(house) == 0


def test_a_field_left_empty_is_asked_for_and_no_digit_is_called_wrong(public: Flask) -> None:
    browser = Browser(public.test_client())
    fields = {"/": ("code",), "/retrait": ("code",), "/entretien": ("short",)}
    for address, names in (fields | {"/accompagnement": ("short", "code")}).items():
        browser.get(address)
        page = browser.submit(dict.fromkeys(names, ""), form=address, status=422)
        assert "semble faux" not in page.words, address
        assert page.soup.select_one(".problems a")
        assert page.soup.title.get_text().startswith("Erreur"), address  # type: ignore[union-attr]


def test_the_closed_screen_takes_the_code_itself(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    other = Browser(public.test_client())
    assert "nous avons fermé l’écran" in other.get("/r/K1").heading
    assert "we have closed the screen" in other.submit(form="/affichage", button="English").heading
    assert "nous avons fermé l’écran" in other.submit(form="/affichage", button="Français").heading
    assert other.submit({"code": invited.codes[0]}, form="/").address == "/appareil"


def test_unknown_codes_are_counted_and_then_slow_everybody_at_that_address(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    browser.get("/")
    for _ in range(MOST_WRONG):
        page = browser.submit({"code": codes.new_code()}, status=422)
        assert "Nous ne trouvons pas ce code" in page.words
    assert _attempts(house) == MOST_WRONG
    page = browser.submit({"code": invited.codes[0]}, status=429)
    assert "Attendez dix minutes" in page.words
    with house.database.write() as session:  # ten minutes later
        session.execute(update(Throttle).values(window_start=now() - timedelta(minutes=11)))
    assert browser.submit({"code": invited.codes[0]}).address != "/"


def test_a_known_code_is_not_counted(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    for _ in range(3):
        enter(Browser(public.test_client()), invited.codes[0])
    assert _attempts(house) == 0


def test_a_replaced_code_says_so(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    with house.database.write() as session:
        session.execute(update(AccessCode).values(revoked_at=now()))
    browser = Browser(public.test_client())
    browser.get("/")
    assert "Ce code a été remplacé" in browser.submit({"code": invited.codes[0]}, status=422).words


@pytest.mark.parametrize(
    ("wave", "words"),
    [
        ({"opened_at": None}, "L’enquête n’est pas encore ouverte"),
        ({"opens_at": now() + timedelta(days=2)}, "L’enquête n’est pas encore ouverte"),
        ({"closed_at": now()}, "L’enquête est terminée"),
        ({"closes_at": now() - timedelta(minutes=1)}, "L’enquête est terminée"),
    ],
)
def test_a_wave_that_is_not_open_gives_a_kind_page(
    public: Flask,
    house: House,
    wave: dict[str, object],
    words: str,
) -> None:
    made = world(house, EVERY_KIND, wave=wave)
    browser = Browser(public.test_client())
    browser.get("/")
    page = browser.submit({"code": made.codes[0]})
    assert page.heading == words
    assert ("répondre sur papier" in page.words) is ("pas encore" in words)


def test_days_stand_on_screen_as_they_do_in_print(
    public: Flask, house: House, invited: World
) -> None:
    with house.database.write() as session:
        session.execute(update(Wave).values(opens_at=datetime(2099, 5, 1, 10, tzinfo=UTC)))
    browser = Browser(public.test_client())
    for language, words in (("fr", "le 1er\xa0mai 2099"), ("en", "on 1 May 2099")):
        browser.client.set_cookie("language", language)
        browser.get("/")
        said = browser.submit({"code": invited.codes[0]}).words
        assert words.replace("\xa0", " ") in said.replace("\xa0", " ")


def test_sent_answers_cannot_be_reached_again(
    public: Flask,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    send(browser)
    other = Browser(public.test_client())
    other.get("/")
    page = other.submit({"code": invited.codes[0]})
    assert page.heading == "Vos réponses sont déjà envoyées"
    assert "Cenon" not in page.words
    for address in ("/r/K1", "/verifier", "/r", "/fin"):  # a tab that stayed open, or Back
        page = browser.get(address)
        assert page.heading == "Vos réponses sont déjà envoyées"
        assert "Cenon" not in page.words
    page = browser.submit(form="/affichage", button="English")
    assert page.heading == "Your answers were already sent"
    assert browser.click("See my receipt again").address == "/recu"


def test_an_answer_that_comes_after_the_sending_is_said_to_be_left_out(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    tab = hidden_fields(browser.get("/r/K5")) | {"q-K5": "Talence"}
    browser.get("/verifier")
    send(browser)
    sent = browser.client.post("/r/K5", data=tab)
    assert sent.status_code == 200
    page = browser._arrive(sent, "/r/K5", 200)
    assert page.heading == "Vos réponses sont déjà envoyées"
    assert "n’est pas ajouté" in page.words
    assert cells(house)["K5"]["v"] == "Cenon"


def test_a_wave_that_closes_meanwhile_takes_no_more_answers(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    with house.database.write() as session:
        session.execute(update(Wave).values(closed_at=now()))
    page = browser.submit({"q-K1": "yes"}, form="/r/K1")
    assert page.heading == "L’enquête est terminée"
    assert re.search(r"s’est terminée le \d+(er)? \w+ \d{4}", page.words), "the day is said"


def test_addresses_of_one_ipv6_network_count_together() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("nonsense") == "unknown"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_page_is_read_in_a_moment(public: Flask, language: str) -> None:
    page = Browser(public.test_client(), language).get("/")
    main = page.soup.main
    assert main
    folded = [inner for each in main.select("details") for inner in each.find_all(recursive=False)]
    for inner in folded:
        if inner.name != "summary":
            inner.decompose()
    assert 30 < len(main.get_text(" ").split()) <= 80
    assert len(main.select("input:not([type=hidden])")) == 1


def test_pages_before_the_code_are_closed(public: Flask) -> None:
    browser = Browser(public.test_client())
    for address in ("/appareil", "/qui", "/accord", "/langue", "/r", "/r/K1", "/verifier"):
        assert "nous avons fermé l’écran" in browser.get(address).heading


@pytest.mark.parametrize("address", ["/", "/aide", "/accessibilite", "/donnees-personnelles"])
def test_open_pages_are_well_made_in_both_languages(
    public: Flask,
    invited: World,
    address: str,
) -> None:
    for language in ("fr", "en"):
        page = Browser(public.test_client(), language).get(address)
        assert page.soup.html
        assert page.soup.html["lang"] == language


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1234 5678 901", "ici, il y en a 11"),
        ("1234 5678 9012 3", "ici, il y en a 13"),
        (" r 1234 5678 9012", "Ce code commence par R"),
    ],
)
def test_what_is_wrong_with_a_code_is_counted_not_guessed(
    public: Flask, typed: str, told: str
) -> None:
    browser = Browser(public.test_client())
    browser.get("/")
    page = browser.submit({"code": typed}, status=422)
    assert told in page.words.replace("\u00a0", " ")
    assert "semble faux" not in page.words
    ways = page.soup.select('main a[href="/retrait"]')
    assert len(ways) == (1 if "R" in told else 0)


def test_asking_for_the_head_of_a_page_does_nothing_more(public: Flask, invited: World) -> None:
    client = public.test_client()
    for address in ("/", "/retrait", "/entretien", "/accompagnement", "/merci"):
        assert client.head(address).status_code == 200, address
    browser = Browser(client)
    browser.get("/")
    assert browser.submit({"code": invited.codes[0]}).address == "/langue"
    assert client.head("/langue").status_code == 200
    browser.submit(button="Français")
    assert client.head("/appareil").status_code == 200


def test_a_page_that_only_a_button_opens_says_so(public: Flask) -> None:
    browser = Browser(public.test_client())
    for address in ("/passer", "/terminer", "/envoyer"):
        page = browser.get(address, status=405)
        assert "bouton" in page.heading, address
        assert "L’erreur vient de nous" not in page.words
