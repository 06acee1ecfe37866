"""Who decides on a module, and who asked, are told by mail, through a real server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mail_server
import people
import programme
import pytest
from people import ALICE, ANNA, MAYA

from app.domain.plain_documents import digest, spot
from app.interchange.mail import read_server
from app.workflows import beginning_drafts, editing, reviewing
from app.workflows.acting import House
from app.workflows.edit_act import desk
from app.workflows.posting import send_waiting


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_submission_and_its_decision_are_mailed(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, ANNA, MAYA)
    alice, maya = people.acting(house, ALICE), people.acting(house, MAYA)
    with mail_server.running() as received:
        mail = read_server(f"smtp://127.0.0.1:{received.port}", "survey@example.org", rate=100)
        posting = replace(house, mail=mail)
        draft = beginning_drafts.begin_from(posting, maya, "questionnaire", 2)
        with posting.database.read() as session:
            document = desk(session, maya, "questionnaire", draft).document
        own = spot(document, "E02_MAY").question
        said = {**own, "text": {"fr": "Est-il signé ?", "en": "Is it signed?"}}
        editing.change_question(posting, maya, draft, "E02_MAY", said, digest(own))
        review = reviewing.submit(posting, maya, draft, "Un mot d’ici")
        send_waiting(posting)
        assert sorted(received.to) == sorted((ALICE.email, ANNA.email))
        told = received.mails[0]
        assert "Mayenne" in told["Subject"]
        assert f"/office/questionnaires/reviews/{review}" in told.get_content()
        reviewing.comment(posting, alice, review, "E02_MAY", "Plus court ?")
        reviewing.decide(posting, alice, review, approve=False, words="Dites-le plus simplement.")
        send_waiting(posting)
        assert received.to[2:] == [MAYA.email, MAYA.email]
        assert "Changements demandés" in received.mails[3]["Subject"]
        # what is said of a territory's questions stays in the service
        assert "simplement" not in received.mails[3].get_content()
