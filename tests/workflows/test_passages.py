"""Free text: nobody reads it before a reviewer has, and what was masked is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from builders import world
from hypothesis import given
from hypothesis import strategies as st
from participants import EVERY_KIND
from people import ALICE, DORA, EVA, acting, settle
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.domain.passages import LEAST_WRITERS, MASK, masked, words_of
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.database import now
from app.storage.passages import Passage
from app.storage.responses import Response, pack
from app.storage.waves import Wave
from app.workflows import erasing, passages
from app.workflows.acting import House
from app.workflows.entering import begin
from app.workflows.sending import erase

TEXT = "Madame Kestrel est venue le lundi"


@given(st.text(), st.data())
def test_masked_words_are_gone_and_the_others_stay(text: str, data: st.DataObject) -> None:
    words = words_of(text)
    hidden = data.draw(st.sets(st.integers(0, len(words) - 1))) if words else set()
    left = words_of(masked(text, hidden))
    assert left == [MASK if n in hidden else word for n, word in enumerate(words)]
    with pytest.raises(IndexError):
        masked(text, {len(words)})


def test_reviewed_then_read_then_erased(house: House) -> None:
    made = world(house, EVERY_KIND, people=LEAST_WRITERS + 1)
    settle(house, ALICE, DORA, EVA, programme="TEST")
    alice, dora, eva = (acting(house, person) for person in (ALICE, DORA, EVA))
    for code in made.codes:
        begin(house, digest(house.keys.lookup, code), Sitting())
    with house.database.write() as session:
        for number, row in enumerate(session.scalars(select(Response).order_by(Response.id))):
            cells: dict[str, Any] = {"K8": {"v": TEXT}}
            if number < 2:
                cells["K2"] = {"v": ["other"], "o": "Le Kestrel"}
            row.body, row.submitted_at = pack({"a": cells, "sit": [], "v": 1}), now()
    for stranger in (dora, eva):
        with pytest.raises(NotAllowed):
            passages.waiting(house, stranger, made.wave_id)
    found = passages.waiting(house, alice, made.wave_id)
    assert {(each.item, each.text) for each in found} == {("K8", TEXT), ("K2", "Le Kestrel")}
    assert len(found) == LEAST_WRITERS + 1 + 2
    first, second, *others = sorted({each.response_id for each in found})
    passages.review(house, alice, first, "K8", [0, 1], withhold=False)
    passages.review(house, alice, first, "K2", [], withhold=True)
    passages.review(house, alice, second, "K8", [1], withhold=False)
    with pytest.raises(Conflict):
        passages.review(house, alice, first, "K8", [], withhold=False)
    with pytest.raises(BadInput):
        passages.review(house, alice, second, "K2", [2], withhold=False)
    with pytest.raises(NotFound):
        passages.review(house, alice, second, "K5", [], withhold=False)
    assert len(passages.waiting(house, alice, made.wave_id)) == 1 + len(others)
    assert passages.readable(house, eva, made.wave_id) == {}, "the wave is open"
    with house.database.write() as session:
        session.get_one(Wave, made.wave_id).closed_at = now()
    assert passages.readable(house, eva, made.wave_id) == {}, "two people are too few"
    for other in others:
        passages.review(house, alice, other, "K8", [1], withhold=False)
    told = passages.readable(house, eva, made.wave_id)
    one, two = f"{MASK} {MASK} est venue le lundi", f"Madame {MASK} est venue le lundi"
    assert {item: sorted(texts) for item, texts in told.items()} == {
        "K8": sorted([one, *[two] * LEAST_WRITERS])
    }
    with house.database.write() as session:
        row = session.get_one(Response, first)
        erase(session, row, now())
        row.extracted_revision = 1
    assert passages.readable(house, eva, made.wave_id) == {"K8": [two] * LEAST_WRITERS}
    with house.database.write() as session:
        row = session.get_one(Response, others[0])
        erase(session, row, now())
        row.extracted_revision = 1
    assert passages.readable(house, eva, made.wave_id) == {}, "one fewer than may be read"
    erasing.clear_copies(house)
    with house.database.read() as session:
        assert set(session.scalars(select(Passage.response_id))) == {second, *others[1:]}
