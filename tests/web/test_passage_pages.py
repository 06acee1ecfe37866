"""The screen on which words are masked, and the page that evaluators read."""

from __future__ import annotations

import pytest
from browser import Browser
from builders import world
from flask import Flask
from participants import EVERY_KIND
from people import ALICE, EVA, settle, sign_in
from sqlalchemy import select

from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.database import now
from app.storage.responses import Response, pack
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.entering import begin


@pytest.mark.tries("officer.passage_review")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_are_ticked_and_the_rest_is_read(house: House, app: Flask) -> None:
    made = world(house, EVERY_KIND, people=5)  # fewer writers are not shown
    settle(house, ALICE, EVA, programme="TEST")
    for code in made.codes:
        begin(house, digest(house.keys.lookup, code), Sitting())
    with house.database.write() as session:
        for row in session.scalars(select(Response)).all():
            cells = {"K8": {"v": "Merci Kestrel <b>"}}
            row.body, row.submitted_at = pack({"a": cells, "sit": [], "v": 1}), now()
        session.get_one(Wave, made.wave_id).closed_at = now()
        numbers = session.scalars(select(Response.id)).all()
    alice, eva = Browser(app.test_client()), Browser(app.test_client())
    sign_in(alice.client, house, ALICE)
    sign_in(eva.client, house, EVA)
    alice.get(f"/office/waves/{made.wave_id}")
    page = alice.click("Textes libres à relire")
    assert "Kestrel" in page.words
    for written in numbers:
        form = f"/{written}/K8"
        page = alice.submit({"hidden": ["1"]}, form=form, button="mots cochés masqués")
    assert "Aucun texte libre n’attend" in page.words
    eva.get(f"/office/waves/{made.wave_id}")
    page = eva.click("Ce que les personnes ont écrit")
    assert "Merci ████ <b>" in page.words
    assert "Kestrel" not in page.html
    eva.get(f"/office/privacy/passages/{made.wave_id}", status=403)
