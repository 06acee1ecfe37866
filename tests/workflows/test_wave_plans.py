"""Which versions a wave opens with: the latest, or those chosen, and what keeps it closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import collection
import people
import pytest
from sqlalchemy import select

from app.domain.errors import BadDefinition, BadInput, Conflict, NotAllowed
from app.domain.plans import Plan
from app.storage.frameworks import FrameworkVersion
from app.storage.surveys import Instrument, QuestionnaireVersion
from app.storage.waves import frameworks_of, instruments_of
from app.workflows import waves
from app.workflows.acting import House

OLDER = Plan(
    cores={("FR", "elderly"): "1", ("BDX", "elderly"): "not_asked"},
    modules={("MAY", "elderly"): "none"},
    frameworks={"MAY": "none"},
)


def again(house: House, table: Any, territory: str, **changes: Any) -> int:
    """Publish the version of this territory once more, with the next number; its id."""
    with house.database.write() as session:
        old = session.scalars(select(table).where(table.territory == territory)).all()[-1]
        columns = {c.key: getattr(old, c.key) for c in table.__table__.columns if c.key != "id"}
        row = table(**(columns | {"number": (old.number or 0) + 1} | changes))
        session.add(row)
        session.flush()
        number: int = row.id
        return number


def cores_of(house: House, wave_id: int) -> dict[tuple[str, str], tuple[int, bool]]:
    """By place: the id of the core, and whether there is a module."""
    with house.database.read() as session:
        return {
            place: (row.core_id, row.module_id is not None)
            for place, number in instruments_of(session, wave_id).items()
            for row in [session.get_one(Instrument, number)]
        }


def core_id(house: House) -> int:
    """The id of the only core."""
    with house.database.read() as session:
        found = select(QuestionnaireVersion.id).where(QuestionnaireVersion.territory == "FR")
        return session.scalars(found).one()


def refused(house: House, wave_id: int) -> list[tuple[str, str]]:
    with pytest.raises(BadDefinition) as refusal:
        waves.open_wave(house, collection.operator(house), wave_id)
    return [(found.rule, found.place) for found in refusal.value.findings]


def test_names_and_choices_are_each_other() -> None:
    assert Plan.from_fields(OLDER.as_fields()) == OLDER
    assert not Plan.from_fields({"core.MAY": "1", "core.MAY.elderly": "", "csrf_token": "x"})
    assert OLDER.core(("MAY", "elderly")) == "1"
    assert OLDER.core(("BDX", "elderly")) == "not_asked"


def test_a_wave_opens_with_the_versions_chosen(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path, plan=OLDER)
    first = core_id(house)
    again(house, QuestionnaireVersion, "FR")
    waves.open_wave(house, collection.operator(house), wave_id)
    assert cores_of(house, wave_id) == {("MAY", "elderly"): (first, False)}
    with house.database.read() as session:
        assert set(frameworks_of(session, wave_id)) == {"FR"}


def test_the_latest_is_what_is_latest_at_the_opening(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    newest = again(house, QuestionnaireVersion, "FR")
    waves.open_wave(house, collection.operator(house), wave_id)
    assert cores_of(house, wave_id) == {
        ("MAY", "elderly"): (newest, True),
        ("BDX", "elderly"): (newest, False),
    }


def test_choices_change_until_the_opening_only(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path, plan=OLDER)
    actor = collection.operator(house)
    waves.change_plan(house, actor, wave_id, Plan())
    assert waves.planned_versions(house, actor, wave_id)[1] == Plan()
    people.settle(house, people.MAYA)
    with pytest.raises(NotAllowed):
        waves.change_plan(house, people.acting(house, people.MAYA), wave_id, OLDER)
    waves.open_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        waves.change_plan(house, actor, wave_id, OLDER)


@pytest.mark.parametrize(
    "name",
    [
        "core.MAY.elderly=7",
        "core.XXX.elderly=1",
        "core.MAY.family=1",
        "core.MAY.elderly=none",
        "module.BDX.elderly=1",
        "framework.FR=none",
        "framework.BDX=1",
    ],
)
def test_a_version_that_is_not_there_is_refused(house: House, tmp_path: Path, name: str) -> None:
    wave_id = collection.planned(house, tmp_path)
    actor = collection.operator(house)
    place, _equals, said = name.partition("=")
    with pytest.raises(BadInput) as refusal:
        waves.change_plan(house, actor, wave_id, Plan.from_fields({place: said}))
    assert [fault.place for fault in refusal.value.faults] == [place]
    assert not waves.wave(house, actor, wave_id).plan


def test_own_frameworks_must_extend_the_national_version(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    newer = again(house, FrameworkVersion, "FR")
    assert refused(house, wave_id) == [("extends_another", "framework MAY")]
    again(house, FrameworkVersion, "MAY", national_id=newer)
    waves.open_wave(house, collection.operator(house), wave_id)
    second = collection.new_wave(code="W2", plan=Plan(frameworks={"FR": "1", "MAY": "1"}))
    actor = collection.operator(house)
    later = waves.create_wave(house, actor, second)
    collection.with_dossier(house, actor, later)
    waves.open_wave(house, actor, later)


def test_people_whom_nothing_asks_keep_a_wave_from_opening(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path, plan=OLDER)
    collection.with_sample(house, wave_id)
    assert refused(house, wave_id) == [("no_instrument", "BDX elderly")]


def test_a_wave_that_asks_nobody_does_not_open(house: House, tmp_path: Path) -> None:
    plan = Plan(cores={("FR", "elderly"): "not_asked"})
    wave_id = collection.planned(house, tmp_path, plan=plan)
    assert refused(house, wave_id) == [("no_core", "questionnaires")]


def test_an_item_that_nobody_is_asked_is_a_warning(house: House, tmp_path: Path) -> None:
    plan = Plan(modules={("MAY", "elderly"): "none"})
    wave_id = collection.planned(house, tmp_path, plan=plan)
    actor = collection.operator(house)
    warnings = waves.prepared(house, actor, wave_id).warnings
    assert [found.place for found in warnings] == ["framework MAY"]
    assert "E02_MAY" in warnings[0].message.in_("en")
    waves.change_plan(house, actor, wave_id, Plan())
    assert not waves.prepared(house, actor, wave_id).warnings
