"""The extract: every kind of answer arrives as a column, and only what changed is read again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from builders import World, world
from sqlalchemy import update

from app.domain.conditions import Compare
from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, Status
from app.evaluation.conditions import where
from app.evaluation.plain_items import item_column
from app.evaluation.plan import ItemPlan
from app.evaluation.rectangle import Rectangle
from app.storage.answer_columns import CompletedRow, frame_of
from app.storage.bitmaps import pack_numbers, unpack_numbers
from app.storage.cut_rows import stretches
from app.storage.cuts import (
    Released,
    checksum_of,
    erased_since,
    forget_withdrawn,
    freeze,
    replaced,
)
from app.storage.database import now
from app.storage.extract import folder_of, refresh
from app.storage.extract_reading import File, columns, extracted
from app.storage.item_layout import ItemLayout
from app.storage.releases import DataCut
from app.storage.responses import Response, pack
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
        options:
          - {code: a, score: 1, text: {fr: A}}
          - {code: b, score: 5, text: {fr: B}}
          - {code: c, text: {fr: C}}
      - code: Q2
        type: choices
        text: {fr: Plusieurs}
        options: [{code: x, text: {fr: X}}, {code: y, text: {fr: Y}}, {code: z, text: {fr: Z}}]
      - {code: Q3, type: number, text: {fr: Combien}, limits: {minimum: 0, maximum: 20}}
      - {code: Q4, type: date, precision: year, text: {fr: Quand}}
      - {code: Q5, type: long_text, text: {fr: Dites}}
      - {code: Q7, type: place, text: {fr: Où}}
      - {code: Q6, type: number, text: {fr: Non montré}, shown_when: Q1 = b}
"""
PLACES = ("BDX", "FR")


def put(house: House, made: World, answers: dict[str, Any], **values: Any) -> int:
    """A completed response with this document's answers; its number."""
    moment = now()
    sittings = values.pop("sit", [{"role": "self", "lang": "fr"}])
    with house.database.write() as session:
        row = Response(
            **{
                "wave_id": made.wave_id,
                "territory": "BDX",
                "audience": "elderly",
                "instrument_id": made.instrument_id,
                "secret_digest": str(moment.timestamp()).encode() + str(answers).encode(),
                "body": pack({"a": answers, "sit": sittings, "v": 1}),
                "revision": 1,
                "started_at": moment,
                "saved_at": moment,
                "submitted_at": moment,
                **values,
            }
        )
        session.add(row)
        session.flush()
        return row.id


def set_(house: House, number: int, **values: Any) -> None:
    with house.database.write() as session:
        session.execute(update(Response).where(Response.id == number).values(**values))


@pytest.fixture
def made(house: House) -> World:
    return world(house, QUESTIONS, people=0)


