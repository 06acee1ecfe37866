"""What was acknowledged has a receipt, and what is stored is held against it afterwards."""

from __future__ import annotations

import keyers
import pytest
from browser import Browser
from builders import World, world
from flask import Flask
from participants import ANSWERS, EVERY_KIND, answer_all, begin, only_response, past_stops
from sqlalchemy import select, update

from app.domain.errors import NotFound
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.protection.receipts import LENGTH, SIGNS, printed_receipt, receipt, typed_receipt
from app.storage.audit import AuditEntry
from app.storage.responses import Response, SaveKey, pack, unpack
from app.workflows import entering
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.receipt_checks import check_receipt, reconcile
from app.workflows.sending import withdraw

KEY = b"k" * 32


def test_a_receipt_is_of_this_response_and_these_answers() -> None:
    cells = {"A": {"v": "1", "s": 0, "at": "2026"}, "B": {"v": "2", "s": 0, "at": "2026"}}
    made = receipt(KEY, b"own", cells)
    assert len(made) == LENGTH
    assert set(made) <= set(SIGNS)
    assert made == receipt(KEY, b"own", dict(reversed(cells.items())))
    others = {
        receipt(b"l" * 32, b"own", cells),
        receipt(KEY, b"other", cells),
        receipt(KEY, b"own", cells | {"B": cells["B"] | {"at": "2027"}}),
    }
    assert len(others | {made}) == 4
    assert typed_receipt(f" {printed_receipt(made).lower()} ") == made
    assert typed_receipt("0000-0000") is None
    assert typed_receipt("234") is None


def given(house: House) -> list[str]:
    """The receipts that were given, oldest first."""
    with house.database.read() as session:
        return [str(one) for one in session.scalars(select(SaveKey.receipt).order_by(SaveKey.id))]


def test_each_saved_page_is_checked_by_its_receipt(
    public: Flask, house: House, invited: World
) -> None:
    browser, actor = Browser(public.test_client()), operator(house, "TEST")

    def said(written: str, person: str = "P0") -> str:
        return check_receipt(house, actor, invited.wave_id, person, written).outcome

    begin(browser, invited.codes[0])
    for code in ("K1", "K2"):
        browser.submit(ANSWERS[code], form=f"/r/{code}")
    first, second = given(house)
    assert printed_receipt(second) in browser.get("/pause").words
    assert said(printed_receipt(second)) == "stands"
    assert said(first) == "earlier"
    assert said("2345-6789") == "unknown"
    assert said(second, "P1") == "hidden", "of somebody who has not answered"
    assert said("nothing") == "typo"
    with pytest.raises(NotFound):
        said(second, "nobody")
    other = entering.begin(house, digest(house.keys.lookup, invited.codes[0]), Sitting(notice="1"))
    assert other
    assert said(second) == "stands", "another sitting changes no answer"
    assert reconcile(house) == reconcile(house)
    assert (reconcile(house).responses, reconcile(house).differing) == (1, ())

    stored = only_response(house)
    cells = unpack(stored.body)
    cells["a"]["K1"]["v"] = "no"
    with house.database.write() as session:
        session.execute(update(Response).values(body=pack(cells)))
        acts = session.scalars(select(AuditEntry.details).where(AuditEntry.origin == "cli")).all()
    assert acts.count({"receipt": "checked"}) == 5, "what is no receipt is not looked up"
    assert said(second) == "lost"
    assert reconcile(house).differing == (stored.id,)


def test_what_was_sent_has_its_receipt_until_it_is_taken_back(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0])

    answer_all(browser, page)
    browser.click("Continuer")
    page = browser.submit({}, form="/envoyer")
    last = given(house)[-1]
    assert printed_receipt(last) in page.words
    actor = operator(house, "TEST")
    assert check_receipt(house, actor, invited.wave_id, "P0", last).outcome == "stands"
    code = page.soup.select_one(".note p.big")
    assert code is not None
    assert withdraw(house, code.get_text(), "192.0.2.1").outcome == "withdrawn"
    assert check_receipt(house, actor, invited.wave_id, "P0", last).outcome == "hidden"
    assert reconcile(house).responses == 0


def test_a_sheet_in_place_of_what_was_begun_makes_no_receipt_wrong(
    public: Flask, house: House
) -> None:
    """What was saved on the screen was saved then; the sheet that came later is no loss of it."""
    made = keyers.place(house)
    browser = Browser(public.test_client())
    begin(browser, made.codes[0])
    browser.submit(ANSWERS["K1"], form="/r/K1")
    (first,) = given(house)
    keyers.key(house, keyers.actor(house, keyers.FANNY), made)
    told = check_receipt(house, operator(house, "TEST"), made.wave_id, "P0", first)
    assert told.outcome == "earlier"
    assert reconcile(house).differing == ()


def test_of_professionals_nothing_is_told(public: Flask, house: House) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", "audience: professional"))
    browser = Browser(public.test_client())
    past_stops(browser, begin(browser, made.codes[0], professional=True))
    browser.submit(ANSWERS["K1"], form="/r/K1")
    (first,) = given(house)
    told = check_receipt(house, operator(house, "TEST"), made.wave_id, "P0", first)
    assert (told.outcome, told.at) == ("hidden", None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_whose_answers_are_not_those_acknowledged(
    app: Flask, house: House, invited: World
) -> None:
    browser = Browser(app.test_client())
    begin(browser, invited.codes[0])
    browser.submit(ANSWERS["K1"], form="/r/K1")

    def told() -> tuple[int, str]:
        with app.app_context():
            found = app.test_cli_runner().invoke(args=["responses", "receipts"])
        return found.exit_code, found.output

    assert told() == (0, "OK responses=1\n")
    number = only_response(house).id
    with house.database.write() as session:
        session.execute(update(Response).values(body=pack({"a": {}, "sit": [], "v": 1})))
    assert told() == (3, f"FAILED 1 of 1 responses: {number}\n")
