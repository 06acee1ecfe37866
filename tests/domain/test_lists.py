"""Lists that a person makes, and earlier answers in texts, where no page is needed."""

from __future__ import annotations

from random import Random

import pytest
from tiny import given, survey, text_of

from app.definitions.files import dump_questionnaire, load_questionnaire, read_questionnaire
from app.definitions.questionnaire_writing import write_questionnaire_yaml
from app.domain.answers import Answer
from app.domain.differences import questionnaire_differences
from app.domain.keying import Typed, as_typed, judge
from app.domain.paper import numbers
from app.domain.piping import Pipe, words_of
from app.domain.questionnaire import Questionnaire, Why
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import on_path, path_through
from app.domain.severity import Severity
from app.domain.synthetic import Person, answer_all
from app.domain.text import NO_TERMS, fill
from app.domain.unsent import as_if_sent
from app.interchange.csv_reading import Line
from app.storage.answer_columns import CompletedRow, frame_of
from app.storage.item_layout import layout_of
from app.storage.responses import cell_of, pack
from app.workflows.judging import judge as judge_line

TOLD = {
    "L1": Answer(("home", "meals")),
    "PRO": Answer(2),
    "PRO_1": Answer("Anne"),
    "PRO_3": Answer("Le kiné"),
    "PRO1_1": Answer("no"),
    "PRO1_2": Answer("yes"),  # of an entry that is gone
}


def changed(before: str, after: str) -> Questionnaire:
    written = write_questionnaire_yaml(survey("list"))
    assert before in written
    return read_questionnaire(written.replace(before, after))


def test_the_path_asks_about_each_entry_in_its_place() -> None:
    path = path_through(survey("list"), TOLD)
    assert [page.code for page in path.pages] == [
        *("L1", "PRO", "PRO1_1", "PRO2_1", "PRO3_1", "PRO1_3", "PRO3_3", "L2", "L3")
    ]
    assert "PRO1_2" not in on_path(path, TOLD)
    by_proxy = [page.code for page in path_through(survey("list"), TOLD, "proxy").pages]
    assert "PRO1_1" not in by_proxy
    nobody = TOLD | {"L1": Answer(("none",))}
    assert [page.code for page in path_through(survey("list"), nobody).pages] == ["L1", "L3"]


def test_files_and_documents_keep_a_list() -> None:
    asked = survey("list")
    assert read_questionnaire(write_questionnaire_yaml(asked)) == asked
    assert load_questionnaire(dump_questionnaire(asked)) == asked
    assert {one.rule for one in check_questionnaire(asked)} == {"draft_wordings", "proxy_spoken_of"}


@pytest.mark.parametrize(
    ("before", "after", "rule", "place"),
    [
        ("answer:L1|", "answer:L9|", "pipe_item", "L2"),
        ("answer:L1|", "answer:L3|", "pipe_item", "L2"),
        ("answer:PRO1|", "answer:PRO2|", "pipe_kind", "PRO3"),
        ("count:PRO|", "count:PRO1_1|", "pipe_kind", "L2"),
        ("{answer:L1|des aides}", "{answer:L1}", "pipe_form", "L2"),
        ("{answer:L1|des aides}", "{L1}", "pipe_form", "L2"),
        ("{answer:L1|des aides}", "{{ L1 }}", "pipe_form", "L2"),
        ("{answer:L1|des aides}", "{entry}", "unknown_name", "L2"),
        ("fr: Pour finir", "fr: 'Fin {answer:L1|x}'", "pipe_part", "end"),
        ("fr: cette personne", "fr: '{answer:L1|x}'", "pipe_part", "PRO"),
        ("code: PRO2", "code: L3", "code_twice", "L3"),
        ("shown_when: PRO1 = no", "shown_when: PRO3 = 2020", "later_item", "PRO2"),
    ],
)
def test_the_checks_refuse_what_cannot_be_said(
    before: str, after: str, rule: str, place: str
) -> None:
    found = check_questionnaire(changed(before, after))
    assert (rule, place) in {(one.rule, one.place) for one in found}


def test_the_title_of_a_page_may_hold_an_answer_of_an_earlier_one() -> None:
    said = "{fr: '{answer:A0|x}', en: '{answer:A0|x}'}"
    written = text_of("pages").replace("{fr: Vous, en: You}", said)
    first = "{code: A0, type: choice, text: {fr: Un ?, en: One?}, options: yes_no}"
    for asked, rules in ((first, set()), ("", {"pipe_item"})):
        entry = f"      - {asked}\n      - page:" if asked else "      - page:"
        found = check_questionnaire(read_questionnaire(written.replace("      - page:", entry)))
        assert {one.rule for one in found if one.place == "about"} == rules


def test_a_list_that_never_says_whom_it_asks_about_is_seen() -> None:
    written = write_questionnaire_yaml(survey("list")).replace("{entry}", "x")
    found = check_questionnaire(read_questionnaire(written))
    assert ("list_entry", "PRO") in {(one.rule, one.place) for one in found}


