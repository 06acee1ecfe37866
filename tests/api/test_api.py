"""The API: same rights as the pages, refusals as problems, unchanged data not sent again."""

from __future__ import annotations

import pytest
from browser import Browser
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from flask.testing import FlaskClient

LISTS = ("territories", "questionnaires", "waves", "releases")


@pytest.fixture
def evaluator(evaluated: Evaluated) -> FlaskClient:
    return evaluated.browser(EVALUATOR).client


@pytest.fixture
def coordinator(evaluated: Evaluated) -> FlaskClient:
    return evaluated.browser(COORDINATOR).client


def problem(client: FlaskClient, address: str, status: int, code: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json(force=True)
    assert body["status"] == status
    assert body["type"].endswith(f"#{code}")


def test_nobody_signed_in_is_told_so(browser: Browser) -> None:
    for address in ("programme", *LISTS, "frameworks/NAT", "releases/1/figures"):
        problem(browser.client, address, 401, "not_signed_in")


def test_an_address_that_is_not_there_is_a_problem_too(evaluator: FlaskClient) -> None:
    problem(evaluator, "nowhere", 404, "no_such_address")
    answer = evaluator.delete("/api/v1/programme")
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert "GET" in answer.headers["Allow"]
    problem(evaluator, f"releases/{2**70}/figures", 404, "not_found")
    untold = evaluator.post("/api/v1/waves/W1/sample", json={})
    assert (untold.status_code, untold.mimetype) == (400, "application/problem+json")
    assert untold.get_json(force=True)["type"].endswith("#no_csrf_token")


def test_lists_answer_in_the_shape_of_the_document(evaluator: FlaskClient) -> None:
    document = evaluator.get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    refusals = document["paths"]["/api/v1/jobs/{job_id}"]["get"]["responses"]["404"]["content"]
    assert refusals == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    for name in LISTS:
        body = evaluator.get(f"/api/v1/{name}").get_json()
        assert body["items"], name
        shape = document["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]
        reference = shape["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        item = document["components"]["schemas"][reference]["properties"]["items"]["items"]
        known = document["components"]["schemas"][item["$ref"].rsplit("/", 1)[1]]["properties"]
        assert set(body["items"][0]) <= set(known)
    assert evaluator.get("/api/v1/programme").get_json()["synthetic"] is True
    assert evaluator.get("/api/v1/frameworks/NAT").get_json()["document"]["dimensions"]


def test_figures_are_filtered_and_paged(evaluator: FlaskClient) -> None:
    address = "/api/v1/releases/1/figures?territory=MAY&what=total&per_page=1"
    body = evaluator.get(address).get_json()
    assert body["total"] == 2
    assert len(body["items"]) == 1
    rest = evaluator.get(body["next"]).get_json()
    assert rest["next"] is None
    assert rest["items"][0]["framework"] != body["items"][0]["framework"]
    withheld = [
        each
        for each in evaluator.get("/api/v1/releases/1/figures?per_page=1000").get_json()["items"]
        if each["status"] == "N"
    ]
    assert withheld
    assert all("value" not in each and "n" not in each for each in withheld)


def test_unchanged_figures_are_not_sent_again(evaluator: FlaskClient) -> None:
    first = evaluator.get("/api/v1/releases/1/figures")
    again = evaluator.get(
        "/api/v1/releases/1/figures", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data


def test_refusals_have_their_status(evaluator: FlaskClient, coordinator: FlaskClient) -> None:
    problem(evaluator, "releases/99/figures", 404, "not_found")
    problem(evaluator, "frameworks/NOPE", 404, "not_found")
    problem(evaluator, "releases/1/figures?page=0", 422, "bad_query")
    problem(evaluator, "releases/1/figures?territory=NOPE", 404, "not_found")
    problem(coordinator, "releases/1/figures?territory=BDX", 403, "not_allowed")
    problem(coordinator, "frameworks/BDX", 403, "not_allowed")


def test_a_coordinator_gets_the_own_territory_and_the_nation(coordinator: FlaskClient) -> None:
    body = coordinator.get("/api/v1/releases/1/figures?per_page=1000").get_json()
    assert {each["territory"] for each in body["items"]} == {"FR", "MAY"}
    assert coordinator.get("/api/v1/frameworks/MAY").status_code == 200
