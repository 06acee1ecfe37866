"""Every form of the office and of participants changes its own fields, whatever else is sent.

The forms are those of the pages of the route map, and of what comes where they are sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import collection
import foreign_files
import people
import pytest
from browser import Browser
from builders import world
from evaluated import Evaluated
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
from extra_fields import TRIED, Fields, Form, Ground, Seen, Trying, written
from flask import Flask
from flask.testing import FlaskClient
from participants import EVERY_KIND
from staffed import BEFORE, ENGLISH, FRENCH, HALF, WAVE, Staffed, office, pages, staffed

from app.domain.fieldwork import OPEN_CALL
from app.storage.schema import TABLES
from app.web.participants.recordings import FOLDER
from app.workflows import signing_in
from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOUND = next(FOLDER.glob("[0-9a-f]*.mp3")).read_bytes()
TOTALS = "territory;audience;margin;category;count;units;into;source;dated\n"


def file(content: str | bytes, name: str) -> tuple[Any, str]:
    """A file in a form, as often as it is sent."""
    made = content.encode() if isinstance(content, str) else content
    return lambda: BytesIO(made), name


def special(made: Staffed, proof: str) -> dict[str, Fields]:
    """What a form needs, by endpoint, where anything at all would not do."""
    reference = made.values["reference"]
    total = {"margin": "ESEX", "category": "woman", "count": "24000", "units": "", "into": ""}
    wave = {"code": "W9", "period_start": "2026-01-01", "period_end": "2026-06-30"}
    wave |= {"opens_at": "2026-01-05T09:00", "closes_at": "2099-01-05T18:00"}
    return {
        "accounts.sign_in_submit": {"email": ENGLISH.email, "password": people.PASSWORD},
        "accounts.second_submit": {"code": proof},
        "accounts.invitation_accept": {"password": "a long way to go 7"},
        "accounts.confirm_submit": {"code": proof},
        "accounts.password_change": {"present": people.PASSWORD, "password": "a long way to go 7"},
        "coordinators.build_record": {"file": file(SOUND, "a.mp3")},
        "officer.notice_record": {"file": file(SOUND, "a.mp3")},
        "coordinators.wave_totals_preview": {
            "file": file(f"{TOTALS}MAY;elderly;ESEX;woman;24000;;;INSEE;2022-01-01\n", "t.csv")
        },
        "coordinators.wave_sample_preview": {
            "file": file("reference;territory;audience\nZ-1;MAY;elderly\n", "s.csv")
        },
        "coordinators.questionnaire_import_report": {
            "file": file(foreign_files.xlsform(), "f.xlsx"),
            "goal": "core:family",
        },
        "coordinators.wave_keying_find": {"sheet": reference},
        "evaluators.extract_ask": {"purpose": "Une étude de l’isolement à la campagne"},
        "coordinators.wave_outcome": {"reference": reference},
        "coordinators.wave_visit_make": {"reference": reference},
        "coordinators.wave_code_again": {"reference": reference},
        "coordinators.wave_total_enter": {"place": "MAY.elderly", **total, "dated": "2022-01-01"},
        "coordinators.wave_weighting_rule": {"lower": "0,5", "upper": "2", "collapse_below": "5"},
        "coordinators.wave_create": wave,
        "officer.request_ask": {"wave": "V2", "reference": reference},
    }


# Fields that a form has at other times, or where a link brings them.
OWN = {
    "coordinators.build_add": {"code", "home", "after", "listed"},
    "coordinators.wave_close": {"reason"},
}
# What is carried out between two rounds, so that there are the forms that come after it.
CARRIED_OUT = (
    *("accounts.person_disable", "accounts.token_make", "officer.request_ask"),
    *("coordinators.series_enter", "coordinators.wave_total_enter", "coordinators.wave_create"),
    *("coordinators.build_save", "coordinators.board_relate", "coordinators.wave_totals_preview"),
    *("coordinators.questionnaire_import_report", "coordinators.wave_sample_preview"),
    *("coordinators.wave_keying_find", "evaluators.make"),
)


# Forms that no page has here: they stand where something else went before, have tests of their own,
# and are not sent with more than their fields. ``api`` and ``evaluate`` take no forms.
NO_PAGE = {
    "accounts": ("invitation_accept second_submit sign_in_submit unlink"),
    "api": ("dispositions_record sample_import sample_job_cancel series_enter totals_enter"),
    "coordinators": (
        "agree_ask_again board_break_down build_restore build_wish contact_doubtful "
        "contact_letters feedback_publish feedback_sheet framework_publish "
        "interview_leave keying_drop keying_finish library_in_draft "
        "questionnaire_publish series_import territories_take territory_take_back "
        "wave_assign wave_cells_decide wave_codes wave_job_file wave_keying_begin "
        "wave_keying_correct wave_sample_columns wave_sample_large"
    ),
    "evaluate": ("composite dif distances rake ranks reliability table"),
    "evaluators": ("approve check publish set_counts"),
    "officer": ("dossier_approve passage_review request_carry_out request_confirm retention_keep"),
    "trial": ("end"),
}


class Office:
    """Every page of the office, with work of every kind under way: who is at it, and its forms."""

    def __init__(self, there: Evaluated) -> None:
        self.made = staffed(there)
        self.app = office(there)
        house = self.made.house
        self.client, half = self.app.test_client(), self.app.test_client()
        self.client.set_cookie("staff", people.session_of(house, FRENCH.email))
        first = signing_in.sign_in(house, FRENCH.email, people.PASSWORD, "192.0.2.1")
        half.set_cookie("staff", first.secret)
        self.given = special(self.made, people.second_factor(house, FRENCH.email))
        browser = Browser(self.client)
        browser.get("/office/trial/")
        browser.submit({"code": self.made.trial_codes[0]})
        browser.get(f"/office/waves/{WAVE}/reason")
        browser.submit({"why": "asked"}, form="/reason")
        names: dict[str, set[str]] = defaultdict(set)
        self.inside, self.half = Seen(self.app, names), Seen(self.app, names)
        self.before = Seen(self.app, names)
        self.rooms = (
            (self.client, self.inside),
            (half, self.half),
            (self.app.test_client(), self.before),
        )
        self.ground = Ground(there.folder, self.app.extensions["covalue"].database, house.database)
        self.tried, self.acted = set[tuple[str, str]](), set[str]()
        self.found: set[str] = set()

    def look(self) -> None:
        """At every page, and where it leads."""
        for call in pages(self.app, self.made):
            who = 2 if call.endpoint in BEFORE else int(call.endpoint == HALF)
            client, seen = self.rooms[who]
            answer = client.get(call.address, follow_redirects=True)
            if answer.mimetype == "text/html":
                seen.look(answer.get_data(as_text=True), answer.request.path)
            answer.close()

    def try_all(self) -> None:
        """Every form that was not tried yet, by who has it."""
        self.ground.keep()
        for client, seen in self.rooms:
            for (endpoint, button), form in seen.forms.items():
                if (endpoint, button) not in self.tried and not endpoint.startswith("/"):
                    self._try(client, endpoint, button, form)
        self.ground.put_back()

    def _try(self, client: FlaskClient, endpoint: str, button: str, form: Form) -> None:
        fields = form.fields | self.given.get(endpoint, {})
        own = self.inside.names[endpoint] | OWN.get(endpoint, set()) | fields.keys()
        answered, found = self.ground.tried(client, form.to, fields, own, form.kind)
        self.tried.add((endpoint, button))
        self.found |= {f"{endpoint} {button}: {each}" for each in found}
        if self.ground.acted(answered):
            self.acted.add(endpoint)

    def carry_out(self, endpoint: str) -> None:
        """Send a form for good, and look at what comes; a refusal brings its form again."""
        form = next(each for each in self.inside.forms.values() if each.endpoint == endpoint)
        fields = form.fields | self.given.get(endpoint, {})
        answer = self.client.post(
            form.to, data=written(fields), content_type=form.kind, follow_redirects=True
        )
        assert answer.status_code in (200, 422), endpoint
        self.inside.look(answer.get_data(as_text=True), answer.request.path)
        answer.close()


def test_every_form_of_the_office(evaluated: Evaluated, tmp_path: Path, catalogues: None) -> None:
    """In two rounds: what is carried out after the first brings the forms of the second."""
    work = Office(evaluated.copied(tmp_path / "own"))
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
    with_page = {endpoint for endpoint, _button in work.tried}
    every = {rule.endpoint for rule in work.app.url_map.iter_rules() if "POST" in rule.methods}
    without = {f"{room}.{name}" for room, names in NO_PAGE.items() for name in names.split()}
    assert work.found == set()
    assert every - with_page <= without
    assert len(with_page) > 110
    assert len(work.acted) > 65


@once
def test_every_form_of_participants(app: Flask, house: House, tmp_path: Path) -> None:
    """With help, in somebody's place, back again, without a code; no, a withdrawal, a stop."""
    invited = world(house, EVERY_KIND, people=4)
    family = EVERY_KIND.replace("audience: elderly", "audience: family")
    world(house, family, people=0, wave={"code": "W2", "frame": OPEN_CALL})

    class Here(Trying):
        ground = Ground(tmp_path, house.database, app.extensions["covalue"].database)
        own, found, acted = OWN, list[str](), set[str]()

    def browser() -> Recorder:
        return Recorder(app, "fr", {})

    usual, app.test_client_class = app.test_client_class, Here
    try:
        withdrawal = answers_with_help(browser(), invited.codes[0])
        comes_back_and_stops(browser(), browser(), invited.codes[1])
        answers_for_another(browser(), invited.codes[2])
        says_no(browser(), invited.codes[3])
        takes_back(browser(), withdrawal)
        comes_without_code(browser())
    finally:
        app.test_client_class = usual
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
LEFT = {"staff_session": {"seen_at"}, "throttle": {"*"}}


@once
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
