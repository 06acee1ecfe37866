"""Dossier, register and notices: filled by the owner, approved by the officer, read by all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import collection
import participants
import people
import pytest
from browser import Browser
from flask import Flask

from app.definitions.dossier_reading import read_dossier
from app.protection.codes import code_place
from app.protection.sealing import unseal
from app.storage.demonstration import unused_codes
from app.storage.responses import unpack
from app.workflows import notices, waves
from app.workflows.acting import House
from app.workflows.sample import issue_codes

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILE = read_dossier(collection.DOSSIER)


@pytest.mark.tries("officer.dossier_approve")
def test_filled_approved_and_in_the_register(house: House, app: Flask, tmp_path: Path) -> None:
    collection.programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.DORA)
    wave_id = waves.create_wave(house, collection.operator(house), collection.new_wave())
    alice, dora = Browser(app.test_client()), Browser(app.test_client())
    people.sign_in(alice.client, house, people.ALICE)
    people.sign_in(dora.client, house, people.DORA)

    page = alice.get(f"/office/waves/{wave_id}/open")
    assert "Le dossier de protection des données est incomplet : Finalité" in page.words
    page = alice.get("/office/privacy/notices")
    token = str(page.soup.select("input[name=csrf_token]")[0]["value"])
    for kind in notices.KINDS:
        texts = {f"text_{tag}": text for tag, text in FILE.notices[kind].items()}
        sent = alice.client.post(
            "/office/privacy/notices",
            data={"kind": kind, **texts, "csrf_token": token},
        )
        assert sent.status_code == 303
    alice.get(f"/office/privacy/waves/{wave_id}")
    page = alice.submit({**FILE.fields, "participants": "1", "described": "1"})
    assert "n’a pas validé le dossier" in page.words
    assert not page.soup.select("form[action$=approve]")

    page = dora.get(f"/office/privacy/waves/{wave_id}")
    page = dora.submit(form="/approve")
    assert "Rien dans le dossier n’empêche plus" in page.words
    assert "Dora" in dora.get("/office/privacy/register").words
    content = dora.client.get("/office/privacy/register.csv").get_data().decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(content), delimiter=";")
    assert dict(zip(head, row, strict=True))["Finalité"] == FILE.fields["purpose"]
    alice.get(f"/office/waves/{wave_id}/open")
    assert "ouverte" in alice.submit().words


def code_of(house: House, wave_id: int) -> str:
    """The code of somebody in Mayenne, as the letter has it."""
    with house.database.read() as session:
        _audience, row = next(iter(unused_codes(session, wave_id, "MAY")))
        place = code_place(row.participant_id, row.generation)
        return unseal(house.keys.sealing, row.sealed or b"", place)


def test_people_read_the_version_of_the_day(house: House, app: Flask, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    actor = collection.operator(house)
    collection.with_sample(house, wave_id)
    issue_codes(house, actor, wave_id)
    number = notices.publish_notice(
        house, actor, "participants", {"fr": "La *nouvelle* notice <b>", "en": "The new notice"}
    )
    assert FILE.notices["participants"]["easy_fr"].startswith("**Nous vous posons des questions.**")
    notices.show_notices(house, actor, wave_id, number, 1)
    browser = Browser(app.test_client())
    page = participants.enter(browser, code_of(house, wave_id))
    assert "nouvelle" in page.words
    assert "<em>nouvelle</em> notice &lt;b&gt;" in page.html
    browser.submit({"consent": "yes"})
    newer = notices.publish_notice(house, actor, "participants", {"fr": "Encore", "en": "Again"})
    notices.show_notices(house, actor, wave_id, newer, 1)
    (sitting,) = unpack(participants.only_response(house).body)["sit"]
    assert sitting["notice"] == str(number), "what was shown when the person agreed"
    old = browser.get("/information/DEMO/participants/1")
    assert "Qui est responsable" in old.words
    assert "Personne ne vous le reprochera" in old.words, "in easy words first"
    assert "Version 1" in old.words
    described = browser.get("/information/DEMO/described/1")
    assert described.heading == "On parle de vous"
    browser.get("/information/DEMO/described/9", status=404)


def test_what_a_notice_calls_anonymous_is_quoted_before_it_is_approved(
    house: House, app: Flask, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.DORA)
    dora = Browser(app.test_client())
    people.sign_in(dora.client, house, people.DORA)
    told = "Une notice dit quelque chose d’anonyme"
    assert told not in dora.get(f"/office/privacy/waves/{wave_id}").words, "the shipped ones do not"
    fr = "Bonjour. **Vos réponses sont Anonymes**, toujours. Elles ne sont pas anonymes au début."
    number = notices.publish_notice(
        house, collection.operator(house), "participants", {"fr": fr, "en": "Nothing."}
    )
    notices.show_notices(house, collection.operator(house), wave_id, number, 1)
    page = dora.get(f"/office/privacy/waves/{wave_id}")
    assert told in page.words
    assert "Vos réponses sont Anonymes**, toujours." in page.words
    assert "pas anonymes" not in page.words
