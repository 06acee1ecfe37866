"""What holds on every route, made from the route map: tokens, origins, headers, cookies, hosts."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from every_route import Call, calls, digest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.settings import Settings
from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# What a reading may leave behind: the idle time, counters, who was refused or took a file.
TRACES = {
    "staff_session": {"seen_at"},
    "participant_session": {"seen_at"},
    "throttle": {"*"},
    "audit_entry": {"*"},
}


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    made = collection.opened(house, tmp_path)
    collection.with_sample(house, made)
    people.settle(house, people.ALICE)
    return made


@pytest.fixture
def secure(settings: Settings, wave: int, catalogues: None) -> Iterator[Flask]:
    """The application as it runs behind TLS."""
    made = create_app(
        replace(
            settings,
            public_url="https://localhost",
            office_url="https://localhost",
            secure_cookies=True,
        )
    )
    yield made
    made.extensions["covalue"].database.dispose()


def signed_in(app: Flask, house: House) -> FlaskClient:
    client = app.test_client()
    secret = people.session_of(house, people.ALICE.email)
    client.set_cookie("__Host-staff", secret, secure=True)
    client.set_cookie("staff", secret)
    return client


def ask(client: FlaskClient, call: Call, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.open(
        call.address, method=call.method, headers=given, base_url="https://localhost"
    )
    answer.close()
    return answer


def sending(app: Flask) -> list[Call]:
    return [call for call in calls(app) if call.method != "GET"]


@once
def test_no_form_is_taken_without_its_token_or_from_elsewhere(
    secure: Flask, house: House, wave: int
) -> None:
    client = signed_in(secure, house)
    found = sending(secure)
    assert len(found) > 60
    before = digest(house.database, TRACES)
    wrong = []
    for call in found:
        stranger = {"csrf_token": "of-another-session"}
        for status, sent in (
            (400, client.post(call.address, base_url="https://localhost")),
            (400, client.post(call.address, base_url="https://localhost", data=stranger)),
            (403, ask(client, call, Sec_Fetch_Site="cross-site")),
            (403, ask(client, call, Sec_Fetch_Site="same-site")),
            (403, ask(client, call, Origin="https://evil.example")),
        ):
            figures = status == 400 and call.endpoint.startswith("evaluate.")  # change nothing
            # taken from mail programs too (RFC 8058), for who knows its address: here it is none
            wish = (call.endpoint, sent.status_code) == ("participants.wish", 404)
            if sent.status_code != status and not figures and not wish:
                wrong.append(f"{call.endpoint}: {sent.status_code} for {status}")
    assert not wrong
    assert digest(house.database, TRACES) == before


@once
def test_every_answer_has_its_headers_and_every_cookie_its_marks(
    secure: Flask, house: House, wave: int
) -> None:
    wrong = []
    for client in (secure.test_client(), signed_in(secure, house)):
        for call in calls(secure):
            answer = ask(client, call)
            wrong += [f"{call.endpoint} {call.method}: {each}" for each in missing(call, answer)]
            if call.endpoint == "accounts.sign_out":
                client = signed_in(secure, house)
    assert not wrong


def missing(call: Call, answer: Any) -> Iterator[str]:
    """What an answer lacks."""
    policy = answer.headers.get("Content-Security-Policy", "")
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        if rule not in policy:
            yield f"policy without {rule}"
    if "unsafe" in policy or re.search(r"(script|style)-src [^;]*(\*|data:|http)", policy):
        yield "a policy that lets something in"
    kept = call.endpoint in ("static", "heads.file")
    wanted = HEADERS | ({} if kept else {"Cache-Control": "no-store"})
    for name, value in wanted.items():
        if answer.headers.get(name) != value:
            yield f"{name}: {answer.headers.get(name)}"
    if answer.status_code >= 500 and not call.endpoint.startswith("health."):
        yield f"status {answer.status_code}"
    for cookie in answer.headers.getlist("Set-Cookie"):
        yield from unmarked(cookie)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Access-Control-Allow-Origin": None,
}


def unmarked(cookie: str) -> Iterator[str]:
    """The marks that a cookie lacks."""
    name = cookie.partition("=")[0]
    for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        if mark not in cookie:
            yield f"cookie {name} without {mark}"
    if name not in ("language", "look") and not name.startswith("__Host-"):
        yield f"cookie {name} without __Host-"
    if "Domain=" in cookie:
        yield f"cookie {name} for a domain"


@once
def test_reading_changes_nothing(secure: Flask, house: House, wave: int) -> None:
    client = signed_in(secure, house)
    before = digest(house.database, TRACES)
    for call in calls(secure, {"wave_id": wave}):
        if call.method == "GET":
            ask(client, call)
    assert digest(house.database, TRACES) == before


def test_no_page_fails_at_a_sign_or_a_number_that_no_table_holds(
    secure: Flask, house: House, wave: int
) -> None:
    values = {
        f"{rule.endpoint} {name}": 10**19
        if type(converter).__name__ == "IntegerConverter"
        else "\0"
        for rule in secure.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter).__name__ != "AnyConverter"
    }
    assert len(values) > 100
    failed = []
    for client in (secure.test_client(), signed_in(secure, house)):
        for call in calls(secure, values):
            if call.method == "GET" and not call.endpoint.startswith("health."):
                answer = ask(client, call)
                failed += [f"{call.address}: {answer.status_code}"] * (answer.status_code >= 500)
    assert not failed


@once
def test_no_route_answers_to_another_host_name(secure: Flask) -> None:
    client = secure.test_client()
    for call in calls(secure):
        answer = client.open(call.address, method=call.method, base_url="https://evil.example")
        answer.close()
        assert answer.status_code == 400, call
        assert "evil.example" not in answer.get_data(as_text=True)


@once
def test_no_route_asks_anything_of_another_machine(
    secure: Flask, house: House, wave: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(secure, house)
    asked: list[Any] = []

    def refuse(_self: socket.socket, address: Any) -> None:
        asked.append(address)
        raise OSError("no way out")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    for call in calls(secure, {"wave_id": wave}):
        if call.endpoint != "accounts.sign_out":
            ask(client, call)
    assert not asked
