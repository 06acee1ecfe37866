"""Forms of other programs: what comes in, what is said of the rest, and the way back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import disguised_files
import foreign_files
import pytest

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.answer_files import Medium
from app.domain.conditions import All, Answered, Any, Compare, Includes, Not
from app.domain.questionnaire import Kind, Questionnaire, Required
from app.domain.questionnaire_checks import check_questionnaire
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ForeignFault, ImportReport, tally
from app.interchange.lss_reading import read_lss
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform

ROOT = Path(__file__).parents[2]
Q_TICKED = Includes("m", ("q",), every=False)
ONLY_P = Not(Q_TICKED)


def rules(report: ImportReport) -> set[tuple[str, str]]:
    """Where, and what was said there, of all that is not in as it stood."""
    return {(line.place, line.rule) for line in report.lines if line.fate != "in"}


def test_an_xlsform_keeps_types_options_conditions_and_languages() -> None:
    report = ImportReport()
    found = read_xlsform(foreign_files.xlsform(), report)
    asked = found.question_by_item
    assert found.languages == ("fr", "en")
    assert [section.title.in_("fr") for section in found.sections] == ["Chez vous", "Un essai"]
    assert asked["garden"].required is Required.HARD
    assert asked["garden"].hint.as_dict() == {"fr": "Même petit"}
    assert asked["helpers"].shown_when == Compare("garden", "=", "yes")
    assert [o.code for o in asked["helpers"].options if o.exclusive] == ["none"]
    assert [o.code for o in asked["helpers"].options] == ["gp", "none", "home_help"]
    assert asked["age"].shown_when == Includes("helpers", ("gp",), every=False)
    assert (asked["age"].limits.minimum, asked["age"].limits.maximum) == (60, 119)
    thanks = next(q for q in found.questions if q.code == "thanks")
    assert thanks.shown_when == Compare("age", ">=", "85")
    assert thanks.text.in_("fr") == "Merci {answer:age|…}"
    assert asked["why"].shown_when == Not(Compare("garden", "=", "yes"))
    assert asked["why"].kind is Kind.LONG_TEXT
    photo = asked["photo"]
    assert (photo.kind, photo.accepts) == (Kind.FILE, (Medium.PICTURE,))
    people = asked["people"]
    assert [(q.code, q.kind) for q in people.each] == [("near", Kind.RATING), ("since", Kind.DATE)]
    assert people.each[1].shown_when == Compare("near", ">", "5")


def test_an_xlsform_says_by_row_what_is_not_in() -> None:
    report = ImportReport()
    read_xlsform(foreign_files.xlsform(), report)
    said = rules(report)
    assert {
        ("survey:5", "default"),
        ("survey:6", "calculation"),
        ("survey:10", "repeat"),
        ("survey:16", "not_taken"),
        ("choices:6", "option_renamed"),
        ("settings:2", "setting"),
    } <= said
    count = tally(report.lines)
    assert (count.questions, count.whole, count.approximated, count.missing) == (9, 8, 0, 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "${a} = 'x' and not(${n} > 3)",
            All((Compare("a", "=", "x"), Not(Compare("n", ">", "3")))),
        ),
        (
            "${m} = 'p' or selected(${m}, 'q')",
            Any((All((Includes("m", ("p",), every=False), ONLY_P)), Q_TICKED)),
        ),
        ("count-selected(${m}) >= 1", Includes("m", ("p", "q"), every=False)),
        ("count-selected(${m}) > 1", Includes("m", ("p", "q"), every=True)),
        ("${n} + 2 > 5", Compare("n", ">", "3")),
        ("${n} - 1 = 1234567", Compare("n", "=", "1234568")),
        ("${n} * 3 > 1000000", Compare("n", ">", "333333.333333333")),
        ("string-length(${t}) > 0", Answered("t")),
        ("${a} = ‘x’", Compare("a", "=", "x")),
        ("../a = 'x'", Compare("a", "=", "x")),
        ("${n} = ''", Not(Answered("n"))),
        ("5 < ${n}", Compare("n", ">", "5")),
        ("if(${a} = 'x', 'b', 'c') = 'b'", Compare("a", "=", "x")),
        (
            "coalesce(${a}, 'y') = 'x' or true() and false()",
            All((Answered("a"), Compare("a", "=", "x"))),
        ),
    ],
)
def test_expressions_become_conditions(written: str, expected: object) -> None:
    head = ["type", "name", "label", "relevant"]
    rows = [head, ["select_one l", "a", "A", ""], ["select_multiple m", "m", "M", ""]]
    rows += [["integer", "n", "N", ""], ["text", "t", "T", ""], ["text", "z", "Z", written]]
    options = [["list_name", "name", "label"], ["l", "x", "X"], ["l", "y", "Y"]]
    options += [["m", "p", "P"], ["m", "q", "Q"]]
    report = ImportReport()
    content = foreign_files.workbook(survey=rows, choices=options)
    found = read_xlsform(content, report).question_by_item["z"].shown_when
    assert found == expected


def test_a_limesurvey_structure_comes_in() -> None:
    report = ImportReport()
    found = read_lss(foreign_files.lss(), report)
    asked = found.question_by_item
    assert found.languages == ("fr", "en")
    assert asked["Q1"].text.as_dict() == {"fr": "Question 1 ?", "en": "Q 1?"}
    assert [o.code for o in asked["Q1"].options] == ["A1", "A2", "other"]
    assert asked["Q1"].required is Required.HARD
    assert asked["Q2"].kind is Kind.CHOICES
    assert asked["Q2"].shown_when == Compare("Q1", "=", "A1")
    assert asked["Q3_R1"].kind is Kind.BATTERY
    expected = All((Includes("Q2", ("S1",), every=False), Answered("Q1")))
    assert asked["Q4"].shown_when == expected
    assert (asked["Q4"].limits.maximum, asked["Q4"].limits.decimals) == (24, 0)
    assert asked["Q6"].accepts == tuple(Medium)
    assert asked["Q7"].shown_when == Compare("Q3_R1", "=", "2")
    assert {"Q8_D1_0", "Q8_D1_1", "Q5_1", "Q5_2"} <= set(asked)
    assert {
        ("questions[Q5]", "as_ranks"),
        ("questions[Q7]", "attribute"),
        ("quota", "element"),
    } <= rules(report)


def test_parts_of_a_limesurvey_question_keep_their_conditions() -> None:
    report = ImportReport()
    found = read_lss(foreign_files.lss_parts(), report)
    asked = found.question_by_item
    a_ticked, b_ticked = (Includes("Q1", (code,), every=False) for code in "AB")
    rows = {row.code: row.shown_when for q in found.questions for row in q.rows}
    assert rows == {"Q2_A": None, "Q2_B": Compare("Q2_A", "=", "1")}
    assert [o.shown_when for o in asked["Q3"].options] == [
        All((Not(a_ticked), a_ticked)),
        Not(b_ticked),
    ]
    assert [asked[code].shown_when for code in ("Q4_A", "Q4_B")] == [b_ticked, None]
    assert [asked[code].shown_when for code in ("Q5_A_X", "Q5_B_X")] == [a_ticked, b_ticked]
    assert [o.shown_when for o in asked["Q6_1"].options] == [a_ticked, b_ticked]
    assert asked["Q7"].shown_when == Includes("Q1", ("A", "B"), every=False)
    assert asked["Q8"].shown_when == Compare("Q2_A", "=", "1")
    expected = All((Not(Compare("Q7", "=", "other")), Answered("Q3_Acomment")))
    assert asked["Q9"].shown_when == expected
    assert ("questions[Q4]", "options_filtered") in rules(report)  # its filter names no question
    assert "Q4_C" not in asked
    assert ("subquestions[C]", "hidden") in rules(report)  # relevance 0: nobody ever sees it
    assert read_questionnaire(write_questionnaire_yaml(found)) == found


def test_a_fhir_questionnaire_comes_in() -> None:
    report = ImportReport()
    found = read_fhir(foreign_files.fhir(), report)
    asked = found.question_by_item
    assert found.languages == ("en", "fr")
    assert found.sections[0].title.as_dict() == {"en": "Health", "fr": "Santé"}
    assert [o.code for o in asked["Q1_1"].options] == ["true", "false"]
    assert asked["Q1_2"].shown_when == Compare("Q1_1", "=", "true")
    assert asked["Q1_2"].options[1].text.as_dict() == {"en": "Bad", "fr": "Mal"}
    expected = Any((Not(Compare("Q1_1", "=", "true")), Compare("Q1_2", "=", "LA_2")))
    assert asked["Q2"].shown_when == expected
    assert [q.code for q in asked["Q4"].each] == ["Q4_1_a"]
    assert asked["Q3"].accepts == tuple(Medium)
    assert ("item[4]", "hidden") in rules(report)


@pytest.mark.parametrize("audience", ["elderly", "family", "professional"])
def test_what_goes_out_comes_back(audience: str) -> None:
    path = ROOT / "surveys" / audience / "core.yaml"
    ours = read_questionnaire(path.read_text("utf-8"))
    assert read_questionnaire(write_questionnaire_yaml(ours)) == ours
    for write, read in ((write_xlsform, read_xlsform), (write_fhir, read_fhir)):
        report = ImportReport()
        back = read(write(ours, ImportReport()), report)
        assert set(back.question_by_item) == set(ours.question_by_item)
        assert set(back.languages) == set(ours.languages)
        for item, question in ours.question_by_item.items():
            _same(question.kind, item, ours, back)
        count = tally(report.lines)
        assert count.whole == count.questions


def _same(kind: Kind, item: str, ours: Questionnaire, back: Questionnaire) -> None:
    before, after = ours.question_by_item[item], back.question_by_item[item]
    assert after.kind is (Kind.CHOICE if kind is Kind.BATTERY else kind)
    offered = [(o.code, o.exclusive) for o in before.options if not o.closed]
    assert [(o.code, o.exclusive) for o in after.options] == offered
    rows = [row.shown_when for row in before.rows if row.code == item]
    wanted = before.shown_when or (rows[0] if rows else None)
    assert (after.shown_when is None) == (wanted is None)


def test_a_form_that_came_in_can_be_kept_and_checked() -> None:
    for read, content in (
        (read_xlsform, foreign_files.xlsform()),
        (read_lss, foreign_files.lss()),
        (read_fhir, foreign_files.fhir()),
    ):
        found = read(content, ImportReport())
        assert read_questionnaire(write_questionnaire_yaml(found)) == found
        broken = {"code_twice", "code_syntax", "unknown_item", "later_item", "option_twice"}
        assert not broken & {finding.rule for finding in check_questionnaire(found)}


def test_a_phone_number_is_digits_and_an_imei_no_question() -> None:
    rows = [["type", "name", "label", "list_name"], ["phone number", "p", "Phone", ""]]
    rows += [["imei", "i", "", ""], ["select_one", "s", "Sure?", "yn"]]  # a list of its own column
    choices = [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
    report = ImportReport()
    found = read_xlsform(foreign_files.workbook(survey=rows, choices=choices), report)
    assert found.question_by_item["p"].limits.pattern == "[0-9]*"
    assert [option.code for option in found.question_by_item["s"].options] == ["y", "n"]
    assert tally(report.lines).whole == tally(report.lines).questions == 2
    assert ("survey:3", "device_value") in rules(report)


def test_nothing_of_a_form_without_questions_is_taken() -> None:
    rows = [["type", "name", "label"], ["note", "n", "Only a note"]]
    with pytest.raises(ForeignFault) as refused:
        read_xlsform(foreign_files.workbook(survey=rows), ImportReport())
    assert refused.value.said.rule == "no_questions"


@pytest.mark.parametrize("kind", disguised_files.NOT_CALCULATED)
def test_a_form_with_a_cell_whose_value_stands_nowhere_is_refused_at_its_row(kind: str) -> None:
    """A condition or a label would else be lost without a word."""
    rows = [["type", "name", "label"], ["text", "q", "LOST"]]
    content, cell = foreign_files.workbook(survey=rows), disguised_files.NOT_CALCULATED[kind]
    with pytest.raises(ForeignFault) as refused:
        read_xlsform(disguised_files.with_cell(content, "C2", cell), ImportReport())
    assert (refused.value.said.place, refused.value.said.rule) == ("survey:2", "no_value")


def test_a_cell_without_value_matters_where_it_is_read_alone() -> None:
    rows = [["type", "name", "label"], ["text", "q", "Q?", "note"]]
    content = foreign_files.workbook(survey=rows, scratch=[["x"], ["LOST"]])
    content = disguised_files.with_cell(content, "D2", "<c><f>1+1</f></c>")
    content = disguised_files.with_cell(content, "A2", "<c><f>1+1</f></c>", sheet=2)
    assert "q" in read_xlsform(content, ImportReport()).question_by_item


@pytest.mark.full
def test_an_error_in_an_older_workbook_is_refused_at_its_row(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not here: no older workbook was made by it")
    pytest.importorskip("xlrd")
    rows = [["type", "name", "label"], ["text", "q", "Q?"], ["text", "r", "LOST"]]
    good = foreign_files.workbook(survey=rows)
    bad = disguised_files.with_cell(good, "C3", '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    for name, content in (("good.xlsx", good), ("bad.xlsx", bad)):
        (tmp_path / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [program, profile, "--headless", "--convert-to", "xls", "good.xlsx", "bad.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    found = read_xlsform((tmp_path / "good.xls").read_bytes(), ImportReport())
    assert {"q", "r"} <= found.question_by_item.keys()
    with pytest.raises(ForeignFault) as refused:
        read_xlsform((tmp_path / "bad.xls").read_bytes(), ImportReport())
    assert (refused.value.said.place, refused.value.said.rule) == ("survey:3", "no_value")


def _towns(filtered: str, *, rows: list[list[str]] | None = None) -> bytes:
    survey = [["type", "name", "label", "choice_filter"], ["select_one county", "county", "C", ""]]
    survey += [["select_multiple who", "who", "W", ""], ["select_one town", "town", "T", filtered]]
    choices = [["list_name", "name", "label", "in", "known by"]]
    choices += [["county", "m", "M", "", ""], ["county", "g", "G", "", ""]]
    choices += [["who", "a", "A", "", ""], ["who", "b", "B", "", ""]]
    towns = [["town", "laval", "Laval", "m", "a b"], ["town", "pessac", "Pessac", "g", "b"]]
    towns += [["town", "both", "Both", "m", "a"], ["town", "both", "Both", "g", "a"]]
    return foreign_files.workbook(survey=survey, choices=[*choices, *towns, *(rows or [])])


WHO_A = Includes("who", ("a",), every=False)
IN_M, IN_G = Compare("county", "=", "m"), Compare("county", "=", "g")


@pytest.mark.parametrize(
    ("filtered", "expected"),
    [
        ("in = ${county}", [IN_M, IN_G, Any((IN_M, IN_G))]),
        ("${county} = in or name = 'pessac'", [IN_M, None, Any((IN_M, IN_G))]),
        ("current()/../county = in", [IN_M, IN_G, Any((IN_M, IN_G))]),
        (
            "selected(${who}, 'a') and in = ${county}",
            [
                All((WHO_A, IN_M)),
                All((WHO_A, IN_G)),
                Any((All((WHO_A, IN_M)), All((WHO_A, IN_G)))),
            ],
        ),
        ("selected('m x', ${county})", [IN_M, IN_M, IN_M]),
    ],
)
def test_filtered_options_have_conditions(filtered: str, expected: list[object]) -> None:
    report = ImportReport()
    found = read_xlsform(_towns(filtered), report)
    options = found.question_by_item["town"].options
    assert [option.code for option in options] == ["laval", "pessac", "both"]
    assert [option.shown_when for option in options] == expected
    assert not {rule for _, rule in rules(report)} & {"options_filtered", "condition"}
    back = read_xlsform(write_xlsform(found, ImportReport()), ImportReport())
    offered = [option.shown_when for option in back.question_by_item["town"].options]
    assert offered == [option.shown_when for option in options]


def test_what_a_filter_never_offers_is_said() -> None:
    report = ImportReport()
    rows = [["town", "nowhere", "Nowhere", "z", ""]]
    found = read_xlsform(_towns("in = ${county}", rows=rows), report)
    assert "nowhere" not in found.question_by_item["town"].option_by_code
    assert ("survey:4", "options_never") in rules(report)
    assert read_xlsform(_towns("pulldata('x', 'y')"), report).question_by_item["town"].options
    assert ("survey:4", "options_filtered") in rules(report)
