"""The pages of accounts: sign in, start, language, sign out."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from flask.testing import FlaskClient
from people import ALICE, DORA, MAYA, OSCAR, PASSWORD

from app.protection import passwords
from app.workflows import accounts
from app.workflows.acting import House
from app.workflows.signing_in import TRIES_PER_EMAIL


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, DORA, OSCAR)
    return house


def enter(browser: Browser, house: House, person: people.Person) -> Page:
    """From the sign-in page, through both steps."""
    code = people.second_factor(house, person.email)
    browser.submit({"email": person.email, "password": PASSWORD})
    return browser.submit({"code": code})


@pytest.fixture
def browser(client: FlaskClient, staffed: House) -> Browser:
    return Browser(client)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("staff")
    return found.value if found else ""


def test_signing_in_leads_to_the_start_page(browser: Browser, staffed: House) -> None:
    browser.get("/office/sign-in")
    page = enter(browser, staffed, MAYA)
    assert page.address == "/office/"
    assert page.heading == "Bonjour, Maya"
    assert "Coordination territoriale – Mayenne" in page.words


def test_a_flood_of_sign_ins_leaves_threads_for_answers(
    browser: Browser, staffed: House, client: FlaskClient
) -> None:
    """With one at it and one waiting, the next is told to come again, and holds nothing up."""
    browser.get("/office/sign-in")
    with ExitStack() as there:
        for _ in range(2):
            assert passwords._two_here.acquire(blocking=False)
            there.callback(passwords._two_here.release)
        browser.submit({"email": MAYA.email, "password": PASSWORD}, status=503)
        assert client.get("/").status_code == 200
    browser.get("/office/sign-in")
    assert enter(browser, staffed, MAYA).heading == "Bonjour, Maya"


def test_the_start_page_offers_what_the_account_can_do(client: FlaskClient, staffed: House) -> None:
    people.sign_in(client, staffed, DORA)
    page = Browser(client).get("/office/")
    assert "Lire les chiffres diffusés" in page.words
    people.sign_in(client, staffed, OSCAR)
    page = Browser(client).get("/office/")
    assert [link["href"] for link in page.soup.select("ul.duties a")] == [
        "/office/privacy",
        "/office/accounts",
    ]


def test_a_page_for_staff_asks_to_sign_in_and_comes_back(browser: Browser, staffed: House) -> None:
    page = browser.get("/office/questionnaires")
    assert page.address == "/office/sign-in?next=/office/questionnaires"
    page = enter(browser, staffed, MAYA)
    assert page.address == "/office/questionnaires"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/office/\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/office\r\nSet-Cookie: a=b",
    ],
)
def test_next_leads_nowhere_else(client: FlaskClient, staffed: House, target: str) -> None:
    browser = Browser(client)
    browser.get("/office/sign-in")
    token = browser.page.form()  # type: ignore[union-attr] # a page came
    field = token.select_one("[name=csrf_token]")
    assert field is not None
    answer = client.post(
        "/office/sign-in",
        data={
            "csrf_token": field["value"],
            "email": MAYA.email,
            "password": PASSWORD,
            "next": target,
        },
    )
    onward = "/office/second-step?next=/office/"
    assert (answer.status_code, answer.headers["Location"]) == (303, onward)
    people.sign_in(client, staffed, MAYA)
    again = client.get("/office/sign-in", query_string={"next": target})
    assert (again.status_code, again.headers["Location"]) == (303, "/office/")


def test_unknown_address_and_wrong_password_give_the_same_page(browser: Browser) -> None:
    pages = []
    for email, password in ((MAYA.email, "a wrong one"), ("nobody@example.org", PASSWORD)):
        browser.get("/office/sign-in")
        page = browser.submit({"email": email, "password": password}, status=422)
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", page.html))
    assert pages[0] == pages[1]
    assert "ne vont pas ensemble" in pages[0]
    assert "<title>Erreur\u00a0:" in pages[0]
    assert pages[0].count('aria-invalid="true"') == 2


def test_empty_fields_are_named(browser: Browser) -> None:
    browser.get("/office/sign-in")
    page = browser.submit({"email": "", "password": ""}, status=422)
    assert [link["href"] for link in page.soup.select(".problems a")] == ["#email", "#password"]


def test_too_many_tries_are_slowed_down(browser: Browser) -> None:
    for _ in range(TRIES_PER_EMAIL):
        browser.get("/office/sign-in")
        browser.submit({"email": MAYA.email, "password": "a guess"}, status=422)
    browser.get("/office/sign-in")
    page = browser.submit({"email": MAYA.email, "password": PASSWORD}, status=429)
    assert "Attendez un quart d’heure" in page.words


def test_the_cookie_is_new_hidden_from_scripts_and_dead_after_signing_out(
    browser: Browser, client: FlaskClient, staffed: House
) -> None:
    client.set_cookie("staff", "chosen-by-somebody-else")
    browser.get("/office/sign-in")
    enter(browser, staffed, MAYA)
    secret = cookie(client)
    assert secret not in ("", "chosen-by-somebody-else")
    found = client.get_cookie("staff")
    assert found is not None
    assert found.http_only
    assert found.same_site == "Lax"
    assert browser.page
    token = browser.page.form("/office/sign-out").select("[name=csrf_token]")[0]["value"]
    left = client.post("/office/sign-out", data={"csrf_token": token})
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert cookie(client) == ""
    assert accounts.actor_from_session(staffed, secret) is None
    client.set_cookie("staff", secret)
    assert client.get("/office/").status_code == 303


def test_a_form_from_elsewhere_signs_nobody_in_or_out(client: FlaskClient, staffed: House) -> None:
    refused = client.post("/office/sign-in", data={"email": MAYA.email, "password": PASSWORD})
    assert refused.status_code == 400
    people.sign_in(client, staffed, MAYA)
    assert client.post("/office/sign-out").status_code == 400
    assert client.get("/office/").status_code == 200


def test_the_language_is_remembered_by_the_account(
    browser: Browser, client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, MAYA)
    browser.get("/office/")
    page = browser.submit(form="/office/sign-out", button="English")
    assert page.address == "/office/"
    assert page.heading == "Hello, Maya"
    assert people.acting(staffed, MAYA).language == "en"


def test_the_language_of_the_sign_in_page_can_be_chosen(browser: Browser) -> None:
    browser.get("/office/sign-in")
    page = browser.submit(form="/office/language", button="English")
    assert (page.address, page.heading) == ("/office/sign-in", "Sign in")
    refused = browser.client.post("/office/language", data={"language": "xx"})
    assert refused.status_code == 400
