"""Differences between versions: each change in its class, and what it touches."""

from __future__ import annotations

import pytest
from frameworks_at_hand import ASKED, NATIONAL, OWN, asked
from tiny import module, survey, text_of

from app.definitions.files import read_framework, read_module, read_questionnaire
from app.domain.differences import (
    Severity,
    impact,
    module_differences,
    questionnaire_differences,
    worst,
)
from app.domain.fingerprints import fingerprint
from app.domain.framework_differences import framework_differences
from app.domain.frameworks import Framework

P, W, A, B = Severity.PRESENTATION, Severity.WORDING, Severity.ADDITIVE, Severity.BREAKING


def changed(name: str, old: str, new: str) -> set[tuple[Severity, str, str, str | None]]:
    text = text_of(name)
    assert old in text
    after = read_questionnaire(text.replace(old, new))
    found = questionnaire_differences(survey(name), after)
    return {(one.severity, one.place, one.part, one.language) for one in found}


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("choice", "Trial", "Try", (P, "choice", "title", "en")),
        ("choice", "en: Part", "en: Section", (P, "one", "title", "en")),
        ("pages", "fr: Vous, en: You", "fr: Vous, en: Yourself", (P, "about", "title", "en")),
        ("choice", "seul ?", "seule ?", (W, "A1", "text", "fr")),
        ("choice", "fr: Autre", "fr: Différent", (W, "A1", "options.other", "fr")),
        ("choice", "specify: true, ", "", (A, "A1", "options.other.specify", None)),
        ("choice", "code: other", "code: others", (B, "A1", "options.other", None)),
        ("choice", "score: 1", "score: 2", (B, "A1", "options.yes.score", None)),
        ("choice", "type: choice", "type: choices", (B, "A1", "type", None)),
        (
            "choice",
            "type: choice",
            "type: choice\n        required: hard",
            (P, "A1", "required", None),
        ),
        (
            "choice",
            "type: choice",
            "type: choice\n        ways_out: [dont_know]",
            (A, "A1", "ways_out", None),
        ),
        (
            "choice",
            "type: choice",
            "type: choice\n        hint: {fr: x, en: x}",
            (W, "A1", "hint", "fr"),
        ),
        (
            "choice",
            "type: choice",
            "type: choice\n        interviewer_note: {fr: x, en: x}",
            (P, "A1", "interviewer_note", "fr"),
        ),
        ("closed", "closed: true, ", "", (A, "A1", "options.old.closed", None)),
        ("operators", "shown_when: A1 = 2", "shown_when: A1 = 3", (B, "EQ", "shown_when", None)),
        ("operators", "code: EQ", "code: EQUAL", (B, "EQ", "question", None)),
        ("operators", "code: EQ", "code: EQUAL", (A, "EQUAL", "question", None)),
        ("number", "maximum: 24", "maximum: 23", (A, "A1", "limits", None)),
        ("dates", "precision: year", "precision: month", (B, "A1", "precision", None)),
        ("battery_list", "code: B2", "code: B4", (B, "B2", "row", None)),
        ("battery_one_by_one", "Je décide.", "On décide.", (W, "B2", "text", "fr")),
        ("proxy", "proxy: not_asked", "source: x", (A, "A2", "proxy", None)),
        ("slots", "code: end", "code: finish", (B, "end", "slot", None)),
        ("pages", "- {code: A1", "- {status: tested, code: A1", (P, "A1", "status", None)),
    ],
)
def test_every_change_has_its_class(
    name: str, old: str, new: str, found: tuple[Severity, str, str, str | None]
) -> None:
    if name == "dates":
        text = text_of(name).replace('minimum: "1900", maximum: "2026"', "compare: [= A1]")
        before = read_questionnaire(text)
        after = read_questionnaire(text.replace(old, new))
        differences = questionnaire_differences(before, after)
        assert found in {(d.severity, d.place, d.part, d.language) for d in differences}
        return
    assert found in changed(name, old, new)


