"""The path: every operator, batteries, proxies, and what holds for any answers."""

from __future__ import annotations

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from tiny import NAMES, codes, given, survey

from app.definitions.files import read_questionnaire
from app.domain.answers import Answer, Value
from app.domain.questionnaire import Kind, Question, Why
from app.domain.routing import first_open, on_path, path_through


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        (given(), {"NOT"}),
        (given(A1="1"), {"NE", "ONE_OF", "ANY"}),
        (given(A1="2"), {"EQ", "GE", "NOT"}),
        (given(A1="3"), {"NE", "GT", "GE", "ONE_OF", "NOT"}),
        (given(A1=Why.DONT_KNOW), {"NOT"}),
        (given(A3=4), {"LT", "LE", "ANSWERED", "NOT"}),
        (given(A3=5), {"LE", "ANSWERED", "ANY", "NOT"}),
        (given(A1="1", A3=5), {"NE", "ONE_OF", "LE", "ANSWERED", "ALL", "ANY"}),
        (given(A2=("a",)), {"INC_ANY", "NOT"}),
        (given(A2=("a", "b")), {"INC_ANY", "INC_ALL", "NOT"}),
        (given(A2=("c",)), {"NOT"}),
    ],
)
def test_every_operator(answers: dict[str, Answer], shown: set[str]) -> None:
    assert set(codes(survey("operators"), answers)) - {"A1", "A2", "A3"} == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [("1950-12-31", False), ("1951-01-01", True), ("1960-05-31", True), ("1960-06-01", False)],
)
def test_dates_are_compared_as_precisely_as_the_condition_says(day: str, shown: bool) -> None:
    assert ("A4" in codes(survey("dates"), given(A3=day))) is shown


CODED = """
format: covalue/questionnaire/1
code: coded
audience: family
languages: [en]
title: {en: Codes}
sections:
  - code: A
    title: {en: Codes}
    items:
      - code: A1
        type: choice
        text: {en: Which?}
        options:
          - {code: "10", score: 1, text: {en: Ten}}
          - {code: "1_0", score: 2, text: {en: One to zero}}
          - {code: "1e1", score: 3, text: {en: E}}
          - {code: "010", score: 4, text: {en: Zero ten}}
          - {code: "9999", text: {en: Unknown}}
      - {code: SAME, type: text, text: {en: Same?}, shown_when: A1 = 10}
      - {code: OTHER, type: text, text: {en: Other?}, shown_when: A1 != 10}
      - {code: LATE, type: text, text: {en: Late?}, shown_when: A1 >= 2014}
      - {code: EARLY, type: text, text: {en: Early?}, shown_when: A1 < 2014}
      - {code: FOUND, type: text, text: {en: Found?}, shown_when: "A1 in [1_0, 9999]"}
"""


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("10", ["SAME", "EARLY"]),
        ("1_0", ["OTHER", "EARLY", "FOUND"]),
        ("1e1", ["OTHER", "EARLY"]),
        ("010", ["OTHER", "EARLY"]),
        ("9999", ["OTHER", "FOUND"]),
    ],
)
def test_options_are_compared_as_written_and_ordered_by_scores_alone(
    chosen: str, shown: list[str]
) -> None:
    assert codes(read_questionnaire(CODED), given(A1=chosen)) == ["A1", *shown]


def test_a_battery_one_by_one_is_a_page_for_each_row() -> None:
    questionnaire = survey("battery_one_by_one")
    assert codes(questionnaire, {}) == ["B1", "B2", "B3"]
    for page in questionnaire.pages[:3]:
        (question,) = page.questions
        assert (question.code, question.item_codes) == ("B", (page.code,))
    assert codes(questionnaire, given(B1="1")) == ["B1", "B2", "B3", "A1"]
    assert codes(questionnaire, given(B1="2")) == ["B1", "B2", "B3"]


def test_a_battery_as_a_list_is_one_page() -> None:
    questionnaire = survey("battery_list")
    assert codes(questionnaire, {}) == ["B"]
    (shown,) = path_through(questionnaire, {}).pages
    assert shown.item_codes == ("B1", "B2", "B3")
    assert path_through(questionnaire, {}, "proxy").pages[0].item_codes == ("B1", "B3")


def test_a_proxy_is_not_asked_everything_and_what_hangs_on_it() -> None:
    questionnaire = survey("proxy")
    answers = given(A2="yes")
    assert codes(questionnaire, answers) == ["A1", "A2", "A3"]
    assert codes(questionnaire, answers, "helped") == ["A1", "A2", "A3"]
    assert codes(questionnaire, answers, "proxy") == ["A1"]


def test_the_first_open_page() -> None:
    questionnaire = survey("pages")
    path = path_through(questionnaire, {})
    assert [shown.code for shown in path.pages] == ["I1", "about"]
    opened = first_open(path, given(A1="no"))
    assert opened is not None
    assert opened.code == "about"
    done = given(A1="no", A2="x")
    assert first_open(path_through(questionnaire, done), done) is None


def _values(question: Question) -> st.SearchStrategy[Value]:
    option_codes = [option.code for option in question.options]
    if question.kind is Kind.CHOICES:
        return st.lists(st.sampled_from(option_codes), min_size=1, unique=True).map(tuple)
    if option_codes:
        return st.sampled_from(option_codes)
    if question.kind is Kind.NUMBER:
        return st.integers(-1, 12)
    return st.sampled_from(["1949", "1955-03-02", "words"])


def _answers(name: str) -> st.SearchStrategy[dict[str, Answer]]:
    return st.fixed_dictionaries(
        {},
        optional={
            item: _values(question).map(Answer) | st.sampled_from(Why).map(lambda w: Answer(why=w))
            for item, question in survey(name).question_by_item.items()
        },
    )


@forall(st.data(), st.sampled_from(NAMES), st.sampled_from(["self", "helped", "proxy"]))
def test_a_later_answer_never_changes_the_earlier_path(
    data: st.DataObject, name: str, role: str
) -> None:
    questionnaire = survey(name)
    answers = data.draw(_answers(name))
    pages = path_through(questionnaire, answers, role).pages  # type: ignore[arg-type]
    index = data.draw(st.integers(0, len(pages) - 1))
    item = data.draw(st.sampled_from(sorted(questionnaire.question_by_item)))
    before = [question for page in pages[:index] for question in page.page.questions]
    if item in {code for question in before for code in question.item_codes}:
        return
    changed = {
        **answers,
        item: data.draw(_values(questionnaire.question_by_item[item]).map(Answer)),
    }
    again = path_through(questionnaire, changed, role).pages  # type: ignore[arg-type]
    assert again[:index] == pages[:index]


@forall(st.data(), st.sampled_from(NAMES))
def test_answers_off_the_path_are_ignored(data: st.DataObject, name: str) -> None:
    questionnaire = survey(name)
    answers = data.draw(_answers(name))
    path = path_through(questionnaire, answers)
    counted = on_path(path, answers)
    assert path_through(questionnaire, counted) == path
    assert on_path(path_through(questionnaire, counted), counted) == counted
