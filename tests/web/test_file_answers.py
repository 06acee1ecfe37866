"""A question answered with a file: given, seen, replaced, removed, fetched by staff, erased."""

from __future__ import annotations

import io
import json
import shutil
from base64 import b64decode
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import programme
import pytest
from browser import Browser, Page
from builders import World, world
from flask import Flask
from participants import begin, cells, enter, hidden_fields, only_response, past_stops, send
from people import ALICE, DORA, EVA, acting, settle, sign_in
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from surfaces import opened
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.domain.acceptance import Submitted
from app.domain.answer_files import read_file
from app.domain.sittings import Sitting
from app.interchange.sent_files import sent_file
from app.protection.keys import digest
from app.protection.sealing import AnswerSealing
from app.settings import Settings
from app.storage.answer_files import AnswerFileRow
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.responses import ParticipantSession
from app.workflows import entering, rights
from app.workflows.acting import House
from app.workflows.collect import Again, Moved, Sent, answer_page
from app.workflows.sending import stop
from app.workflows.standing import mark, standing

FILES = Path(__file__).parents[1]
ASKED = (FILES / "surveys" / "files.yaml").read_text()
PHOTO, OTHER = ((FILES / "given_files" / name).read_bytes() for name in ("photo.jpg", "photo.png"))
PDF = b"%PDF-1.4\n" + bytes(300) + b"\n%%EOF\n"
NAME = "Anne chez le docteur.jpg"
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, seal_answers=True, file_megabytes=1)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def asked(house: House) -> World:
    return world(house, ASKED, people=2)


def file(content: bytes, name: str = NAME) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def onward(browser: Browser, fields: dict[str, Any] | None = None, status: int = 200) -> Page:
    page = browser.submit(fields, button="Enregistrer et continuer", status=status)
    return past_stops(browser, page)


def kept(house: House) -> list[bytes]:
    with house.database.read() as session:
        return list(session.scalars(select(AnswerFileRow.content).order_by(AnswerFileRow.id)))


def test_it_is_given_said_replaced_and_removed(
    house: House, browser: Browser, asked: World
) -> None:
    page = begin(browser, asked.codes[0])
    assert page.soup.select_one("form#page")["enctype"] == "multipart/form-data"  # type: ignore[index]
    assert "Un seul fichier, de 1 Mo au plus" in page.words
    page = onward(browser, {"q-F1-file": file(PHOTO)})
    assert page.address == "/r/F2"  # which is asked because there is one
    assert not page.soup.select("form[enctype]")
    (content,) = kept(house)
    assert b"JFIF" not in content  # sealed
    assert NAME not in str(cells(house))
    page = browser.get("/r/F1")
    assert "Nous avons votre fichier : image JPEG, 1 Ko." in page.words
    onward(browser)  # nothing chosen: it stays
    assert kept(house) == [content]
    browser.get("/r/F1")
    onward(browser, {"q-F1-file": file(OTHER, "x.exe"), "q-F1-remove": "1"})  # the new one counts
    (other,) = kept(house)
    assert other != content
    browser.get("/r/F1")
    page = onward(browser, {"q-F1-out": "~prefer_not"}, status=422)
    assert "une réponse et aussi une autre façon" in page.words
    page = onward(browser, {"q-F1-out": "~prefer_not", "q-F1-remove": "1"})
    assert page.address == "/r/F3"
    assert kept(house) == []
    assert cells(house)["F1"]["why"] == "prefer_not"


@sqlite_only
def test_what_is_not_taken_is_said_and_changes_nothing(
    house: House, browser: Browser, asked: World
) -> None:
    begin(browser, asked.codes[0])
    onward(browser, {"q-F1-file": file(PHOTO)})
    before = kept(house)
    for content, said in (
        (b"", "Ce fichier est vide"),
        (PDF, "JPEG, PNG, WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG, WebP"),
        (PHOTO[:300], "ne se lit pas"),
    ):
        browser.get("/r/F1")
        page = onward(browser, {"q-F1-file": file(content)}, status=422)
        assert said in page.words
        assert "Nous avons votre fichier" in page.words
    assert kept(house) == before
    typed = {"q-F1": "jpeg 12 0123456789abcdef", **hidden_fields(page)}
    assert browser.client.post("/r/F1", data=typed).status_code == 303
    assert kept(house) == before
    for size, status in ((1_000_001, 422), (20_000_000, 422), (33 * 1024 * 1024, 413)):
        fields = {"q-F1-file": FileStorage(io.BytesIO(PHOTO + bytes(size)), NAME)}
        boundary, body = encode_multipart(fields | hidden_fields(page))
        form = {"content_type": f"multipart/form-data; boundary={boundary}"}
        said = {"Accept-Language": "fr"}
        large = browser.client.post("/r/F1", data=body, headers=said, **form)
        assert large.status_code == status
        assert "Ce fichier est trop lourd" in large.get_data(as_text=True)
    assert kept(house) == before


