"""Every door that takes a file, and files that are not what they say or cost too much."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import collection
import disguised_files
import people
import pytest
from browser import Browser
from every_route import digest
from flask import Flask
from sqlalchemy import func, select

from app.storage.audit import AuditEntry
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.api_tokens import make_token

ROOT = Path(__file__).parents[2]
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# page with the form, where it goes, and fields beside the file
PAGES = {
    "sample": ("/office/waves/{wave}/sample", "", {}),
    "responses": ("/office/waves/{wave}/responses", "", {}),
    "series": ("/office/series", "/file", {}),
    "totals": ("/office/waves/{wave}/weighting", "/file", {}),
    "translations": ("{draft}/translations", ".xlsx", {}),
    "territories": ("/office/territories/import", "", {}),
    "form": ("/office/questionnaires/import", "", {"goal": "core:family"}),
    "recording": ("{draft}/q/E01", "/recording", {"item": "E01", "language": "fr"}),
    "notice": ("/office/privacy/notices", "/1/recording", {"text": "fr"}),
}
PACKED = {"sample", "translations", "form"}  # doors that open packages
PROGRAMS = {"waves/W1/sample": "file", "evaluate/table": "data"}
TRACES = {
    "staff_session": {"seen_at", "confirmed_at"},
    "throttle": {"*"},
    "audit_entry": {"*"},
    "job": {"*"},
    "api_token": {"used_at"},
}


def hostile(door: str) -> Iterator[tuple[str, bytes]]:
    """Every file for a door: what is measured, what is read, and what only has another name."""
    yield from disguised_files.DISGUISED.items()
    for kind in disguised_files.MEASURED:
        yield kind, disguised_files.measured(kind)
    if door in PACKED:
        for kind in ("billion laughs", "file as entity"):
            yield kind, disguised_files.sheet_of(kind)
        yield "one cell far away", disguised_files.READ["one cell far away"]()
    else:
        yield "workbook", disguised_files.workbook()


@once
def test_no_door_takes_what_is_not_what_it_says(house: House, app: Flask, tmp_path: Path) -> None:
    wave = collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    browser = Browser(app.test_client())
    people.sign_in(browser.client, house, people.ALICE)
    browser.get("/office/questionnaires/1")
    draft = browser.submit(form="/build").address
    before = digest(house.database, TRACES)
    for door, (page, beyond, fields) in PAGES.items():
        shown = browser.get(page.format(wave=wave, draft=draft))
        token = str(shown.soup.select("input[name=csrf_token]")[0]["value"])
        for kind, content in hostile(door):
            sent = {**fields, "csrf_token": token, "do": "import"}
            answer = browser.client.post(
                shown.address + beyond,
                data={**sent, "file": (io.BytesIO(content), "harmless.xlsx")},
            )
            words = answer.get_data(as_text=True)
            expected = 303 if door == "responses" else 422  # a file of answers is read by a job
            assert answer.status_code == expected, (door, kind, words[:2000])
            assert disguised_files.CANARY.decode() not in words, (door, kind)
    jobs.sweep(house)
    assert digest(house.database, TRACES) == before


@once
def test_a_file_that_was_refused_is_in_the_log(
    house: House, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was brought for and by whom, nothing of what is in it and not its name."""
    wave = collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    browser = Browser(app.test_client())
    alice = people.sign_in(browser.client, house, people.ALICE)
    browser.get("/office/questionnaires/1")
    draft = browser.submit(form="/build").address
    kind, content = next(iter(disguised_files.DISGUISED.items()))
    for page, beyond, fields in PAGES.values():
        shown = browser.get(page.format(wave=wave, draft=draft))
        token = str(shown.soup.select("input[name=csrf_token]")[0]["value"])
        sent = {**fields, "csrf_token": token, "do": "import"}
        sent["file"] = (io.BytesIO(content), "zqname.xlsx")
        browser.client.post(shown.address + beyond, data=sent)
    page = browser.get(f"/office/waves/{wave}/sample")
    table = io.BytesIO(b"qui;lieu\nzqwho;zqplace\n")
    browser.submit({"file": (table, "zqname.csv")}, form="/sample")  # asks what the columns hold
    browser.submit(form="/columns", status=422)
    secret = make_token(house, alice, "test", ("sample", "read"), 30, None)
    calls = {"headers": {"Authorization": f"Bearer {secret}"}}
    body = {"items": [{"zqname": "zqvalue"}]}
    assert browser.client.post("/api/v1/waves/W1/sample", json=body, **calls).status_code == 422
    sent = {"csrf_token": str(page.soup.select("input[name=csrf_token]")[0]["value"])}
    sent |= {"file": (io.BytesIO(b"x" * 10_000), "zqname.csv")}
    with monkeypatch.context() as patched:
        patched.setitem(app.config, "MAX_CONTENT_LENGTH", 5_000)
        large = browser.client.post(f"/office/waves/{wave}/sample", data=sent)
    assert large.status_code == 413
    jobs.sweep(house)
    with house.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.outcome == "refused")).all()
    here = f"wave:{wave}"
    assert [(each.act, each.thing, each.origin) for each in rows] == [
        ("sample.import", here, "web"),
        ("series.enter", "", "web"),
        ("margins.enter", here, "web"),
        ("questionnaire.draft", "", "web"),
        ("territory.change", "", "web"),
        ("questionnaire.draft", "", "web"),
        ("questionnaire.draft", "", "web"),
        ("dossier.write", "", "web"),
        ("sample.import", here, "web"),
        ("sample.import", "", "api"),
        ("sample.import", here, "web"),
        ("job.end", "job:1", "job"),
    ], kind
    assert {each.actor for each in rows} == {alice.account_id}
    assert not any("zq" in str(each.details) for each in rows)
    browser.get(f"/office/waves/{wave}/sample")
    browser.submit(form="/sample", status=422)  # no file: nobody's file was refused
    with house.database.read() as session:
        refused = select(func.count()).where(AuditEntry.outcome == "refused")
        assert session.scalar(refused) == len(rows)


