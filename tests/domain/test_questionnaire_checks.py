"""The checks on questionnaires and modules: each rule found where it is broken, and only there."""

from __future__ import annotations

import pytest
from tiny import NAMES, module, survey, text_of

from app.definitions.files import read_module, read_questionnaire
from app.domain.checks import Finding, Level
from app.domain.possibilities import Possibilities
from app.domain.questionnaire_checks import check_module, check_questionnaire

FREE = "\n      - {code: Z, type: text, text: {fr: Fin, en: End}, shown_when: %s}\n"


def rules(findings: tuple[Finding, ...], level: Level = Level.ERROR) -> set[tuple[str, str]]:
    return {(found.rule, found.place) for found in findings if found.level is level}


def checked(name: str, *changes: tuple[str, str], more: str = "") -> tuple[Finding, ...]:
    text = text_of(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    findings = check_questionnaire(read_questionnaire(text + more), frozenset({"support_team"}))
    for found in findings:
        for said in (found.message, found.remedy):
            assert said.in_("fr")
            assert said.in_("en")
            assert "{" not in said.in_("en").replace("{ }", "")
    return findings


@pytest.mark.parametrize("name", NAMES)
def test_the_tiny_questionnaires_have_no_errors(name: str) -> None:
    assert not rules(checked(name))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("NOWHERE = 1", {("unknown_item", "Z")}),
        ("Z = 1", {("later_item", "Z")}),
        ("A1 = 9", {("unknown_option", "Z")}),
        ('"A1 in [1, 9]"', {("unknown_option", "Z")}),
        ('"A2 includes any [a, z]"', {("unknown_option", "Z")}),
        ('"A1 includes any [1]"', {("not_choices", "Z")}),
        ("A2 >= 2", {("not_comparable", "Z")}),
        ("A1 >= many", {("not_a_bound", "Z")}),
        ("A1 >= 4", {("never_holds", "Z")}),
        ("{all: [A1 = 1, A1 = 2]}", {("never_holds", "Z")}),
        ("{all: [A1 >= 2, not: A1 >= 1]}", {("never_holds", "Z")}),
        ("{all: [A3 > 3, A3 < 4]}", {("never_holds", "Z")}),
        ("{all: [answered EQ, A1 = 1]}", {("never_holds", "Z")}),
        ("{all: [answered EQ, A1 = 2]}", set()),
        ("{all: [A3 > 3, A3 < 5]}", set()),
        ('{all: ["A2 includes all [a, b]", not: "A2 includes any [c]"]}', set()),
    ],
)
def test_conditions(condition: str, found: set[tuple[str, str]]) -> None:
    assert rules(checked("operators", more=FREE % condition)) == found


def test_an_exclusive_option_is_never_ticked_with_another() -> None:
    more = FREE % '"A1 includes all [nurse, nobody]"'
    assert rules(checked("choices", more=more)) == {("never_holds", "Z")}


def test_dates_between_bounds_can_be_reached() -> None:
    assert not rules(checked("dates", more=FREE % "{all: [A3 > 1950-05-30, A3 < 1950-06-01]}"))
    impossible = FREE % "{all: [A3 > 1950-05-31, A3 < 1950-06-01]}"
    assert rules(checked("dates", more=impossible)) == {("never_holds", "Z")}


def test_a_question_never_reads_its_own_page() -> None:
    text = "{code: A2, type: text, text: {fr: Deux ?, en: Two?}"
    assert rules(checked("pages", (text, text + ", shown_when: A1 = yes"))) == {
        ("later_item", "A2")
    }