@sqlite_only
def test_on_a_disk_almost_full_words_go_in_and_files_do_not(
    house: House, browser: Browser, asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(browser, asked.codes[0])
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 10**8))
    page = onward(browser, {"q-F1-file": file(PHOTO)}, status=422)
    assert "Nous ne pouvons pas garder de fichier en ce moment" in page.words
    assert kept(house) == []
    page = onward(browser, {"q-F1-out": "~prefer_not"})
    assert page.address == "/r/F3"


@sqlite_only
def test_a_file_sent_too_late_is_to_be_chosen_again(
    house: House, browser: Browser, asked: World
) -> None:
    page = begin(browser, asked.codes[0])
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - timedelta(days=2)))
    late = browser.client.post(
        "/r/F1",
        data=hidden_fields(page) | {"q-F1-file": file(PHOTO)},
        headers={"Accept-Language": "fr"},
    )
    assert late.status_code == 400
    assert "Le fichier choisi n’a pas été gardé" in late.get_data(as_text=True)
    page = enter(browser, asked.codes[0])
    assert page.address == "/r/F1"  # not passed over
    assert (cells(house), kept(house)) == ({}, [])


@sqlite_only
def test_one_file_about_each_entry_goes_with_its_entry_and_its_answer(
    house: House, browser: Browser, asked: World
) -> None:
    begin(browser, asked.codes[0])
    onward(browser, {"q-F1-out": "~prefer_not"})
    for name in ("La lettre", "La facture"):
        browser.submit({"q-F3": name}, button="Ajouter à la liste")
    onward(browser)
    onward(browser, {"q-F4_1-file": file(PDF)})
    page = onward(browser, {"q-F4_2-file": file(PHOTO)})  # a picture of a document
    assert page.address == "/verifier"
    assert "document PDF, 1 Ko" in page.words
    assert len(kept(house)) == 2
    page = browser.get("/r/F3")
    number = str(page.soup.select(".entries button")[0]["value"])
    sent = hidden_fields(page)
    sure = {"csrf_token": sent["csrf_token"], "form-key": "k", "remove-sure": number}
    assert browser.client.post("/r/F3", data=sure).status_code == 303
    assert len(kept(house)) == 1
    told = read_file(cells(house)["F4_2"]["v"])
    assert told is not None
    assert told.format == "jpeg"


def test_participants_pages_keep_files_and_can_read_none(
    house: House, asked: World, request: pytest.FixtureRequest
) -> None:
    sealing = AnswerSealing(house.keys.sealing, on=True)
    pages = replace(house, database=opened(house.database.url, "public", request, sealing))
    try:
        code = digest(house.keys.lookup, asked.codes[0])
        secret = entering.begin(pages, code, Sitting(notice="1"))

        def give(content: bytes, key: str, seen: str = "") -> Any:
            sent = Submitted(file=sent_file(content, 10**6))
            form = Sent({"F1": sent}, {"F1": seen}, key)
            return answer_page(pages, standing(pages, secret, key), "F1", form)

        assert give(PHOTO, "k1") == give(PHOTO, "k1") == give(PHOTO, "k2") == Moved("F2")
        assert len(kept(house)) == 1
        elsewhere = give(OTHER, "k3")  # made from the page before the first was given
        assert isinstance(elsewhere, Again)
        assert "Un autre fichier a été donné" in elsewhere.faults[0].reason.in_("fr")
        seen = mark(standing(pages, secret).answers["F1"])
        assert give(OTHER, "k4", seen) == Moved("F2")
        assert len(kept(house)) == 1
        held = digest(house.keys.lookup, secret)
        with pytest.raises(DBAPIError), pages.database.read(held) as session:
            session.execute(select(AnswerFileRow.content))
        with pages.database.read(held) as session:
            assert session.scalars(select(AnswerFileRow.mark)).all()
        stop(pages, secret)
        assert kept(house) == []
    finally:
        pages.database.dispose()