@once
def test_no_name_of_a_file_becomes_a_path(house: House, app: Flask, tmp_path: Path) -> None:
    wave = collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    browser = Browser(app.test_client())
    people.sign_in(browser.client, house, people.ALICE)
    content = b"reference;territory;audience\nZ-1;MAY;elderly\n"
    taken = 0
    for name in ("../../zqname.csv", "/tmp/zqname.csv", "..\\zqname.csv", "zqname\0.csv", "zqname"):
        browser.get(f"/office/waves/{wave}/sample")
        page = browser.submit({"file": (io.BytesIO(content), name)}, form="/sample")
        taken += "zqname" not in page.html
    assert taken == 5
    assert [path for path in tmp_path.rglob("*") if "zqname" in str(path)] == []
    assert not Path("/tmp/zqname.csv").exists()


@once
def test_no_program_brings_them_in_either(house: House, app: Flask, tmp_path: Path) -> None:
    collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    client = app.test_client()
    alice = people.acting(house, people.ALICE)
    secret = make_token(house, alice, "test", ("sample", "read"), 30, None)
    before = digest(house.database, TRACES)
    for address, part in PROGRAMS.items():
        for kind, content in hostile(address):
            sent = {part: (io.BytesIO(content), "harmless.csv"), "design": "x"}
            answer = client.post(
                f"/api/v1/{address}", data=sent, headers={"Authorization": f"Bearer {secret}"}
            )
            assert answer.status_code in (202, 422), (address, kind, answer.status_code)
            assert disguised_files.CANARY.decode() not in answer.get_data(as_text=True)
    jobs.sweep(house)
    assert digest(house.database, TRACES) == before


def test_these_are_all_the_doors() -> None:
    """A route that takes a file is tried above."""
    taking = set()
    for path in [*(ROOT / "app/web").rglob("*.py"), *(ROOT / "app/api").rglob("*.py")]:
        if re.search(r"request\.files(\.get(list)?\(|\[)", path.read_text("utf-8")):
            taking.add(path.relative_to(ROOT / "app").as_posix())
    assert taking == {
        "web/coordinators/sample.py",
        "web/coordinators/arrivals.py",
        "web/coordinators/recordings.py",
        "web/officer/notices.py",
        "web/coordinators/series.py",
        "web/coordinators/weighting.py",
        "web/coordinators/territory_files.py",
        "web/coordinators/translations.py",
        "web/coordinators/foreign_forms.py",
        "api/sample.py",
        "api/evaluating.py",
    }
