"""Five hundred hostile texts in every place that keeps a text, and every page that shows it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import collection
import orjson
import people
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from builders import world
from evaluated import Evaluated
from every_form import Office
from extra_fields import Ground
from flask import Flask
from flask.testing import FlaskClient
from hostile_office import send_texts
from participants import EVERY_KIND, begin
from scripted_texts import active, payloads
from sqlalchemy import select

from app.definitions.dossier_reading import read_dossier
from app.domain.dossier_fields import FIELDS
from app.domain.text import Text
from app.protection.sealing import seal
from app.storage.accounts import Account, GrantRow
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.responses import Response, pack
from app.storage.waves import Wave
from app.web.pages import in_language, inline, markdown
from app.workflows import dossiers, notices, rights_requests
from app.workflows.acting import House
from app.workflows.sample import contact_place

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALL = tuple(payloads())


def test_there_are_five_hundred_and_the_search_finds_them() -> None:
    assert len(set(ALL)) == 500
    raw = [text for text in ALL[:140] if active(f"<p>{text}</p>")]
    assert len(raw) > 100, "most would run where nothing cleaned them"


@once
def test_texts_of_questionnaires_are_cleaned(app: Flask) -> None:
    with app.test_request_context():
        for text in ALL:
            for made in (markdown(text), inline(text)):
                assert active(str(made)) == [], text
            assert in_language(Text.of(fr=text)) == text  # plain: templates escape it


def asked(client: FlaskClient, *addresses: str) -> None:
    """Every page comes, shows something of the texts, and nothing on it runs."""
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        html = answer.get_data(as_text=True)
        assert "p()" in html, f"{address} shows none of the texts"
        assert active(html) == [], address


@once
def test_pages_of_staff(house: House, app: Flask, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    actor = collection.operator(house)
    people.settle(house, people.ALICE, people.DORA, people.OSCAR)
    free = [each.name for each in FIELDS if not each.choices]
    shares = [" ".join(ALL[start :: len(free)])[:2000] for start in range(len(free))]
    told = {**read_dossier(collection.DOSSIER).fields, **dict(zip(free, shares, strict=True))}
    dossiers.write_dossier(house, actor, wave_id, told)
    text = "\n\n".join(ALL)[:20_000]
    for kind in notices.KINDS:
        notices.publish_notice(house, actor, kind, {"fr": text, "en": text})
    with house.database.write() as session:
        for number, text in enumerate(ALL):
            wave = session.get_one(Wave, wave_id)
            values = {
                name: getattr(wave, name)
                for name in ("period_start", "period_end", "opens_at", "closes_at", "created_at")
            }
            session.add(
                Wave(
                    programme_id=actor.programme_id,
                    code=f"X{number}",
                    title={"fr": text, "en": text},
                    frame="all_75",
                    **values,
                )
            )
            account = Account(email=f"x{number}@example.org", name=text, made_at=now())
            session.add(account)
            session.flush()
            session.add(
                GrantRow(
                    account_id=account.id,
                    programme_id=actor.programme_id,
                    role="reviewer",
                    territory="FR",
                )
            )
    clients = {person: app.test_client() for person in (people.ALICE, people.DORA, people.OSCAR)}
    for person, client in clients.items():
        people.sign_in(client, house, person)
    asked(
        clients[people.ALICE],
        f"/office/privacy/waves/{wave_id}",
        "/office/privacy/register",
        "/office/privacy/notices",
        "/office/waves",
        "/office/waves/2",
        "/office/waves/2/open",
        "/information/DEMO/participants/2",
        "/information/DEMO/described/2",
    )
    asked(clients[people.DORA], f"/office/privacy/waves/{wave_id}")
    asked(clients[people.OSCAR], "/office/accounts")


@pytest.mark.full
@pytest.mark.usefixtures("catalogues")
def test_every_text_field_of_the_office(
    evaluated: Evaluated, tmp_path: Path, grounds: Callable[[House], Ground]
) -> None:
    """Each with twenty of the texts; the campaign ``hostile-texts`` sends it all of them."""
    done = send_texts(Office(evaluated.copied(tmp_path / "own"), grounds), 0)
    assert done.found == []
    assert len(done.fields) > 100
    assert done.answers > 60
    assert done.pages > 60


@once
def test_words_of_templates_are_shown_as_they_are(house: House, app: Flask, tmp_path: Path) -> None:
    """Texts are filled in by names of our own, and are never a template."""
    tried = ("{{7+7}}", "${7+7}", "#{7+7}", "<%= 7+7 %>", "{x.real}", "{% raise %}", "{0}")
    said = " ".join(tried)
    for each in (said, "{x.__class__}", "{{7*7}}"):
        assert in_language(Text.of(fr=each), {"x": "y"}) == each
    with app.test_request_context():
        for made in (markdown(said), inline(said)):
            assert BeautifulSoup(str(made), "html.parser").get_text().strip() == said
    wave_id = collection.opened(house, tmp_path, title=Text.of(fr=said, en=said))
    people.settle(house, people.ALICE)
    client = app.test_client()
    people.sign_in(client, house, people.ALICE)
    for address in (f"/office/waves/{wave_id}", "/office/waves", f"/office/waves/{wave_id}/sample"):
        shown = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser").get_text()
        assert said in shown, address


@once
def test_messages_about_files(house: House, app: Flask, tmp_path: Path) -> None:
    """What is wrong in a file is said with its own words: of those nothing runs either."""
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    browser = Browser(app.test_client())
    people.sign_in(browser.client, house, people.ALICE)
    lines = [f'"{text}";"{text}";elderly' for text in (t.replace('"', '""') for t in ALL)]
    for start in range(0, len(lines), 20):
        browser.get(f"/office/waves/{wave_id}/sample")
        sheet = "\n".join(["reference;territory;audience", *lines[start : start + 20]])
        file = (io.BytesIO(sheet.encode()), f"{ALL[start][:40]}.csv")
        page = browser.submit({"file": file}, form="/sample", status=422)
        assert active(page.html) == []
    for text in ALL[::25]:
        address = f"/office/waves/{wave_id}/sample"
        token = browser.get(address).soup.select_one("input[name=csrf_token]")
        assert token is not None
        head = text.replace(";", "").replace("\n", "")
        file = (io.BytesIO(f"{head};territory\nA;MAY\n".encode()), "a.csv")
        sent = {"csrf_token": str(token["value"]), "file": file}
        answer = browser.client.post(address, data=sent)  # asks what the columns hold, or refuses
        assert answer.status_code in (200, 422)
        assert active(answer.get_data(as_text=True)) == []


@once
def test_answers_and_contacts(house: House, app: Flask) -> None:
    """Answers on the participant's own pages; name, address and answers on the page of access."""
    made = world(house, EVERY_KIND)
    browser = Browser(app.test_client())
    begin(browser, made.codes[0])
    everything = "\n".join(ALL)
    said = {"K1": "yes", "K2": ["meals"], "K3": 4, "K4": 2, "K6": "2020-03", "K7a": 2, "K7b": 1}
    told = said | {"K5": everything, "K8": everything}
    cells = {item: {"v": value, "s": 0, "at": ""} for item, value in told.items()}
    with house.database.write() as session:
        row = session.scalars(select(Response)).one()
        sitting = {"role": "self", "lang": "fr", "present": everything}
        row.body = pack({"a": cells, "sit": [sitting], "v": 1})
        person = session.scalars(select(Participant)).one()
        place = contact_place(person.wave_id, person.reference)
        contact = orjson.dumps([everything, everything]).decode()
        person.sealed_contact = seal(house.keys.sealing, contact, place)
        reference = person.reference
    asked(browser.client, "/r/K5", "/r/K8")
    people.settle(house, people.ALICE, people.DORA, programme="TEST")
    dora, alice = (people.acting(house, person) for person in (people.DORA, people.ALICE))
    number = rights_requests.ask(house, dora, "access", "W1", reference, ALL[0])
    rights_requests.confirm(house, alice, number)
    client = app.test_client()
    people.sign_in(client, house, people.DORA)
    asked(client, "/office/privacy/requests")
    token = client.get("/office/privacy/requests").get_data(as_text=True)
    sent = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', token)[0]}
    answer = client.post(f"/office/privacy/requests/{number}", data=sent)
    html = answer.get_data(as_text=True)
    assert html.count("p()") > 1000
    assert active(html) == []
