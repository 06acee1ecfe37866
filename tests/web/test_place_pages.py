"""A place and a code are asked for: two fields without a script; what a page may ask a device."""

from __future__ import annotations

import pytest
from browser import Browser
from builders import world
from flask import Flask
from participants import begin, cells, send

from app.workflows.acting import House

YAML = """
format: covalue/questionnaire/1
code: elderly
audience: elderly
languages: [fr, en]
title: {fr: Lieux, en: Places}
sections:
  - code: S
    title: {fr: Où, en: Where}
    items:
      - code: STOP
        type: place
        text: {fr: Où prenez-vous le bus ?, en: Where do you take the bus?}
        required: hard
      - code: TAG
        type: text
        scan: true
        text: {fr: Quel code ?, en: Which code?}
      - {code: BORN, type: date, text: {fr: Né le ?, en: Born on?}}
      - code: OLD
        type: text
        text: {fr: Depuis la retraite ?, en: Since retirement?}
        shown_when: years since BORN >= 65
      - {code: END, type: text, text: {fr: Et encore ?, en: Anything else?}}
"""
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@once
def test_a_place_is_typed_in_two_fields_and_said_again_in_words(app: Flask, house: House) -> None:
    made = world(house, YAML)
    browser = Browser(app.test_client())
    page = begin(browser, made.codes[0])
    assert page.headers["Permissions-Policy"].endswith("geolocation=(self)")
    assert page.soup.select_one("script[src*='device.js']")
    assert page.soup.select_one("[data-device=place][hidden]")  # its script makes the button
    page = browser.submit({"q-STOP": "44,8378"}, status=422)
    assert "Il manque un des deux nombres" in page.words
    assert page.soup.select_one("#q-STOP[value='44,8378'][aria-invalid]")
    page = browser.submit({"q-STOP": "44,8378", "q-STOP-longitude": "0,5792 O"})
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert "geolocation=()" in page.headers["Permissions-Policy"]
    assert page.soup.select_one("[data-device=scan][hidden]")
    page = browser.submit({"q-TAG": "3 270190 119357"})
    assert not page.soup.select("script[src*='device.js']")
    page = browser.submit({"q-BORN-day": "1", "q-BORN-month": "2", "q-BORN-year": "2010"})
    assert page.address == "/r/END"  # too young, on the day of the answer
    browser.get("/r/BORN")
    page = browser.submit({"q-BORN-day": "1", "q-BORN-month": "2", "q-BORN-year": "1938"})
    assert page.address == "/r/OLD"
    browser.submit({"q-OLD": "Oui"})
    page = browser.submit({"q-END": ""})
    assert "44,8378° nord, 0,5792° ouest" in page.words.replace("\u00a0", " ")
    page = browser.get("/r/STOP?from=check")
    (longitude,) = page.soup.select("#q-STOP-longitude")
    assert longitude["value"] == "-0.5792"
    browser.submit(
        {"q-STOP": "44.84", "q-STOP-longitude": "-0.58", "q-STOP-device": "12.0 8.0"},
        form="/r/STOP",
    )
    assert cells(house)["STOP"]["v"] == "44.84 -0.58 12 8"
    assert send(browser).address == "/recu"
