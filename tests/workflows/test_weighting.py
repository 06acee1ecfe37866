"""Known totals of a wave: entered, frozen with a cut, applied to every figure, refused by name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evaluated import Evaluated
from sqlalchemy import select, update

from app.domain.errors import BadInput, NotAllowed
from app.domain.known_totals import KnownTotal, WeightingRule
from app.domain.permissions import Grant, Role
from app.domain.questionnaire import Audience
from app.evaluation.components import components_of
from app.evaluation.estimation import Estimate, estimates
from app.evaluation.tables import What
from app.factory import create_app
from app.settings import from_environment
from app.storage.extract_reading import columns
from app.storage.known_totals import KnownTotalRow
from app.storage.published import content_of, published
from app.storage.releases import DataCut, cut_of
from app.storage.responses import Response
from app.storage.wave_territories import territories_of_wave
from app.workflows import jobs
from app.workflows.accounts import operator
from app.workflows.acting import Actor, House
from app.workflows.evaluate import make_cut, make_release, verify_release
from app.workflows.known_totals import enter, known, preview, set_rule, take_back
from app.workflows.measuring import cut_moments
from app.workflows.verifying import verify_moments
from app.workflows.weighing import told_weights, weigh_wave
from app.workflows.weighting_report import last_weighting, start_weighting, weighting_now

HEADER = "territory;audience;margin;category;count;into;source;dated\n"


@pytest.fixture
def there(evaluated: Evaluated, tmp_path: Path) -> Evaluated:
    return evaluated.copied(tmp_path / "own")


@pytest.fixture
def house(there: Evaluated) -> House:
    return there.house()


@pytest.fixture
def chief(house: House) -> Actor:
    return operator(house, "DEMO")


def total(category: str, count: float | None, margin: str = "ESEX", **more: object) -> KnownTotal:
    values = {
        "territory": "MAY",
        "audience": "elderly",
        "source": "INSEE, recensement 2022",
        "dated": date(2022, 1, 1),
    }
    return KnownTotal(margin=margin, category=category, count=count, **(values | more))  # type: ignore[arg-type]


SEX = [("2", total("woman", 24000)), ("3", total("man", 9000)), ("4", total("missing", None))]


def rows(house: House) -> list[KnownTotalRow]:
    with house.database.read() as session:
        return list(session.scalars(select(KnownTotalRow).order_by(KnownTotalRow.id)))


def test_a_release_is_weighted_by_what_was_known_when_its_data_were_cut(
    there: Evaluated, house: House, chief: Actor, catalogues: None
) -> None:
    enter(house, chief, 1, SEX)
    number = make_release(house, chief, make_cut(house, chief, 1))
    assert number != there.release_id
    before, after = (published(house.database, 1, each) for each in (there.release_id, number))
    assert before is not None
    assert after is not None
    told = {(e["territory"], e["audience"]): e for e in after.manifest["weights"]}
    here = told["MAY", "elderly"]
    assert here["method"] == "post-stratification"
    assert here["converged"]
    assert here["margins"] == [
        {"margin": "ESEX", "source": "INSEE, recensement 2022", "dated": "2022-01-01"}
    ]
    assert here["final"]["deff"] > 1
    assert told["BDX", "elderly"]["method"] == "design weights as imported"
    moved = [
        each.value != other.value
        for each in after.table.of(What.COMPONENT, territory="MAY")
        if each.audience == "elderly" and each.shown
        if (other := before.table.one("MAY", None, What.COMPONENT, each.code, "elderly"))
    ]
    assert moved
    assert sum(moved) > len(moved) / 2
    same = before.table.one("BDX", before.national.code, What.TOTAL)
    now = after.table.one("BDX", after.national.code, What.TOTAL)
    assert same is not None
    assert now is not None
    assert same.value == now.value
    enter(house, chief, 1, [("2", total("woman", 20000))], whole=False)  # after the cut
    assert verify_release(house, chief, number) == {"figures": True, "files": True, "erased": 0}
    assert verify_moments(house, chief, 1).same


def test_totals_supersede_and_a_file_gives_whole_margins(house: House, chief: Actor) -> None:
    report = enter(house, chief, 1, SEX)
    assert (report.new, report.replaced, report.same, report.gone) == (3, 0, 0, 0)
    fresh = [("2", total("woman", 24500)), ("3", total("man", 9000))]
    report = preview(house, chief, 1, fresh)
    assert (report.new, report.replaced, report.same, report.gone) == (0, 1, 1, 1)
    assert len(rows(house)) == 3
    enter(house, chief, 1, fresh)
    assert [row.count for row in known(house, chief, 1).rows] == [9000, 24500]
    assert len(rows(house)) == 4
    take_back(house, chief, 1, rows(house)[-1].id)
    assert [row.category for row in known(house, chief, 1).rows] == ["man"]


@pytest.mark.parametrize(
    "wrong",
    [
        total("woman", 0),
        total("woman", None),
        total("dog", 10),
        total("x", 10, margin="E99"),
        total("woman", 10, territory="FR"),
        total("woman", 10, audience="cats"),
        total("woman", 10, source=""),
        total("north", 10, units=3.0),
    ],
)
def test_what_will_not_do_is_refused_with_its_place(
    house: House, chief: Actor, wrong: KnownTotal
) -> None:
    with pytest.raises(BadInput) as refused:
        enter(house, chief, 1, [("2", total("man", 9000)), ("3", wrong)])
    assert {fault.place for fault in refused.value.faults} == {"3"}
    assert not rows(house)


def test_a_coordinator_enters_and_sees_its_own_territory(house: House, chief: Actor) -> None:
    grants = (Grant(Role.TERRITORY_COORDINATOR, "BDX"),)
    basile = Actor(chief.programme_id, chief.territories, grants)
    enter(house, chief, 1, SEX)
    assert known(house, basile, 1).rows == []
    with pytest.raises(NotAllowed):
        enter(house, basile, 1, SEX)
    assert {each["territory"] for each in weighting_now(house, basile, 1).reports} == {"BDX"}


def test_a_release_that_cannot_meet_its_margins_is_refused_by_name(
    house: House, chief: Actor
) -> None:
    enter(house, chief, 1, [*SEX[:2], ("4", total("whole", 30000, margin="stratum"))])
    cut = make_cut(house, chief, 1)
    with pytest.raises(BadInput) as refused:
        make_release(house, chief, cut)
    places = {fault.place for fault in refused.value.faults}
    assert "MAY elderly stratum" in places  # its total differs, and nobody is of stratum “whole”
    assert all(place.startswith("MAY elderly ") for place in places)
    found = weighting_now(house, chief, 1)
    assert {fault.place for fault in found.faults} == places
    assert ("BDX", "elderly") in {(e["territory"], e["audience"]) for e in found.reports}


def test_bounds_and_the_finite_population_are_a_rule_of_the_place(
    house: House, chief: Actor
) -> None:
    enter(house, chief, 1, SEX)
    set_rule(house, chief, 1, WeightingRule("MAY", "elderly", 0.5, 1.8, 5))
    here = next(
        each
        for each in weighting_now(house, chief, 1).reports
        if (each["territory"], each["audience"]) == ("MAY", "elderly")
    )
    assert here["bounds"] == [0.5, 1.8]
    assert here["final"]["maximum"] <= 1.8 * here["final"]["mean"] + 1e-6
    for wrong in (
        WeightingRule("MAY", "elderly", 0.5),
        WeightingRule("MAY", "elderly", 2, 3),
        WeightingRule("FR", "elderly"),
        WeightingRule("MAY", "elderly", collapse_below=-1),
    ):
        with pytest.raises(BadInput):
            set_rule(house, chief, 1, wrong)


def weighed(house: House, cut_id: int) -> tuple[dict[str, Any], dict[str, Estimate]]:
    """What is said of the weights of MAY's elderly people, and their components' estimates: the
    way of a release as far as its figures, with nothing withheld."""
    with house.database.read() as session:
        cut, wave = cut_of(session, 1, cut_id)  # type: ignore[misc]
        content = content_of(house.database, session, wave.id)
        places = tuple(sorted(territories_of_wave(session, wave)))
    folder = house.folder / cut.extract
    found = weigh_wave(folder, columns(folder, places), cut.counts["weighting"])
    definitions = components_of((content.national, *content.own.values()))
    moments = cut_moments(house, wave.id, folder, found.kept, definitions, content.asked)
    shares = frozenset(name for name, each in definitions.items() if each.is_share)
    here = estimates(moments, shares, found.weighting)["MAY"].by_component
    elderly = {name for name, each in definitions.items() if each.audience is Audience.ELDERLY}
    (told,) = (
        each
        for each in told_weights(found.reports, 11, ())
        if (each["territory"], each["audience"]) == ("MAY", "elderly")
    )
    return told, {name: each for name, each in here.items() if name in elderly}


def test_counts_of_the_frame_give_design_weights_and_a_smaller_error(
    house: House, chief: Actor
) -> None:
    frame = [(area, total(area, 60, margin="frame")) for area in ("north", "south")]
    enter(house, chief, 1, frame)
    with pytest.raises(BadInput, match="has weights already"):
        make_release(house, chief, make_cut(house, chief, 1))
    with house.database.write() as session:
        session.execute(update(Response).values(weight=1.0, extracted_revision=None))
    take_back(house, chief, 1, rows(house)[0].id)
    take_back(house, chief, 1, rows(house)[1].id)
    _, plain = weighed(house, make_cut(house, chief, 1))
    enter(house, chief, 1, frame)
    set_rule(house, chief, 1, WeightingRule("MAY", "elderly", finite=True))
    cut = make_cut(house, chief, 1)
    told, framed = weighed(house, cut)
    assert told["method"] == "design weights from the frame"
    assert told["final"]["mean"] == pytest.approx(120 / 90)  # of 90 invited
    with house.database.read() as session:
        found = session.get(DataCut, cut)
        assert found is not None
        assert found.counts["weighting"]["drawn"] == {"MAY.elderly": {"north": 45, "south": 45}}
    counted = [name for name, each in plain.items() if each.variance]
    assert len(counted) > 10
    for name in counted:  # the strata are nearly alike in size
        smaller = 1 - told["start"]["n"] / 120
        assert framed[name].variance == pytest.approx(plain[name].variance * smaller, rel=0.2)


def test_the_job_keeps_what_it_found_for_who_asked(house: House, chief: Actor) -> None:
    assert last_weighting(house, chief, 1) == (None, None)
    job = start_weighting(house, chief, 1)
    assert jobs.run(house, job)
    last, found = last_weighting(house, chief, 1)
    assert last is not None
    assert last.state == "done"
    assert found is not None
    assert len(found.reports) == 9


def test_the_commands_load_show_rule_and_report(there: Evaluated, tmp_path: Path) -> None:
    file = tmp_path / "totals.csv"
    lines = "".join(
        f"MAY;elderly;ESEX;{category};{count};;INSEE;{dated}\n"
        for category, count, dated in (
            ("woman", "24 000,5", "01/01/2022"),
            ("man", "9000", "2022-01-01"),
        )
    )
    file.write_text(HEADER + lines, encoding="utf-8")
    app = create_app(from_environment(there.environment), "office")

    def run(*words: str) -> tuple[int, str]:
        found = app.test_cli_runner().invoke(args=["weighting", *words])
        return found.exit_code, found.output

    assert run("load", "V1", str(file), "--dry-run")[1].startswith("2 new")
    assert "woman" not in run("show", "V1")[1]
    assert run("load", "V1", str(file)) == (0, "2 new, 0 replaced, 0 the same, 0 taken back.\n")
    shown = run("show", "V1")[1]
    assert "MAY;elderly;ESEX;woman;24000.5" in shown
    file.write_text(shown, encoding="utf-8")
    assert run("load", "V1", str(file))[1].startswith("0 new, 0 replaced, 2 the same")
    assert run("rule", "V1", "MAY.elderly", "--bounds", "0.4", "2.5")[0] == 0
    code, output = run("report", "V1")
    if code:  # people without a category are named
        assert "MAY elderly ESEX" in output
    file.write_text(HEADER + lines + "MAY;elderly;ESEX;missing;;;INSEE;2022-01-01\n", "utf-8")
    run("load", "V1", str(file))
    code, output = run("report", "V1")
    assert code == 0, output
    told = json.loads(output)["reports"]
    assert next(e for e in told if e["territory"] == "MAY")["bounds"] == [0.4, 2.5]
    file.write_text(HEADER + "MAY;elderly;ESEX;woman;many;;INSEE;soon\n", encoding="utf-8")
    code, output = run("load", "V1", str(file))
    assert code == 1
    assert "2 count" in output
    assert "2 dated" in output
