"""Pages of the own account and of those that an operator looks after."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import people
import programme
import pyotp
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import MAYA, OSCAR, PASSWORD
from sqlalchemy import select, update

from app.storage.accounts import StaffSession, account_by_email
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.web import sessions
from app.workflows import account_care, invitations, signing_in
from app.workflows.acting import House

PHRASE = "sept girafes sous la pluie"


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA, OSCAR)
    return house


def long_ago(house: House) -> None:
    """As if everybody had proved an hour and more ago to sit there."""
    with house.database.write() as session:
        session.execute(update(StaffSession).values(confirmed_at=now() - timedelta(hours=2)))


def app_code(browser: Browser) -> str:
    """What the app shows that was given the key on the page."""
    assert browser.page
    key = browser.page.soup.select_one(".checksum")
    assert key
    return pyotp.TOTP(key.get_text("").replace(" ", "")).now()


@pytest.mark.tries("accounts.invitation_accept")
def test_from_an_invitation_to_the_start_page(client: FlaskClient, staffed: House) -> None:
    """The operator invites; the person chooses a password, adds the app, keeps the codes."""
    people.sign_in(client, staffed, OSCAR)
    office = Browser(client)
    office.get("/office/accounts/invite")
    page = office.submit({"email": "x", "name": "Nina"}, status=422)
    assert page.soup.select_one(".problems")
    page = office.submit(
        {"email": "nina@example.org", "name": "Nina", "role": "reviewer", "territory": "MAY"}
    )
    link = page.soup.select_one("#link")
    assert link
    address = link.get_text("").strip()
    assert address.startswith("http://localhost/office/invitation/")

    person = Browser(client.application.test_client())
    page = person.get(address.removeprefix("http://localhost"))
    assert page.address == "/office/invitation", "the secret leaves the address"
    assert address.rpartition("/")[2] not in page.html
    assert "jetons" not in page.words, "nothing was open before"
    person.submit({"password": "Motdepasse2026!"}, status=422)
    page = person.submit({"password": PHRASE})
    assert "Le mot de passe est choisi" in page.words
    page = person.submit({"email": "nina@example.org", "password": PHRASE})
    assert page.address == "/office/second-factors/new"
    assert person.get("/office/questionnaires").address.startswith("/office/sign-in")
    page = person.get("/office/second-factors/new")
    wrong = str((int(app_code(person)) + 1) % 1_000_000).zfill(6)
    person.submit({"code": wrong}, form="/office/second-factors/app", status=422)
    page = person.submit({"code": app_code(person)}, form="/office/second-factors/app")
    codes = re.findall(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}", page.words)
    assert len(codes) == 10
    page = person.get("/office/")
    assert page.heading == "Bonjour, Nina"
    person.get(address.removeprefix("http://localhost"), status=404)


def test_who_is_invited_in_english_begins_in_english(client: FlaskClient, staffed: House) -> None:
    """Message, first pages and account; who reads in the other language by then keeps that one."""
    people.sign_in(client, staffed, OSCAR)
    office = Browser(client)
    page = office.get("/office/accounts/invite")
    assert page.soup.select_one("[name=language] [value=fr][selected]"), "as the inviter reads"
    links = {}
    for name in ("nina", "noah"):
        office.get("/office/accounts/invite")
        said = {"email": f"{name}@example.org", "name": name, "role": "evaluator"}
        page = office.submit(said | {"territory": "FR", "language": "en"})
        links[name] = (
            page.soup.select("#link")[0].get_text("").strip().removeprefix("http://localhost")
        )
    for name, reads in (("nina", "en"), ("noah", "fr")):
        person = Browser(client.application.test_client(), language="fr")
        page = person.get(links[name])
        assert page.heading == "Choose a password"
        if reads == "fr":
            person.submit(form="/language", button="Français")
            assert person.page
            assert person.page.heading == "Choisir un mot de passe"
        page = person.submit({"password": PHRASE}, form="")
        assert page.soup.html
        assert page.soup.html["lang"] == reads
        with staffed.database.read() as session:
            account = account_by_email(session, f"{name}@example.org")
        assert account
        assert account.language == reads


def test_who_lost_the_password_reads_what_ends_with_a_new_one(
    client: FlaskClient, staffed: House
) -> None:
    oscar = people.sign_in(client, staffed, OSCAR)
    maya = account_care.account_number(staffed, oscar, MAYA.email)
    ends = "ses jetons pour programmes ne serv"
    assert ends in Browser(client).get(f"/office/accounts/{maya}").words
    link = invitations.new_link(staffed, oscar, maya)
    person = Browser(client.application.test_client())
    assert ends in person.get(f"/office/invitation/{link.secret}").words


def test_the_second_step_is_owed_on_every_page(client: FlaskClient, staffed: House) -> None:
    code = people.second_factor(staffed, MAYA.email)
    browser = Browser(client)
    browser.get("/office/sign-in?next=/office/waves")
    page = browser.submit({"email": MAYA.email, "password": PASSWORD})
    assert page.address == "/office/second-step?next=/office/waves"
    for address in ("/office/", "/office/waves", "/office/account", "/office/password"):
        assert client.get(address).status_code == 303
    assert client.get("/api/v1/waves").status_code == 401
    page = browser.submit({"code": "123 456"}, status=422)
    assert "n’a pas été acceptée" in page.words
    assert browser.submit({"code": code}).address == "/office/waves"


def test_a_sensitive_page_asks_again_and_then_opens(client: FlaskClient, staffed: House) -> None:
    people.sign_in(client, staffed, OSCAR)
    browser = Browser(client)
    browser.get("/office/accounts")
    long_ago(staffed)
    page = browser.get("/office/accounts")
    assert page.address == "/office/confirm?next=/office/accounts"
    browser.submit({"code": "not it"}, status=422)
    assert browser.submit({"code": PASSWORD}).address == "/office/accounts"
    assert browser.get("/office/").status == 200, "other pages never ask"


def test_a_form_sent_too_late_changes_nothing_and_leads_back(
    client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, OSCAR)
    browser = Browser(client)
    browser.get("/office/accounts")
    page = browser.click("Maya")
    long_ago(staffed)
    asked = browser.submit(form="/disable")
    assert asked.address == f"/office/confirm?next={page.address}"
    assert browser.submit({"code": PASSWORD}).address == page.address
    assert signing_in.sign_in(staffed, MAYA.email, PASSWORD, "192.0.2.1").outcome == "half"


def test_the_own_account(client: FlaskClient, staffed: House) -> None:
    away = people.session_of(staffed, MAYA.email)
    people.sign_in(client, staffed, MAYA)
    browser = Browser(client)
    page = browser.get("/office/account")
    assert page.heading == "Mon compte"
    page = browser.submit(form="/sessions/end-others")
    assert "Vous y êtes déconnecté" in page.words
    client.set_cookie("staff", away)
    assert client.get("/office/account").status_code == 303
    people.sign_in(client, staffed, MAYA)
    page = browser.get("/office/account")
    page = browser.submit(form="/recovery-codes")
    assert page.heading == "Codes de secours"
    browser.get("/office/password")
    browser.submit({"present": "no", "password": PHRASE}, status=422)
    page = browser.submit({"present": PASSWORD, "password": PHRASE})
    assert "Le mot de passe est changé" in page.words
    page = browser.click("Ajouter un second facteur")
    page = browser.submit(
        {"code": app_code(browser), "label": "Tablette"}, form="/office/second-factors/app"
    )
    assert "Tablette" in page.words
    removal = page.soup.select("form[action$='/remove']")
    page = browser.submit(form=str(removal[0]["action"]))
    assert "Le second facteur est retiré" in page.words
    browser.submit(form=str(removal[1]["action"]), status=409)


def test_the_operator_looks_after_an_account(client: FlaskClient, staffed: House) -> None:
    people.sign_in(client, staffed, OSCAR)
    browser = Browser(client)
    browser.get("/office/accounts")
    page = browser.click("Maya")
    page = browser.submit(
        {"role": "reviewer", "territory": "BDX", "until": "x"}, form="/grants", status=422
    )
    page = browser.submit(
        {"role": "reviewer", "territory": "BDX", "only_viewing": "1", "until": ""}, form="/grants"
    )
    assert "Relecture – Bordeaux, voir seulement" in page.words
    taken = page.soup.select("form[action$='/revoke']")
    page = browser.submit(form=str(taken[-1]["action"]))
    assert "Relecture" not in page.soup.select_one("ul.roomy").get_text()  # type: ignore[union-attr] # the list of rights
    for form, words in (
        ("/reset-factors", "sont retirés"),
        ("/end-sessions", "connecté nulle part"),
        ("/disable", "ne peut plus entrer"),
        ("/enable", "de nouveau entrer"),
    ):
        assert words in browser.submit(form=form).words
    assert browser.submit(form="/link").heading == "Le lien pour Maya"


def test_english_pages_have_their_words(client: FlaskClient, staffed: House) -> None:
    people.sign_in(client, staffed, OSCAR)
    browser = Browser(client, "en")
    browser.get("/office/account")
    browser.submit(form="/office/sign-out", button="English")
    for address, heading in (
        ("/office/account", "My account"),
        ("/office/accounts", "Accounts"),
        ("/office/second-factors/new", "A second factor"),
        ("/office/confirm", "Is it still you?"),
    ):
        assert browser.get(address).heading == heading


def test_a_page_of_somebody_elses_work_is_refused_and_leaves_an_entry(
    client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, MAYA)
    assert client.get("/office/accounts").status_code == 403
    with staffed.database.read() as session:
        refused = select(AuditEntry.act).where(AuditEntry.outcome == "refused")
        assert session.scalars(refused).all() == ["account.manage"]


def test_a_token_in_a_header_opens_no_form_of_the_office(
    client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, MAYA)
    sent = client.post("/office/sign-out", headers={"Authorization": "Bearer covalue_x"})
    assert sent.status_code == 400
    assert client.get("/office/").status_code == 200


def test_what_hangs_on_the_session_says_so_and_what_does_not_may_be_kept(
    client: FlaskClient, staffed: House
) -> None:
    for _ in range(2):  # with a new session, then with one that is known
        assert client.get("/office/sign-in").headers.getlist("Vary").count("Cookie") == 1
    people.sign_in(client, staffed, MAYA)
    assert "Cookie" in client.get("/office/").headers["Vary"]
    with client.get("/static/covalue.css") as style:
        assert "Cookie" not in style.headers.get("Vary", "")


def test_no_more_is_remembered_than_of_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_MOST", 2)
    kept: sessions._Recent[int] = sessions._Recent()
    for number, name in enumerate("abc"):
        assert kept.keep(name, number) == number
    assert kept == {"b": 1, "c": 2}
