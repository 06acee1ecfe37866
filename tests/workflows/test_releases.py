"""Data cuts and releases: the same cut gives the same bytes; nothing small is given out twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluated import EVALUATOR, Evaluated
from sqlalchemy import delete, select, update

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.permissions import Grant, Role
from app.evaluation.tables import ProtectedTable
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
from app.workflows.memberships import NotYet


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
    cut = make_cut(there, chief, 1)
    with pytest.raises(NotYet) as refused:
        make_release(there, chief, cut)
    assert refused.value.cells > 0
    found = verify_release(there, chief, own.release_id)
    assert found["erased"] == 1
    assert not found["figures"]
    with there.database.read() as session:
        assert len(session.scalars(select(Release)).all()) == 1


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
    shown = {(each["territory"], each["component"]) for each in release.protection["cells"]}
    table = ProtectedTable.from_dict(release.figures)
    for member in members:
        territory, component = member.cell.split("|")
        assert (territory, component) not in shown
        if component.startswith("~"):  # beside the frameworks: ~KIND.CODE.AUDIENCE
            kind, *code, audience = component[1:].split(".")
            seen = table.one(territory, None, kind, ".".join(code), audience)
        else:
            indicator, audience, *side = component.split(".")
            seen = table.one(territory, None, "component", ".".join([indicator, *side]), audience)
        assert seen is not None
        assert len(unpack_numbers(member.bitmap)) == seen.n
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
