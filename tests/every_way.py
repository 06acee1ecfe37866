"""Every way through a participant's pages, with what goes wrong on it; each page is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from browser import Browser
from browser import Page as Seen
from flask import Flask
from participants import answer_all, hidden_fields, send
from werkzeug.test import TestResponse

from app.protection import codes

PROXY = {"relation": "child", "reason": "memory", "agrees": "yes"}


class Recorder(Browser):
    """Keeps every page that came, but questions."""

    def __init__(self, app: Flask, language: str, kept: dict[str, str]) -> None:
        super().__init__(app.test_client(), language)
        self.kept = kept

    def _arrive(self, answer: TestResponse, address: str, status: int) -> Seen:
        found = super()._arrive(answer, address, status)
        if not found.address.startswith("/r/") or status == 409:
            self.kept[f"{status} {found.address} {found.heading}"] = found.html
        return found

    def posted(self, address: str, data: Mapping[str, Any], status: int) -> Seen:
        """What comes of a form that is sent as no page has it."""
        return self._arrive(self.client.post(address, data=data), address, status)

    def enter(self, code: str, who: str) -> None:
        """To the page about the answer to "who answers"; each step is first left empty."""
        self.get("/")
        self.submit({"code": code})
        self.submit(button=self.language)
        self.submit(status=422)
        self.submit({"device": "own"})
        self.submit(status=422)
        self.submit({"role": who})

    def first_question(self) -> Seen:
        """Consent, first left open."""
        self.submit(status=422)
        return self.submit({"consent": "yes"})


def answers_with_help(browser: Recorder, code: str) -> str:
    """From the door to the receipt; its withdrawal code."""
    browser.get("/")
    browser.submit({"code": "1234 5678 9011"}, status=422)
    browser.submit({"code": codes.new_code()}, status=422)
    browser.enter(code, "helped")
    browser.submit(status=422)
    browser.submit({"helper": ["reads"]})
    tab = hidden_fields(browser.first_question())
    browser.get("/r/K1")  # in another tab
    browser.submit({"q-K1": "no"}, form="/r/K1")
    browser.posted("/r/K1", tab | {"q-K1": "yes"}, 409)
    browser.get("/pause")
    browser.get("/arreter")
    answer_all(browser, browser.get("/r"))
    browser.get("/verifier?cover=1")
    browser.get("/fin")
    receipt = send(browser, present=["nobody"], went="well")
    code_given = receipt.soup.select_one(".big")
    assert code_given
    browser.submit(form="/terminer")
    browser.get("/recu")
    browser.get("/verifier")
    browser.get("/")
    browser.submit({"code": code})
    return code_given.get_text()


def comes_back_and_stops(first: Recorder, second: Recorder, code: str) -> None:
    """Begins on one device, comes back on another without the words, and stops for good."""
    first.enter(code, "self")
    first.first_question()
    first.submit({"q-K1": "no"}, form="/r/K1")
    second.enter(code, "self")
    second.get("/mot")
    second.submit({"words": "pomme poire"}, form="/mot", status=422)
    second.get("/arreter")
    second.submit(form="/arreter")


def answers_for_another(browser: Recorder, code: str) -> None:
    """In somebody's place, to the end of the first part."""
    browser.enter(code, "proxy")
    browser.submit(status=422)
    browser.submit(PROXY)
    browser.submit(status=422)
    browser.submit({"measure": "none"})
    browser.submit(status=422)
    browser.submit({"contact": "weekly", "perspective": "as_person"})
    browser.first_question()
    answer_all(browser, browser.get("/r"))


def says_no(browser: Recorder, code: str) -> None:
    """No, and why."""
    browser.enter(code, "self")
    browser.submit({"consent": "no"})
    browser.submit({"reason": "no_time"}, form="/merci")


def takes_back(browser: Recorder, code: str) -> None:
    """Withdraws what was sent."""
    browser.get("/retrait")
    browser.submit({"code": "R 1234 5678 9011"}, status=422)
    browser.submit({"code": code})
    browser.submit()


def comes_without_code(browser: Recorder) -> None:
    """Answers an open call, as somebody of the family: the parts come first."""
    browser.get("/ouvert/W2")
    browser.submit({"territory": "BDX", "audience": "family"})
    browser.submit(button=browser.language)
    browser.submit({"device": "shared"})
    browser.submit({"role": "self"})
    browser.submit({"consent": "yes"})


def stands_beside(browser: Recorder) -> None:
    """The doors of who accompanies, and what has an address of its own."""
    for address in ("/entretien", "/accompagnement"):
        browser.get(address)
        browser.submit({"short": "0000 0001"}, status=422)
    browser.get("/ecran")
    for address in ("aide", "accessibilite", "donnees-personnelles", "mentions-legales"):
        browser.get(f"/{address}")
    browser.get("/plan-du-site")
    browser.get("/nulle-part", status=404)
    browser.posted("/", {"code": "1" * 1_200_000}, 413)
