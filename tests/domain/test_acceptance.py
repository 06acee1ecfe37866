"""One place decides what may be stored: every kind of question, every refusal."""

from __future__ import annotations

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from tiny import NAMES, given, submit, survey

from app.domain.acceptance import Submitted, Verdict, accept, as_submitted
from app.domain.answers import Answer
from app.domain.calls import name_keys
from app.domain.dates import month_number
from app.domain.questionnaire import Kind, Why
from app.domain.routing import ShownQuestion, path_through


def taken(verdict: Verdict) -> object:
    assert verdict.complete, verdict
    ((_, answer),) = verdict.answers.items()
    return answer.value if answer.why is None else answer.why


def refused(verdict: Verdict) -> str:
    """The English reason; every fault also says in both languages what to do."""
    (fault,) = verdict.faults
    for text in (fault.reason, fault.remedy):
        assert text.has("fr")
        assert text.has("en")
        assert "{" not in text.in_("fr") + text.in_("en")
    assert not verdict.answers
    return fault.reason.in_("en")


def test_one_option() -> None:
    assert taken(submit("choice", "A1", "yes")) == "yes"
    assert "not one of those offered" in refused(submit("choice", "A1", "maybe"))
    assert "Several" in refused(submit("choice", "A1", ("yes", "no")))


def test_text_beside_an_option_counts_only_with_it() -> None:
    verdict = submit("choice", "A1", Submitted(("other",), other="  my sister "))
    assert verdict.answers["A1"] == Answer("other", other="my sister")
    assert submit("choice", "A1", Submitted(("yes",), other="x")).answers["A1"] == Answer("yes")
    assert "not ticked" in refused(submit("choice", "A1", Submitted(other="my sister")))
    assert "too long" in refused(submit("choice", "A1", Submitted(("other",), other="x" * 251)))


def test_several_options_come_in_the_order_of_the_question() -> None:
    assert taken(submit("choices", "A1", ("family", "nurse", "nurse"))) == ("nurse", "family")


@pytest.mark.parametrize(
    ("ticked", "reason"),
    [
        (("nurse",), "More answers"),
        (("nurse", "gp", "family", "other"), "Too many"),
        (("nurse", "nobody"), "“Nobody” cannot go with other answers"),
        (("nurse", "stranger"), "not one of those offered"),
    ],
)
def test_several_options_within_their_rules(ticked: tuple[str, ...], reason: str) -> None:
    assert reason in refused(submit("choices", "A1", ticked))


def test_an_exclusive_option_alone_needs_no_other() -> None:
    assert taken(submit("choices", "A1", ("nobody",))) == ("nobody",)


def test_a_closed_option_stays_only_where_it_was_given() -> None:
    assert "no longer offered" in refused(submit("closed", "A1", "old"))
    assert taken(submit("closed", "A1", "old", stored=given(A1="old"))) == "old"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2", 2.0),
        ("2,5", 2.5),
        (" 2.5 ", 2.5),
        ("2,50", 2.5),
        ("+3", 3.0),
        ("−0", 0.0),
        ("2\u00a0,5", 2.5),
    ],
)
def test_numbers_as_people_write_them(written: str, value: float) -> None:
    assert taken(submit("number", "A1", written)) == value


def test_whole_numbers_are_whole() -> None:
    assert taken(submit("number", "A3", "1 234")) == 1234
    assert taken(submit("number", "A3", "1\u202f234")) == 1234
    assert isinstance(taken(submit("number", "A3", "12,0")), int)
    assert "whole number" in refused(submit("number", "A3", "12,5"))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("deux", "A number is needed"),
        ("1e3", "A number is needed"),
        ("nan", "A number is needed"),
        ("inf", "A number is needed"),
        ("0x10", "A number is needed"),
        ("1,2,3", "A number is needed"),
        ("9" * 400, "A number is needed"),
        ("٣", "A number is needed"),
        ("2,55", "too many decimals"),
        ("-1", "less than is possible"),
        ("25", "more than is possible"),
    ],
)
def test_numbers_that_cannot_be_taken(written: str, reason: str) -> None:
    assert reason in refused(submit("number", "A1", written))


