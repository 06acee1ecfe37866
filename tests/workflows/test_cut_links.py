"""A wave that cuts the link: once sent, nothing leads from answers to a person, or back."""

from __future__ import annotations

import io
from pathlib import Path

import collection
import pytest
from builders import World, world
from sqlalchemy import select, update

from app.domain.acceptance import Submitted
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.cuts import collection_counts
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.sample_counts import sample_counts
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.arrivals import import_responses
from app.workflows.collect import Sent, answer_page
from app.workflows.entering import Door, begin, enter
from app.workflows.leaving import receipt_code
from app.workflows.sample import issue_codes
from app.workflows.sending import submit, withdraw
from app.workflows.standing import standing
from app.workflows.waves import close_wave

ASKED = """
format: covalue/questionnaire/1
code: one
audience: elderly
languages: [fr]
title: {fr: Un}
sections:
  - code: s
    title: {fr: Un}
    items: [{code: A, type: text, text: {fr: A}}]
"""
ANSWER = "reference,territory,audience,E01,E02,E02_MAY\n"


@pytest.fixture
def cut(house: House) -> World:
    return world(house, ASKED, people=3, wave={"link_after_submission": "cut"})


def send(house: House, made: World, person: int) -> str:
    """Everything this person does, to the sending; the secret of the session."""
    secret = begin(house, digest(house.keys.lookup, made.codes[person]), Sitting(notice="1"))
    sent = Sent({"A": Submitted(("words",))}, {"A": ""}, f"a{person}")
    answer_page(house, standing(house, secret, f"a{person}"), "A", sent)
    submit(house, secret, f"s{person}")
    return secret


def test_sending_cuts_the_link_and_the_code_says_so(house: House, cut: World) -> None:
    before = enter(house, cut.codes[0], "192.0.2.1").door
    secret = send(house, cut, 0)
    submit(house, secret, "s0")  # once more: the same as once
    begin(
        house, digest(house.keys.lookup, cut.codes[1]), Sitting(notice="1")
    )  # not sent: still linked
    with house.database.read() as session:
        links = session.scalars(select(Response.participant_id).order_by(Response.id)).all()
        people = session.scalars(select(Participant).order_by(Participant.id)).all()
        counts = collection_counts(session, cut.wave_id)
    assert list(links) == [None, people[1].id]
    assert [person.answered for person in people] == [True, False, False]
    assert all(person.disposition_at is None for person in people)
    doors = [enter(house, code, "192.0.2.1").door for code in cut.codes]
    assert (before, doors) == (Door.OPEN, [Door.SENT, Door.OPEN, Door.OPEN])
    assert counts == {"BDX.elderly": {"invited": 3, "eligible": 3, "opened": 2}}


def test_a_link_that_is_kept_stays(house: House) -> None:
    kept = world(house, ASKED, people=1)
    send(house, kept, 0)
    with house.database.read() as session:
        assert session.scalars(select(Response.participant_id)).all() == kept.participants
        assert not session.scalars(select(Participant.answered)).one()
    assert enter(house, kept.codes[0], "192.0.2.1").door is Door.SENT


def test_answers_may_be_taken_back_until_the_closing(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path, link_after_submission="cut")
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    bring(house, wave_id, "A-1,MAY,elderly,yes,no,yes\n")
    with house.database.write() as session:
        session.execute(update(Response).values(withdrawal_digest=b"of a receipt"))
    close_wave(house, actor, wave_id)
    with house.database.read() as session:
        assert session.scalars(select(Response.withdrawal_digest)).all() == [None]


def test_a_withdrawn_answer_does_not_open_the_door_again(house: House, cut: World) -> None:
    secret = send(house, cut, 0)
    code = receipt_code(house, standing(house, secret, sent=True))
    assert code
    assert withdraw(house, code, "192.0.2.1").outcome == "withdrawn"
    assert enter(house, cut.codes[0], "192.0.2.1").door is Door.SENT


def bring(house: House, wave_id: int, lines: str) -> None:
    content = io.BytesIO((ANSWER + lines).encode())
    import_responses(house, collection.operator(house), wave_id, content)


@pytest.mark.parametrize("link", ["keep", "cut"])
def test_an_import_ends_codes_and_keeps_the_base_of_the_rate(
    house: House, tmp_path: Path, link: str
) -> None:
    wave_id = collection.opened(house, tmp_path, link_after_submission=link)
    collection.with_sample(house, wave_id)
    bring(house, wave_id, "A-1,MAY,elderly,yes,no,yes\n")
    scope = frozenset({"MAY", "BDX"})
    with house.database.read() as session:
        assert sample_counts(session, wave_id, scope).missing == 2
        counts = collection_counts(session, wave_id)
        assert session.get_one(Wave, wave_id).link_after_submission == link
    assert counts["MAY.elderly"] == {"invited": 2, "eligible": 2, "opened": 1}


@pytest.mark.parametrize("link", ["keep", "cut"])
def test_answers_of_people_whom_no_sample_names_have_no_rate(
    house: House, tmp_path: Path, link: str
) -> None:
    wave_id = collection.opened(house, tmp_path, link_after_submission=link)
    collection.with_sample(house, wave_id)
    bring(house, wave_id, "A-1,MAY,elderly,yes,no,yes\nN-1,MAY,elderly,no,,\n")
    with house.database.read() as session:
        counts = collection_counts(session, wave_id)
    assert counts["MAY.elderly"] == {"invited": 0, "eligible": 0, "opened": 2}
    assert counts["BDX.elderly"] == {"invited": 1, "eligible": 1, "opened": 0}
