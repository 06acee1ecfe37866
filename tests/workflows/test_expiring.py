"""Adapted items that end: both levels are told once, by a real mail server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import mail_server
import people
import programme
import pytest
from people import ALICE, MAYA

from app.interchange.mail import read_server
from app.storage.database import now
from app.storage.reviews import Divergence
from app.workflows.acting import House
from app.workflows.expiring import tell_ending
from app.workflows.posting import send_waiting


def _divergence(house: House, days: int, *, allowed: bool = True) -> None:
    actor = people.acting(house, MAYA)
    with house.database.write() as session:
        session.add(
            Divergence(
                programme_id=actor.programme_id,
                territory="MAY",
                audience="elderly",
                item="E01",
                own_item="E01_MAY",
                reason="Ici on dit autrement",
                until=now().date() + timedelta(days=days),
                asked_by=actor.account_id,
                asked_at=now(),
                allowed_by=None,
                allowed_at=now() if allowed else None,
            )
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_both_levels_are_told_once(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA)
    _divergence(house, 10)
    _divergence(house, 200)  # later
    _divergence(house, 10, allowed=False)  # never held
    with mail_server.running() as received:
        mail = read_server(f"smtp://127.0.0.1:{received.port}", "survey@example.org", rate=100)
        posting = replace(house, mail=mail)
        assert tell_ending(house) == 0  # no server: nobody is told
        assert tell_ending(posting) == 2
        assert tell_ending(posting) == 0
        send_waiting(posting)
        assert sorted(received.to) == sorted((ALICE.email, MAYA.email))
        assert "E01_MAY" in received.mails[0].get_content()
        _divergence(house, -1)
        assert tell_ending(posting) == 2
