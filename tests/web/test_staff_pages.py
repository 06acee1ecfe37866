"""Every page of the staff, from the route map, opens in both languages and keeps the house's rules.

The programme has work of every kind under way. A new page is looked at as soon as it has a route;
one that cannot be opened is a fault that names it. What a browser finds besides (barriers, 320 px,
the keyboard) is ``make barriers``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import people
from browser import Browser
from evaluated import Evaluated
from every_route import Call
from flask.testing import FlaskClient
from pages import faults
from staffed import BEFORE, FRENCH, HALF, LEADS, OWN, PEOPLE, REFUSALS, WAVE, office, pages, staffed

from app.workflows import signing_in


def looked_at(client: FlaskClient, call: Call, language: str) -> Iterator[str]:
    """Open the page, and what it leads to; every fault that it has."""
    headers = {"Accept-Language": language}
    answer = client.get(call.address, headers=headers)
    if call.endpoint in LEADS:
        if LEADS[call.endpoint] not in answer.headers.get("Location", ""):
            yield f"answered with {answer.status_code}, led to {answer.headers.get('Location')}"
            return
        answer = client.get(answer.headers["Location"], headers=headers)
    if answer.status_code != REFUSALS.get(call.endpoint, 200):
        yield f"answered with {answer.status_code}"
    elif answer.mimetype == "text/html":
        html = answer.get_data(as_text=True)
        # the links of a preview lead nowhere, on purpose
        yield from (each for each in faults(html) if not each.startswith("link to no place: #/"))
        if f'<html lang="{language}"' not in html:
            yield f"not in {language}"
    answer.close()


def test_every_page_of_the_staff_opens_and_keeps_the_rules(
    evaluated: Evaluated, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    made = staffed(there)
    app = office(there)
    nobody, half = app.test_client(), app.test_client()
    first = signing_in.sign_in(made.house, FRENCH.email, people.PASSWORD, "192.0.2.1")
    half.set_cookie("staff", first.secret)
    inside = {}
    for (language, person), code in zip(PEOPLE.items(), made.trial_codes, strict=True):
        inside[language] = app.test_client()
        inside[language].set_cookie("staff", people.session_of(made.house, person.email))
        browser = Browser(inside[language], language)
        browser.get("/office/trial/")
        browser.submit({"code": code})
        browser.get(f"/office/waves/{WAVE}/reason")
        browser.submit({"why": "inviting"}, form="/reason")
    wrong: list[str] = []
    looked = 0
    for number, call in enumerate(pages(app, made)):
        language = ("fr", "en")[number % 2]
        if call.endpoint in OWN or call.endpoint in BEFORE or call.endpoint == HALF:
            language = "fr"
        client = nobody if call.endpoint in BEFORE else inside[language]
        client = half if call.endpoint == HALF else client
        here = looked_at(client, call, language)
        wrong += [f"{call.endpoint} ({language}): {each}" for each in here]
        looked += 1
    made.house.database.dispose()
    app.extensions["covalue"].database.dispose()
    assert wrong == []
    assert looked > 120
