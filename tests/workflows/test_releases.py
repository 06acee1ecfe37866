"""Data cuts and releases: the same cut gives the same bytes; nothing small is given out twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluated import EVALUATOR, Evaluated
from sqlalchemy import delete, select, update

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.permissions import Grant, Role
from app.evaluation.tables import Observation, ProtectedTable
from app.storage.bitmaps import unpack_numbers
from app.storage.database import now
from app.storage.published import published
from app.storage.releases import DataCut, Download, Release, ReleaseMembership
from app.storage.responses import Response
from app.storage.waves import Wave
from app.workflows import jobs
from app.workflows.accounts import operator
from app.workflows.acting import Actor, House
from app.workflows.disseminate import hand_out
from app.workflows.evaluate import make_cut, make_release, start_release, verify_release


@pytest.fixture
def own(evaluated: Evaluated, tmp_path: Path) -> Evaluated:
    """A copy that the test may change."""
    return evaluated.copied(tmp_path / "own")


@pytest.fixture
def there(own: Evaluated) -> House:
    return own.house()


@pytest.fixture
def chief(there: House) -> Actor:
    return operator(there, "DEMO")


def coordinator(chief: Actor, place: str) -> Actor:
    return Actor(chief.programme_id, chief.territories, (Grant(Role.TERRITORY_COORDINATOR, place),))


def seen_of(table: ProtectedTable, territory: str, component: str) -> Observation | None:
    """The observation that shows a component."""
    if component.startswith("~"):  # beside the frameworks: ~KIND.CODE.AUDIENCE
        kind, *code, audience = component[1:].split(".")
        return table.one(territory, None, kind, ".".join(code), audience)
    component, _, group = component.partition("@")
    indicator, audience, *side = component.split(".")
    if group:
        return table.one(territory, None, "group", indicator, audience, group)
    return table.one(territory, None, "component", ".".join([indicator, *side]), audience)


def downloads(house: House) -> list[str]:
    with house.database.read() as session:
        return [row.file for row in session.scalars(select(Download).order_by(Download.id))]


def test_a_release_made_again_has_the_same_figures_and_files(
    own: Evaluated, there: House, chief: Actor
) -> None:
    found = verify_release(there, chief, own.release_id)
    assert found == {"figures": True, "files": True, "erased": 0}


def test_unchanged_data_give_the_same_cut_and_release(
    own: Evaluated, there: House, chief: Actor
) -> None:
    cut = make_cut(there, chief, 1)
    assert make_release(there, chief, cut) == own.release_id


def test_unsent_answers_that_the_rule_takes_are_counted_and_told(
    own: Evaluated, there: House, chief: Actor, catalogues: None
) -> None:
    with there.database.write() as session:
        for given_out in (ReleaseMembership, Download, Release):
            session.execute(delete(given_out))
        session.execute(update(Wave).where(Wave.id == 1).values(partials_from=20))
    release = make_release(there, chief, make_cut(there, chief, 1))
    seen = published(there.database, chief.programme_id, release)
    assert seen is not None
    used = seen.manifest["people"]["partial"]
    assert used > 0
    with there.database.read() as session:
        cut = session.scalars(select(DataCut).order_by(DataCut.id.desc())).first()
        assert cut is not None
        sent = session.scalars(
            select(Response.id).where(
                Response.wave_id == 1,
                Response.submitted_at.is_not(None),
                Response.withdrawn_at.is_(None),
                Response.superseded_by.is_(None),
            )
        ).all()
    members = set(unpack_numbers(cut.membership).tolist())
    assert set(sent) < members
    assert len(members) == seen.manifest["people"]["submitted"] + used
    written = json.loads(hand_out(there, chief, release, "json", "en")[1])
    assert any(f"{used} answers begun and never sent" in said for said in written["methods"])
    own.browser(EVALUATOR).get(f"/office/results/{release}")


def test_an_erasure_is_said_and_a_small_difference_is_never_released(
    own: Evaluated, there: House, chief: Actor
) -> None:
    with there.database.write() as session:
        one = session.scalar(select(Response.id).where(Response.submitted_at.is_not(None)))
        session.execute(update(Response).where(Response.id == one).values(withdrawn_at=now()))
        gone = session.get_one(Response, one)
        place, audience = gone.territory, gone.audience
        corrected = session.scalars(
            select(Response).where(
                Response.submitted_at.is_not(None),
                Response.wave_id == 1,
                Response.territory == "MAY",
                Response.audience != audience,
            )
        ).first()
        assert corrected is not None
        corrected.weight = (corrected.weight or 1.0) * 1.5
        corrected.revision += 1
        other = corrected.id
    made = make_release(there, chief, make_cut(there, chief, 1))
    assert made != own.release_id
    with there.database.read() as session:
        first, second = (session.get_one(Release, each) for each in (own.release_id, made))
        causes = {
            (each["territory"], each["component"]): each["cause"]
            for each in second.protection["cells"]
        }
        then, later = (
            {row.cell: set(unpack_numbers(row.bitmap).tolist()) for row in session.scalars(
                select(ReleaseMembership).where(ReleaseMembership.release_id == release.id)
            )}
            for release in (first, second)
        )  # fmt: skip
    tables = [ProtectedTable.from_dict(each.figures) for each in (first, second)]
    assert "difference" in causes.values()
    compared = 0
    for cell in then.keys() & later.keys():
        territory, component = cell.split("|")
        shown = [seen_of(each, territory, component) for each in tables]
        if all(each is not None and each.shown for each in shown):
            changed = len(then[cell] ^ later[cell])
            assert changed == 0 or changed >= first.threshold
            compared += 1
        if (territory, component.split(".")[1]) == (place, audience) and "~" not in component:
            assert one not in then[cell] or not (shown[1] and shown[1].shown)
        if other in then[cell] and "#" not in cell:  # counted otherwise under the same number
            assert not all(each is not None and each.shown for each in shown), cell
    assert compared > 20
    found = verify_release(there, chief, own.release_id)
    assert found["erased"] == 1
    assert not found["figures"]


def test_few_newcomers_wait_for_the_next_release(
    own: Evaluated, there: House, chief: Actor
) -> None:
    """They would be the difference of two releases; who is in the first stays in the next."""
    with there.database.write() as session:
        sent = session.scalars(
            select(Response).where(
                Response.wave_id == 1,
                Response.territory == "MAY",
                Response.audience == "elderly",
                Response.submitted_at.is_not(None),
            )
        ).all()
        when = {each.id: each.submitted_at for each in sent[:3]}
        for each in sent[:3]:
            each.submitted_at = None
        for given_out in (ReleaseMembership, Download, Release):
            session.execute(delete(given_out))
    first = make_release(there, chief, make_cut(there, chief, 1))
    with there.database.write() as session:
        for number, at in when.items():
            session.execute(update(Response).where(Response.id == number).values(submitted_at=at))
    cut = make_cut(there, chief, 1)
    with there.database.read() as session:
        counts = session.get_one(DataCut, cut).counts
        held = set(unpack_numbers(session.get_one(DataCut, cut).membership).tolist())
    assert counts["waiting"] == {"MAY.elderly": 3}
    assert not held & when.keys()
    second = make_release(there, chief, cut)
    with there.database.read() as session:
        one, other = (session.get_one(Release, each).figures for each in (first, second))
    assert one == other


def test_the_job_makes_a_release_of_another_wave(there: House, chief: Actor) -> None:
    job = start_release(there, chief, 2)
    assert jobs.run(there, job)
    with there.database.read() as session:
        made = session.scalars(select(Release).order_by(Release.id.desc())).first()
        assert made is not None
        found = published(there.database, chief.programme_id, made.id)
    assert found is not None
    assert found.wave == "V2"


def test_the_protection_record_names_cells_and_no_person(own: Evaluated, there: House) -> None:
    with there.database.read() as session:
        release = session.get_one(Release, own.release_id)
        members = session.scalars(select(ReleaseMembership)).all()
    assert release.protection["cells"], "nothing is withheld: the example is too easy"
    for cell in release.protection["cells"]:
        assert set(cell) == {"territory", "component", "cause", "low", "high"}
        assert cell["high"] - cell["low"] > 0
    hidden = {(each["territory"], each["component"]) for each in release.protection["cells"]}
    told = 0
    table = ProtectedTable.from_dict(release.figures)
    for member in members:
        territory, component = member.cell.split("|")
        seen = seen_of(table, territory, component)
        if (territory, component) in hidden:
            assert seen is None or not seen.shown
        elif seen is not None and seen.shown:
            assert len(unpack_numbers(member.bitmap)) == seen.n
            told += 1
    assert told > 50
    given_out = json.dumps([release.figures, release.manifest])
    assert "complementary" not in given_out
    assert "dominated" not in given_out


def test_a_manifest_says_where_figures_come_from(own: Evaluated, there: House) -> None:
    with there.database.read() as session:
        manifest = session.get_one(Release, own.release_id).manifest
    assert manifest["people"]["invited"] > manifest["people"]["submitted"] > 0
    assert {each["code"] for each in manifest["frameworks"]} == {"NAT", "BDX", "MAY", "VAL"}
    assert len(manifest["files"]) == 16
    assert all("synthet" in name for name in manifest["files"])
    small = [each for each in manifest["cells"] if each["submitted"] is None]
    assert small, "a number of answers under the threshold is not told"


def test_who_may_not_is_refused_and_nothing_is_made(
    own: Evaluated, there: House, chief: Actor
) -> None:
    before = downloads(there)
    with pytest.raises(NotAllowed):
        make_cut(there, coordinator(chief, "MAY"), 1)
    with pytest.raises(NotAllowed):
        make_release(there, coordinator(chief, "MAY"), 1)
    with pytest.raises(NotFound):
        make_cut(there, chief, 99)
    nobody = Actor(chief.programme_id, chief.territories, (Grant(Role.REVIEWER, "FR"),))
    with pytest.raises(NotAllowed):
        hand_out(there, nobody, own.release_id, "csv", "fr")
    assert downloads(there) == before


def test_a_wave_that_never_opened_has_nothing_to_release(there: House, chief: Actor) -> None:
    from app.storage.waves import Wave

    with there.database.write() as session:
        session.execute(update(Wave).where(Wave.id == 2).values(opened_at=None))
    with pytest.raises(Conflict):
        start_release(there, chief, 2)


def test_a_coordinator_takes_away_the_own_territory_and_the_nation(
    own: Evaluated, there: House, chief: Actor
) -> None:
    name, content = hand_out(there, coordinator(chief, "MAY"), own.release_id, "csv", "fr")
    assert name.startswith("may-")
    places = {line.split(",")[0] for line in content.decode().splitlines()[1:]}
    assert places == {"FR", "MAY"}
    assert downloads(there)[-1] == name
