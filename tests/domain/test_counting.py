"""Conditions that count: years since a date, to the day it was answered; the signs of a text."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given as always
from hypothesis import settings as examples
from hypothesis import strategies as st
from tiny import given

from app.definitions.conditions import parse_condition, write_condition
from app.definitions.files import read_questionnaire
from app.domain.answers import Answer
from app.domain.condition_rows import condition_of, rows_of
from app.domain.conditions import All, Compare, Condition, Counted, Operand, holds
from app.domain.conditions import Any as AnyOf
from app.domain.counting import counted
from app.domain.keying import Typed, judge
from app.domain.paper import numbers
from app.domain.possibilities import Possibilities
from app.domain.questionnaire import Questionnaire
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import path_through
from app.domain.walks import walked
from app.interchange.csv_reading import Line
from app.print.routing_words import Routing
from app.workflows.judging import judge as judge_line

YAML = """
format: covalue/questionnaire/1
code: AGES
audience: family
title: {fr: Âges, en: Ages}
languages: [fr, en]
sections:
  - code: S
    title: {fr: Vous, en: You}
    items:
      - code: BORN
        type: date
        text: {fr: Quand êtes-vous né ?, en: When were you born?}
      - code: OLD
        type: text
        text: {fr: Depuis la retraite ?, en: Since retirement?}
        shown_when: years since BORN >= 65
      - code: MORE
        type: information
        text: {fr: Merci de ces mots., en: Thank you for these words.}
        shown_when: length of OLD > 3
