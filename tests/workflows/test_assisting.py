"""Short codes: a hand-over works once for minutes, a visit's code one day for one person."""

from __future__ import annotations

from datetime import date, timedelta

import keyers
import pytest
from builders import World
from keyers import CARLA, FANNY, FRED
from sqlalchemy import select, update

from app.domain.errors import BadInput, NotAllowed, NotFound
from app.storage.assistance import Assistance
from app.storage.audit import AuditEntry
from app.storage.database import now
from app.storage.participants import AccessCode
from app.workflows import assisting
from app.workflows.acting import House
from app.workflows.assisted import Accompanied, accompany, take_over
from app.workflows.assisting import hand_over, issue_visit_code, shown, visits
from app.workflows.entering import Door
from app.workflows.letters import ZONE
from app.workflows.throttling import MOST_WRONG


def rows(house: House) -> list[Assistance]:
    with house.database.read() as session:
        return list(session.scalars(select(Assistance)))


def code_shown(house: House, made: World, channel: str = "phone") -> str:
    fanny = keyers.actor(house, FANNY)
    judged = hand_over(house, fanny, made.wave_id, made.codes[0], channel)  # type: ignore[arg-type] # by name
    assert judged.door is Door.OPEN
    return shown(house, fanny, judged.handover_id or 0).code


def today() -> date:
    return now().astimezone(ZONE).date()


def test_a_hand_over_works_once(house: House) -> None:
    made = keyers.place(house)
    code = code_shown(house, made)
    assert len(code) == 8
    found = take_over(house, f"{code[:4]} {code[4:]}", "192.0.2.1")
    assert found.entered.door is Door.OPEN
    assert found.channel == "phone"
    assert found.assisted_by == f"account:{keyers.actor(house, FANNY).account_id}"
    assert take_over(house, code, "192.0.2.1").entered.door is Door.UNKNOWN
    assert rows(house) == []


def test_a_hand_over_is_over_after_its_minutes(house: House) -> None:
    made = keyers.place(house)
    code = code_shown(house, made)
    with house.database.write() as session:
        session.execute(update(Assistance).values(valid_until=now()))
    assert take_over(house, code, "").entered.door is Door.UNKNOWN
    fanny = keyers.actor(house, FANNY)
    with pytest.raises(NotFound):
        shown(house, fanny, rows(house)[0].id)
    code_shown(house, made)
    assert len(rows(house)) == 1, "what is over is dropped"


def test_only_who_made_a_code_sees_it_and_no_record_names_the_person(house: House) -> None:
    made = keyers.place(house)
    code = code_shown(house, made)
    number = rows(house)[0].id
    with pytest.raises(NotFound):
        shown(house, keyers.actor(house, FRED), number)
    with house.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "response.assist")).one()
    assert entry.thing == f"wave:{made.wave_id}"
    assert code not in str(vars(rows(house)[0]))
    assert made.codes[0] not in str(entry.details)


@pytest.mark.parametrize(("text", "door"), [("1234", Door.TYPO), ("0000 0000 0000", Door.UNKNOWN)])
def test_a_wrong_code_makes_no_hand_over(house: House, text: str, door: Door) -> None:
    made = keyers.place(house)
    assert hand_over(house, keyers.actor(house, FANNY), made.wave_id, text, "phone").door is door
    assert rows(house) == []


def test_codes_of_other_waves_and_sent_answers_open_nothing(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    assert hand_over(house, fanny, made.wave_id + 1, made.codes[0], "phone").door is Door.UNKNOWN
    keyers.key(house, fanny, made)
    assert hand_over(house, fanny, made.wave_id, made.codes[0], "phone").door is Door.SENT
    with house.database.write() as session:
        session.execute(update(AccessCode).values(revoked_at=now()))
    assert hand_over(house, fanny, made.wave_id, made.codes[0], "phone").door is Door.REPLACED


def test_guessing_short_codes_is_slowed_down(house: House) -> None:
    made = keyers.place(house)
    code = code_shown(house, made)
    for _ in range(MOST_WRONG):
        assert take_over(house, "0000 0000", "192.0.2.9").entered.door is Door.UNKNOWN
    assert take_over(house, code, "192.0.2.9").entered.door is Door.THROTTLED
    assert take_over(house, code, "192.0.2.10").entered.door is Door.OPEN


def visit(house: House, made: World, day: date | None = None) -> str:
    carla = keyers.actor(house, CARLA)
    number = issue_visit_code(house, carla, made.wave_id, "P0", day or today())
    return shown(house, carla, number).code


def both(house: House, short: str, code: str) -> Accompanied:
    return accompany(house, short, code, "192.0.2.1")


def test_a_visit_needs_both_codes_on_its_day_for_its_person(house: House) -> None:
    made = keyers.place(house, people=2)
    short = visit(house, made)
    found = both(house, short, made.codes[0])
    assert found.entered.door is Door.OPEN
    assert found.channel == "web_assisted"
    assert found.assisted_by == f"visit:{rows(house)[0].id}"
    assert both(house, short, made.codes[0]).entered.door is Door.OPEN, "all day long"
    assert both(house, short, made.codes[1]).entered.door is Door.UNKNOWN
    assert both(house, "0000 0000", made.codes[0]).entered.door is Door.UNKNOWN
    assert both(house, short, "").entered.door is Door.TYPO
    assert take_over(house, short, "").entered.door is Door.UNKNOWN
    tomorrow = visit(house, made, today() + timedelta(days=1))
    assert both(house, tomorrow, made.codes[0]).entered.door is Door.UNKNOWN


def test_where_the_link_is_cut_the_sitting_names_no_visit(house: House) -> None:
    made = keyers.place(house, link_after_submission="cut")
    assert both(house, visit(house, made), made.codes[0]).assisted_by == "visit"


def test_visits_are_made_by_coordinators_for_people_in_reach(house: House) -> None:
    made = keyers.place(house)
    with pytest.raises(NotAllowed):
        issue_visit_code(house, keyers.actor(house, FANNY), made.wave_id, "P0", today())
    carla = keyers.actor(house, CARLA)
    with pytest.raises(BadInput) as refused:
        issue_visit_code(house, carla, made.wave_id, "P7", today() - timedelta(days=1))
    assert {fault.place for fault in refused.value.faults} == {"reference", "day"}
    for day in (None, today() + timedelta(days=assisting.AHEAD + 1)):
        with pytest.raises(BadInput):
            issue_visit_code(house, carla, made.wave_id, "P0", day)


def test_a_revoked_visit_opens_nothing(house: House) -> None:
    made = keyers.place(house)
    short = visit(house, made)
    carla = keyers.actor(house, CARLA)
    [one] = visits(house, carla, made.wave_id)
    assert (one.reference, one.own) == ("P0", True)
    with pytest.raises(NotAllowed):
        assisting.revoke_visit_code(house, keyers.actor(house, FANNY), one.id)
    assisting.revoke_visit_code(house, carla, one.id)
    assert both(house, short, made.codes[0]).entered.door is Door.UNKNOWN
    with pytest.raises(NotFound):
        assisting.revoke_visit_code(house, carla, one.id)
