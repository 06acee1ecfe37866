"""Participants answer, send and withdraw through a process that has the public role's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import postgres
import pytest
from browser import Browser
from builders import world
from flask import Flask
from participants import EVERY_KIND, answer_all, begin, enter, only_response, send

from app.domain.fieldwork import OPEN_CALL
from app.settings import Settings
from app.storage.participants import Participant
from app.workflows.acting import House
from app.workflows.sending import withdraw


@pytest.fixture
def public_role(
    settings: Settings, catalogues: None, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The public surface: on PostgreSQL signed in as a member of the public role."""
    from app.factory import create_app

    if settings.database.startswith("postgresql"):
        server: postgres.Server = request.getfixturevalue("postgres_server")
        server.execute("DROP ROLE IF EXISTS web_public", "CREATE ROLE web_public LOGIN")
        server.execute("GRANT covalue_public TO web_public")
        address = server.url("covalue", "web_public").render_as_string(hide_password=False)
        settings = replace(settings, database=address)
    made = create_app(settings, "public")
    yield made
    made.extensions["covalue"].database.dispose()


def test_the_public_role_is_enough_to_answer_send_and_withdraw(
    public_role: Flask, house: House
) -> None:
    made = world(house, EVERY_KIND)
    browser = Browser(public_role.test_client())
    answer_all(browser, begin(browser, made.codes[0]))
    receipt = send(browser)
    code = re.search(r"R \d{4} \d{4} \d{4}", receipt.words)
    assert code
    assert only_response(house).submitted_at is not None
    withdrawals = public_role.extensions["covalue"]
    assert withdraw(withdrawals, code.group(), "192.0.2.1").outcome == "withdrawn"
    assert only_response(house).withdrawn_at is not None


def test_the_public_role_is_enough_for_an_open_call(public_role: Flask, house: House) -> None:
    world(house, EVERY_KIND, people=0, wave={"frame": OPEN_CALL})
    browser = Browser(public_role.test_client())
    browser.get("/ouvert/W1/BDX")
    browser.submit({})
    browser.submit(button="Français")
    browser.submit({"device": "own"})
    browser.submit({"role": "self"})
    page = browser.submit({"consent": "yes"})
    assert page.address == "/r/K1"
    page = browser.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    assert re.search(r"\d{4} \d{4} \d{4}", page.words)


def test_the_public_role_is_enough_to_refuse_and_to_mistype(
    public_role: Flask, house: House
) -> None:
    made = world(house, EVERY_KIND)
    browser = Browser(public_role.test_client())
    browser.get("/")
    browser.submit({"code": "0000 0000 0000"}, status=422)
    enter(browser, made.codes[0])
    assert browser.submit({"consent": "no"}).address == "/merci"
    page = browser.submit({"reason": "screen"}, form="/merci")
    assert "Votre raison est notée" in page.words
    assert not page.soup.select("main form")
    with house.database.read() as session:
        person = session.query(Participant).filter_by(disposition="refused").one()
        assert person.declined_because == "screen"
    begin(browser, made.codes[0])  # a change of mind
    with house.database.read() as session:
        assert session.query(Participant).filter_by(declined_because="screen").all() == []