def test_every_form_of_answer_becomes_a_column(house: House, made: World) -> None:
    first = put(
        house,
        made,
        {
            "Q1": {"v": "b"},
            "Q2": {"v": ["x", "z"]},
            "Q3": {"v": 7},
            "Q4": {"v": "1938"},
            "Q5": {"v": "des mots qui restent où ils sont"},
            "Q7": {"v": "44.83781 -0.57921 12 8"},
            "Q6": {"why": "skipped"},
        },
        weight=2.5,
        stratum="north",
        psu="case-1",
        channel="paper",
    )
    put(
        house,
        made,
        {
            "Q1": {"v": "c", "s": 1},
            "Q2": {"why": "not_concerned"},
            "Q3": {"why": "dont_know"},
            "Q4": {"why": "prefer_not"},
            "Q5": {"why": "skipped"},
            "Q7": {"why": "prefer_not"},
        },
        stratum="south",
        sit=[{"role": "self", "lang": "fr"}, {"role": "proxy", "lang": "en"}],
    )
    report = refresh(house.database, house.folder, made.wave_id)
    assert (report.read, report.files) == (2, 1)
    found = columns(folder_of(house.folder, made.wave_id), PLACES)[Audience.ELDERLY]
    items = found.answers.items
    assert items["Q1"].codes == ("a", "b", "c")
    assert items["Q1"].code.tolist() == [1, 2]
    assert items["Q1"].number[0] == 5
    assert np.isnan(items["Q1"].number[1])
    assert (items["Q1"].lowest, items["Q1"].highest) == (1, 5)
    assert items["Q2"].ticked is not None
    assert items["Q2"].ticked[0].tolist() == [True, False, True]
    assert items["Q2"].status.tolist() == [Status.VALUE, Status.NOT_CONCERNED]
    assert items["Q3"].number[0] == 7
    assert items["Q3"].status.tolist() == [Status.VALUE, Status.DONT_KNOW]
    assert items["Q4"].codes == ("1938",)
    assert np.isnan(items["Q4"].number).all(), "a year is a date"
    assert items["Q4"].status.tolist() == [Status.VALUE, Status.PREFER_NOT]
    assert items["Q6"].status.tolist() == [Status.SKIPPED, Status.NOT_SHOWN]
    who = found.respondents
    assert found.numbers[0] == first
    assert who.weight.tolist() == [2.5, 1.0]
    assert who.proxy.tolist() == [False, True]
    by_proxy = found.answers.by_proxy
    assert by_proxy is not None
    assert by_proxy.any_of({"Q1", "Q3"}).tolist() == [False, True]
    assert by_proxy.any_of({"Q3"}).tolist() == [False, False], "the person answered that one"
    assert [who.channels[each] for each in who.channel] == ["paper", "web"]
    assert who.stratum[0] != who.stratum[1]
    assert [who.territories[each] for each in who.territory] == ["BDX", "BDX"]
    assert items["Q7"].status.tolist() == [Status.VALUE, Status.PREFER_NOT]
    assert not items["Q7"].codes  # no figure can tell one place from another
    (kept,) = stretches(folder_of(house.folder, 1), frozenset({"BDX"}), frozenset({"elderly"}))
    assert kept.frame["Q7.written"].to_list() == ["44.8 -0.6", None]
    raw = b"".join(path.read_bytes() for path in folder_of(house.folder, 1).glob("*.parquet"))
    assert b"des mots" not in raw
    assert b"44.83" not in raw


def test_only_what_is_new_changed_or_gone_is_touched(house: House, made: World) -> None:
    numbers = [put(house, made, {"Q3": {"v": value}}) for value in range(4)]
    refresh(house.database, house.folder, made.wave_id)
    again = refresh(house.database, house.folder, made.wave_id)
    assert (again.read, again.files) == (0, 0)

    set_(house, numbers[0], body=pack({"a": {"Q3": {"v": 19}}, "sit": [], "v": 1}), revision=2)
    set_(house, numbers[1], withdrawn_at=now())
    set_(house, numbers[2], superseded_by=numbers[3])
    late = put(house, made, {"Q3": {"v": 9}}, submitted_at=now() - timedelta(days=3))
    report = refresh(house.database, house.folder, made.wave_id)
    assert report.read == 2
    found = columns(folder_of(house.folder, made.wave_id), PLACES)[Audience.ELDERLY]
    assert found.numbers.tolist() == [numbers[0], numbers[3], late]
    assert found.answers.items["Q3"].number.tolist() == [19, 3, 9]


def test_a_lost_file_is_made_again(house: House, made: World) -> None:
    put(house, made, {"Q3": {"v": 1}})
    refresh(house.database, house.folder, made.wave_id)
    folder = folder_of(house.folder, made.wave_id)
    before = checksum_of(folder)
    for path in folder.glob("*.parquet"):
        path.unlink()
    refresh(house.database, house.folder, made.wave_id)
    assert checksum_of(folder) == before


def test_the_last_response_gone_takes_its_file_along(house: House, made: World) -> None:
    number = put(house, made, {"Q3": {"v": 1}})
    refresh(house.database, house.folder, made.wave_id)
    set_(house, number, withdrawn_at=now())
    refresh(house.database, house.folder, made.wave_id)
    assert not list(folder_of(house.folder, made.wave_id).glob("*.parquet"))


def test_an_answer_that_no_option_has_stops_the_extract_without_telling_it(
    house: House, made: World
) -> None:
    put(house, made, {"Q1": {"v": "forged"}})
    with pytest.raises(ValueError, match="Q1") as caught:
        refresh(house.database, house.folder, made.wave_id)
    assert "forged" not in str(caught.value)


