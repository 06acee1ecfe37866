"""A keying error: a new response in the place of the old one, which stays and counts no more."""

from __future__ import annotations

import hmac
from dataclasses import replace

import keyers
import polars as pl
import pytest
from browser import Browser
from builders import World
from flask.testing import FlaskClient
from keyers import CARLA, FANNY, OWEN
from people import FELIX, MAYA, settle, sign_in
from sqlalchemy import select
from surfaces import opened

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.protection.withdrawal_codes import sheet_code
from app.storage import outcome_counts, pace, passages, progress
from app.storage.audit import AuditEntry
from app.storage.extract import file_name, folder_of, refresh
from app.storage.participants import Participant
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response, answers_in, unpack
from app.storage.waves import Wave
from app.workflows import accounts, correcting, keying, sheets
from app.workflows.acting import Actor, House
from app.workflows.erasing import clear_copies
from app.workflows.rights import access
from app.workflows.sending import withdraw
from app.workflows.sheets import NewEntry
from app.workflows.waves import close_wave

HEAD = NewEntry("13-B", consented=True)
BDX = frozenset(["BDX"])


def responses(house: House) -> list[Response]:
    with house.database.read() as session:
        return list(session.scalars(select(Response).order_by(Response.id)))


def answers(house: House, row: Response) -> dict[str, object]:
    with house.database.read() as session:
        key = session.get(ResponseKey, row.secret_digest)
        body = house.database.sealing.open(row.body, key and key.sealed, row.secret_digest)
    return {item: one.value for item, one in answers_in(unpack(body)).items()}


def corrected(house: House, who: Actor, made: World, **changes: str) -> str:
    entry = correcting.begin(house, who, made.wave_id, made.participants[0], HEAD, "misread")
    assert keying.open_entry(house, who, entry).keyed.answers == {}  # nothing is shown of before
    for section, fields in keyers.SHEET.items():
        own = {item: value for item, value in changes.items() if item in fields}
        assert not keying.key_section(house, who, entry, section, keyers.typed(fields | own)).faults
    return keying.finish(house, who, entry)


def test_the_new_response_alone_counts_and_the_old_one_stays(house: House) -> None:
    made = keyers.place(house)
    fanny, carla = keyers.actor(house, FANNY), keyers.actor(house, CARLA)
    keyers.key(house, fanny, made, K5="Pessac")
    refresh(house.database, house.folder, made.wave_id)
    [before] = responses(house)
    was = answers(house, before)
    assert corrected(house, carla, made, K5="Cenon") == "corrected"
    old, new = responses(house)
    assert (old.superseded_by, new.corrects, new.correction) == (new.id, old.id, "misread")
    assert answers(house, old) == was
    assert answers(house, new)["K5"] == "Cenon"
    assert (old.submitted_at, old.weight) == (before.submitted_at, before.weight)
    assert (new.submitted_at, new.weight) == (old.submitted_at, old.weight)
    assert (old.participant_id, new.participant_id) == (None, made.participants[0])
    with house.database.read() as session:
        counted = progress.answers(session, made.wave_id, BDX)
        days = pace.sent_by_day(session, made.wave_id, BDX)
        standings = outcome_counts.standings(session, made.wave_id, BDX)
        read = [row.id for row in passages.to_review(session, made.wave_id, BDX, 0, 9)]
        audit = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [each.stages["submitted"] for each in counted.values()] == [1]
    assert [day[3] for day in days] == [1]
    assert sum(number for _, number in standings.groups) == 1
    assert read == [new.id]
    refresh(house.database, house.folder, made.wave_id)
    frame = pl.read_parquet(folder_of(house.folder, made.wave_id) / file_name("BDX", "elderly"))
    assert frame["number"].to_list() == [new.id]
    [told] = [each for each in audit if each.act == "response.correct"]
    digests = [hmac.digest(house.keys.receipts, row.body, "sha256").hex() for row in (before, new)]
    said = {"corrects": old.id, "reason": "misread", "was": digests[0], "is": digests[1]}
    assert told.details == said
    assert told.actor == carla.account_id


