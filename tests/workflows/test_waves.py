"""Waves: planned with every fault named, opened with everything frozen, closed for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import collection
import people
import programme
import pytest
from sqlalchemy import select

from app.domain.errors import BadDefinition, BadInput, Conflict, NotAllowed, NotFound
from app.domain.plans import Plan
from app.domain.text import Text
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.participants import AccessCode
from app.storage.surveys import Instrument
from app.storage.waves import frameworks_of, instruments_of
from app.workflows import waves
from app.workflows.acting import House
from app.workflows.sample import issue_codes


def test_every_fault_of_a_plan_is_named_and_nothing_is_kept(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    actor = collection.operator(house)
    good = collection.new_wave()
    bad = replace(
        good,
        code="1 w",
        title=Text.of(fr="Vague"),
        frame="everyone",
        period_end=good.period_start - timedelta(days=1),
        closes_at=good.opens_at,
        link_after_submission="maybe",
        partials_from=0,
    )
    with pytest.raises(BadInput) as refusal:
        waves.create_wave(house, actor, bad)
    assert {fault.place for fault in refusal.value.faults} == {
        "code",
        "title_en",
        "frame",
        "period_end",
        "closes_at",
        "link_after_submission",
        "partials_from",
    }
    assert not waves.waves(house, actor)


def test_a_code_serves_once(house: House, tmp_path: Path) -> None:
    collection.planned(house, tmp_path)
    with pytest.raises(BadInput):
        waves.create_wave(house, collection.operator(house), collection.new_wave())


def test_opening_composes_each_territory_and_freezes_frameworks(
    house: House, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    with house.database.read() as session:
        instruments = instruments_of(session, wave_id)
        frameworks = frameworks_of(session, wave_id)
        asked = waves.wave_instrument(session, wave_id, "MAY", "elderly")
        nobody = waves.wave_instrument(session, wave_id, "MAY", "family")
        kept = len(session.scalars(select(Instrument)).all())
    assert set(instruments) == {("MAY", "elderly"), ("BDX", "elderly")}
    assert set(frameworks) == {"FR", "MAY"}
    assert (asked, nobody, kept) == (instruments["MAY", "elderly"], None, 2)
    own = compiled(house.database, instruments["MAY", "elderly"])
    core = compiled(house.database, instruments["BDX", "elderly"])
    assert [page.code for page in own.pages] == ["E01", "E02", "E02_MAY"]
    assert [page.code for page in core.pages] == ["E01", "E02"]
    wave = waves.wave(house, collection.operator(house), wave_id)
    assert wave.state == "open"
    assert wave.takes_answers(now())
    assert not wave.takes_answers(wave.closes_at)
    assert not wave.takes_answers(wave.opens_at - timedelta(seconds=1))


def test_a_territory_may_answer_the_core_alone(house: House, tmp_path: Path) -> None:
    plan = Plan(modules={("MAY", "elderly"): "none"})
    wave_id = collection.opened(house, tmp_path, plan=plan)
    with house.database.read() as session:
        assert len(set(instruments_of(session, wave_id).values())) == 1


def test_two_waves_share_their_instruments(house: House, tmp_path: Path) -> None:
    first = collection.opened(house, tmp_path)
    actor = collection.operator(house)
    second = waves.create_wave(house, actor, collection.new_wave(code="W2"))
    collection.with_dossier(house, actor, second)
    waves.open_wave(house, actor, second)
    with house.database.read() as session:
        assert instruments_of(session, first) == instruments_of(session, second)


def test_a_wave_opens_once_and_closes_once(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    actor = collection.operator(house)
    with pytest.raises(Conflict):
        waves.close_wave(house, actor, wave_id)
    waves.open_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        waves.open_wave(house, actor, wave_id)
    waves.close_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        waves.close_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        waves.open_wave(house, actor, wave_id)


def test_closing_destroys_the_printable_codes(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    waves.close_wave(house, actor, wave_id)
    with house.database.read() as session:
        codes = session.scalars(select(AccessCode)).all()
    assert len(codes) == 3
    assert all(code.sealed is None and code.digest for code in codes)


def test_drafts_open_outside_a_demonstration_by_decision_only(house: House, tmp_path: Path) -> None:
    draft = {"surveys/elderly/core.yaml": programme.CORE.replace("        status: tested\n", "", 1)}
    wave_id = collection.planned(house, tmp_path, draft)
    actor = replace(collection.operator(house), synthetic=False)
    with pytest.raises(BadDefinition) as refusal:
        waves.open_wave(house, actor, wave_id)
    assert [finding.rule for finding in refusal.value.findings] == ["draft_wordings"]
    assert waves.wave(house, actor, wave_id).state == "planned"
    waves.open_wave(house, actor, wave_id, draft_decision="Pilot, decided by A. Durand")
    assert waves.wave(house, actor, wave_id).draft_wordings_accepted.startswith("Pilot")


def test_coordinators_of_a_territory_do_not_open_or_close(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.MAYA)
    maya = people.acting(house, people.MAYA)
    with pytest.raises(NotAllowed):
        waves.create_wave(house, maya, collection.new_wave(code="W2"))
    with pytest.raises(NotAllowed):
        waves.open_wave(house, maya, wave_id)


def test_a_wave_of_another_programme_does_not_exist(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    stranger = replace(collection.operator(house), programme_id=99)
    with pytest.raises(NotFound):
        waves.wave(house, stranger, wave_id)
    with pytest.raises(NotFound):
        waves.wave_by_code(house, stranger, "W1")
