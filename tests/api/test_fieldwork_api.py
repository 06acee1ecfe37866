"""Sample, dispositions and counts through the API: scopes, territories, all or none, no names."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.storage.audit import AuditEntry
from app.storage.participants import Participant
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.api_tokens import make_token

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "Zoraïde Canari"
ITEMS = [
    {"reference": "N-1", "territory": "MAY", "audience": "elderly", "name": CANARY},
    {"reference": "N-2", "territory": "MAY", "audience": "elderly", "weight": 1.5},
]


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    """An open wave with two people in Mayenne and one in Bordeaux."""
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, people.ALICE, people.MAYA, people.BASILE)
    return wave_id


def token(house: House, person: people.Person, *scopes: str, territory: str | None = None) -> str:
    return make_token(house, people.acting(house, person), "test", scopes, 30, territory)


def call(
    client: FlaskClient, method: str, address: str, secret: str, **sent: Any
) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {secret}", **sent.pop("headers", {})}
    answer = client.open(f"/api/v1{address}", method=method, headers=headers, **sent)
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json(force=True, silent=True), answer.headers


def finished(client: FlaskClient, house: House, secret: str, sent: Any) -> Any:
    """The job of an answer, once the worker has run it."""
    status, body, headers = sent
    assert status == 202
    assert headers["Location"] == body["href"]
    jobs.sweep(house)
    return call(client, "GET", body["href"].removeprefix("/api/v1"), secret)[1]


def test_people_are_brought_in_whole_or_not_at_all(
    client: FlaskClient, house: House, wave: int
) -> None:
    secret = token(house, people.MAYA, "sample")
    key = {"headers": {"Idempotency-Key": "first"}}
    tried = call(client, "POST", "/waves/W1/sample?dry_run=1", secret, json={"items": ITEMS})
    assert finished(client, house, secret, tried)["new"] == 2
    sent = call(client, "POST", "/waves/W1/sample", secret, json={"items": ITEMS}, **key)
    job = finished(client, house, secret, sent)
    assert (job["state"], job["new"], job["same"], job["dry_run"]) == ("done", 2, 0, False)
    assert job["by_place"] == [{"territory": "MAY", "audience": "elderly", "new": 2}]
    again = call(client, "POST", "/waves/W1/sample", secret, json={"items": ITEMS}, **key)
    assert again[1]["id"] == job["id"]
    other = call(client, "POST", "/waves/W1/sample", secret, json={"items": ITEMS[:1]}, **key)
    assert other[0] == 409
    wrong = [{"reference": "N-3", "territory": "MAY", "audience": "elderly"}]
    wrong += [{"reference": "N-4", "territory": "BDX", "audience": "nobody"}, wrong[0]]
    refused = call(client, "POST", "/waves/W1/sample", secret, json={"items": wrong})
    job = finished(client, house, secret, refused)
    assert job["state"] == "failed"
    assert [each["place"] for each in job["faults"]] == [
        "items 2 audience",
        "items 2 territory",
        "items 3 reference",
    ]
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 5
        told = session.scalars(select(AuditEntry).where(AuditEntry.act == "sample.import")).all()
    assert [(each.origin, each.territory) for each in told][-1] == ("job", "MAY")


JSON = "application/json"
POISONED = {
    '{"items": [NaN]}': "NaN and Infinity are no numbers.",
    '{"items": [-Infinity]}': "NaN and Infinity are no numbers.",
    '{"items": [1e999]}': "A number is too large.",
    '{"items": [], "items": [1]}': "A name is given twice in one object.",
    "[" * 5000: "This is not JSON.",
    '{"items": ': "This is not JSON.",
}


@pytest.mark.tries("api.sample_import")
@once
def test_a_file_with_columns_of_any_name_is_taken_as_on_the_page(
    client: FlaskClient, house: House, wave: int
) -> None:
    secret = token(house, people.MAYA, "sample")
    content = b"Numero,Lieu,Public,Rien\nF-1,MAY,elderly,x\nF-1,MAY,elderly,x\n"
    mapping = {"Numero": "reference", "Lieu": "territory", "Public": "audience", "Rien": ""}

    def send(text: bytes, **named: str) -> Any:
        parts = {"file": (io.BytesIO(text), "a.csv"), "mapping": json.dumps(mapping | named)}
        return call(client, "POST", "/waves/W1/sample", secret, data=parts)

    job = finished(client, house, secret, send(content))
    assert [each["place"] for each in job["faults"]] == ["3 reference"]
    assert finished(client, house, secret, send(content[:-19]))["new"] == 1
    assert send(content, Rien="reference")[0] == 422
    assert send(content, Rien="unknown")[0] == 422


@pytest.mark.tries("api.sample_job_cancel")
def test_an_import_that_was_stopped_brings_nobody_in(
    client: FlaskClient, house: House, wave: int
) -> None:
    secret = token(house, people.ALICE, "sample")
    body = {"items": [{"reference": "Z-1", "territory": "MAY", "audience": "elderly"}]}
    _status, started, _headers = call(client, "POST", "/waves/W1/sample", secret, json=body)
    stop = f"/jobs/{started['id']}/cancel"
    status, stopped, _headers = call(client, "POST", stop, secret, data={})
    assert (status, stopped["state"]) == (200, "cancelled")
    jobs.sweep(house)
    with house.database.read() as session:
        came = select(func.count()).where(Participant.reference == "Z-1")
        assert session.scalar(came) == 0
    assert call(client, "POST", "/jobs/99/cancel", secret, data={})[0] == 404


def test_a_list_is_paged_and_names_nobody(client: FlaskClient, house: House, wave: int) -> None:
    secret = token(house, people.ALICE, "sample")
    status, body, headers = call(client, "GET", "/waves/W1/sample?per_page=2", secret)
    assert (status, body["total"], len(body["items"])) == (200, 3, 2)
    rest = call(client, "GET", body["next"].removeprefix("/api/v1"), secret)[1]
    assert (rest["items"][0]["reference"], rest["next"]) == ("B-1", None)
    same = call(
        client,
        "GET",
        "/waves/W1/sample?per_page=2",
        secret,
        headers={"If-None-Match": headers["ETag"]},
    )
    assert same[0] == 304
    assert "Durand" not in json.dumps([body, rest], ensure_ascii=False)
    assert call(client, "GET", "/waves/W1/sample?page=0", secret)[0] == 422
    assert call(client, "GET", "/waves/W9/sample", secret)[0] == 404


def test_dispositions_are_said_for_all_or_none_and_at_home_only(
    client: FlaskClient, house: House, wave: int
) -> None:
    secret = token(house, people.MAYA, "dispositions")
    address = "/waves/W1/dispositions"

    def say(**said: str | None) -> Any:
        items = [{"reference": r.replace("_", "-"), "disposition": d} for r, d in said.items()]
        return call(client, "POST", address, secret, json={"items": items})

    status, body, _ = say(A_1="moved", B_1="moved", A_9="moved")
    assert status == 422
    assert {each["place"] for each in body["faults"]} == {"items 2 reference", "items 3 reference"}
    assert call(client, "GET", address, secret)[1]["total"] == 0
    assert say(A_1="moved", A_2="refused")[1] == {"new": 2, "same": 0}
    assert say(A_1="moved", A_2=None)[1] == {"new": 1, "same": 1}
    listed = call(client, "GET", address, secret)[1]["items"]
    assert [(each["reference"], each["disposition"]) for each in listed] == [("A-1", "moved")]
    assert say(A_1="vanished")[0] == 422
    basile = token(house, people.BASILE, "dispositions")
    assert call(client, "GET", address, basile)[1]["total"] == 0


def test_counts_are_those_of_the_page(client: FlaskClient, house: House, wave: int) -> None:
    secret = token(house, people.MAYA, "counts")
    status, body, headers = call(client, "GET", "/waves/W1/counts", secret)
    assert status == 200
    [row] = body["items"]
    assert (row["territory"], row["stages"]["invited"]) == ("MAY", 2)
    assert body["totals"]["elderly"]["invited"] == 2
    assert "ETag" in headers
    assert call(client, "GET", "/waves/W1/counts?territory=BDX", secret)[0] == 404
    everything = token(house, people.ALICE, "counts")
    assert call(client, "GET", "/waves/W1/counts", everything)[1]["total"] == 2


@once
def test_a_token_does_no_more_than_its_scopes_and_place(
    client: FlaskClient, house: House, wave: int
) -> None:
    routes = {
        "sample": [("GET", "/waves/W1/sample"), ("POST", "/waves/W1/sample"), ("GET", "/jobs/1")],
        "dispositions": [("GET", "/waves/W1/dispositions"), ("POST", "/waves/W1/dispositions")],
        "counts": [("GET", "/waves/W1/counts")],
    }
    for scope in (*routes, "read"):
        secret = token(house, people.ALICE, scope)
        for needed, calls in routes.items():
            for method, address in calls:
                found = call(client, method, address, secret)[0]
                assert (found == 403) == (needed != scope), (scope, method, address)
    near = token(house, people.ALICE, "sample", "counts", "dispositions", territory="MAY")
    assert call(client, "GET", "/waves/W1/sample", near)[1]["total"] == 2
    assert call(client, "GET", "/waves/W1/counts", near)[1]["total"] == 1
    sent = {"items": [{"reference": "B-1", "disposition": "moved"}]}
    assert call(client, "POST", "/waves/W1/dispositions", near, json=sent)[0] == 422
    for poison, why in POISONED.items():
        found = call(client, "POST", "/waves/W1/dispositions", near, data=poison, content_type=JSON)
        assert (found[0], found[1]["detail"]) == (422, why)
    assert call(client, "GET", "/waves/W1/counts", "covalue_nobody")[0] == 401
    assert client.post("/api/v1/waves/W1/dispositions", json=sent).status_code == 400


@once
def test_no_address_names_a_person(client: FlaskClient, house: House, wave: int) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    ours = [path for path in document["paths"] if "/waves/" in path or "/jobs/" in path]
    assert {"/api/v1/waves/{code}/sample", "/api/v1/waves/{code}/dispositions"} <= set(ours)
    named = {part for path in ours for part in path.split("/") if part.startswith("{")}
    assert named == {"{code}", "{job_id}"}
