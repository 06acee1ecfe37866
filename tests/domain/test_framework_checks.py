"""The checks on frameworks: measures that can be computed, changes that are explained."""

from __future__ import annotations

import pytest
from frameworks_at_hand import NATIONAL, OWN, asked

from app.definitions.files import read_framework
from app.domain.checks import Finding, Level
from app.domain.errors import BadDefinition
from app.domain.framework_checks import check_framework
from app.domain.method_choices import Methods
from app.domain.questionnaire import Audience

NAT = read_framework(NATIONAL)
ASKED = {Audience.ELDERLY: (asked(),)}


def rules(findings: tuple[Finding, ...], level: Level = Level.ERROR) -> set[tuple[str, str]]:
    return {(found.rule, found.place) for found in findings if found.level is level}


def test_the_frameworks_at_hand_are_right() -> None:
    assert not rules(check_framework(NAT, None, ASKED))
    assert not rules(check_framework(read_framework(OWN, NAT), NAT, ASKED))


SAID = "            weight: 1\n"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("source: {fr: Question propre}", {("language_missing", "SQ1")}),
        ("source: {fr: Question propre, en: Own item}", set()),
        ("source: DREES 2017", set()),
        ("target: {value: 6, owner: {en: Us}, date: 2026-01-01}", {("language_missing", "SQ1")}),
        ("target: {value: 6, owner: Agence, date: 2026-01-01}", set()),
    ],
)
def test_a_source_is_in_every_language_or_the_same_in_each(
    said: str, found: set[tuple[str, str]]
) -> None:
    national = read_framework(NATIONAL.replace(SAID, f"{SAID}            {said}\n"))
    assert rules(check_framework(national, None, ASKED)) == found


@pytest.mark.parametrize("said", ["[a]", "{}", "{fr: [a]}", "{français: a}", f"{'a' * 2001}"])
def test_what_is_no_source_is_refused_at_its_place(said: str) -> None:
    with pytest.raises(BadDefinition) as refused:
        read_framework(NATIONAL.replace(SAID, f"{SAID}            source: {said}\n"))
    (finding,) = refused.value.findings
    assert "indicators[0].source" in finding.place


GROUPS = """breakdowns:
  - code: TWO
    title: {fr: Deux, en: Two}
    audience: elderly
    by: question
    question: E2
    groups:
      - {code: one, title: {fr: Une, en: One}, options: [a]}
      - {code: rest, title: {fr: Reste, en: Rest}, options: [b, c]}
"""
SELF = "{code: self, title: {fr: Soi, en: Self}}"
PROXY = "{code: proxy, title: {fr: Autre, en: Proxy}}"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("E2\n", "E9\n", ("item_not_asked", "TWO")),
        ("E2\n", "E1\n", ("breakdown_one_choice", "TWO")),
        ("audience: elderly", "audience: family", ("audience_missing", "TWO")),
        ("[b, c]", "[b, z, c]", ("unknown_group_option", "TWO")),
        ("[b, c]", "[a, b, c]", ("option_in_two_groups", "TWO")),
        ("code: rest", "code: one", ("group_twice", "TWO")),
        (", options: [b, c]", "", ("breakdown_by_question", "TWO")),
        ("    question: E2\n", "", ("breakdown_by_question", "TWO")),
        ("by: question", "by: who_answers", ("breakdown_by_who", "TWO")),
        ("en: Rest", "en: ''", ("language_missing", "rest")),
        ("audience", "evidence: documented\n    audience", ("no_source", "TWO")),
        (GROUPS, GROUPS + GROUPS.removeprefix("breakdowns:\n"), ("breakdown_twice", "TWO")),
        (
            "      - {code: one",
            "".join(f"      - {{code: g{n}, title: {{fr: x, en: x}}, options: [o{n}]}}\n"
                    for n in range(5)) + "      - {code: one",
            ("breakdown_groups", "TWO"),
        ),
    ],
)  # fmt: skip
def test_breakdown_errors(old: str, new: str, found: tuple[str, str]) -> None:
    assert not rules(check_framework(read_framework(NATIONAL + GROUPS), None, ASKED))
    assert old in GROUPS
    framework = read_framework(NATIONAL + GROUPS.replace(old, new, 1))
    seen = rules(check_framework(framework, None, ASKED))
    assert found in seen
    assert {rule for rule, _ in seen} <= {found[0], "unknown_group_option"}


def test_who_answered_needs_no_question_and_left_options_are_said() -> None:
    by_who = "breakdowns:\n  - {code: WHO, title: {fr: Qui, en: Who}, audience: elderly,\n"
    by_who += f"     by: who_answers, groups: [{SELF}, {PROXY}]}}\n"
    assert not rules(check_framework(read_framework(NATIONAL + by_who), None, ASKED))
    left = read_framework(NATIONAL + GROUPS.replace("[b, c]", "[b]"))
    assert ("options_in_no_group", "TWO") in rules(check_framework(left, None, ASKED), Level.ADVICE)


def test_options_outside_a_scale_are_said() -> None:
    found = rules(check_framework(NAT, None, ASKED), Level.ADVICE)
    assert found == {("option_without_score", "OUT2")}