def test_comparison_with_an_earlier_answer() -> None:
    stored = given(A1=3.0)
    assert taken(submit("number", "A2", "3", stored=stored)) == 3.0
    assert "How many hours of help?" in refused(submit("number", "A2", "3,5", stored=stored))
    assert taken(submit("number", "A2", "20")) == 20.0
    assert taken(submit("number", "A2", "20", stored=given(A1=Why.DONT_KNOW))) == 20.0


def test_text_is_cleaned_and_measured() -> None:
    assert taken(submit("text", "A2", "  Tours\r\n")) == "Tours"
    assert taken(submit("text", "A3", "one\r\ntwo\rthree ")) == "one\ntwo\nthree"
    assert "invisible" in refused(submit("text", "A2", "To\x00urs"))
    assert "invisible" in refused(submit("text", "A3", "a\ud800b"))
    assert "too short" in refused(submit("text", "A2", "T"))
    assert "too long" in refused(submit("text", "A2", "T" * 31))
    assert "too long" in refused(submit("text", "A3", "T" * 4001))


def test_a_pattern_says_what_it_wants() -> None:
    assert taken(submit("text", "A1", "37000")) == "37000"
    verdict = submit("text", "A1", "3700")
    assert "form expected" in refused(verdict)
    assert verdict.faults[0].remedy.in_("en") == "Five digits."


@pytest.mark.parametrize(
    ("day", "month", "year", "value"),
    [
        ("14", "7", "1938", "1938-07-14"),
        ("1er", "Juil.", "1938", "1938-07-01"),
        ("14", "JUILLET", "1938", "1938-07-14"),
        ("14", "july", "1938", "1938-07-14"),
        ("29", "fév", "2024", "2024-02-29"),
        ("3", "août", "1940", "1940-08-03"),
    ],
)
def test_dates_in_three_boxes(day: str, month: str, year: str, value: str) -> None:
    assert taken(submit("dates", "A3", Submitted(day=day, month=month, year=year))) == value


@pytest.mark.parametrize("written", ["1938-07-14", "14/07/1938", "14.7.1938", "14 juillet 1938"])
def test_dates_on_one_line(written: str) -> None:
    assert taken(submit("dates", "A3", written)) == "1938-07-14"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (Submitted(day="30", month="2", year="1938"), "does not exist"),
        (Submitted(day="3", month="jui", year="1938"), "does not exist"),
        (Submitted(day="3", month="7", year="38"), "lacks some digits"),
        (Submitted(month="7", year="1938"), "not complete"),
        (Submitted(day="3", month="7", year="1838"), "too early"),
        (Submitted(day="3", month="7", year="2138"), "too late"),
        (Submitted(("soon",)), "not complete"),
    ],
)
def test_dates_that_cannot_be_taken(parts: Submitted, reason: str) -> None:
    assert reason in refused(submit("dates", "A3", parts))


def test_marks_without_end_are_no_month_and_are_not_sorted_for_ever() -> None:
    """Making half a million accents plain takes minutes."""
    assert month_number("\u0315\u0300" * 250_000) is None
    assert month_number(" " * 500_000 + "juillet") == 7
    assert name_keys("Zoé " + "\u0315\u0300" * 250_000) == {"zoe"}


@pytest.mark.parametrize(
    ("item", "parts", "value"),
    [
        ("A3", Submitted(day="14/7/1938"), "1938-07-14"),
        ("A3", Submitted(day=" 14 juillet 1938 "), "1938-07-14"),
        ("A3", Submitted(year="14.07.1938"), "1938-07-14"),
        ("A2", Submitted(month="mars 1950"), "1950-03"),
    ],
)
def test_a_whole_date_in_one_of_the_boxes_is_read(item: str, parts: Submitted, value: str) -> None:
    assert taken(submit("dates", item, parts)) == value


def test_dates_of_other_precision_compare_by_what_both_say() -> None:
    assert taken(submit("dates", "A1", "1950")) == "1950"
    stored = given(A1="1950")
    assert taken(submit("dates", "A2", "03/1950", stored=stored)) == "1950-03"
    assert "Which year?" in refused(submit("dates", "A2", "12/1949", stored=stored))


def test_ways_out_only_where_offered() -> None:
    assert taken(submit("ways_out", "A1", Submitted(why="dont_know"))) is Why.DONT_KNOW
    assert "not offered" in refused(submit("ways_out", "A1", Submitted(why="not_concerned")))
    assert "not offered" in refused(submit("ways_out", "A1", Submitted(why="bored")))
    assert "also another way" in refused(
        submit("ways_out", "A1", Submitted(("yes",), why="dont_know"))
    )
    stored = given(A1=Why.NOT_CONCERNED)
    again = submit("ways_out", "A1", Submitted(why="not_concerned"), stored=stored)
    assert taken(again) is Why.NOT_CONCERNED


