"""The demonstration reaches every corner that a real programme has (and says it is synthetic)."""

from __future__ import annotations

import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.domain.answers import Answer
from app.domain.questionnaire import Why
from app.domain.routing import path_through
from app.protection.codes import typed
from app.storage.database import Database
from app.storage.instruments import compiled
from app.storage.participants import Participant
from app.storage.responses import Response, answers_in, unpack
from app.storage.waves import Wave
from app.workflows import demonstration
from app.workflows.acting import House
from app.workflows.demonstration import Shown
from app.workflows.programmes import load_programme

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[tuple[House, Shown]]:
    """The shipped programme, filled once for all tests of this file."""
    from conftest import SECRET

    from app.protection.keys import Keys

    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copyfile(_sqlite_template, folder / "covalue.sqlite")
    database = Database(make_url(f"sqlite:///{folder / 'covalue.sqlite'}"))
    house = House(database, Keys.derive(SECRET), folder, demonstration=True)
    load_programme(house, ROOT, synthetic=True)
    yield house, demonstration.fill(house, ROOT)
    database.dispose()


@pytest.fixture(scope="module")
def responses(filled: tuple[House, Shown]) -> list[Response]:
    with filled[0].database.read() as session:
        return list(session.scalars(select(Response)))


def test_three_codes_and_the_staff_are_shown_again_at_the_next_start(
    filled: tuple[House, Shown],
) -> None:
    house, shown = filled
    assert set(shown.codes) == {"elderly", "family", "professional"}
    assert all(typed(code) for code in shown.codes.values())
    assert len(shown.staff) == 4
    kept = house.folder / demonstration.SHOWN
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert demonstration.fill(house, ROOT) == shown


def test_two_waves_ask_the_same_people(filled: tuple[House, Shown]) -> None:
    with filled[0].database.read() as session:
        waves = session.scalars(select(Wave).order_by(Wave.id)).all()
        people = [
            set(session.scalars(select(Participant.reference).where(Participant.wave_id == w.id)))
            for w in waves
        ]
    assert [wave.state for wave in waves] == ["closed", "open"]
    assert people[0] == people[1]


def test_groups_of_every_size(responses: list[Response]) -> None:
    sizes = Counter((r.wave_id, r.territory, r.audience) for r in responses if r.submitted_at)
    first = {key[1:]: n for key, n in sizes.items() if key[0] == 1}
    assert len(first) == 27
    assert any(n < 11 for n in first.values())
    assert any(11 <= n < 30 for n in first.values())
    assert any(n > 100 for n in first.values())


def test_every_way_of_answering(responses: list[Response]) -> None:
    sittings = [s for r in responses for s in unpack(r.body)["sit"]]
    assert {s["role"] for s in sittings} == {"self", "helped", "proxy"}
    assert {s["lang"] for s in sittings} == {"fr", "en"}
    assert {r.channel for r in responses} == {"web", "paper"}
    assert any(r.submitted_at is None for r in responses)
    assert len({r.weight for r in responses}) > 1
    psus = Counter((r.wave_id, r.psu) for r in responses if r.psu)
    assert any(n > 1 for n in psus.values()), "an elderly person and the family are one case"


def test_every_reason_for_no_value_and_items_not_shown(
    filled: tuple[House, Shown], responses: list[Response]
) -> None:
    reasons: set[Why] = set()
    not_shown = 0
    for response in responses[:400]:
        answers = answers_in(unpack(response.body))
        reasons |= {a.why for a in answers.values() if a.why is not None}
        questionnaire = compiled(filled[0].database, response.instrument_id)
        not_shown += len(questionnaire.question_by_item.keys() - answers.keys())
    assert reasons == set(Why)
    assert not_shown


def test_answers_stand_on_the_path_only(
    filled: tuple[House, Shown], responses: list[Response]
) -> None:
    for response in responses[::25]:
        document = unpack(response.body)
        answers: dict[str, Answer] = answers_in(document)
        questionnaire = compiled(filled[0].database, response.instrument_id)
        path = path_through(questionnaire, answers, document["sit"][0]["role"])
        assert answers.keys() <= path.items
        if response.submitted_at:
            assert answers.keys() == path.items


def test_everybody_answers_the_question_that_groups_are_told_apart_by(
    responses: list[Response],
) -> None:
    """One to three carers of a territory without a group would withhold its groups from all."""
    sent = [each for each in responses if each.audience == "family" and each.submitted_at]
    assert len(sent) > 500
    assert {answers_in(unpack(each.body))["FHOME"].value for each in sent} == {"yes", "no"}


def test_families_in_mayenne_name_professionals_and_are_asked_about_each(
    responses: list[Response],
) -> None:
    named = Counter[int]()
    for response in responses:
        if (response.territory, response.audience) == ("MAY", "family") and response.submitted_at:
            answers = answers_in(unpack(response.body))
            names = [answers[item] for item in answers if item.startswith("QMAY4_")]
            named[len(names)] += 1
            assert {len(one.entry) for one in names} <= {10}
            assert sum(item.startswith("QMAY6_") for item in answers) == len(names)
            assert ("QMAY7" in answers) == (len(names) > 1)
    assert set(named) == {0, 1, 2, 3}


def test_people_who_did_not_answer_are_told_apart(filled: tuple[House, Shown]) -> None:
    with filled[0].database.read() as session:
        dispositions = Counter(session.scalars(select(Participant.disposition)))
    assert {"refused", "moved", "deceased", "in_hospital", "do_not_contact"} <= dispositions.keys()