def test_a_cut_is_frozen_until_somebody_withdraws(house: House, made: World) -> None:
    numbers = [put(house, made, {"Q3": {"v": value}}) for value in range(3)]
    refresh(house.database, house.folder, made.wave_id)
    frozen = freeze(house.folder, made.wave_id)
    assert unpack_numbers(frozen.membership).tolist() == numbers
    with house.database.write() as session:
        session.add(
            DataCut(
                wave_id=made.wave_id,
                made_at=now(),
                membership=frozen.membership,
                counts={},
                extract=frozen.folder,
                checksum=frozen.checksum,
            )
        )
    put(house, made, {"Q3": {"v": 11}})
    refresh(house.database, house.folder, made.wave_id)
    assert checksum_of(house.folder / frozen.folder) == frozen.checksum
    assert freeze(house.folder, made.wave_id).folder != frozen.folder

    set_(house, numbers[1], withdrawn_at=now())
    with house.database.read() as session:
        assert forget_withdrawn(session, house.folder, made.wave_id) == 1
        cut = session.get_one(DataCut, 1)
    assert erased_since(house.folder, cut) == 1
    kept = columns(house.folder / frozen.folder, PLACES)[Audience.ELDERLY]
    assert numbers[1] not in kept.numbers


def test_a_correction_waits_for_others_and_what_it_corrects_stands(
    house: House, made: World
) -> None:
    numbers = [put(house, made, {"Q3": {"v": value}}) for value in range(3)]
    refresh(house.database, house.folder, made.wave_id)
    first = freeze(house.folder, made.wave_id)
    middle = put(house, made, {"Q3": {"v": 7}}, superseded_by=99)
    new = put(house, made, {"Q3": {"v": 8}})
    set_(house, numbers[0], superseded_by=middle)
    set_(house, middle, superseded_by=new)
    refresh(house.database, house.folder, made.wave_id)
    with house.database.read() as session:
        by = replaced(session, made.wave_id)
    assert by == {numbers[0]: new, middle: new}
    last = Released(np.array(numbers), house.folder / first.folder, by)

    waits = freeze(house.folder, made.wave_id, last, least=2)
    assert (waits.checksum, waits.waiting) == (first.checksum, {"BDX.elderly": 1})
    let_in = freeze(house.folder, made.wave_id, last, least=1)
    assert unpack_numbers(let_in.membership).tolist() == [*numbers[1:], new]
    set_(house, numbers[0], withdrawn_at=now())
    with house.database.read() as session:
        gone = Released(last.numbers, last.folder, replaced(session, made.wave_id))
    without = freeze(house.folder, made.wave_id, gone, least=2)
    assert unpack_numbers(without.membership).tolist() == numbers[1:]


def test_bitmaps_give_back_the_numbers() -> None:
    for numbers in ([], [0], [3, 1, 2], [1_000_000, 7]):
        assert unpack_numbers(pack_numbers(numbers)).tolist() == sorted(numbers)
    with pytest.raises(ValueError, match="negative"):
        pack_numbers([-1])


def test_more_different_dates_than_a_short_number_holds() -> None:
    """Birthdays of a hundred years, which options never are."""
    days = [(date(1920, 1, 1) + timedelta(n)).isoformat() for n in range(40_000)]
    layout = {"BORN": ItemLayout("written")}
    rows = [CompletedRow(n, 0, 1.0, "all", None, None, "web") for n in range(len(days))]
    bodies = (pack({"a": {"BORN": {"v": day}}, "sit": [], "v": 1}) for day in days)
    file = File("BDX", frame_of(rows, bodies, layout), layout)
    read = extracted({Audience.ELDERLY: [file]}, PLACES)[Audience.ELDERLY].answers
    table = Rectangle({"BORN": days}, range(2, len(days) + 2))
    offline = AnswerColumns(len(days), {"BORN": item_column(table, ItemPlan("BORN"))})
    for columns_of in (read, offline):
        young = where(Compare("BORN", ">=", "2020"), columns_of)
        assert young.sum() == sum(day >= "2020" for day in days)
