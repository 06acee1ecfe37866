"""A notice read aloud: sent in for the words of one version, heard beside them and no others."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import collection
import people
import pytest
from browser import Browser, Page
from flask import Flask
from participants import enter
from sqlalchemy import select

from app.domain.sound_names import notice_sound
from app.protection.codes import code_place
from app.protection.sealing import unseal
from app.storage.dossiers import Notice
from app.storage.participants import AccessCode, Participant
from app.web.participants.recordings import FOLDER
from app.workflows.acting import House
from app.workflows.notices import publish_notice, show_notices
from app.workflows.sample import issue_codes

SHIPPED = next(FOLDER.glob("notice-*.easy_fr.mp3"))


def heard(page: Page) -> list[str]:
    """Where the page's recordings are."""
    return [str(one["src"]) for one in page.soup.select("audio")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_notice_is_heard_with_its_version_and_no_other(
    app: Flask, house: House, tmp_path: Path
) -> None:
    wave = collection.opened(house, tmp_path)
    collection.with_sample(house, wave)
    operator = collection.operator(house)
    issue_codes(house, operator, wave)
    people.settle(house, people.DORA, people.MAYA)
    with house.database.read() as session:
        first = session.scalars(select(Notice).where(Notice.kind == "participants")).one()
    officer = Browser(app.test_client())
    people.sign_in(officer.client, house, people.DORA)
    page = officer.get("/office/privacy/notices")
    assert "fourni avec la version : une voix synthétique" in page.words
    token = page.soup.select_one("input[name=csrf_token]")
    assert token
    address = f"/office/privacy/notices/{first.id}/recording"

    def sent(content: bytes, text: str = "fr", go: str = "send") -> int:
        file = (BytesIO(content), "a voice.mp3")
        form = {"csrf_token": token["value"], "text": text, "go": go, "file": file}
        return officer.client.post(address, data=form).status_code

    easy = f"/ecouter/{SHIPPED.name}"
    whole = f"/ecouter/{notice_sound(first.checksum, 'fr')}.mp3"
    reader = Browser(app.test_client())
    assert heard(reader.get("/information/DEMO/participants/1")) == [easy]
    assert sent(b"PK\x03\x04 not a sound") == 422
    assert sent(SHIPPED.read_bytes(), text="de") == 404
    assert sent(SHIPPED.read_bytes()) == 303
    app.extensions.pop("covalue.recordings")  # a minute passes
    assert heard(reader.get("/information/DEMO/participants/1")) == [easy, whole]
    assert reader.client.get(whole).data == SHIPPED.read_bytes()
    page = enter(reader, code_of(house, "A-1"))
    assert page.address == "/accord"
    assert heard(page) == [easy, whole]

    said = {tag: f"{words} Encore." for tag, words in first.document.items()}
    show_notices(house, operator, wave, publish_notice(house, operator, "participants", said), 1)
    assert heard(reader.get("/accord")) == []
    assert heard(reader.get("/information/DEMO/participants/1")) == [easy, whole]

    assert sent(b"", go="remove") == 303
    app.extensions.pop("covalue.recordings")
    assert heard(reader.get("/information/DEMO/participants/1")) == [easy]
    maya = app.test_client()
    people.sign_in(maya, house, people.MAYA)
    assert 'type="file"' not in maya.get("/office/privacy/notices").get_data(as_text=True)


def code_of(house: House, reference: str) -> str:
    with house.database.read() as session:
        person, code = session.execute(
            select(Participant, AccessCode)
            .join(AccessCode, AccessCode.participant_id == Participant.id)
            .where(Participant.reference == reference)
        ).one()
        assert code.sealed is not None
        return unseal(house.keys.sealing, code.sealed, code_place(person.id, code.generation))
