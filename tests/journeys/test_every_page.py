"""Every page on a participant's way, in both languages, narrow and wide, keeps nobody out.

From the door to the withdrawal, with what goes wrong and what fails. The questions themselves are
in the gallery's matrix. That no page was forgotten is told by the templates that were rendered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import world
from every_way import (
    Recorder,
    answers_for_another,
    answers_with_help,
    comes_back_and_stops,
    comes_without_code,
    says_no,
    stands_beside,
    takes_back,
)
from flask import Flask, Response, template_rendered
from matrix import Glass, serving
from participants import EVERY_KIND

from app.domain.fieldwork import OPEN_CALL
from app.domain.territories import HelpLine, Territory
from app.domain.text import Text
from app.storage.database import now
from app.storage.territories import put_territory
from app.web.participants import forms
from app.web.participants.display import page as made
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TEMPLATES = Path(made.__code__.co_filename).with_name("templates") / "participants"
PARTS = {"form", "legal_parts", "macros", "notice", "page", "part_list", "questions"}
# the gallery is of the demonstration
ELSEWHERE = {"gallery"}
SENSITIVE = EVERY_KIND.replace("      - code: K5\n", "      - code: K5\n        sensitive: true\n")
SAID = Text.of(fr="On le dit en mots simples.", en="It is said in plain words.")
TOLD = {
    **dict.fromkeys(("programme", "place", "verdict", "change", "decided", "when"), SAID),
    "synthetic": True,
    "findings": [dict.fromkeys(("words", "title", "figure"), SAID)] * 3,
}


def hard_to_reach(app: Flask, language: str) -> dict[str, str]:
    """Pages for what a test cannot bring about in passing."""
    one, many = forms.CodeForm(), forms.EndForm()
    pages: dict[str, tuple[str, dict[str, Any]]] = {
        **{f"failed {code}": ("failed", {"code": code}) for code in (422, 429, 500, 503)},
        "closed": ("closed", {"door": "closed", "when": None}),
        "not open yet": ("closed", {"door": "not_yet", "when": None}),
        "ended": ("ended", {"kept": True}),
        "throttled": ("welcome", {"form": one, "door": "throttled", "going_on": None}),
        "crowded": ("crowded", {}),
        "not sent": ("not_sent", {"key": "k", "form": many}),
        "ask first": ("ask_first", {"notice": None}),
        "wishes": ("wishes", {"asked": "", "missing": True, "own_form": True}),
        "wish": ("wishes", {"asked": "results", "missing": False}),
        "notice": (
            "information",
            {
                "kind": "described",
                "text": Text.of(fr="On parle de vous.", en="Somebody speaks of you."),
                "number": 1,
                "since": now(),
                "fingerprint": "0123",
                "sounds": ("/ecouter/notice.mp3", ""),
            },
        ),
        "results": ("results", {"results": TOLD}),
        "remove": ("remove", {"code": "K", "number": "1", "called": "Anne", "key": "k"}),
    }
    shown = {}
    for name, (template, values) in pages.items():
        with app.test_request_context("/", headers={"Accept-Language": language}):
            answer: Response = made(f"{template}.html", **values)
            shown[name] = answer.get_data(as_text=True)
    return shown


def walked(app: Flask, house: House, language: str, people: list[str]) -> dict[str, str]:
    """Every page of the way by a name for it."""
    kept: dict[str, str] = {}

    def browser() -> Recorder:
        return Recorder(app, language, kept)

    withdrawal = answers_with_help(browser(), people[0])
    comes_back_and_stops(browser(), browser(), people[1])
    answers_for_another(browser(), people[2])
    says_no(browser(), people[3])
    takes_back(browser(), withdrawal)
    comes_without_code(browser())
    stands_beside(browser())
    return kept | hard_to_reach(app, language)


def test_every_page_of_the_way_keeps_nobody_out(house: House, public: Flask, chromium: Any) -> None:
    invited = world(house, SENSITIVE, people=8)
    family = EVERY_KIND.replace("audience: elderly", "audience: family")
    world(house, family, people=0, wave={"code": "W2", "frame": OPEN_CALL})
    line = HelpLine(Text.of(fr="Pour parler", en="To talk"), "01 99 00 10 99")
    nation = Territory("FR", Text.of(fr="France", en="France"), None, help_lines=(line,))
    with house.database.write() as session:
        put_territory(session, invited.programme_id, nation)
    rendered: set[str] = set()

    def note(_app: Flask, template: Any, **_more: Any) -> None:
        rendered.add(Path(template.name).stem)

    wrong: list[str] = []
    with template_rendered.connected_to(note, public), serving(public) as address:
        context = chromium.new_context(base_url=address)
        glass = Glass(context.new_page())
        for language, people in (("fr", invited.codes[:4]), ("en", invited.codes[4:])):
            pages = walked(public, house, language, people)
            assert len(pages) > 50
            for width in (360, 1280):
                glass.page.set_viewport_size({"width": width, "height": 740})
                for name, html in pages.items():
                    contrast = (language, width) == ("fr", 360)
                    found = glass.faults(html, contrast=contrast)
                    wrong += [f"{language} {width} {name}: {fault}" for fault in found]
                    if not glass.page.locator(".help").is_visible():
                        wrong.append(f"{language} {width} {name}: no way to help")
        context.close()
    assert wrong == []
    every = {path.stem for path in TEMPLATES.glob("*.html")}
    assert every - PARTS - ELSEWHERE == rendered & every - PARTS