def test_empty_answers_by_how_much_they_are_wanted() -> None:
    assert taken(submit("required", "A3")) is Why.SKIPPED
    assert "no answer yet" in refused(submit("required", "A2"))
    first = submit("required", "A1")
    assert (first.reminders, first.faults, first.answers) == (("A1",), (), {})
    assert taken(submit("required", "A1", reminded=True)) is Why.SKIPPED
    assert taken(submit("required", "A1", stored=given(A1=Why.SKIPPED))) is Why.SKIPPED


def test_the_reminder_offers_every_way_out() -> None:
    for why in Why:
        assert taken(submit("required", "A1", Submitted(why=why), reminded=True)) is why
    assert "not offered" in refused(submit("required", "A1", Submitted(why="dont_know")))
    assert "not offered" in refused(
        submit("required", "A2", Submitted(why="dont_know"), reminded=True)
    )


def test_rows_of_a_battery_are_judged_one_by_one() -> None:
    questionnaire = survey("battery_list")
    shown = path_through(questionnaire, {}).pages[0].questions[0]
    submitted = {"B1": Submitted(("1",)), "B2": Submitted(("9",)), "X": Submitted(("1",))}
    verdict = accept(shown, submitted, {}, questionnaire)
    assert verdict.answers == {"B1": Answer("1"), "B3": Answer(why=Why.SKIPPED)}
    assert [fault.place for fault in verdict.faults] == ["B2"]


def _submissions(shown: ShownQuestion) -> st.SearchStrategy[Submitted]:
    codes = [option.code for option in shown.question.options] or ["x"]
    texts = st.text(max_size=40) | st.sampled_from(["12,5", "7", "-3", "37000", "14/07/1938"])
    values = st.lists(st.sampled_from(codes), max_size=4).map(tuple)
    if shown.question.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE):
        values = texts.map(lambda text: (text,))
    parts = st.sampled_from(["", "1", "14", "12", "mai", "1938", "2000"])
    return st.builds(
        Submitted,
        values=values,
        other=st.text(max_size=10),
        why=st.sampled_from(["", "", "dont_know", "prefer_not", "skipped"]),
        day=parts if shown.question.kind is Kind.DATE else st.just(""),
        month=parts if shown.question.kind is Kind.DATE else st.just(""),
        year=parts if shown.question.kind is Kind.DATE else st.just(""),
    )


@forall(st.data(), st.sampled_from(NAMES), st.booleans())
def test_an_accepted_answer_sent_again_is_accepted_as_itself(
    data: st.DataObject, name: str, reminded: bool
) -> None:
    questionnaire = survey(name)
    shown = data.draw(
        st.sampled_from(
            [s for page in path_through(questionnaire, {}).pages for s in page.questions]
        )
    )
    submitted = {item: data.draw(_submissions(shown)) for item in shown.item_codes}
    verdict = accept(shown, submitted, {}, questionnaire, reminded=reminded)
    for item, answer in verdict.answers.items():
        again = {item: as_submitted(shown.question, answer)}
        repeated = accept(shown, again, {item: answer}, questionnaire)
        assert repeated.answers[item] == answer


@forall(st.data(), st.sampled_from(NAMES), st.booleans())
def test_whatever_comes_in_gets_a_verdict(data: st.DataObject, name: str, reminded: bool) -> None:
    questionnaire = survey(name)
    pages = path_through(questionnaire, {}).pages
    shown = data.draw(st.sampled_from([s for page in pages for s in page.questions]))
    written = st.text(max_size=6) | st.sampled_from(["yes", "1", "-", "9" * 50, "29/2/2023", "ma"])
    anything = st.builds(
        Submitted, st.lists(written, max_size=3).map(tuple), *[written | st.just("")] * 5
    )
    submitted = {item: data.draw(anything) for item in shown.item_codes}
    verdict = accept(shown, submitted, {}, questionnaire, reminded=reminded)
    judged = [*verdict.answers, *verdict.reminders, *(fault.place for fault in verdict.faults)]
    assert sorted(judged) == sorted(shown.item_codes)