def test_words_that_move_to_another_code_change_its_meaning() -> None:
    swapped = text_of("choice").replace("{fr: Oui,", "{fr: X,").replace("{fr: Non,", "{fr: Oui,")
    after = read_questionnaire(swapped.replace("{fr: X,", "{fr: Non,"))
    assert worst(questionnaire_differences(survey("choice"), after)) is B


def test_the_order_of_questions_is_presentation() -> None:
    text = text_of("required")
    lines = text.splitlines()
    lines[-1], lines[-2] = lines[-2], lines[-1]
    after = read_questionnaire("\n".join(lines))
    found = questionnaire_differences(survey("required"), after)
    assert [(one.severity, one.part) for one in found] == [(P, "order")]


def test_a_new_translation_adds() -> None:
    text = text_of("required").replace("languages: [fr, en]", "languages: [fr, en, de]")
    after = read_questionnaire(text.replace("en: One?", "en: One?, de: Eins?"))
    found = {(d.severity, d.part) for d in questionnaire_differences(survey("required"), after)}
    assert found == {(A, "languages"), (A, "text")}


def test_the_same_has_no_differences() -> None:
    assert questionnaire_differences(survey("operators"), survey("operators")) == ()
    assert worst(()) is None
    assert module_differences(module(), module()) == ()


def test_modules() -> None:
    after = read_module(text_of("slots_module").replace("Dernier", "Final"), survey("slots"))
    (found,) = module_differences(module(), after)
    assert (found.severity, found.place, found.before, found.after) == (
        W,
        "Z_BDX",
        "Dernier ?",
        "Final ?",
    )


GROUPS = """breakdowns:
  - {code: TWO, title: {fr: Deux, en: Two}, audience: elderly, by: question, question: E2, groups: [
      {code: one, title: {fr: Une, en: One}, options: [a]},
      {code: rest, title: {fr: Reste, en: Rest}, options: [b, c]}]}
"""


def test_impact_names_indicators_territories_and_conditions() -> None:
    national = read_framework(NATIONAL)
    own = read_framework(OWN, national)
    shown = ASKED + "      - {code: E4, type: text, text: {fr: x, en: x}, shown_when: E2 = a}\n"
    before, after = read_questionnaire(shown), read_questionnaire(shown.replace("Deux", "2"))
    touched = impact(questionnaire_differences(before, after), [national, own], [after])
    assert touched.indicators == (
        ("NAT", "OUT2"),
        ("NAT", "OUT3"),
        ("NAT", "GAP"),
        ("BDX", "OUT2"),
        ("BDX", "OUT3"),
        ("BDX", "BDX1"),
        ("BDX", "BDX2"),
        ("BDX", "GAP"),
    )
    assert touched.territories == ("BDX",)
    assert touched.conditions == ("E4",)
    broken = read_framework(NATIONAL + GROUPS)
    both = [broken, read_framework(OWN, broken)]  # what the nation declares is named once
    assert impact(questionnaire_differences(before, after), both).breakdowns == (("NAT", "TWO"),)
    other = read_questionnaire(shown.replace("Trois", "3"))
    assert impact(questionnaire_differences(before, other), both).breakdowns == ()
    titles = read_questionnaire(shown.replace("Trial", "Try"))
    nothing = impact(questionnaire_differences(before, titles), [national, own], [after])
    assert nothing.indicators == nothing.conditions == ()


def test_frameworks() -> None:
    national = read_framework(NATIONAL)

    def found(old: str, new: str) -> set[tuple[Severity, str, str]]:
        assert old in NATIONAL
        after = read_framework(NATIONAL.replace(old, new, 1))
        return {(d.severity, d.place, d.part) for d in framework_differences(national, after)}

    assert not framework_differences(national, national)
    assert found("of: E1 >= 4", "of: E1 >= 5") == {(B, "OUT1", "measure")}
    assert found("code: GAP", "code: GAP2") == {(A, "GAP2", "indicator"), (B, "GAP", "indicator")}
    assert found("weight: 30", "weight: 30.0") == set()
    assert found("weight: 1\n", "weight: 7\n") == set()
    assert found("weight: 30", "weight: 10") == {
        (B, code, "weight") for code in ("OUT1", "OUT2", "OUT3", "SQ1")
    }