TARGET = """weight: 10
            target: {value: %d, owner: Board, date: 2026-01-01}"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("of: E1 >= 4", "of: E9 >= 4", ("item_not_asked", "OUT1")),
        ("of: E1 >= 4", "of: E3 >= 4", ("not_comparable", "OUT1")),
        ("of: E2 = a", "of: E2 = z", ("unknown_option", "OUT3")),
        ("items: [E1, E2]", "items: [E1, E3]", ("no_scale", "OUT2")),
        ("items: [E1, E2]", "items: [E1], reversed: [E2]", ("reversed_elsewhere", "OUT2")),
        (
            "elderly: {share: {of: E1 >= 4}}",
            "family: {share: {of: E1 >= 4}}",
            ("audience_missing", "OUT1"),
        ),
        ("code: OUT3", "code: OUT1", ("code_twice", "OUT1")),
        ("code: GAP", "code: OUT1", ("code_twice", "OUT1")),
        ("en: At home", "en: ''", ("language_missing", "home")),
        ("weight: 10", "goalposts: [9, 1]\n            weight: 10", ("goalposts", "OUT1")),
        (
            "weight: 10",
            f"goalposts: [5, 50]\n            {TARGET % 5}",
            ("target_at_worst", "OUT1"),
        ),
        (
            "weight: 10",
            f"direction: down\n            {TARGET % 120}",
            ("target_at_worst", "OUT1"),
        ),
        (
            "{elderly: {share: {of: E1 >= 4}}}",
            "{elderly: {gap: {measure: {scale: {items: [E1]}}, group: E2 = a}}}",
            ("gap_scored", "OUT1"),
        ),
    ],
)
def test_national_errors(old: str, new: str, found: tuple[str, str]) -> None:
    assert old in NATIONAL
    framework = read_framework(NATIONAL.replace(old, new, 1))
    assert rules(check_framework(framework, None, ASKED)) == {found}


METHODS = """\
methods:
  aggregation: [arithmetic, geometric]
  normalisation: [goalposts, min_max, z, rank]
  weights: [framework, equal, judges]
  judges: [{OUT: 3, SQ: 1}, {OUT: 1, SQ: 0}]
  missing: [1/2, 0.8]
  dont_know: [as_defined, out, no]
  respondents: [all, self_only]
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", set()),
        ("[arithmetic, geometric]", "[geometric]", {("own_way_missing", "NAT")}),
        ("[goalposts, min", "[min", {("own_way_missing", "NAT")}),
        ("[framework, ", "[", {("own_way_missing", "NAT")}),
        ("[all, self_only]", "[self_only]", {("own_way_missing", "NAT")}),
        ("[1/2, 0.8]", "[1/2, 0.5]", {("choice_twice", "NAT")}),
        (", judges]", "]", {("judges_listed", "NAT")}),
        ("  judges: [{OUT: 3, SQ: 1}, {OUT: 1, SQ: 0}]\n", "", {("judges_listed", "NAT")}),
        ("{OUT: 1, SQ: 0}", "{OUT: 1}", {("judge", "NAT")}),
        ("{OUT: 1, SQ: 0}", "{OUT: 1, SQ: 0, XX: 1}", {("judge", "NAT")}),
        ("{OUT: 1, SQ: 0}", "{OUT: 0, SQ: 0}", {("judge", "NAT")}),
        (
            "z, rank]",
            "z, distance_to_target]",
            {("target_for_method", code) for code in ("OUT1", "OUT2", "OUT3", "SQ1")},
        ),
        (METHODS, "methods: {aggregation: [arithmetic]}\n", {("no_other_method", "NAT")}),
        (METHODS, "methods: {}\n", {("no_other_method", "NAT")}),
    ],
)
def test_methods(old: str, new: str, found: set[tuple[str, str]]) -> None:
    assert old in METHODS
    framework = read_framework(NATIONAL + METHODS.replace(old, new, 1))
    assert rules(check_framework(framework, None, ASKED)) == found


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("[1/2, 0.8]", "[]", "too_short"),
        ("[arithmetic, geometric]", "[arithmetic, harmonic]", "choice"),
        ("z, rank", "z, log", "choice"),
        ("[1/2, 0.8]", "[1.5]", "number_range"),
        ("dont_know:", "do_not_know:", "unknown_key"),
    ],
)
def test_methods_that_cannot_be_read(old: str, new: str, rule: str) -> None:
    assert old in METHODS
    with pytest.raises(BadDefinition) as refused:
        read_framework(NATIONAL + METHODS.replace(old, new, 1))
    assert [found.rule for found in refused.value.findings] == [rule]


def test_a_territory_has_the_national_methods_unless_it_gives_its_own() -> None:
    national = read_framework(NATIONAL + METHODS)
    assert read_framework(OWN, national).methods == national.methods
    own = read_framework(OWN + "methods: {aggregation: [arithmetic, geometric]}\n", national)
    assert own.methods == Methods(aggregation=("arithmetic", "geometric"))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("code: SQ1_BDX", "code: SQ1", ("own_code_is_national", "SQ1")),
        ("code: BDX1", "code: OUT1", ("own_code_is_national", "OUT1")),
        ("code: BDX1", "code: BDX2", ("code_twice", "BDX2")),
        ("source: p. 3", "source: ''", ("no_source", "OUT1")),
        (
            "reason: {fr: r, en: r}, evidence: documented",
            "reason: {fr: r}, evidence: documented",
            ("no_reason", "OUT1"),
        ),
        ("of: E1 >= 3", "of: E8 >= 3", ("item_not_asked", "SQ1_BDX")),
    ],
)
def test_own_errors(old: str, new: str, found: tuple[str, str]) -> None:
    assert old in OWN
    framework = read_framework(OWN.replace(old, new, 1), NAT)
    assert found in rules(check_framework(framework, NAT, ASKED))


def test_another_national_framework_is_noticed() -> None:
    other = read_framework(NATIONAL.replace("code: OUT3", "code: OUT4").replace("NAT", "OLD"))
    found = rules(check_framework(read_framework(OWN, NAT), other, ASKED))
    assert found == {
        ("not_extending", "BDX"),
        ("unknown_indicator", "OUT3"),
        ("not_accounted", "BDX"),
    }
