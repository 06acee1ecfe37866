"""The audit log names the sitting and the request of an act; refusals cannot fill a disk."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from builders import world
from flask import Flask
from participants import EVERY_KIND
from sqlalchemy import select, update

from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.accounts import StaffSession
from app.storage.audit import AuditEntry, Occasion, during, record
from app.storage.audit_chain import payload_of
from app.storage.responses import ParticipantSession
from app.workflows import jobs, staff_sessions
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.entering import begin
from app.workflows.jobs import JobHandle
from app.workflows.refusals import MOST, Seldom, record_refusal
from app.workflows.sealing_audit import seal
from app.workflows.sending import stop
from app.workflows.verifying_audit import verify


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
    told = entries(house, "audit.read")
    rows = [row for row in told if "verified" in row.details]
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_page_of_the_log_that_is_read_is_an_entry_without_the_words_that_narrowed_it(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA)
    officer = entered(app, house, people.DORA)
    officer.get("/office/privacy")
    officer.get("/office/privacy?act=Marguerite&before=2")
    first, second = entries(house, "audit.read")
    assert (first.outcome, first.thing, first.details["by"]) == ("done", "audit", [])
    assert first.details["read"] > 0
    assert second.details == {"read": 0, "by": ["act", "before"]}
    assert first.actor == second.actor is not None


def test_wrong_proofs_stand_in_the_officers_log_with_their_sitting(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.DORA)
    officer = entered(app, house, people.DORA)
    held = officer.client.get_cookie("staff")
    assert held is not None
    officer.get("/office/confirm")
    officer.submit({"code": "000000"}, form="/office/confirm", status=422)
    (wrong,) = entries(house, "account.confirm")
    actor = people.accounts.actor_from_session(house, held.value)
    assert actor is not None
    assert (wrong.outcome, wrong.sitting) == ("refused", actor.sitting)
    page = officer.get("/office/privacy")
    shown = [row.get_text(" ") for row in page.soup.select("tbody tr")]
    assert any("le prouve de nouveau" in row and people.DORA.name in row for row in shown)
    assert any("Un compte se connecte." in row for row in shown)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_participants_acts_bear_their_session_and_a_jobs_its_number(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(house, EVERY_KIND, people=2)
    during(Occasion(request="a request"))
    secrets = [
        begin(house, digest(house.keys.lookup, code), Sitting(notice="1")) for code in made.codes
    ]
    for secret in secrets:
        stop(house, secret)
    during(Occasion())
    rows = entries(house, "response.start") + entries(house, "response.withdraw")
    one, other, first, second = (row.sitting for row in rows)
    assert (one, other) == (first, second)
    assert one != other
    assert all(str(each).startswith("participant-") for each in (one, other))
    with house.database.read() as session:
        kept = [row.digest.hex() for row in session.scalars(select(ParticipantSession))]
    assert not any(each in str(one) or str(one)[12:] in each for each in kept)

    def acts(house: House, job: JobHandle) -> None:
        with house.database.write() as session:
            record(session, actor=None, origin="job", act="wave.close", thing=f"job:{job.id}")

    monkeypatch.setitem(jobs.KINDS, "acts", acts)
    number = jobs.start(house, operator(house, "TEST"), "acts", {})
    assert jobs.run(house, number)
    (row,) = entries(house, "wave.close")
    assert row.sitting == f"job-{number}"
    assert during() == Occasion()


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


def test_who_is_turned_away_at_a_page_or_asks_for_what_is_not_theirs_stands_in_the_log(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.MAYA)
    browser = entered(app, house, people.MAYA)
    actor = people.acting(house, people.MAYA)
    browser.get("/office/privacy", status=403)
    (row,) = entries(house, "audit.read")
    assert (row.actor, row.outcome, row.origin) == (actor.account_id, "refused", "web")
    assert row.sitting
    sitting = row.sitting
    browser.get("/office/waves/4711", status=404)
    assert browser.client.get("/api/v1/frameworks/secret").status_code == 404
    page, call = entries(house, "page.open")
    for row, origin in ((page, "web"), (call, "api")):
        assert (row.actor, row.outcome, row.origin) == (actor.account_id, "refused", origin)
        assert row.sitting == sitting
        assert row.details["why"] == "not_found"
        assert "4711" not in str(row.details)
        assert "secret" not in str(row.details)
    assert page.details["endpoint"].startswith("coordinators.")
    for _ in range(MOST + 20):
        browser.client.get("/office/waves/4711")
    assert len(entries(house, "page.open")) == MOST


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