def test_not_meets_a_question_that_may_be_empty() -> None:
    plain = checked("operators", more=FREE % "{not: A1 = 1}")
    assert ("not_of_empty", "Z") in rules(plain, Level.WARNING)
    guarded = checked("operators", more=FREE % "{all: [answered A1, not: A1 = 1]}")
    assert ("not_of_empty", "Z") not in rules(guarded, Level.WARNING)
    meant = checked("operators", more=FREE % "{not: answered A1}")
    assert ("not_of_empty", "Z") not in rules(meant, Level.WARNING)


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("choice", "fr: Vivez-vous seul ?, en", "en", ("language_missing", "A1")),
        ("choice", "Vivez-vous seul ?", "Vivez-<b>vous</b> ?", ("html", "A1")),
        ("choice", "fr: Vivez-vous seul ?", 'fr: "{unknown} ?"', ("unknown_name", "A1")),
        ("choice", "code: other", 'code: "yes"', ("option_twice", "A1")),
        ("operators", "code: LT", "code: EQ", ("code_twice", "EQ")),
        ("battery_list", "code: B2", "code: A1", ("code_twice", "A1")),
        ("slots", "code: end", "code: after_A1", ("code_twice", "after_A1")),
        (
            "choices",
            "min_choices: 2, max_choices: 3",
            "min_choices: 5",
            ("choices_impossible", "A1"),
        ),
        ("choices", "code: nurse", "specify: true, code: nurse", ("several_specify", "A1")),
        ("closed", "{code: new", "{closed: true, code: new", ("few_options", "A1")),
        ("number", "<= A1", "<= A3", ("later_item", "A2")),
        ("dates", ">= A2", ">= NONE", ("unknown_item", "A3")),
    ],
)
def test_one_thing_wrong(name: str, old: str, new: str, found: tuple[str, str]) -> None:
    assert rules(checked(name, (old, new))) == {found}


def test_known_local_names_pass() -> None:
    assert not rules(checked("choice", ("fr: Vivez-vous seul ?", 'fr: "{support_team} ?"')))


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        (
            "text",
            (", pattern_text: {fr: Cinq chiffres., en: Five digits.}", ""),
            "pattern_unexplained",
        ),
        (
            "choice",
            ("options: yes_no", "options: yes_no\n        sensitive: true"),
            "no_prefer_not",
        ),
        ("pages", ("audience: professional", "audience: elderly"), "several_on_page"),
    ],
)
def test_warnings(name: str, change: tuple[str, str], found: str) -> None:
    assert found in {rule for rule, _ in rules(checked(name, change), Level.WARNING)}


def test_advice_on_long_and_untried_wordings() -> None:
    long = "Vivez-vous seul " + "ou bien pas seul " * 4 + "?"
    findings = checked("choice", ("Vivez-vous seul ?", long))
    assert rules(findings, Level.ADVICE) == {("long_wording", "A1"), ("draft_wordings", "choice")}
    tested = checked("choice", ("type: choice", "type: choice\n        status: tested"))
    assert not rules(tested, Level.ADVICE)


def test_information_pages() -> None:
    page = "\n      - {code: I%d, type: information, text: {fr: Lisez., en: Read.}}"
    findings = checked("choice", more=page % 1 + page % 2 + "\n")
    assert rules(findings, Level.ADVICE) >= {
        ("information_again", "I2"),
        ("information_last", "I2"),
    }


def test_the_page_budget_counts_the_longest_path() -> None:
    one = "\n      - {code: P%d, type: text, text: {fr: x, en: x}, shown_when: A1 = %s}"
    either = "".join(one % (n, "yes" if n % 2 else "no") for n in range(40)) + "\n"
    questionnaire = read_questionnaire(text_of("choice") + either)
    assert Possibilities(questionnaire).most_pages() == 21
    assert not rules(checked("choice", more=either), Level.WARNING)
    more = "".join(one % (n, "yes") for n in range(24)) + "\n"
    assert rules(checked("choice", more=more), Level.WARNING) == {("too_many_pages", "choice")}


def test_a_module_is_checked_in_its_core() -> None:
    assert not rules(check_module(module(), survey("slots")))
    text = text_of("slots_module")

    def found(old: str, new: str) -> set[tuple[str, str]]:
        assert old in text
        return rules(
            check_module(read_module(text.replace(old, new), survey("slots")), survey("slots"))
        )

    assert found("after_A1:", "after_A9:") == {("unknown_slot", "after_A9")}
    assert found("code: A1_BDX", "code: A2") == {("code_taken", "A2"), ("code_twice", "A2")}
    assert found("A1 = yes", "A2 = yes") == {("later_item", "A1_BDX")}
    assert found("A1 = yes", "Z_BDX = yes") == {("later_item", "A1_BDX")}
    assert found("code: slots, number", "code: other, number") == {("other_core", "BDX")}
    assert found("languages: [fr, en]", "languages: [fr]") == {("module_language", "BDX")}
    wordy = text.replace("Un d’ici ?", "Un mot et puis un autre " * 25 + "?")
    long = read_module(wordy, survey("slots"))
    assert ("slot_minutes", "after_A1") in rules(check_module(long, survey("slots")), Level.WARNING)
