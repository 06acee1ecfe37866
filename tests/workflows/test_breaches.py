"""After an incident: no act of people is without its category, place and person; nothing is cut
short without a word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import collection
import people
import pytest
from browser import Browser
from flask.testing import FlaskClient

from app.domain.permissions import Verb
from app.storage.database import now
from app.workflows import accounts, breaches, calls, help_desk
from app.workflows.acting import Actor, House
from app.workflows.breaches import ANSWERS, CATEGORIES, IDENTITY, STAFF, touched
from app.workflows.looking import give_reason

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAMPLE = """reference;territory;audience;language;name;phone
E-1;MAY;elderly;fr;Mme Élise Durand;06 11 22 33 44
E-2;MAY;elderly;fr;M. Paul Martin;02 43 00 00 00
"""
OF_NOBODY = {  # acts that touch no data of a person
    *("questionnaire", "framework", "wave", "feedback", "fieldwork", "series", "margins", "cells"),
    *("protection", "dossier", "audit", "programme", "territory"),
}


@pytest.fixture
def looked(house: House, tmp_path: Path) -> Actor:
    """Maya, who has opened the call list and one person; then the officer is there too."""
    wave = collection.opened(house, tmp_path)
    collection.with_sample(house, wave, SAMPLE)
    people.settle(house, people.MAYA, people.DORA)
    secret = people.session_of(house, people.MAYA.email)

    def maya() -> Actor:
        found = accounts.actor_from_session(house, secret)
        assert found is not None
        return found

    give_reason(house, maya(), wave, "inviting")
    calls.call_list(house, maya(), wave)
    help_desk.seen(house, maya(), wave, "E-2")
    return maya()


def of_maya(house: House, maya: Actor, territory: str | None = None) -> breaches.Touched:
    officer, moment = people.acting(house, people.DORA), now()
    begun = moment - timedelta(hours=1)
    return touched(house, officer, begun, moment + timedelta(hours=1), maya.account_id, territory)


def test_looks_at_contacts_are_of_people_and_name_who_was_open(house: House, looked: Actor) -> None:
    for territory in (None, "MAY"):
        found = of_maya(house, looked, territory)
        assert IDENTITY in found.categories
        assert found.named == {"participant:2"}
        assert found.persons == 2, "so many stood in the list"
        assert ((("contact.see", "MAY"), 2)) in found.by_act
    assert STAFF in of_maya(house, looked).categories, "signing in"
    assert STAFF not in of_maya(house, looked, "MAY").categories
    assert of_maya(house, looked, "BDX").acts == 0


def test_what_is_more_than_can_be_read_is_said(
    house: House, looked: Actor, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert of_maya(house, looked).whole
    monkeypatch.setattr(breaches, "MOST", 2)
    assert not of_maya(house, looked).whole
    people.sign_in(client, house, people.DORA)
    window = "since=2020-01-01T00:00&until=2099-01-01T00:00"
    page = Browser(client).get(f"/office/privacy/breach?{window}")
    assert "voici le début" in page.words


def test_every_act_that_needs_a_right_has_its_category(house: House) -> None:
    first = {verb.partition(".")[0] for verb in Verb}
    assert first - CATEGORIES.keys() == OF_NOBODY
    assert CATEGORIES["response.access"] == (IDENTITY, ANSWERS)
