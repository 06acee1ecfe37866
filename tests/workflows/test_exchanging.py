"""Items of one territory asked of a part of another's sample, drawn by chance."""

from __future__ import annotations

import io
from pathlib import Path

import collection
import pytest
from sqlalchemy import select

from app.domain.errors import BadInput
from app.domain.exchange import is_drawn
from app.domain.plans import Plan
from app.domain.questionnaire import Audience
from app.evaluation.crosswalk import ComparableSet
from app.evaluation.tables import What
from app.storage import extract
from app.storage.collecting import invited
from app.storage.extract_reading import columns
from app.storage.participants import AccessCode, Participant
from app.storage.published import content_of, published
from app.storage.responses import Response
from app.storage.waves import exchanges_of
from app.workflows.acting import House
from app.workflows.arrivals import import_responses
from app.workflows.evaluate import make_cut, make_release, verify_release
from app.workflows.sample import issue_codes
from app.workflows.waves import change_plan, open_wave

HALF = Plan(exchange={("MAY", "elderly"): "50"})
EACH = 60
SAMPLE = "reference;territory;audience;case\n" + "".join(
    f"{place[0]}-{k};{place};elderly;{place}-{k // 2}\n"
    for place in ("MAY", "BDX")
    for k in range(EACH)
)


def answered(house: House, wave_id: int, in_part: set[str]) -> None:
    """Everybody answers; who is not asked MAY's item leaves it empty."""
    lines = ["reference,territory,audience,E01,E02,E02_MAY"]
    for place in ("MAY", "BDX"):
        for k in range(EACH):
            asked = place == "MAY" or f"B-{k}" in in_part
            item = ("yes" if k % 3 else "no") if asked else ""
            first, second = ("yes" if k % 5 else "no"), ("yes" if k % 2 else "no")
            lines.append(f"{place[0]}-{k},{place},elderly,{first},{second},{item}")
    stream = io.BytesIO("\n".join(lines).encode())
    import_responses(house, collection.operator(house), wave_id, stream)


def test_a_part_is_drawn_asked_and_compared(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path, plan=HALF)
    actor = collection.operator(house)
    first, second = SAMPLE.split("B-40;", 1)
    collection.with_sample(house, wave_id, first)
    open_wave(house, actor, wave_id)
    head = SAMPLE.split("\n", 1)[0]
    collection.with_sample(house, wave_id, f"{head}\nB-40;{second}")  # late, and drawn alike
    with house.database.read() as session:
        (place, part), *others = exchanges_of(session, wave_id).items()
        people = session.scalars(select(Participant).where(Participant.wave_id == wave_id)).all()
        cases = {each.reference: (each.territory, each.case_reference or "") for each in people}
    assert (place, part.percent, others) == (("BDX", "elderly"), 50, [])
    drawn = {each.reference for each in people if each.exchange_instrument_id == part.instrument_id}
    expected = {
        reference
        for reference, (territory, case) in cases.items()
        if territory == "BDX" and is_drawn(part.seed, case, 50)
    }
    assert drawn == expected
    assert 10 < len(drawn) < 50
    issue_codes(house, actor, wave_id)
    with house.database.read() as session:
        wanted = select(Participant.reference, AccessCode.digest).join(AccessCode)
        codes = dict(iter(session.execute(wanted.where(Participant.territory == "BDX"))))
    for reference in ("B-0", "B-2", "B-4", "B-6", "B-8"):  # at the door, each its instrument
        with house.database.at_once(codes[reference]) as driver:
            found = invited(driver, codes[reference])
        assert found is not None
        assert (found.instrument_id == part.instrument_id) == (reference in drawn)
    answered(house, wave_id, drawn)
    with house.database.read() as session:
        rows = session.execute(
            select(Participant.reference, Response.instrument_id).join(
                Response, Response.participant_id == Participant.id
            )
        )
        there = {name for name, number in rows if number == part.instrument_id}
        assert {name for name in there if name.startswith("B")} == drawn
        content = content_of(house.database, session, wave_id)
    elderly = Audience.ELDERLY
    assert content.asked.exchange == {"BDX": {elderly: frozenset({"E02_MAY"})}}
    extract.refresh(house.database, house.folder, wave_id)
    who = columns(extract.folder_of(house.folder, wave_id), ("BDX", "MAY"))[elderly].respondents
    assert who.exchange is not None
    assert int(who.exchange.sum()) == len(drawn)

    number = make_release(house, actor, make_cut(house, actor, wave_id))
    seen = published(house.database, 1, number)
    assert seen is not None
    level = seen.table.one("BDX", None, What.INDICATOR, "MAY1")
    assert level is not None
    assert level.n == len(drawn)
    answers = [int(reference[2:]) % 3 > 0 for reference in drawn]
    assert level.value == pytest.approx(100 * sum(answers) / len(answers))
    shift = seen.table.one("MAY", "MAY", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.coverage == 1.0
    crosswalk = seen.crosswalk("MAY")
    assert crosswalk is not None
    rows_of = {row.own: row.comparable for row in crosswalk.rows}
    assert rows_of["MAY1"] is ComparableSet.EXCHANGED
    assert verify_release(house, actor, number)["figures"] is True


def test_only_what_somebody_asks_can_be_exchanged(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    for wrong in ({("BDX", "elderly"): "20"}, {("MAY", "elderly"): "90"}):
        with pytest.raises(BadInput):
            change_plan(house, collection.operator(house), wave_id, Plan(exchange=wrong))
    assert Plan.from_fields(HALF.as_fields()) == HALF


def test_the_draw_is_the_share_that_was_asked_and_the_same_again() -> None:
    drawn = [is_drawn("seed", f"case {k}", 20) for k in range(5000)]
    assert sum(drawn) == pytest.approx(1000, abs=110)  # four standard errors
    assert drawn == [is_drawn("seed", f"case {k}", 20) for k in range(5000)]
    assert all(is_drawn("seed", f"case {k}", 100) for k in range(100))