@pytest.mark.parametrize(
    ("pipe", "fr", "en"),
    [
        (Pipe("answer", "L1", ""), "le ménage et les repas", "cleaning and meals"),
        (Pipe("count", "L1", ""), "2", "2"),
        (Pipe("answer", "PRO", ""), "Anne et Le kiné", "Anne and Le kiné"),
        (Pipe("count", "PRO", ""), "2", "2"),
        (Pipe("answer", "PRO1_1", ""), "Non", "No"),
        (Pipe("answer", "L3", ""), None, None),
    ],
)
def test_what_an_earlier_answer_says(pipe: Pipe, fr: str | None, en: str | None) -> None:
    question = survey("list").question_by_item[pipe.item]
    assert words_of(pipe, question, TOLD.get, "fr") == fr
    assert words_of(pipe, question, TOLD.get, "en") == en


def test_exclusive_answers_count_as_none_and_dates_are_spoken() -> None:
    asked = survey("list").question_by_item
    told = {"L1": Answer(("none",)), "PRO3_1": Answer("2020"), "L2": Answer(why=Why.SKIPPED)}
    assert words_of(Pipe("count", "L1", ""), asked["L1"], told.get, "fr") == "0"
    assert words_of(Pipe("answer", "PRO3_1", ""), asked["PRO3_1"], told.get, "fr") == "2020"
    assert words_of(Pipe("answer", "L2", ""), asked["L2"], told.get, "fr") is None
    other = {"L1": Answer(("home", "other"), other="Le jardin")}
    assert (
        words_of(Pipe("answer", "L1", ""), asked["L1"], other.get, "fr") == "le ménage et Le jardin"
    )


def test_for_want_of_an_answer_other_words_stand_everywhere() -> None:
    assert fill("Un mot sur {answer:PRO|ces personnes} ?", NO_TERMS) == "Un mot sur ces personnes ?"


def test_paper_numbers_the_lines_and_a_keyed_sheet_becomes_the_same_answers() -> None:
    asked = survey("list")
    numbered = numbers(asked)
    assert (numbered["PRO"], numbered["PRO_1"], numbered["PRO_3"]) == ("2", "2a", "2c")
    typed = {
        "PRO_1": Typed("Anne"),
        "PRO_3": Typed("?"),
        "PRO1_1": Typed("1"),
        "PRO1_2": Typed("1"),
    }
    judged = judge(asked, asked.sections[0], typed | {"L1": Typed("1")}, {}, "self", "")
    assert judged.faults == ()
    assert judged.beside == ("PRO1_2",)
    said = {item: answer.value for item, answer in judged.answers.items()}
    assert (said["PRO"], said["PRO_1"], said["PRO_3"]) == (2, "Anne", "?")
    assert (said["PRO1_1"], said["PRO3_1"], said["PRO1_3"]) == ("yes", None, None)
    assert as_typed(asked.question_by_item["PRO"], Answer(2), illegible=False) == Typed()
    wrong = judge(
        asked, asked.sections[0], typed | {"PRO": Typed("3"), "L1": Typed("1")}, {}, "self", ""
    )
    assert [fault.place for fault in wrong.faults] == ["PRO"]


def test_an_imported_line_says_its_entries_by_place() -> None:
    asked = survey("list")
    cells = {"L1": "home", "PRO_1": "Anne", "PRO1_1": "yes", "PRO1_2": "no"}
    judged = judge_line(asked, Line(2, cells), tuple(cells), "self", "")
    assert judged.faults == ()
    assert judged.dropped == ("PRO1_2",)
    assert judged.answers["PRO"].value == 1
    assert judged.answers["PRO1_1"].value == "yes"
    wrong = judge_line(asked, Line(2, cells | {"PRO": "2"}), (*cells, "PRO"), "self", "")
    assert len(wrong.faults) == 1


def test_columns_count_the_entries_and_hold_no_name() -> None:
    asked = survey("list")
    body = pack({"a": {item: cell_of(one) for item, one in TOLD.items()}, "sit": [], "v": 1})
    row = CompletedRow(1, 0, 1.0, "", None, None, "web")
    frame = frame_of([row], [body], layout_of([asked]))
    assert frame["PRO.number"].to_list() == [2.0]
    assert frame["PRO1_1.code"].to_list() == [1]
    assert "Anne" not in str(frame.to_dict(as_series=False))


def test_an_unreached_list_leaves_all_that_hangs_on_it_open() -> None:
    settled = as_if_sent(survey("list"), given(L1=("home",)), "self")
    assert {"PRO", "PRO_1", "PRO1_1", "PRO3_3", "L2"} <= settled.keys()


def test_made_up_people_make_lists() -> None:
    asked = survey("list")
    made = answer_all(asked, Person(silence=0), Random(3), "2026-01-01T00:00:00+00:00")
    names = [
        item for item in made if item in {name.code for name in asked.question_by_item["PRO"].names}
    ]
    assert len(names) == (made["PRO"].value if "PRO" in made else 0)
    assert made.keys() == on_path(path_through(asked, made), made).keys()


def test_a_shorter_list_is_a_break_and_a_longer_one_an_addition() -> None:
    asked = survey("list")
    longer = changed("most: 3", "most: 4")
    assert [one.severity for one in questionnaire_differences(asked, longer)] == [Severity.ADDITIVE]
    assert [one.severity for one in questionnaire_differences(longer, asked)] == [Severity.BREAKING]
    reworded = changed("Depuis quelle année", "Depuis quand")
    assert [(one.place, one.severity) for one in questionnaire_differences(asked, reworded)] == [
        ("PRO3", Severity.WORDING)
    ]
