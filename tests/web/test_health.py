"""What a supervisor or a proxy is told, on every surface, and a form that could not be saved."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from browser import Browser
from builders import World
from flask import Flask
from participants import enter, only_response
from sqlalchemy import text
from sqlalchemy.engine import URL

from app.domain.errors import Unavailable
from app.factory import create_app
from app.settings import Settings
from app.workflows import jobs
from app.workflows.acting import Actor, House
from app.workflows.housing import Surface

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("surface", ["public", "office", "both"])
def test_a_surface_says_that_it_lives_and_can_serve(
    settings: Settings, surface: Surface, catalogues: None
) -> None:
    app = create_app(settings, surface)
    for address in ("/health", "/ready"):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.json) == (200, {"state": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    app.extensions["covalue"].database.dispose()


def test_without_its_database_it_lives_but_is_not_ready(
    public: Flask, database_url: URL, tmp_path: Path, postgres_server: Any
) -> None:
    database = public.extensions["covalue"].database
    if database_url.get_backend_name() == "sqlite":
        path = tmp_path / "covalue.sqlite"
        path.unlink()
        path.mkdir()
    else:
        postgres_server.execute(
            "ALTER DATABASE covalue CONNECTION LIMIT 0",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'covalue'",
        )
    try:
        client = public.test_client()
        assert client.get("/health").status_code == 200
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert answer.json == {"state": "not ready", "wrong": ["database"]}
        assert answer.headers["Retry-After"]
    finally:
        database.dispose()
        if database_url.get_backend_name() != "sqlite":
            postgres_server.execute("ALTER DATABASE covalue CONNECTION LIMIT -1")


@once
def test_a_failure_tells_nothing_of_itself(app: Flask, house: House, tmp_path: Path) -> None:
    """A page behind which a table is gone: words of ours, no trace, no name of anything within."""
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE)
    client = app.test_client()
    people.sign_in(client, house, people.ALICE)
    with house.database.engine.execution_options(covalue_writes=True).begin() as connection:
        connection.execute(text("DROP TABLE series_value"))
    for address in ("/office/series", "/api/v1/series"):
        answer = client.get(address)
        assert answer.status_code >= 500
        told = answer.get_data(as_text=True) + str(answer.headers)
        for word in ("series_value", "SELECT", "sqlite", "Traceback", "sqlalchemy", "app/", ".py"):
            assert word not in told, (address, word)
    assert not app.debug
    assert not app.config["PROPAGATE_EXCEPTIONS"]


@once
def test_a_folder_that_is_gone_is_wrong_and_a_disk_almost_full_is_said_beside(
    public: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    client = public.test_client()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 10**6))
        told = client.get("/ready")
        assert (told.status_code, told.json) == (200, {"state": "ok", "short": ["disk"]})
        with pytest.raises(Unavailable) as refused:  # answers go in all the same: no save asks
            jobs.start(public.extensions["covalue"], Actor(1, {}), "letters", {})
        assert refused.value.message.has("fr")
    assert client.get("/ready").status_code == 200
    house = public.extensions["covalue"]
    public.extensions["covalue"] = House(house.database, house.keys, tmp_path / "none")
    assert client.get("/ready").json == {"state": "not ready", "wrong": ["folder"]}


@once
def test_a_form_that_could_not_be_saved_is_sent_again_with_one_button(
    public: Flask, house: House, invited: World, tmp_path: Path
) -> None:
    browser = Browser(public.test_client())
    page = enter(browser, invited.codes[0])
    assert page.address == "/accord"
    data = {f["name"]: f["value"] for f in page.soup.select("#page input[type=hidden]")}
    data |= {"consent": "yes"}
    path, database = tmp_path / "covalue.sqlite", public.extensions["covalue"].database
    for each in (house.database, database):
        each.dispose()
    path.rename(tmp_path / "away")
    path.mkdir()
    answer = browser.client.post("/accord", data=data)
    database.dispose()
    path.rmdir()
    (tmp_path / "away").rename(path)
    assert answer.headers["Retry-After"]
    again = browser._arrive(answer, "/accord", 503)
    assert again.heading == "Pas encore enregistré"
    sent = {f["name"]: f["value"] for f in again.form("/accord").select("input")}
    assert sent.keys() == data.keys()
    assert sent | {"csrf_token": data["csrf_token"]} == data
    assert browser.submit(form="/accord", button="Envoyer à nouveau").address == "/r/K1"
    assert only_response(house).revision == 0


@once
def test_what_goes_with_signing_in_is_never_put_into_a_page(
    app: Flask, house: House, tmp_path: Path
) -> None:
    browser = Browser(app.test_client())
    page = browser.get("/office/sign-in")
    data = {f["name"]: f["value"] for f in page.soup.select("form input[type=hidden]")}
    data |= {"email": "ada@example.org", "password": "canary horse"}
    path, database = tmp_path / "covalue.sqlite", app.extensions["covalue"].database
    for each in (house.database, database):
        each.dispose()
    path.rename(tmp_path / "away")
    path.mkdir()
    answer = browser.client.post("/office/sign-in", data=data)
    database.dispose()
    path.rmdir()
    (tmp_path / "away").rename(path)
    assert answer.status_code == 503
    assert b"canary" not in answer.data