def test_a_source_differs_by_language_whatever_their_order() -> None:
    def said(source: str, owner: str) -> Framework:
        target = f"target: {{value: 60, owner: {owner}, date: 2026-01-01}}"
        more = f"weight: 1\n            source: {source}\n            {target}\n"
        return read_framework(NATIONAL.replace("weight: 1\n", more))

    before = said("{fr: Un, en: One}", "{fr: Nous, en: Us}")
    assert not framework_differences(before, said("{en: One, fr: Un}", "{en: Us, fr: Nous}"))
    for source, owner, found in (
        ("{fr: Un, en: Two}", "{fr: Nous, en: Us}", {("source", "en", "One", "Two")}),
        ("{fr: Un, en: One}", "{fr: Nous, en: We}", {("target", None, "", "")}),
    ):
        after = framework_differences(before, said(source, owner))
        assert {(d.part, d.language, d.before, d.after) for d in after} == found
        assert worst(after) is P
    line = framework_differences(said("One", "Us"), said("Two", "Us"))
    assert [(d.part, d.language, d.before, d.after) for d in line] == [
        ("source", None, "One", "Two")
    ]


def test_methods_of_a_framework() -> None:
    plain = read_framework(NATIONAL)
    block = "methods: {weights: [framework, judges], judges: [{OUT: 3, SQ: 1}, {OUT: 1, SQ: 1}]}\n"
    tried = read_framework(NATIONAL + block)
    found = {d.part: (d.severity, d.before, d.after) for d in framework_differences(plain, tried)}
    assert found == {
        "methods.weights": (B, "–", "framework, judges"),
        "methods.judges": (B, "–", "OUT 3 SQ 1, OUT 1 SQ 1"),
    }


def test_breakdowns_of_a_framework() -> None:
    plain, broken = read_framework(NATIONAL), read_framework(NATIONAL + GROUPS)

    def found(before: Framework, after: Framework) -> set[tuple[Severity, str, str]]:
        return {(d.severity, d.place, d.part) for d in framework_differences(before, after)}

    def changed(old: str, new: str) -> set[tuple[Severity, str, str]]:
        assert old in GROUPS
        return found(broken, read_framework(NATIONAL + GROUPS.replace(old, new, 1)))

    assert found(plain, broken) == {(A, "TWO", "breakdown")}
    assert found(broken, plain) == {(B, "TWO", "breakdown")}
    assert changed("options: [b, c]", "options: [c, b]") == set()
    assert changed("options: [b, c]", "options: [b]") == {(B, "TWO", "groups")}
    assert changed("en: Rest", "en: Others") == {(W, "TWO.rest", "title")}
    assert changed("by: question", "evidence: illustrative, by: question") == {
        (P, "TWO", "evidence")
    }


def test_fingerprints_follow_wording_and_options() -> None:
    question = asked().question_by_item["E2"]
    same = read_questionnaire(ASKED.replace("code: E2", "required: hard\n        code: E2"))
    other = read_questionnaire(ASKED.replace("Deux", "2"))
    rescored = read_questionnaire(ASKED.replace("score: 2", "score: 3"))
    first = fingerprint(question, "E2")
    assert first == fingerprint(same.question_by_item["E2"], "E2")
    assert first != fingerprint(other.question_by_item["E2"], "E2")
    assert first != fingerprint(rescored.question_by_item["E2"], "E2")
    battery = survey("battery_list").question_by_item["B1"]
    row = survey("battery_one_by_one").question_by_item["B1"]
    assert fingerprint(battery, "B1") == fingerprint(row, "B1") != fingerprint(battery, "B2")
