"""The data protection officer alone: reading the log, checking it, and an incident's notice."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from sqlalchemy import text

from app.storage.audit import record
from app.workflows.acting import House
from app.workflows.sealing_audit import seal


@pytest.fixture
def browser(house: House, client: FlaskClient, tmp_path: Path) -> Browser:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA, people.MAYA)
    return Browser(client)


def test_the_officer_reads_the_log_and_checks_it(browser: Browser, house: House) -> None:
    people.sign_in(browser.client, house, people.DORA)
    page = browser.get("/office/privacy")
    assert "Un compte est créé, ou ses droits changent." in page.words
    assert "Personne ne l’a fait" in page.words
    with house.database.write() as session:
        maya = people.acting(house, people.MAYA)
        for _ in range(3):
            record(
                session,
                actor=maya.account_id,
                origin="web",
                act="contact.see",
                programme_id=1,
                details={"why": "undelivered"},
            )
    page = browser.get("/office/privacy")
    cells = [cell.get_text(" ", strip=True) for cell in page.soup.select("tbody tr")[0]("td")]
    why = "une lettre ou un message est revenu"
    assert cells == ["Des noms, adresses ou téléphones sont ouverts.", why, "3"]
    seal(house)
    page = browser.submit(form="/office/privacy/verify")
    assert "telles qu’elles ont été scellées" in page.words
    page = browser.get("/office/privacy?act=account.manage")
    assert "programme.load" not in [cell.text for cell in page.soup.select("tbody th code")]


def test_the_owner_comes_to_what_is_hers_by_the_menu(browser: Browser, house: House) -> None:
    people.settle(house, people.ALICE)
    people.sign_in(browser.client, house, people.ALICE)
    browser.get("/office/")
    hers = ("Demandes des personnes", "Notices", "Ce qui est supprimé, et quand")
    for words in hers:
        browser.click("Protection des données")
        assert browser.click(words).heading == words
    browser.get("/office/privacy", status=403)


def test_a_change_is_said_with_what_to_do(browser: Browser, house: House) -> None:
    seal(house)
    on_postgres = house.database.engine.name == "postgresql"
    with house.database.write() as session:
        if on_postgres:
            session.execute(text("ALTER TABLE audit.audit_entry DISABLE TRIGGER USER"))
        else:
            session.execute(text("DROP TRIGGER audit_entry_changes"))
        table = "audit.audit_entry" if on_postgres else "audit_entry"
        session.execute(text(f"UPDATE {table} SET thing = 'other' WHERE id = 1"))  # noqa: S608
        if on_postgres:
            session.execute(text("ALTER TABLE audit.audit_entry ENABLE TRIGGER USER"))
    people.sign_in(browser.client, house, people.DORA)
    browser.get("/office/privacy")
    page = browser.submit(form="/office/privacy/verify")
    assert "Une entrée a été modifiée" in page.words
    assert "prévenez l’exploitant" in page.words


def test_an_incident_gives_persons_categories_and_a_draft(browser: Browser, house: House) -> None:
    people.sign_in(browser.client, house, people.DORA)
    page = browser.get("/office/privacy/breach?since=2020-01-01T00:00&until=2099-01-01T00:00")
    assert "Un compte est créé, ou ses droits changent." in page.words
    draft = page.soup.select_one("textarea")
    assert draft is not None
    assert "article 33" in draft.text
    assert "comptes du personnel" in draft.text
    page = browser.get("/office/privacy/breach?since=2026-01-02T00:00&until=2026-01-01T00:00")
    assert "la fin après le début" in page.words


def test_a_coordinator_has_no_such_page(browser: Browser, house: House) -> None:
    people.sign_in(browser.client, house, people.MAYA)
    browser.get("/office/privacy", status=403)
    assert "Protection des données" not in browser.get("/office").words
