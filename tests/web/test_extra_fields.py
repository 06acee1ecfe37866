"""A form changes its own fields, whatever else is sent with it."""

from __future__ import annotations

from pathlib import Path

import collection
import people
import programme
import pytest
from browser import Browser
from flask import Flask
from sqlalchemy import select

from app.storage.accounts import Account, GrantRow
from app.storage.dossiers import Dossier
from app.storage.waves import Wave
from app.workflows.acting import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORM = {
    "code": "V1",
    "title_fr": "Une vague",
    "title_en": "A wave",
    "frame": "all_75",
    "period_start": "2026-01-01",
    "period_end": "2026-06-30",
    "opens_at": "2026-01-05T09:00",
    "closes_at": "2099-01-05T18:00",
    "link_after_submission": "keep",
}


def extra(table: type, sent: dict[str, str]) -> dict[str, str]:
    """Every column of the table that the form has no field for, and words of rights."""
    names = {column.name for column in table.__table__.columns}  # type: ignore[attr-defined]
    names |= {"role", "territory", "programme_id", "account_id", "is_admin", "state"}
    return dict.fromkeys(sorted(names - sent.keys()), "1")


def test_a_wave_a_dossier_and_an_invitation(house: House, app: Flask, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.OSCAR)
    alice, oscar = Browser(app.test_client()), Browser(app.test_client())
    people.sign_in(alice.client, house, people.ALICE)
    people.sign_in(oscar.client, house, people.OSCAR)

    def post(browser: Browser, page: str, to: str, sent: dict[str, str]) -> int:
        found = browser.get(page).soup.select("input[name=csrf_token]")[0]["value"]
        return browser.client.post(to, data={"csrf_token": str(found), **sent}).status_code

    assert post(alice, "/office/waves/new", "/office/waves/new", FORM | extra(Wave, FORM)) == 303
    with house.database.read() as session:
        wave = session.scalars(select(Wave)).one()
    assert (wave.opened_at, wave.closed_at, wave.notice_version) == (None, None, "1")
    assert (wave.double_entry, wave.described_notice, wave.state) == (10, None, "planned")

    to = f"/office/privacy/waves/{wave.id}"
    sent = {"purpose": "Évaluer"}
    assert post(alice, to, to, sent | extra(Dossier, sent)) == 303
    with house.database.read() as session:
        row = session.scalars(select(Dossier)).one()
    assert (row.approved, row.approved_by, row.approved_at) == (None, None, None)

    sent = {"email": "nina@example.org", "name": "Nina", "role": "reviewer", "territory": "MAY"}
    to = "/office/accounts/invite"
    assert post(oscar, to, to, sent | extra(Account, sent)) == 200
    with house.database.read() as session:
        account = session.scalars(select(Account).where(Account.email == sent["email"])).one()
        grant = session.scalars(select(GrantRow).where(GrantRow.account_id == account.id)).one()
    assert (account.password_hash, account.disabled_at) == (None, None)
    assert (grant.role, grant.territory, grant.only_viewing) == ("reviewer", "MAY", False)
    assert collection.operator(house).programme_id == grant.programme_id
