"""Hostile texts in whatever was written once and is shown to others: definitions, answers, lists,
names of places, forms of other programs. No page, print or file that shows them runs any."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

import foreign_files
import people
import programme
import pytest
import yaml
from browser import Browser
from bs4 import BeautifulSoup
from builders import world
from evaluated import Evaluated
from every_route import calls
from every_way import Recorder, answers_for_another, answers_with_help
from extra_fields import TEXTS
from flask import Flask
from flask.testing import FlaskClient
from participants import EVERY_KIND, begin, code_of, past_stops, send
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from scripted_texts import active, payloads
from sqlalchemy import JSON, select, update
from staffed import FRENCH, office, pages, staffed
from werkzeug.test import TestResponse

from app.definitions.checksums import checksum
from app.domain.permissions import Grant, Role
from app.factory import create_app
from app.settings import from_environment
from app.storage.accounts import account_by_email
from app.storage.database import Database
from app.storage.schema import TABLES
from app.workflows import accounts
from app.workflows.acting import House

# Words of templates have a test of their own, and none of them may be left over on a page.
ALL = tuple(text for text in payloads() if not re.search("[{%]", text))
LIST = (Path(__file__).parents[1] / "surveys" / "list.yaml").read_text()
RUNS_IN_PRINT = re.compile(
    "'/(JavaScript|JS|Launch|OpenAction|AA|SubmitForm)'|'/URI': '(?!https?:|mailto:|tel:)"
)
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def several(number: int) -> Iterator[str]:
    """So many of the texts at once, again and again."""
    return (" ".join(islice(cycle(ALL), at, at + number)) for at in count(0, number))


def spoiled(value: Any, texts: Iterator[str]) -> Any:
    """Plain data in which each wording of each text ends with a hostile one."""
    if isinstance(value, list):
        return [spoiled(each, texts) for each in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= {"fr", "en"} and all(isinstance(v, str) for v in value.values()):
        said = next(texts)
        return {language: f"{words} {said}" for language, words in value.items()}
    return {name: spoiled(each, texts) for name, each in value.items()}


def spoil(database: Database, number: int) -> int:
    """Spoil every text in every table, files of definitions included; how many rows."""
    texts, done = several(number), 0
    with database.write() as session:
        for table in TABLES.sorted_tables:
            if table.name == "audit_entry":
                continue
            kept = [each for each in table.columns if isinstance(each.type, JSON)]
            kept += [
                each for each in table.columns if each.name == "source" and "document" in table.c
            ]
            for row in session.execute(select(table)).mappings().all() if kept else ():
                new = {each.name: _anew(row[each.name], texts) for each in kept}
                if all(new[each.name] == row[each.name] for each in kept):
                    continue
                if "document" in new and "checksum" in table.c:
                    new["checksum"] = checksum(new["document"])
                key = [column == row[column.name] for column in table.primary_key]
                session.execute(update(table).where(*key).values(**new))
                done += 1
    return done


def _anew(value: Any, texts: Iterator[str]) -> Any:
    if not isinstance(value, str) or not value:
        return spoiled(value, texts)
    read = yaml.safe_load(value)
    return yaml.safe_dump(spoiled(read, texts), allow_unicode=True, sort_keys=False)


class Watching(FlaskClient):
    """Sends each form with a hostile text in every field that takes words, and as it was where that
    is refused; looks at all that comes."""

    texts: frozenset[str] = frozenset()
    hostile = cycle(ALL)
    taken: set[str]
    shown: list[str]

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """One request, or two."""
        data = more.get("data")
        if more.get("method") == "POST" and isinstance(data, Mapping):
            names = self.texts & data.keys()
            if names:
                tried = {**data, **{name: next(self.hostile) for name in names}}
                answer = self._seen(super().open(*args, **more | {"data": tried}))
                if answer.status_code < 400:
                    self.taken |= names
                    return answer
                answer.close()
        return self._seen(super().open(*args, **more))

    def _seen(self, answer: TestResponse) -> TestResponse:
        address = answer.request.path
        assert answer.status_code < 500, address
        if nothing_runs(answer, address):
            self.shown.append(address)
        if answer.mimetype == "text/html" and answer.status_code < 300:
            soup = BeautifulSoup(answer.get_data(as_text=True), "lxml")
            type(self).texts = frozenset(str(each["name"]) for each in soup.select(TEXTS))
        return answer


def nothing_runs(answer: TestResponse, address: str) -> bool:
    """Nothing of a page or a print would run; whether it shows some of the texts."""
    if answer.mimetype == "application/pdf":
        assert not runs_in_print(answer.get_data()), address
        return False
    if answer.mimetype not in ("text/html", "image/svg+xml"):
        return False
    html = answer.get_data(as_text=True)
    assert active(html) == [], address
    return "p()" in html


def runs_in_print(pdf: bytes) -> bool:
    """Whether some object of the file is an action that runs or leads to what would."""
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {number for made in reader.xref.values() for number in made} | {*reader.xref_objStm}
    return any(RUNS_IN_PRINT.search(repr(reader.get_object(number))) for number in numbers)


def test_the_search_finds_what_would_run_in_a_print() -> None:
    for wanted, address in ((False, "https://x.example"), (True, "javascript:p()")):
        writer, out = PdfWriter(), io.BytesIO()
        writer.add_blank_page(100, 100)
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=address))
        writer.write(out)
        assert runs_in_print(out.getvalue()) is wanted


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> type[Watching]:
    """Clients of this test look at all that comes."""

    class Here(Watching):
        taken, shown = set[str](), list[str]()

    monkeypatch.setattr(Flask, "test_client_class", Here)
    return Here


def with_every_role(house: House, code: str) -> None:
    """An account with every role."""
    people.settle(house, FRENCH, programme=code)
    operator = accounts.operator(house, code)
    with house.database.write() as session:
        account = account_by_email(session, FRENCH.email)
        assert account is not None
        session.add_all(
            accounts.grant_row(operator, account.id, Grant(role, "FR"))
            for role in Role
            if role is not FRENCH.role
        )


@once
def test_a_participants_way_through_hostile_questions(
    house: House, app: Flask, watching: type[Watching]
) -> None:
    invited = world(house, EVERY_KIND, people=2)
    assert spoil(house.database, 5) > 3
    answers_with_help(Recorder(app, "fr", {}), invited.codes[0])
    answers_for_another(Recorder(app, "en", {}), invited.codes[1])
    assert watching.taken >= {"q-K2-other", "q-K5", "q-K8"}
    by_staff(house, app, watching)


SAID = {"PRO1": "no", "PRO2": "Du temps", "L2": "yes", "L3": "Rien"}


@once
def test_a_list_and_what_is_said_of_its_entries(
    house: House, app: Flask, watching: type[Watching]
) -> None:
    code = world(house, LIST).codes[0]
    spoil(house.database, 5)
    browser = Browser(app.test_client())
    begin(browser, code)
    browser.submit({"q-L1": ["home", "other"], "q-L1-other": "Le jardin"})
    for name in ("Anne", "Zoé"):
        browser.submit({"q-PRO": name}, button="Ajouter à la liste")
    assert browser.page
    while (page := past_stops(browser, browser.page)).address.startswith("/r/"):
        code = code_of(page)
        said = SAID.get(code.partition("_")[0])
        browser.submit({f"q-{code}": said} if said else {}, button="Enregistrer et continuer")
    send(browser)
    assert watching.taken >= {"q-L1-other", "q-PRO", "q-PRO2_1", "q-PRO2_3", "q-L3"}
    by_staff(house, app, watching)


def by_staff(house: House, app: Flask, watching: type[Watching]) -> None:
    """Every page of the staff that there is for this wave."""
    with_every_role(house, "TEST")
    client = app.test_client()
    people.sign_in(client, house, FRENCH)
    people.say_why(client, 1)
    before = len(watching.shown)
    for call in calls(app, {"territory": "BDX", "code": "BDX", "wave_id": 1, "version_id": 1}):
        if call.method == "GET" and not call.endpoint.startswith(("participants.", "evaluate.")):
            client.get(call.address, follow_redirects=True).close()
    assert len(watching.shown) - before > 10


@pytest.mark.usefixtures("catalogues")
def test_every_page_of_the_office_and_of_the_public_over_hostile_definitions(
    evaluated: Evaluated, tmp_path: Path
) -> None:
    """Questionnaires, frameworks, drafts, the library, names of places, sheets that are keyed,
    letters, results: all that was published, spoiled where it is kept."""
    there = evaluated.copied(tmp_path / "own")
    made = staffed(there)
    assert spoil(made.house.database, 1) > 40
    app = office(there)
    client = app.test_client()
    client.set_cookie("staff", people.session_of(made.house, FRENCH.email))
    people.say_why(client, 2)
    shown = set()
    for call in pages(app, made):
        answer = client.get(call.address, follow_redirects=True)
        assert answer.status_code != 500, call.address
        if nothing_runs(answer, call.address):
            shown.add(call.endpoint)
        answer.close()
    public = create_app(from_environment(there.environment), "public")
    visitor = public.test_client()
    for call in calls(public, made.values):
        if call.method == "GET":
            answer = visitor.get(call.address, follow_redirects=True)
            assert answer.status_code != 500, call.address
            if nothing_runs(answer, call.address):
                shown.add(call.endpoint)
            answer.close()
    assert len(shown) > 60


def foreign(form: str) -> bytes:
    """A form of another program with hostile words; on its last rows, hostile kinds and names."""
    texts = cycle(text for text in ALL if "]]>" not in text and "\x0c" not in text)
    if form == "xlsform":
        rows, choices = deepcopy(foreign_files.SURVEY), deepcopy(foreign_files.CHOICES)
        for row in [*rows[1:], *choices[1:]]:
            for at in (2, 3):
                row[at] = f"{row[at]} {next(texts)}"
        rows += [[next(texts), f"odd{n}", next(texts)] + [""] * 9 for n in range(40)]
        rows += [["text", next(texts), next(texts)] + [""] * 9 for _ in range(40)]
        settings = [["form_title", "form_id"], [next(texts), "trial"]]
        return foreign_files.workbook(survey=rows, choices=choices, settings=settings)
    if form == "lss":
        named = "question|help|answer|group_name|description|surveyls_title|name|title"
        told = re.compile(rf"<({named})><!\[CDATA\[([^\]]*)\]\]>")
        return told.sub(
            lambda found: f"<{found[1]}><![CDATA[{found[2]} {next(texts)}]]>",
            foreign_files.lss().decode(),
        ).encode()
    return json.dumps(_resource(foreign_files.questionnaire(), texts)).encode()


def _resource(value: Any, texts: Iterator[str]) -> Any:
    if isinstance(value, list):
        return [_resource(each, texts) for each in value]
    if not isinstance(value, dict):
        return value
    words = {"text", "title", "display", "valueString", "description", "prefix"}
    return {
        name: f"{each} {next(texts)}"
        if name in words and isinstance(each, str)
        else _resource(each, texts)
        for name, each in value.items()
    }


@once
@pytest.mark.parametrize("form", ["xlsform", "lss", "fhir"])
def test_a_form_of_another_program(
    house: House, app: Flask, tmp_path: Path, watching: type[Watching], form: str
) -> None:
    """What is said of it, and the draft that it becomes, on every page of a draft."""
    programme.loaded(house, tmp_path)
    people.settle(house, people.ALICE)
    client = app.test_client()
    people.sign_in(client, house, people.ALICE)
    html = client.get("/office/questionnaires/import").get_data(as_text=True)
    for more in ({"file": (io.BytesIO(foreign(form)), "form.xlsx"), "goal": "core:family"}, {}):
        asked = BeautifulSoup(html, "lxml").select('form[method=post][action*="/import"]')[-1]
        data = {str(each["name"]): str(each.get("value", "")) for each in asked.select("[name]")}
        answer = client.post(str(asked["action"]), data=data | more, follow_redirects=True)
        html = answer.get_data(as_text=True)
    draft = int(re.findall(r"\d+", answer.request.path)[0])
    came = 0  # pages; of markup nothing is left in what some of these programs export
    for call in calls(app, {"draft_id": draft, "version_id": draft}):
        if (
            call.method == "GET"
            and f"/{draft}" in call.address
            and "questionnaires" in call.address
        ):
            answer = client.get(call.address, follow_redirects=True)
            came += answer.status_code == 200
            answer.close()
    assert came > 5
    assert watching.shown or form == "fhir"