def test_a_correction_is_corrected_and_withdrawn_with_what_was_before(house: House) -> None:
    made = keyers.place(house)
    fanny, carla = keyers.actor(house, FANNY), keyers.actor(house, CARLA)
    keyers.key(house, fanny, made)
    corrected(house, carla, made, K5="Pessac")
    corrected(house, carla, made, K5="Talence")
    assert [row.superseded_by for row in responses(house)] == [2, 3, None]
    officer = accounts.operator(house, "TEST")
    with house.database.read() as session:
        wave = session.get_one(Wave, made.wave_id)
        one = session.get_one(Participant, made.participants[0])
    told = access(house, officer, wave.code, one.reference)
    towns = [
        next(each["answer"] for each in version["answers"] if each["item"] == "K5")
        for version in (told["response"], *told["corrected"])
    ]
    assert towns == ["Talence", "Pessac", "Cenon"]
    assert told["response"]["corrected_because"] == "misread"
    assert told["corrected"][-1]["corrected_because"] is None
    code = sheet_code(house.keys.lookup, made.participants[0])
    assert withdraw(house, code, "192.0.2.1").outcome == "withdrawn"
    clear_copies(house)
    assert all(row.withdrawn_at is not None for row in responses(house))
    assert all(unpack(row.body)["a"] == {} for row in responses(house))
    with pytest.raises(Conflict):
        correcting.begin(house, carla, made.wave_id, made.participants[0], HEAD, "misread")


def test_the_rights_of_each_surface_are_enough(
    house: House, request: pytest.FixtureRequest
) -> None:
    made = keyers.place(house)
    fanny, carla = keyers.actor(house, FANNY), keyers.actor(house, CARLA)
    keyers.key(house, fanny, made, K5="Pessac")
    url, sealing = house.database.url, house.database.sealing
    office = replace(house, database=opened(url, "office", request, sealing))
    assert corrected(office.seen_by(carla.reach), carla, made, K5="Cenon") == "corrected"
    office.database.dispose()
    old, new = responses(house)
    assert (old.superseded_by, answers(house, new)["K5"]) == (new.id, "Cenon")
    public = replace(house, database=opened(url, "public", request, sealing))
    code = sheet_code(house.keys.lookup, made.participants[0])
    assert withdraw(public, code, "192.0.2.1").outcome == "withdrawn"
    public.database.dispose()
    clear_copies(house)
    assert all(row.withdrawn_at is not None for row in responses(house))


def test_who_may_and_what_can_be(house: House) -> None:
    made = keyers.place(house)
    settle(house, FELIX, MAYA, programme="TEST")
    fanny, carla = keyers.actor(house, FANNY), keyers.actor(house, CARLA)
    person = made.participants[0]

    def begin(who: Actor, reason: str = "misread", head: NewEntry = HEAD) -> int:
        return correcting.begin(house, who, made.wave_id, person, head, reason)

    with pytest.raises(Conflict):
        begin(carla)  # nothing was keyed
    keyers.key(house, fanny, made)
    with pytest.raises(NotAllowed):
        begin(fanny)
    with pytest.raises(NotFound):
        begin(keyers.actor(house, MAYA))
    with pytest.raises(BadInput) as refused:
        begin(carla, "", NewEntry("", consented=False))
    assert {fault.place for fault in refused.value.faults} == {"batch", "consent", "reason"}
    entry = begin(carla)
    with pytest.raises(Conflict):
        begin(keyers.actor(house, OWEN))
    assert sheets.sheet(house, carla, made.wave_id, person).state == "own"
    assert sheets.sheet(house, fanny, made.wave_id, person).state == "other"
    keying.drop(house, carla, entry)
    assert sheets.sheet(house, fanny, made.wave_id, person).state == "sent"
    close_wave(house, keyers.actor(house, OWEN), made.wave_id)
    with pytest.raises(Conflict):
        begin(carla)


def test_where_the_link_is_cut_nothing_leads_to_the_answers(house: House) -> None:
    made = keyers.place(house, link_after_submission="cut")
    keyers.key(house, keyers.actor(house, FANNY), made)
    with pytest.raises(Conflict):
        corrected(house, keyers.actor(house, CARLA), made)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_coordinator_corrects_on_the_page_of_the_sheet(
    house: House, client: FlaskClient, browser: Browser
) -> None:
    made = keyers.place(house)
    keyers.key(house, keyers.actor(house, FANNY), made)
    address = f"/office/waves/{made.wave_id}/keying/{made.participants[0]}"
    sign_in(client, house, FANNY)
    assert "Mettez la feuille de côté" in browser.get(address).words
    sign_in(client, house, CARLA)
    page = browser.get(address)
    assert "Corriger une erreur de saisie" in page.words
    page = browser.submit({"batch": "13-B", "consent": "yes"}, form="/correct", status=422)
    assert "Il manque la raison" in page.words
    page = browser.submit({"reason": "misread", "batch": "13-B", "consent": "yes"}, form="/correct")
    assert "P0" in page.heading or "P0" in page.words
    assert len(responses(house)) == 1
