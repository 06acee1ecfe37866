"""What is kept of a person is told to that person in words: no codes, no moments of a machine."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from app.domain import sittings
from app.domain.assent import MEASURES, REPRESENTATIVES
from app.domain.fieldwork import CHANNELS, Disposition
from app.domain.questionnaire import Audience
from app.domain.territories import Territory
from app.domain.text import Text
from app.web.officer.access_words import person_rows, sitting_rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PERSON: dict[str, Any] = {
    "reference": "A-1",
    "territory": "MAY",
    "audience": "family",
    "case": None,
    "sub_area": None,
    "language": "fr",
    "weight": 1.0,
    "disposition": "do_not_contact",
    "declined_because": None,
    "kept_since": "2026-07-31T22:30:00.098416+00:00",
    "contact": ["Mme Élise Durand", "", "", "elise@example.org"],
    "large_print": False,
    "sent": [["invitation", "mail", "2026-08-01T08:00:00+00:00", "sent"]],
    "calls": [{"at": "2026-08-02 08:00:00+00:00", "result": "talked", "note": "le matin"}],
}
CODED = {
    "role": ("self", "helped", "proxy"),
    "helper": sittings.HELP,
    "relation": sittings.RELATIONS,
    "reason": sittings.REASONS,
    "agrees": sittings.AGREEMENTS,
    "measure": MEASURES,
    "representative": REPRESENTATIVES,
    "contact": sittings.CONTACTS,
    "perspective": sittings.PERSPECTIVES,
    "channel": CHANNELS,
    "present": sittings.PRESENT,
    "went": sittings.WENT,
    "device": ("own", "shared"),
}


@pytest.fixture
def rows(app: Flask) -> dict[str, str]:
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        g.actor = type("Somebody", (), {"territories": {"MAY": MAYENNE}})()
        return dict(person_rows(PERSON))


MAYENNE = Territory("MAY", Text.of(fr="Mayenne"), "FR")


def test_a_person_reads_words_and_the_clock_of_paris(rows: dict[str, str]) -> None:
    assert rows["Territoire"] == "Mayenne"
    assert rows["Interrogée comme"] == "proche"
    assert rows["Gardé depuis"] == "01/08/2026 00:30"
    assert rows["Nom et adresse"] == "Mme Élise Durand, elise@example.org"
    assert rows["Ce qu’est devenue l’invitation"] == "ne plus contacter"


def test_messages_and_calls_are_on_the_page_too(rows: dict[str, str]) -> None:
    assert rows["Ce qui a été envoyé"] == "courriel, 01/08/2026 10:00"
    assert rows["Appels"] == "02/08/2026 10:00 (le matin)"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_of_a_sitting_has_words(app: Flask, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        for name, values in CODED.items():
            for value in values:
                ((words, told),) = sitting_rows({name: value})
                assert words != name
                assert told
                assert "_" not in told
        assert len(sitting_rows(sittings.Sitting(present="partner family").as_document())) == 5


@pytest.mark.parametrize("kind", [*Audience])
def test_every_audience_and_outcome_has_words(app: Flask, kind: Audience) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        g.actor = type("Somebody", (), {"territories": {}})()
        for became in Disposition:
            told = dict(person_rows({**PERSON, "audience": kind, "disposition": became}))
            assert kind.value not in told.values()
            assert became.value not in told.values()
