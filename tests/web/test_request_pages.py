"""Access and erasure as pages: nothing happens before a second person has confirmed who asks."""

from __future__ import annotations

from pathlib import Path

import collection
import people
import pytest
from browser import Browser
from flask import Flask
from sqlalchemy import select

from app.storage.participants import Participant
from app.workflows.acting import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = {"wave": "W1", "reference": "A-1", "checked": "Rappelée au numéro de la lettre"}


@pytest.mark.tries("officer.request_confirm", "officer.request_carry_out")
def test_two_people_then_a_page_then_erasure(house: House, app: Flask, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, people.ALICE, people.DORA)
    alice, dora = Browser(app.test_client()), Browser(app.test_client())
    people.sign_in(alice.client, house, people.ALICE)
    people.sign_in(dora.client, house, people.DORA)

    assert "Personne n’a encore rien demandé" in dora.get("/office/privacy/requests").words
    page = dora.submit({**ASKED, "checked": ""}, form="/requests", status=422)
    assert "comment l’identité a été vérifiée" in page.words
    page = dora.submit({**ASKED, "reference": "Z-9"}, form="/requests", status=422)
    assert "Personne n’a cette référence" in page.words
    page = dora.submit(ASKED, form="/requests")
    assert "Une seconde personne doit la confirmer" in page.words
    token = {"csrf_token": str(page.soup.select("input[name=csrf_token]")[0]["value"])}
    for address in ("/office/privacy/requests/1/confirm", "/office/privacy/requests/1"):
        assert dora.client.post(address, data=token).status_code == 409

    alice.get("/office/privacy/requests")
    alice.submit(form="/1/confirm")
    dora.get("/office/privacy/requests")
    page = dora.submit(form="/requests/1", button="Page à imprimer")
    assert "Mme Élise Durand" in page.words
    assert "aucune réponse" in page.words
    assert alice.client.post("/office/privacy/requests/1", data=token).status_code in (400, 403)

    dora.get("/office/privacy/requests")
    dora.submit({**ASKED, "kind": "erase"}, form="/requests")
    alice.get("/office/privacy/requests")
    alice.submit(form="/2/confirm")
    dora.get("/office/privacy/requests")
    dora.submit(form="/requests/2")
    with house.database.read() as session:
        person = session.scalars(select(Participant).where(Participant.reference == "A-1")).one()
    assert (person.sealed_contact, person.sealed_reach) == (None, None)
    assert person.disposition == "do_not_contact"