"""


@pytest.fixture(scope="module")
def ages() -> Questionnaire:
    return read_questionnaire(YAML)


@pytest.mark.parametrize(
    ("unit", "written", "on", "number"),
    [
        ("years", "1961-06-15", "2026-06-14", 64),
        ("years", "1961-06-15", "2026-06-15", 65),
        ("years", "2008-02-29", "2026-02-28", 17),
        ("years", "2008-02-29", "2026-03-01", 18),
        ("years", "1961", "2026-01-01", 65),
        ("years", "1961-06", "2026-06-01", 65),
        ("years", "2026-06-15", "2026-06-14", -1),
        ("months", "2026-01-31", "2026-02-28", 0),
        ("months", "2026-01-31", "2026-03-01", 1),
        ("days", "2024-02-28", "2024-03-01", 2),
        ("days", "2026-06-15", "2026-06-14", -1),
        ("length", "Été", "", 3),
        ("years", "1961-06-15", "", None),
        ("years", "1961-02-30", "2026-01-01", None),
    ],
)
def test_whole_years_months_and_days_are_counted(
    unit: str, written: str, on: str, number: int | None
) -> None:
    assert counted(unit, written, on) == number  # type: ignore[arg-type]


@always(st.dates(), st.integers(0, 40_000))
def test_each_unit_agrees_with_the_calendar(born: date, days: int) -> None:
    try:
        on = born + timedelta(days)
    except OverflowError:
        return
    years = counted("years", born.isoformat(), on.isoformat())
    assert years is not None
    birthdays = [born.year + n for n in (years, years + 1)]
    reached = [(on.year, on.month, on.day) >= (y, born.month, born.day) for y in birthdays]
    assert reached == [True, False]
    assert counted("days", born.isoformat(), on.isoformat()) == days


def test_the_path_hangs_on_the_day_of_the_answer_and_never_on_today(ages: Questionnaire) -> None:
    def asked(at: str, **more: str) -> list[str]:
        born = {"BORN": Answer("1961-06-15", at=at)}
        return [page.code for page in path_through(ages, born | given(**more)).pages]

    assert asked("2026-06-14T21:00:00+00:00") == ["BORN"]
    assert asked("2026-06-15T07:00:00+00:00") == ["BORN", "OLD"]
    assert asked("2026-06-15T07:00:00+00:00", OLD="oui") == ["BORN", "OLD"]
    assert asked("2026-06-15T07:00:00+00:00", OLD="enfin") == ["BORN", "OLD", "MORE"]


@pytest.mark.parametrize(
    "written",
    [
        "years since BORN >= 65",
        "months since BORN < 6",
        "days since BORN != 0",
        "length of OLD > 3",
    ],
)
def test_files_and_rows_of_a_form_keep_them(written: str) -> None:
    condition = parse_condition(written)
    assert write_condition(condition) == written
    assert condition_of(*rows_of(condition)) == condition


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ("years since BORN >= 65", None),
        ("length of BORN >= 3", "not_counted"),
        ("years since BORN >= sixty", "not_a_bound"),
        ("{all: [years since BORN >= 65, years since BORN < 60]}", "never_holds"),
        ("{all: [years since BORN >= 65, months since BORN < 780]}", "never_holds"),
        ("{all: [years since BORN >= 65, days since BORN < 23745]}", None),
        ("{all: [years since BORN < 18, BORN > 2000]}", None),
        ("{not: years since BORN >= 65}", "not_of_empty"),
    ],
)
def test_the_checker_knows_what_can_be(condition: str, rule: str | None) -> None:
    found = read_questionnaire(YAML.replace("years since BORN >= 65", condition))
    rules = {one.rule for one in check_questionnaire(found)}
    told = rules & {"not_counted", "not_a_bound", "never_holds", "not_of_empty"}
    assert rule in told if rule else not told


counts = st.builds(
    Counted,
    st.just("BORN"),
    st.sampled_from(("years", "months", "days")),
    st.sampled_from(("=", "!=", "<", "<=", ">", ">=")),
    st.sampled_from(("-1", "0", "1", "17.5", "18", "65", "216", "780", "6575", "23741")),
)
dates = st.builds(
    Compare,
    st.just("BORN"),
    st.sampled_from(("<", "<=", ">", ">=")),
    st.sampled_from(("1961", "1961-05", "1961-05-31", "2008-02-29", "2026")),
)
several = st.lists(counts | dates, min_size=1, max_size=3).map(tuple)
DAYS = [(date(1920, 1, 1) + timedelta(n)).isoformat() for n in range(40_000)]
ANSWERED = ("2026-01-15", "2024-02-29", "2027-01-01", "2030-06-15")


@always(st.builds(All, several) | st.builds(AnyOf, several))
@examples(max_examples=60)
def test_nothing_that_can_be_is_called_impossible(condition: Condition) -> None:
    """Over every day of a hundred years, answered on days that the checker does not try itself."""
    written = json.dumps(write_condition(condition))
    found = read_questionnaire(YAML.replace("years since BORN >= 65", written))
    if not Possibilities(found).can_hold(condition):
        for day in ANSWERED:
            assert not any(
                holds(condition, lambda _item, born=born, day=day: Operand((born,), day=day))
                for born in DAYS
            )


@pytest.mark.parametrize("written", ["1234567", "-1000001", "12345.678"])
def test_large_numbers_can_be_given_too(written: str) -> None:
    asked = YAML.replace("type: date", "type: number\n        limits: {decimals: 3}")
    asked = asked.replace("years since BORN >= 65", f"BORN = {written}")
    rules = {one.rule for one in check_questionnaire(read_questionnaire(asked))}
    assert "never_holds" not in rules


def test_limits_of_a_date_and_a_text_count_too() -> None:
    young = YAML.replace("born?}", "born?}\n        limits: {minimum: 2000-01-01}")
    assert "never_holds" not in {one.rule for one in check_questionnaire(read_questionnaire(young))}
    short = YAML.replace("retirement?}", "retirement?}\n        limits: {max_length: 3}")
    assert "never_holds" in {one.rule for one in check_questionnaire(read_questionnaire(short))}


def test_walks_give_an_example_with_its_day(ages: Questionnaire) -> None:
    old, more = (page for page in walked(ages) if page.page.code in ("OLD", "MORE"))
    assert old.by == (("BORN", "1961-01-14"),)
    assert old.roles == ("self", "proxy")
    assert more.by
    assert more.roles


def test_nothing_is_counted_where_there_is_no_answer() -> None:
    condition = Counted("A", "length", "<", "3")
    assert not holds(condition, lambda _item: None)
    assert holds(condition, lambda _item: Operand(("ab",)))


def test_sheets_and_lines_count_to_the_day_they_are_kept_with(ages: Questionnaire) -> None:
    typed = {"BORN": Typed("15/6/1961"), "OLD": Typed("enfin")}
    cells = {"BORN": "1961-06-15", "OLD": "enfin"}
    for day, asked in (("2026-06-14", False), ("2026-06-15", True)):
        at = f"{day}T09:00:00+00:00"
        keyed = judge(ages, ages.sections[0], typed, {}, "self", at)
        assert (keyed.faults, "OLD" in keyed.answers) == ((), asked)
        assert {answer.at for answer in keyed.answers.values()} == {at}
        line = judge_line(ages, Line(2, cells), tuple(cells), "self", at)
        assert (line.faults, "OLD" in line.answers, "OLD" in line.dropped) == ((), asked, not asked)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_paper_says_what_is_counted(ages: Questionnaire, language: str) -> None:
    said = Routing(ages, numbers(ages), language, {})
    wanted = {
        "fr": "vous comptez 65 ans ou plus depuis la date de la question 1",
        "en": "you count 65 years or more since the date of question 1",
    }
    assert wanted[language] in said.only_if(Counted("BORN", "years", ">=", "65"))
    assert "3" in said.only_if(Counted("OLD", "length", ">", "3"))
