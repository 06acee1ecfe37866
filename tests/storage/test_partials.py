"""Unsent answers count in a closed wave whose rule takes them, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from builders import World, world
from sqlalchemy import update

from app.domain.questionnaire import Audience
from app.evaluation.columns import Status
from app.storage.cuts import freeze
from app.storage.database import now
from app.storage.extract import folder_of, refresh
from app.storage.extract_reading import Extracted, columns
from app.storage.participants import Participant
from app.storage.responses import Response, pack
from app.storage.waves import Wave
from app.workflows.acting import House

QUESTIONS = """
format: covalue/questionnaire/1
code: tiny
audience: elderly
languages: [fr]
title: {fr: Essai}
sections:
  - code: s
    title: {fr: Partie}
    items:
      - code: Q1
        type: choice
        text: {fr: Un choix}
        options: [{code: yes, text: {fr: Oui}}, {code: no, text: {fr: Non}}]
      - {code: Q2, type: number, text: {fr: Si oui}, shown_when: Q1 = yes}
      - code: Q3
        type: choice
        text: {fr: Un autre}
        options: [{code: yes, text: {fr: Oui}}, {code: no, text: {fr: Non}}]
      - {code: Q4, type: number, text: {fr: Si oui}, shown_when: Q3 = yes}
"""


@pytest.fixture
def made(house: House) -> World:
    return world(house, QUESTIONS, people=2, wave={"partials_from": 50})


def begun(house: House, made: World, answers: dict[str, Any], **values: Any) -> int:
    """A response consented to and never sent; its number."""
    moment = now()
    usual: dict[str, Any] = {
        "wave_id": made.wave_id,
        "territory": "BDX",
        "audience": "elderly",
        "instrument_id": made.instrument_id,
        "secret_digest": f"{moment.timestamp()}{answers}".encode(),
        "body": pack({"a": answers, "sit": [{"role": "self", "lang": "fr"}], "v": 1}),
        "revision": 1,
        "consented_at": moment,
        "started_at": moment,
        "saved_at": moment,
    }
    with house.database.write() as session:
        row = Response(**(usual | values))
        session.add(row)
        session.flush()
        return row.id


def close(house: House, made: World, **values: Any) -> None:
    with house.database.write() as session:
        session.execute(
            update(Wave).where(Wave.id == made.wave_id).values(closed_at=now(), **values)
        )


def extracted(house: House, made: World) -> Extracted | None:
    refresh(house.database, house.folder, made.wave_id)
    return columns(folder_of(house.folder, made.wave_id), ("BDX",)).get(Audience.ELDERLY)


NO = {"Q1": {"v": "no"}}  # one of two pages: half


def test_an_open_wave_uses_only_what_was_sent(house: House, made: World) -> None:
    begun(house, made, NO)
    assert extracted(house, made) is None


def test_a_closed_wave_uses_what_reaches_its_share_and_says_so(house: House, made: World) -> None:
    sent = begun(house, made, NO | {"Q3": {"v": "no"}}, submitted_at=now())
    half = begun(house, made, NO)
    begun(house, made, {"Q1": {"v": "yes"}})  # one of three pages
    close(house, made)
    found = extracted(house, made)
    assert found is not None
    assert found.numbers.tolist() == [sent, half]
    frozen = freeze(house.folder, made.wave_id)
    assert (frozen.submitted, frozen.partial) == ({"BDX.elderly": 1}, {"BDX.elderly": 1})
    assert refresh(house.database, house.folder, made.wave_id).files == 0


def test_without_the_rule_nothing_unsent_counts(house: House, made: World) -> None:
    begun(house, made, NO)
    close(house, made, partials_from=None)
    assert extracted(house, made) is None


def test_what_was_not_reached_is_passed_and_not_unshown(house: House, made: World) -> None:
    """Q2 was ruled out by an answer; whether Q4 would have been shown is not known."""
    begun(house, made, NO | {"Q2": {"v": 3}})  # Q2: answered before Q1 was changed
    close(house, made)
    found = extracted(house, made)
    assert found is not None
    status = {item: column.status.tolist() for item, column in found.answers.items.items()}
    assert status == {
        "Q1": [Status.VALUE],
        "Q2": [Status.NOT_SHOWN],
        "Q3": [Status.SKIPPED],
        "Q4": [Status.SKIPPED],
    }


@pytest.mark.parametrize("ended", ["consented_at", "refused_at", "withdrawn_at"])
def test_who_did_not_agree_or_took_back_does_not_count(
    house: House, made: World, ended: str
) -> None:
    begun(house, made, NO, **{ended: None if ended == "consented_at" else now()})
    close(house, made)
    assert extracted(house, made) is None


def test_who_said_no_later_does_not_count(house: House, made: World) -> None:
    person, other = made.participants
    begun(house, made, NO, participant_id=person)
    kept = begun(house, made, NO, participant_id=other)
    with house.database.write() as session:
        session.get_one(Participant, person).disposition = "refused"
        session.get_one(Participant, other).disposition = "in_hospital"
    close(house, made)
    found = extracted(house, made)
    assert found is not None
    assert found.numbers.tolist() == [kept]
