"""Every route by every role: what a role may not do is refused at the door, and nothing happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import collection
import people
import pytest
from every_route import Call, calls, digest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.permissions import MAY, Role, Verb
from app.domain.territories import NATION
from app.workflows.acting import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TRACES = {"staff_session": {"seen_at"}, "throttle": {"*"}, "audit_entry": {"*"}}


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    made = collection.opened(house, tmp_path)
    collection.with_sample(house, made)
    return made


def entrance(app: Flask, call: Call) -> Any:
    return getattr(app.view_functions[call.endpoint], "entrance", None)


def asked(client: FlaskClient, call: Call, token: str) -> int:
    data = {"csrf_token": token} if call.method != "GET" else None
    answer = client.open(call.address, method=call.method, data=data)
    answer.close()
    return answer.status_code


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_do_is_refused(app: Flask, house: House, wave: int, role: Role) -> None:
    person = people.Person("Somebody", role, NATION)
    people.settle(house, person)
    client = app.test_client()
    people.sign_in(client, house, person)
    page = client.get("/office/account").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    before = digest(house.database, TRACES)
    refused, wrong = 0, []
    for call in calls(app, {"wave_id": wave, "code": "W1", "territory": "MAY"}):
        verb = entrance(app, call)
        if isinstance(verb, Verb) and verb not in MAY[role]:
            status = asked(client, call, token)
            refused += 1
            wrong += [f"{call.method} {call.address}: {status}"] * (status != 403)
    assert wrong == []
    assert digest(house.database, TRACES) == before
    assert refused >= len(Verb) - len(MAY[role])


def test_nobody_gets_past_the_door_without_an_account(app: Flask, house: House, wave: int) -> None:
    client = app.test_client()
    page = client.get("/office/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    before = digest(house.database, TRACES)
    tried, wrong = 0, []
    for call in calls(app, {"wave_id": wave, "code": "W1", "territory": "MAY"}):
        who = entrance(app, call)
        if who == "account" or isinstance(who, Verb):
            status = asked(client, call, token)
            tried += 1
            expected = 401 if call.address.startswith("/api/") else 303
            wrong += [f"{call.method} {call.address}: {status}"] * (status != expected)
    assert wrong == []
    assert digest(house.database, TRACES) == before
    assert tried > 200
