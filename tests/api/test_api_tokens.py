"""The API with tokens: scopes, ends, files of a release, the page that describes it, examples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from browser import Browser
from evaluated import EVALUATOR, Evaluated
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.serving import make_server

from app.factory import create_app
from app.settings import from_environment
from app.storage.api_tokens import ApiToken
from app.storage.database import now

EXAMPLES = Path(__file__).parents[2] / "examples" / "releases"


@pytest.fixture(scope="module")
def own(evaluated: Evaluated, tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    return evaluated.copied(tmp_path_factory.mktemp("tokens") / "own")


@pytest.fixture(scope="module")
def visitor(own: Evaluated, catalogues: None) -> Browser:
    return own.browser(EVALUATOR)


def made(visitor: Browser, *scopes: str, label: str = "for R") -> str:
    visitor.get("/office/tokens")
    page = visitor.submit({"label": label, "scope": list(scopes), "days": "30"}, form="/tokens")
    field = page.soup.select_one("#made")
    assert field is not None
    return str(field["value"])


@pytest.fixture(scope="module")
def client(own: Evaluated) -> FlaskClient:
    return create_app(from_environment(own.environment), "office").test_client()


def called(
    client: FlaskClient, address: str, token: str, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    answer = client.get(
        f"/api/v1{address}", headers={"Authorization": f"Bearer {token}", **headers}
    )
    return answer.status_code, answer.data, dict(answer.headers)


def test_a_token_does_what_its_scopes_say_until_it_ends(
    own: Evaluated, visitor: Browser, client: FlaskClient
) -> None:
    reading, whole = made(visitor, "read"), made(visitor, "read", "download", label="for Python")
    assert called(client, "/releases", reading)[0] == 200
    assert called(client, "/releases/1/files/csv", reading)[0] == 403
    status, content, headers = called(client, "/releases/1/files/csv?language=fr", whole)
    assert status == 200
    assert content == visitor.client.get("/office/results/1/downloads/fr/csv").data
    again = called(
        client, "/releases/1/files/csv?language=fr", whole, **{"If-None-Match": headers["ETag"]}
    )
    assert again[0] == 304
    narrowed = called(client, "/releases/1/files/csv?territory=MAY&subject=scores", whole)[1]
    assert 0 < len(narrowed) < len(content) / 4
    assert called(client, "/releases/1/files/csv?territory=XXX", whole)[0] == 422
    assert called(client, "/releases/1/files/exe", whole)[0] == 404
    assert called(client, "/releases", "covalue_nobody")[0] == 401
    with own.house().database.write() as session:
        assert all(whole.encode() not in row.digest for row in session.query(ApiToken))
        assert session.query(ApiToken).filter(ApiToken.used_at.is_not(None)).count() == 2
        session.execute(
            update(ApiToken)
            .where(ApiToken.label == "for R")
            .values(expires_at=now() - timedelta(days=1))
        )
    assert called(client, "/releases", reading)[0] == 401
    page = visitor.get("/office/tokens")
    forms = page.soup.select("form[action$='/revoke']")
    assert whole not in page.html
    visitor.submit({}, form=str(forms[0]["action"]))
    assert called(client, "/releases", whole)[0] == 401


def test_a_form_without_name_or_scope_says_so(visitor: Browser) -> None:
    visitor.get("/office/tokens")
    page = visitor.submit({"label": "", "days": "30"}, form="/tokens", status=422)
    assert len(page.soup.select(".note.warn li")) == 2


def test_the_page_describes_every_address_of_the_document(visitor: Browser) -> None:
    page = visitor.get("/office/api")
    document = visitor.client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    said = {each.get_text() for each in page.soup.select("h3 code")}
    wanted = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "delete")
    }
    assert said == wanted
    assert "GET /api/v1/releases/{release_id}/files/{form}" in said
    assert not page.soup.select("script, link[href^='http'], img[src^='http']")


@pytest.mark.parametrize("example", ["read_release.py", "read_release.R"])
def test_an_example_reads_a_release_into_a_data_frame(
    own: Evaluated, visitor: Browser, example: str
) -> None:
    program = sys.executable if example.endswith(".py") else shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not here: its example was not run")
    token = made(visitor, "download", label=example)
    server = make_server("127.0.0.1", 0, create_app(from_environment(own.environment), "office"))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        ran = subprocess.run(
            [program, str(EXAMPLES / example), f"http://localhost:{server.server_port}", "1"],
            env={**os.environ, "COVALUE_TOKEN": token, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    finally:
        server.shutdown()
    assert ran.returncode == 0, ran.stderr
    assert "MAY" in ran.stdout
    assert "BDX" in ran.stdout
