"""Answers given on paper are taken back with the code that was printed on the sheet."""

from __future__ import annotations

import keyers
import pytest
from builders import World
from keyers import FANNY
from participants import cells, only_response

from app.protection.withdrawal_codes import sheet_code
from app.workflows import keying
from app.workflows.acting import House
from app.workflows.sending import withdraw, withdrawable


def keyed(house: House, made: World) -> None:
    """One sheet, keyed whole."""
    fanny = keyers.actor(house, FANNY)
    entry = keyers.begin(house, fanny, made)
    for section, fields in keyers.SHEET.items():
        keying.key_section(house, fanny, entry, section, keyers.typed(fields))
    assert keying.finish(house, fanny, entry) == "sent"


def test_the_code_of_the_sheet_takes_the_answers_back(house: House) -> None:
    made = keyers.place(house, people=2)
    code = sheet_code(house.keys.lookup, made.participants[0])
    assert withdrawable(house, f"R {code}", "192.0.2.1").outcome == "unknown"
    keyed(house, made)
    assert cells(house)
    assert withdrawable(house, f"R {code}", "192.0.2.1").outcome == "sent"
    other = sheet_code(house.keys.lookup, made.participants[1])
    assert withdraw(house, other, "192.0.2.1").outcome == "unknown"
    assert withdraw(house, code, "192.0.2.1").outcome == "withdrawn"
    assert cells(house) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_link_is_cut_no_code_leads_back(house: House) -> None:
    made = keyers.place(house, link_after_submission="cut")
    keyed(house, made)
    assert only_response(house).withdrawal_digest is None
    code = sheet_code(house.keys.lookup, made.participants[0])
    assert withdrawable(house, code, "192.0.2.1").outcome == "unknown"