def test_a_reviewer_fetches_it_and_nobody_else(
    house: House, app: Flask, browser: Browser, asked: World
) -> None:
    begin(browser, asked.codes[0])
    onward(browser, {"q-F1-file": file(PHOTO + b"<html>")})
    onward(browser)
    onward(browser)
    settle(house, ALICE, DORA, EVA, programme="TEST")
    alice, eva = Browser(app.test_client()), Browser(app.test_client())
    sign_in(alice.client, house, ALICE)
    sign_in(eva.client, house, EVA)
    listed = f"/office/privacy/passages/{asked.wave_id}/files"
    assert "Aucun fichier n’a été donné" in alice.get(listed).words  # nothing was sent
    response = only_response(house)
    there = f"/office/privacy/passages/{asked.wave_id}/{response.id}/F1/file"
    assert alice.client.get(there).status_code == 404
    browser.get("/verifier")
    send(browser)
    page = alice.get(f"/office/privacy/passages/{asked.wave_id}")
    page = alice.click("Fichiers donnés en réponse")
    assert "image JPEG, 1 Ko" in page.words
    assert page.link("Prendre") == there
    fetched = alice.client.get(there)
    assert fetched.data == sent_file(PHOTO, 10**6).content
    assert fetched.mimetype == "application/octet-stream"
    assert fetched.headers["Content-Disposition"] == f'attachment; filename="{response.id}-F1.jpg"'
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert fetched.headers["Cache-Control"] == "no-store"
    with house.database.read() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "passage.review")).all()
    assert acts[-1].details["item"] == "F1"
    for address in (listed, there):
        assert eva.client.get(address).status_code == 403
    assert alice.client.get(there.replace("/F1/", "/F2/")).status_code == 404
    dora = acting(house, DORA)
    told = json.loads(json.dumps(rights.access(house, dora, "W1", "P0")))
    answers = {one["item"]: one for one in told["response"]["answers"]}
    assert b64decode(answers["F1"]["file"]["content"]) == fetched.data
    assert "file" not in answers["F2"]
    rights.erase_person(house, dora, "W1", "P0")
    assert kept(house) == []
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AnswerFileRow)) == 0
    assert alice.client.get(there).status_code == 404


@sqlite_only
def test_the_builder_makes_one_and_a_trial_keeps_none(
    house: House, app: Flask, browser: Browser, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    settle(house, ALICE)
    writer = Browser(app.test_client())
    sign_in(writer.client, house, ALICE)
    writer.get("/office/questionnaires/1")
    writer.submit(form="/build")
    page = writer.submit({"type": "file", "home": "home", "code": "LETTER"}, form="/add")
    assert [str(box["value"]) for box in page.soup.select("[name=accepts][checked]")] == ["picture"]
    words = {"text-fr": "Avez-vous une lettre ?", "text-en": "Have you a letter?"}
    page = writer.submit(words | {"accepts": ["document"]}, form="/q/LETTER")
    assert [str(box["value"]) for box in page.soup.select("[name=accepts][checked]")] == [
        "document"
    ]
    assert page.soup.iframe
    seen = writer.client.get(str(page.soup.iframe["src"]), headers={"Accept-Language": "fr"})
    assert "JPEG, PNG, WebP, PDF" in seen.text
    writer.click("Essayer avec un code")
    codes = {"persona": "self", "count": "1"}
    page = writer.submit(codes, form="/trials", button="Créer les codes", status=201)
    browser.get("/office/trial/")
    browser.submit({"code": page.soup.select("code")[0].get_text()})
    page = browser.get("/office/trial/r/LETTER")
    onward(browser, {"q-LETTER-file": file(PDF)})
    page = browser.get("/office/trial/r/LETTER")
    assert "Nous avons votre fichier : document PDF, 1 Ko." in page.words
    assert kept(house) == []
