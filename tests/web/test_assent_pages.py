"""Answering for a protected person: asked first, recorded, and refused where somebody refuses."""

from __future__ import annotations

import pytest
from browser import Browser
from builders import World
from flask import Flask
from participants import begin, enter
from sqlalchemy import select

from app.storage.participants import Participant
from app.storage.responses import Response, unpack
from app.workflows.acting import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROXY = {"role": "proxy", "relation": "guardian", "reason": "memory", "agrees": "yes"}


def dispositions(house: House) -> set[str | None]:
    with house.database.read() as session:
        return set(session.scalars(select(Participant.disposition)))


def sittings(house: House) -> list[dict[str, str]]:
    with house.database.read() as session:
        return [one for row in session.scalars(select(Response)) for one in unpack(row.body)["sit"]]


def test_what_is_said_of_the_person_is_read_again_and_kept(
    public: Flask, house: House, invited: World
) -> None:
    who = {**PROXY, "measure": "guardianship", "representative": "is_me"}
    browser = Browser(public.test_client())
    page = enter(browser, invited.codes[0], who=who)
    assert "Tutelle" in page.words
    browser.submit({"consent": "yes"})
    (sitting,) = sittings(house)
    assert (sitting["measure"], sitting["representative"]) == ("guardianship", "is_me")


@pytest.mark.parametrize(
    "said",
    [
        {"agrees": "no"},
        {"measure": "family", "representative": "refuses"},
    ],
)
def test_a_refusal_ends_it_all(
    public: Flask, house: House, invited: World, said: dict[str, str]
) -> None:
    page = enter(Browser(public.test_client()), invited.codes[0], who={**PROXY, **said})
    assert page.address == "/merci"
    assert dispositions(house) == {None, "refused"}
    assert sittings(house) == []


def test_a_representative_is_asked_first_and_nothing_is_recorded(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    who = {**PROXY, "measure": "mandate", "representative": "not_informed"}
    page = enter(browser, invited.codes[0], who=who)
    assert page.heading == "Il faut d’abord demander"
    assert dispositions(house) == {None}
    assert sittings(house) == []
    begin(browser, invited.codes[0], who={**who, "representative": "agrees"})
    assert sittings(house)[0]["representative"] == "agrees"


def test_the_second_question_is_needed_where_somebody_represents(
    public: Flask, invited: World
) -> None:
    browser = Browser(public.test_client())
    browser.get("/")
    browser.submit({"code": invited.codes[0]})
    if browser.page and browser.page.address == "/langue":
        browser.submit(button="Français")
    browser.submit({"device": "own"})
    browser.submit({"role": "proxy"})
    browser.submit({"relation": "child", "reason": "sight", "agrees": "yes"})
    page = browser.submit({"measure": "guardianship"}, status=422)
    assert "Dites si cette personne connaît l’enquête" in page.words
