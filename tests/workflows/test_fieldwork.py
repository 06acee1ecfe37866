"""Following a collection: counts that give nobody away, dispositions within one's territory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import collection
import people
import pytest
from sqlalchemy import update

from app.domain.declining import REASONS, told_reasons
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.fieldwork import CHANNELS, FEWEST, Count, protected
from app.domain.outcome_rates import Category
from app.domain.questionnaire import Audience
from app.storage.database import now
from app.storage.participants import Participant, by_reference
from app.workflows import counting
from app.workflows.acting import House
from app.workflows.counting import count_due
from app.workflows.fieldwork import counts, going, record_disposition
from app.workflows.outcomes import outcomes

PRO = Audience.PROFESSIONAL


def person(house: House, wave_id: int, reference: str) -> Participant:
    with house.database.read() as session:
        return by_reference(session, wave_id, [reference])[reference]


def test_counts_follow_the_sample_and_the_dispositions(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    record_disposition(house, actor, wave_id, "A-1", "refused")
    found = counts(house, actor, wave_id)
    rows = {row.territory: row for row in found.rows}
    assert rows["MAY"].stages["invited"] == Count(2)
    assert rows["MAY"].stages["refused"] == Count(1)
    assert rows["MAY"].dispositions["refused"] == Count(1)
    assert found.totals["elderly"]["invited"] == Count(3)
    record_disposition(house, actor, wave_id, "A-1", None)
    assert person(house, wave_id, "A-1").disposition is None


def test_a_coordinator_counts_and_records_at_home_only(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, people.MAYA, people.FELIX, people.DORA)
    maya, felix = people.acting(house, people.MAYA), people.acting(house, people.FELIX)
    assert {row.territory for row in counts(house, maya, wave_id).rows} == {"MAY"}
    for reference in ("B-1", "nobody"):
        with pytest.raises(NotFound):
            record_disposition(house, maya, wave_id, reference, "moved")
    record_disposition(house, felix, wave_id, "A-2", "moved")
    assert person(house, wave_id, "A-2").disposition == "moved"
    assert person(house, wave_id, "B-1").disposition is None
    with pytest.raises(BadInput):
        record_disposition(house, felix, wave_id, "A-2", "vanished")
    for act in (counts, lambda h, a, w: record_disposition(h, a, w, "A-1", "moved")):
        with pytest.raises(NotAllowed):
            act(house, people.acting(house, people.DORA), wave_id)


def test_a_large_sample_is_shown_as_it_was_counted_last(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, people.BASILE)
    monkeypatch.setattr(counting, "LARGE", 2)  # Bordeaux has one person, Mayenne two
    actor, basile = collection.operator(house), people.acting(house, people.BASILE)

    def refused() -> tuple[int, bool]:
        found = outcomes(house, actor, wave_id)
        [together] = [row for row in found.rows if not row.territory]
        return together.counts[Category.REFUSAL], found.at is None

    record_disposition(house, actor, wave_id, "A-1", "refused")
    assert refused() == (1, True)  # nobody counted yet: counted now
    live = outcomes(house, actor, wave_id)
    assert (count_due(house), count_due(house)) == (1, 0)
    assert replace(outcomes(house, actor, wave_id), at=None) == live
    record_disposition(house, actor, wave_id, "B-1", "refused")
    assert refused() == (1, False)
    assert outcomes(house, basile, wave_id).rows[0].counts[Category.REFUSAL] == 1
    monkeypatch.setattr(counting, "now", lambda: now() + counting.EVERY)
    assert (count_due(house), refused()) == (1, (2, False))


def test_reasons_of_few_are_not_given() -> None:
    few, many = {"screen": FEWEST - 1, "private": 1}, {"screen": FEWEST, "private": FEWEST - 1}
    found = told_reasons({("MAY", "elderly"): few, ("BDX", "elderly"): many})
    assert list(found) == [("BDX", "elderly")]
    assert found["BDX", "elderly"]["screen"] == Count(FEWEST)
    hidden = {reason for reason, count in found["BDX", "elderly"].items() if count == Count(None)}
    assert hidden == set(REASONS) - {"screen"}


def test_reasons_are_counted_at_home_only(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    rows = "".join(
        f"{place}-{n};{place};elderly;;;;;;\n" for place in ("MAY", "BDX") for n in range(6)
    )
    collection.with_sample(house, wave_id, f"{collection.HEADER}\n{rows}")
    with house.database.write() as session:
        session.execute(
            update(Participant).values(disposition="refused", declined_because="no_time")
        )
    people.settle(house, people.MAYA)
    maya = people.acting(house, people.MAYA)
    assert going(house, maya, wave_id).reasons == {
        ("MAY", "elderly"): {
            reason: Count(6 if reason == "no_time" else None) for reason in REASONS
        }
    }
    record_disposition(house, collection.operator(house), wave_id, "MAY-1", "moved")
    assert going(house, maya, wave_id).reasons["MAY", "elderly"]["no_time"] == Count(5)


def test_few_professionals_are_not_counted_out() -> None:
    found = protected(
        {
            ("MAY", PRO): ({"invited": 9, "submitted": FEWEST - 1}, {"web": 4}, {"moved": 1}),
            ("BDX", PRO): ({"invited": 9, "submitted": 8}, {"web": 8}, {}),
            ("MAY", "elderly"): ({"invited": 2, "submitted": 1}, {"web": 1}, {}),
        }
    )
    may, bdx, elderly = found.rows
    assert may.stages["invited"] == Count(9)
    assert may.stages["submitted"] == Count(None)
    assert found.totals[PRO]["submitted"] == Count(None)  # else 12 - 8 would tell
    assert found.totals[PRO]["invited"] == Count(18)
    assert may.dispositions["moved"] == Count(None)
    assert set(may.channels.values()) == {Count(None)}
    assert set(bdx.channels.values()) == {Count(None)}  # one small one hides them all
    assert elderly.stages["submitted"] == Count(1)


def test_channels_are_given_where_none_is_small() -> None:
    channels = dict.fromkeys(CHANNELS, FEWEST)
    [row] = protected({("MAY", PRO): ({"submitted": 20}, channels, {})}).rows
    assert set(row.channels.values()) == {Count(FEWEST)}
