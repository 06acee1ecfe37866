"""The audit log names the sitting and the request of an act; refusals cannot fill a disk."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask import Flask
from sqlalchemy import select, update

from app.storage.accounts import StaffSession
from app.storage.audit import AuditEntry, Occasion, during
from app.storage.audit_chain import payload_of
from app.workflows import staff_sessions
from app.workflows.acting import House
from app.workflows.auditing import verify
from app.workflows.refusals import MOST, Seldom, record_refusal
from app.workflows.sealing_audit import seal


def entries(house: House, act: str) -> list[AuditEntry]:
    with house.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id)
        rows = list(session.scalars(found))
        session.expunge_all()
    return rows


def entered(app: Flask, house: House, person: people.Person) -> Browser:
    browser = Browser(app.test_client())
    people.sign_in(browser.client, house, person)
    return browser


def test_the_officer_follows_one_sitting(app: Flask, house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA)
    first, second = (entered(app, house, people.DORA) for _ in range(2))
    page = first.get("/office/privacy")
    for browser in (first, first, second):
        browser.get("/office/privacy")
        page = browser.submit(form="/office/privacy/verify")
    rows = entries(house, "audit.read")
    one, again, other = (row.sitting for row in rows[-3:])
    assert one == again != other
    assert len({row.request for row in rows[-3:]}) == 3
    assert page.headers["X-Request-Id"] == rows[-1].request
    secret = first.client.get_cookie("staff")
    assert secret is not None
    with house.database.read() as session:
        digests = [row.digest.hex() for row in session.scalars(select(StaffSession))]
    assert not [each for each in (secret.value, *digests) if str(one) in each]

    page = first.get(f"/office/privacy?sitting={one}")
    assert "Seulement les actes d’une même session" in page.words
    shown = {cell.get_text() for cell in page.soup.select("tbody td a code")}
    assert shown == {str(one)[:8]}
    assert during() == Occasion()  # a command after them bears neither


def test_a_proof_does_not_begin_another_sitting(app: Flask, house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA)
    browser = entered(app, house, people.DORA)
    held = browser.client.get_cookie("staff")
    assert held is not None
    before = people.accounts.actor_from_session(house, held.value)
    holder = staff_sessions.holder(house, held.value)
    assert before is not None
    assert holder is not None
    with house.database.write() as session:
        secret = staff_sessions.replace_session(house, session, holder.key)
    after = people.accounts.actor_from_session(house, secret)
    assert after is not None
    assert before.sitting == after.sitting != ""


def test_entries_of_before_verify_and_what_is_added_to_one_is_found(house: House) -> None:
    record_refusal(house, "account.sign_in", "web", "wrong")
    seal(house)
    (row,) = entries(house, "account.sign_in")
    assert (row.sitting, row.request) == (None, None)
    assert b"sitting" not in payload_of(row)
    assert verify(house).holds
    row.request = "0" * 16
    assert b'"request":"0000000000000000"' in payload_of(row)


def test_a_form_from_elsewhere_leaves_an_entry(app: Flask, house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path / "files")
    client = app.test_client()
    answer = client.post("/office/sign-in", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    (row,) = entries(house, "form.send")
    assert row.outcome == "refused"
    assert row.details == {"why": "elsewhere", "left_out": 0}
    assert row.request == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crowd_of_refusals_writes_few_entries_and_says_how_many(house: House) -> None:
    for _ in range(1_000):
        record_refusal(house, "form.send", "web", "elsewhere")
    rows = entries(house, "form.send")
    assert len(rows) == MOST + 3  # the 128th, the 256th, the 512th
    assert sum(1 + row.details["left_out"] for row in rows) == 512


def test_each_kind_is_counted_apart_and_begins_anew() -> None:
    seldom = Seldom()
    assert [seldom.due("a") for _ in range(MOST + 1)][-1] is None
    assert seldom.due("b") == 0
    seldom.kinds["a"].begun -= 1_000
    assert seldom.due("a") == 1


def test_no_row_can_be_given_a_sitting_later(house: House) -> None:
    record_refusal(house, "form.send", "web", "elsewhere")
    with pytest.raises(Exception, match="only added to"), house.database.write() as session:
        session.execute(update(AuditEntry).values(sitting="x"))
