"""Non-response cells of a closed wave: proposed, accepted, in the next release, in its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from sqlalchemy import func, select, update

from app.domain.errors import BadInput, Conflict, NotAllowed
from app.domain.permissions import Grant, Role
from app.factory import create_app
from app.settings import from_environment
from app.storage.audit import AuditEntry
from app.storage.participants import Participant
from app.storage.published import published
from app.storage.releases import DataCut
from app.storage.response_cells import ResponseCellsRow
from app.storage.responses import Response
from app.storage.waves import Wave
from app.workflows.accounts import operator
from app.workflows.acting import Actor, House
from app.workflows.evaluate import make_cut, make_release
from app.workflows.response_cells import (
    CellChoice,
    PlaceCells,
    accept,
    accept_all,
    refuse,
    response_cells,
)
from app.workflows.weight_sheet import WEIGHTS, weight_rows
from app.workflows.weighting_report import weighting_now

HERE = ("MAY", "elderly")
CHOICE = CellChoice(fewest=12)


@pytest.fixture
def there(evaluated: Evaluated, tmp_path: Path, catalogues: None) -> Evaluated:
    """In MAY a third of the elderly people of the north did not answer, who did elsewhere."""
    there = evaluated.copied(tmp_path / "own")
    with there.house().database.write() as session:
        north = (
            (Participant.territory == "MAY")
            & (Participant.audience == "elderly")
            & (Participant.stratum == "north")
        )
        more = session.scalars(
            select(Participant).where(north).order_by(Participant.id).limit(15)
        ).all()
        for number, one in enumerate(more):  # drawn as well, and silent
            session.add(
                Participant(
                    wave_id=one.wave_id,
                    reference=f"silent-{number}",
                    territory="MAY",
                    audience="elderly",
                    stratum="north",
                    sub_area=one.sub_area,
                    weight=one.weight,
                    created_at=one.created_at,
                    disposition="ineligible" if number == 0 else None,
                )
            )
    return there


@pytest.fixture
def house(there: Evaluated) -> House:
    return there.house()


@pytest.fixture
def chief(house: House) -> Actor:
    return operator(house, "DEMO")


def at(house: House, actor: Actor, choice: CellChoice = CHOICE) -> PlaceCells:
    places = response_cells(house, actor, 1, choice).places
    return next(each for each in places if (each.territory, each.audience) == HERE)


def test_what_is_accepted_weighs_the_next_release_and_is_said_in_it(
    there: Evaluated, house: House, chief: Actor
) -> None:
    found = at(house, chief)
    with house.database.read() as session:
        people = (Participant.territory == "MAY") & (Participant.audience == "elderly")
        drawn = session.scalar(select(func.count()).where(people, Participant.wave_id == 1))
    assert drawn is not None
    assert sum(each.eligible for each in found.cells) == drawn - 1  # the ineligible one
    assert len(found.cells) == 2
    accept(house, chief, 1, HERE, CHOICE, found.mark)
    with house.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "cells.decide")).one()
    assert entry.territory == "MAY"
    assert entry.details == {"audience": "elderly", "accepted": True, "cells": 2}
    number = make_release(house, chief, make_cut(house, chief, 1))
    assert number != there.release_id
    seen = published(house.database, 1, number)
    assert seen is not None
    told = {(e["territory"], e["audience"]): e for e in seen.manifest["weights"]}
    assert "response_cells" not in told["BDX", "elderly"]
    said = told[HERE]["response_cells"]
    assert [each["factor"] for each in said["cells"]] == [each.factor for each in found.cells]
    sheet = [row[WEIGHTS.index("response_cells")] for row in weight_rows(seen, {}, "fr")]
    assert [str(each).count(" × ") for each in sheet if each] == [2]
    assert told[HERE]["start"]["n"] == sum(each.answered for each in found.cells)
    total = sum(each.weight for each in found.cells)
    assert told[HERE]["final"]["mean"] * told[HERE]["final"]["n"] == pytest.approx(total)
    assert told[HERE]["final"]["deff"] == pytest.approx(said["deff"])
    with house.database.read() as session:
        cut = session.scalars(select(DataCut).order_by(DataCut.id.desc())).first()
        assert cut is not None
        (frozen,) = cut.counts["weighting"]["cells"]
    assert (frozen["territory"], frozen["audience"]) == HERE


def test_only_an_evaluator_decides_on_a_closed_wave_and_on_what_was_seen(
    house: House, chief: Actor
) -> None:
    found = at(house, chief)
    basile = Actor(1, chief.territories, (Grant(Role.TERRITORY_COORDINATOR, "MAY"),))
    with pytest.raises(NotAllowed):
        accept(house, basile, 1, HERE, CHOICE, found.mark)
    with pytest.raises(Conflict):
        accept(house, chief, 1, HERE, CellChoice(fewest=13), found.mark)
    others = response_cells(house, chief, 1, CHOICE).places  # of professionals: one way only
    plain = response_cells(house, chief, 1).places
    assert [e for e in others if e.audience == "professional"] == [
        e for e in plain if e.audience == "professional"
    ]
    for wrong in (CellChoice((), 20), CellChoice(("E1",), 20), CellChoice(fewest=4)):
        with pytest.raises(BadInput):
            response_cells(house, chief, 1, wrong)
    with pytest.raises(BadInput):
        refuse(house, chief, 1, HERE, "  ")
    refuse(house, chief, 1, HERE, "The north was drawn twice.")
    assert make_cut(house, chief, 1) == make_cut(house, chief, 1)
    accept(house, chief, 1, HERE, CHOICE, at(house, chief).mark)
    refuse(house, chief, 1, HERE, "The north was drawn twice.")
    with house.database.read() as session:
        rows = session.scalars(select(ResponseCellsRow)).all()
    assert [each.superseded_at is None for each in rows] == [False, False, True]
    report = next(
        e for e in weighting_now(house, chief, 1).reports if (e["territory"], e["audience"]) == HERE
    )
    assert "response_cells" not in report
    accept(house, chief, 1, HERE, CHOICE, at(house, chief).mark)
    with house.database.write() as session:
        session.execute(
            update(Response)
            .where(Response.territory == "MAY", Response.audience == "elderly")
            .values(stratum="elsewhere", extracted_revision=None)
        )
    faults = weighting_now(house, chief, 1).faults
    assert {each.place for each in faults} >= {"MAY elderly cells: elsewhere|"} or any(
        each.place.startswith("MAY elderly cells: elsewhere|") for each in faults
    )
    with house.database.write() as session:
        session.execute(update(Wave).where(Wave.id == 1).values(closed_at=None))
    assert not response_cells(house, chief, 1).closed
    assert not weighting_now(house, chief, 1).faults
    with pytest.raises(Conflict):
        refuse(house, chief, 1, HERE, "Open again.")


def test_the_page_shows_the_effect_before_and_the_decision_after(there: Evaluated) -> None:
    visitor = there.browser(EVALUATOR)
    page = visitor.get("/office/waves/1")
    assert "Cellules de non-réponse" in page.words
    page = visitor.get("/office/waves/1/cells?variables=stratum&fewest=12")
    assert "Effet de Kish des poids" in page.words
    assert "peu nombreux et se connaissent" in page.words
    form = next(f for f in page.soup.select("form") if f.select_one('[value="MAY.elderly"]'))
    sent = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
    address = "/office/waves/1/cells"
    stale = visitor.client.post(address, data=sent | {"mark": "0"})
    assert stale.status_code == 422
    assert "ont changé depuis" in stale.get_data(as_text=True)
    refused = visitor.client.post(address, data=sent | {"refuse": "1", "reason": ""})
    assert refused.status_code == 422
    assert visitor.client.post(address, data=sent).status_code == 303
    assert "cellules ont été acceptées" in visitor.get(f"{address}?done=1").words
    assert visitor.client.get(f"{address}?fewest=2").status_code == 422
    other = there.browser(COORDINATOR)
    page = other.get(address)
    assert "Bordeaux" not in page.words
    assert "Accepter ces cellules" not in page.words
    app = create_app(from_environment(there.environment), "office")
    words = ["weighting", "cells", "V1", "--by", "stratum", "--fewest", "12"]
    words += ["--refuse", "MAY.elderly", "--reason", "Drawn twice."]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    places = json.loads(done.output)["places"]
    here = next(e for e in places if (e["territory"], e["audience"]) == HERE)
    assert here["decided"] == "refused: Drawn twice."
    assert len(here["response_cells"]["cells"]) == 2


def test_cells_are_joined_by_hand_with_a_reason(there: Evaluated, house: House) -> None:
    visitor, address = there.browser(EVALUATOR), "/office/waves/1/cells"
    (alike,) = at(house, operator(house, "DEMO")).cells[1].groups
    with house.database.write() as session:  # half of them live in a valley: a third cell
        people = (Participant.territory == "MAY") & (Participant.audience == "elderly")
        people &= Participant.stratum == alike.category[0]
        some = select(Participant.id).where(people).order_by(Participant.id).limit(22)
        session.execute(
            update(Participant).where(Participant.id.in_(some)).values(sub_area="valley")
        )
        sent = (Response.territory == "MAY") & (Response.audience == "elderly")
        sent &= (Response.stratum == alike.category[0]) & Response.submitted_at.is_not(None)
        half = select(Response.id).where(sent).order_by(Response.id).limit(12)
        session.execute(
            update(Response)
            .where(Response.id.in_(half))
            .values(sub_area="valley", extracted_revision=None)
        )
    page = visitor.get(f"{address}?variables=sub_area&fewest=12")
    form = next(f for f in page.soup.select("form") if f.select_one('[name="joined"]'))
    given = {str(each["name"]): str(each["value"]) for each in form.select("[type=hidden]")}
    given["join"] = "1"
    refused = visitor.client.post(address, data=given | {"joined": ["0"], "joining": " "})
    assert refused.status_code == 422
    words = refused.get_data(as_text=True)
    assert "Il faut une raison" in words
    assert "deux cellules ou plus" in words
    whole = given | {"joined": ["0", "1"], "joining": "Les mêmes tournées."}
    assert visitor.client.post(address, data=whole).status_code == 303
    assert "Les mêmes tournées." in visitor.get(address).words
    with house.database.read() as session:
        row = session.scalars(select(ResponseCellsRow)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "cells.decide")).one()
    assert len(row.cells) == len(form.select('[name="joined"]')) - 1
    assert entry.details["joined_by_hand"] is True
    reports = weighting_now(house, operator(house, "DEMO"), 1).reports
    told = next(
        e for e in reports if (e["territory"], e["audience"]) == (row.territory, row.audience)
    )
    assert len(told["response_cells"]["cells"]) == len(row.cells)


def test_cells_of_professionals_are_made_in_one_way_only(house: House, chief: Actor) -> None:
    with house.database.write() as session:  # as many, in two sub-areas, as the elderly were
        for row in (Participant, Response):
            elderly = (row.territory == "MAY") & (row.audience == "elderly")
            half = select(row.id).where(elderly & (row.id % 2 == 0))
            session.execute(update(row).where(row.id.in_(half)).values(sub_area="valley"))
            session.execute(update(row).where(elderly).values(audience="professional"))

    def cells(choice: CellChoice | None = None) -> PlaceCells:
        places = response_cells(house, chief, 1, choice).places
        return next(e for e in places if (e.territory, e.audience) == ("MAY", "professional"))

    plain = cells()
    assert len(plain.cells) > 1
    for other in (CHOICE, CellChoice(("sub_area",), 20), CellChoice(("stratum",), 12)):
        assert cells(other) == plain
    accept(house, chief, 1, ("MAY", "professional"), CHOICE, plain.mark)
    with house.database.read() as session:
        row = session.scalars(select(ResponseCellsRow)).one()
    assert (tuple(row.variables), row.fewest) == (CellChoice().variables, CellChoice().fewest)
    assert len(row.cells) == len(plain.cells)


def test_all_that_waits_is_accepted_as_it_was_seen(house: House, chief: Actor) -> None:
    places = response_cells(house, chief, 1, CHOICE).places
    marks = {(each.territory, each.audience): each.mark for each in places if each.is_free}
    with pytest.raises(Conflict):
        accept_all(house, chief, 1, CHOICE, marks | {HERE: "another"})
    refuse(house, chief, 1, HERE, "Autrement")
    assert accept_all(house, chief, 1, CHOICE, marks) == len(marks) - 1 > 0
    assert not any(each.is_free for each in response_cells(house, chief, 1, CHOICE).places)
