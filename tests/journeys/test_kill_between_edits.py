"""What the builder said to be saved is there after the server died, and can be undone.

What is typed while the server is away is saved once it answers again; and who goes on to another
page at once, without waiting, loses nothing.
"""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from conftest import SECRET
from nursery import Nursery
from people import ALICE
from sqlalchemy.engine import URL

from app.workflows import beginning_drafts
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def said(page: Any, words: str) -> None:
    page.locator("#saved", has_text=words).wait_for()


def typed(page: Any, words: str) -> None:
    page.focus("#text-fr")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)


def undone(page: Any) -> str:
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").press("Enter")
    return str(page.input_value("#text-fr"))


def test_nothing_is_lost_between_two_edits(
    chromium: Any, nursery: Nursery, house: House, database_url: URL, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, ALICE)
    draft = beginning_drafts.begin_from(house, people.acting(house, ALICE), "questionnaire", 1)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "COVALUE_SECRET": SECRET.decode(),
        "COVALUE_DATABASE": database_url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(tmp_path),
        "COVALUE_OFFICE_URL": address,
        "COVALUE_HOSTS": "127.0.0.1",
        "COVALUE_WORKERS": "1",
    }
    with listener, (tmp_path / "server.log").open("wb") as log:
        server = nursery.start("office", listener, log, environment)
        page = chromium.new_context(base_url=address, locale="fr-FR").new_page()
        page.context.add_cookies(
            [{"name": "staff", "value": people.session_of(house, ALICE.email), "url": address}]
        )
        question = f"/office/questionnaires/drafts/{draft}/build/q/E01"
        page.goto(question)
        before = page.input_value("#text-fr")
        typed(page, "Un ?")
        said(page, "Enregistré.")

        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        typed(page, "Deux ?")
        said(page, "Enregistrement…")  # the request waits in the socket
        server = nursery.start("office", listener, log, environment)
        said(page, "Enregistré.")
        assert page.input_value("#text-fr") == "Deux ?"

        page.goto(question)
        assert page.input_value("#text-fr") == "Deux ?"
        assert [undone(page), undone(page)] == ["Un ?", before]

        typed(page, "Trois ?")
        page.locator("#outline a", has_text="E02").press("Enter")  # before it was saved by itself
        page.wait_for_url("**/q/E02")
        page.goto(question)
        assert page.input_value("#text-fr") == "Trois ?"
        typed(page, "Quatre ?")
        page.goto("/office/questionnaires")  # no link of the page: the browser itself leaves
        for _ in range(40):  # and what it sends then may come after the next page
            page.goto(question)
            if page.input_value("#text-fr") == "Quatre ?":
                break
            page.wait_for_timeout(250)
        assert page.input_value("#text-fr") == "Quatre ?"

        page.goto(question)
        page.context.set_offline(True)
        typed(page, "Cinq ?")
        page.get_by_role("button", name="Monter", exact=True).press("Enter")
        said(page, "Le serveur ne répond pas")
        with page.expect_request("**/q/E01/act"):  # who tries again goes on
            page.get_by_role("button", name="Monter", exact=True).press("Enter")
        page.context.close()
        server.end()
