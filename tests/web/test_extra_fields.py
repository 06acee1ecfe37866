"""Every form of the office and of participants changes its own fields, whatever else is sent.

The forms are those of the pages of the route map, and of what comes where they are sent. Where
something else has to go before, the test that brings it about has the mark ``tries``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from builders import world
from evaluated import Evaluated
from every_form import CARRIED_OUT, Office, befalls, file
from every_route import digest
from every_way import (
    Recorder,
    answers_for_another,
    answers_with_help,
    comes_back_and_stops,
    comes_without_code,
    says_no,
    takes_back,
)
from extra_fields import OWN, TRIED, Ground, Trying
from flask import Flask
from flask.testing import FlaskClient
from participants import EVERY_KIND
from staffed import WAVE

from app.domain.fieldwork import OPEN_CALL
from app.storage.schema import TABLES
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]


# Places of programs, which take no forms: below, and ``tests/api``. ``evaluate`` changes nothing.
OF_PROGRAMS = {"api.dispositions_record", "api.series_enter", "api.totals_enter"}


def tried_elsewhere() -> set[str]:
    """The endpoints that marks of other tests name."""
    texts = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    marks = (mark for text in texts for mark in re.findall(r"mark\.tries\(([^)]+)\)", text))
    return {name for mark in marks for name in re.findall(r'"([\w.]+)"', mark)}


@pytest.mark.full
@pytest.mark.usefixtures("catalogues")
def test_every_form_of_the_office(
    evaluated: Evaluated, tmp_path: Path, grounds: Callable[[House], Ground]
) -> None:
    """In three rounds: what is carried out after each brings the forms of the next."""
    work = Office(evaluated.copied(tmp_path / "own"), grounds)
    work.look()
    work.try_all()
    close = next(f for f in work.inside.forms.values() if f.endpoint == "coordinators.wave_close")
    _, seen = work.ground.tried(work.client, close.to, close.fields, set(close.fields))
    assert seen, "a name that does something, once it is not known for the form's own"
    work.ground.put_back()
    for endpoint in CARRIED_OUT:
        work.carry_out(endpoint)
    work.made.values["wave_id"] = 3
    work.look()
    work.try_all()
    befalls(work.made)
    work.bring({"file": file("Nom;Lieu;Public\nZ-9;MAY;elderly\n", "s.csv")})
    work.made.values["wave_id"] = WAVE
    for closed in ("wave_cells", "wave_feedback"):
        work.made.values[f"coordinators.{closed} wave_id"] = 1
    work.look()
    work.try_all()
    work.carry_out("coordinators.feedback_publish")
    work.try_all()
    with_page = {endpoint for endpoint, _button in work.tried}
    every = {rule.endpoint for rule in work.app.url_map.iter_rules() if "POST" in rule.methods}
    every = {each for each in every if not each.startswith("evaluate.")}
    assert work.found == set()
    assert every - with_page == (tried_elsewhere() | OF_PROGRAMS) - with_page
    assert len(work.acted) > 75


@pytest.mark.full
@pytest.mark.usefixtures("catalogues")
def test_forms_of_the_office_that_bring_rows_on_postgresql(
    evaluated: Evaluated,
    tmp_path: Path,
    grounds: Callable[[House], Ground],
    request: pytest.FixtureRequest,
) -> None:
    """Those without which there are no forms of a next round; all of them go through SQLite."""
    work = Office(
        evaluated.copied(tmp_path / "own").moved(request.getfixturevalue("_postgres_emptied")()),
        grounds,
    )
    work.look()
    work.try_all(CARRIED_OUT)
    assert work.found == set()
    assert len(work.acted) > 6


def test_every_form_of_participants(
    grounds: Callable[[House], Ground], monkeypatch: pytest.MonkeyPatch, app: Flask, house: House
) -> None:
    """With help, in somebody's place, back again, without a code; no, a withdrawal, a stop."""
    invited = world(house, EVERY_KIND, people=4)
    family = EVERY_KIND.replace("audience: elderly", "audience: family")
    world(house, family, people=0, wave={"code": "W2", "frame": OPEN_CALL})

    class Here(Trying):
        ground = staticmethod(grounds)
        own, found, taken, acted = OWN, list[str](), set[str](), set[str]()

    def browser() -> Recorder:
        return Recorder(app, "fr", {})

    with monkeypatch.context() as patched:
        patched.setattr(Flask, "test_client_class", Here)
        withdrawal = answers_with_help(browser(), invited.codes[0])
        comes_back_and_stops(browser(), browser(), invited.codes[1])
        answers_for_another(browser(), invited.codes[2])
        says_no(browser(), invited.codes[3])
        takes_back(browser(), withdrawal)
        comes_without_code(browser())
    assert Here.found == []
    assert len(Here.acted) > 5


SERIES_ENTRY = {
    "code": "STAYS",
    "territory": "MAY",
    "sub_area": "",
    "period_start": "2026-01-01",
    "period_end": "2026-06-30",
    "numerator": 1,
    "denominator": 2,
    "source": "INSEE",
}
KNOWN_TOTAL = {
    "territory": "MAY",
    "audience": "elderly",
    "margin": "E01",
    "category": "yes",
    "count": 9.0,
    "units": None,
    "into": "",
    "source": "INSEE",
    "dated": "2022-01-01",
}
SENT: dict[str, dict[str, Any]] = {
    "/api/v1/series": SERIES_ENTRY,
    "/api/v1/waves/W1/totals": KNOWN_TOTAL,
    "/api/v1/waves/W1/dispositions": {"reference": "A-1", "disposition": "refused"},
}
NOTHING: Mapping[str, Any] = {}
LEFT = {"staff_session": {"seen_at"}, "throttle": {"*"}, "audit_entry": {"*"}}  # what was refused


def test_the_api_refuses_what_it_does_not_ask_for(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    """Whatever stands beside what its document names is refused, and nothing is written."""
    collection.with_sample(house, collection.opened(house, tmp_path))
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    columns = {column.name for table in TABLES.sorted_tables for column in table.columns}
    before = digest(house.database, LEFT)

    def status(address: str, item: dict[str, Any], beside: Mapping[str, Any] = NOTHING) -> int:
        body = {**beside, "items": [item]}
        return client.post(address, json=body, headers={"X-CSRFToken": token}).status_code

    for address, item in SENT.items():
        extra = sorted((columns | {*TRIED}) - item.keys())
        assert len(extra) > 200
        taken = [name for name in extra if status(address, item | {name: 1}) != 422]
        assert taken == [], address
        assert status(address, item, dict.fromkeys(extra, 1)) == 422
    assert digest(house.database, LEFT) == before
    assert status("/api/v1/waves/W1/dispositions", SENT["/api/v1/waves/W1/dispositions"]) == 200
