"""Files that were made to break the reader: each is refused with findings, none gets further."""

from __future__ import annotations

import pytest
from tiny import text_of

from app.definitions.checking import Companions, check_file
from app.definitions.files import kind_of, read_framework, read_module, read_questionnaire
from app.definitions.nodes import MAX_BYTES, MAX_NODES
from app.domain.checks import Level
from app.domain.errors import BadDefinition

GOOD = text_of("choice")
NUMBER = text_of("number")
RATING = text_of("rating")
TEXT = text_of("text")
DATES = text_of("dates")
BATTERY = text_of("battery_one_by_one")


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 12):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    return "\n".join(lines)


def _nested_conditions(depth: int) -> str:
    return "{not: " * depth + "A1 = yes" + "}" * depth


HOSTILE = {
    # not YAML, or not the YAML that is wanted
    "empty": "",
    "spaces": "   \n\n",
    "comment": "# nothing\n",
    "scalar": "hello",
    "number alone": "42",
    "list": "- a\n- b",
    "null": "~",
    "tab": "format:\n\t- covalue/questionnaire/1",
    "unclosed bracket": "format: [a, b",
    "unclosed brace": "format: {a: b",
    "unclosed quote": 'format: "covalue',
    "stray closing": "format: ]",
    "binary": "\x00\x01\x02\x03",
    "binary after text": GOOD + "\x00",
    "escape character": GOOD.replace("Essai", "Es\x1bsai"),
    "escaped null": GOOD.replace("{fr: Essai,", '{fr: "Es\\0sai",'),
    "escaped surrogate": GOOD.replace("{fr: Essai,", '{fr: "\\ud800",'),
    "bidi and byte order marks only": "\ufeff\ufeff",
    "two documents": GOOD + "\n---\n" + GOOD,
    "directive": "%YAML 9.9\n---\n" + GOOD,
    "reserved sign": "format: @here",
    "percent": "%%%",
    # size, depth, sharing
    "alias bomb": _bomb(),
    "anchor": GOOD.replace("title: {", "title: &t {", 1),
    "alias": GOOD.replace("title: {fr: Essai, en: Trial}", "title: *t"),
    "own alias": "a: &a [*a]",
    "merge key": "base: &b {x: y}\nother:\n  <<: *b",
    "merge key alone": GOOD + "<<: {source: x}\n",
    "deep lists": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep open lists": "a: " + "[" * 100_000,
    "deep mappings": "a: " + "{a: " * 5_000,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(500)),
    "deep dashes": "- " * 20_000,
    "question marks": "? " * 20_000,
    "many nodes": "a: [" + "x," * (MAX_NODES + 1) + "]",
    "too large": "a: " + "x" * MAX_BYTES,
    "too large in bytes": "a: " + "é" * (MAX_BYTES // 2),
    "deep condition": GOOD + "        shown_when: " + _nested_conditions(40),
    "long key": "k" * 5_000 + ": v",
    "mapping as key": "{a: b}: c",
    "list as key": "? [a]\n: b",
    # tags
    "python object": "format: !!python/object/apply:os.system ['true']",
    "python name": "a: !!python/name:os.system ''",
    "python tuple": "a: !!python/tuple [1, 2]",
    "tag of text": GOOD.replace("code: choice", "code: !!str choice"),
    "binary tag": "a: !!binary aGVsbG8=",
    "own tag": "a: !mine b",
    "set": "a: !!set {b, c}",
    # keys
    "duplicate key": GOOD + "code: other\n",
    "duplicate key inside": GOOD.replace("{fr: Partie,", "{fr: Autre, fr: Partie,"),
    "unknown key": GOOD + "colour: blue\n",
    "unknown key inside": GOOD.replace("options: yes_no", "options: yes_no\n        option: yes"),
    "dunder key": GOOD + "__class__: x\n",
    "schema key": GOOD + "_schema: x\n",
    "missing title": GOOD.replace("title: {fr: Essai, en: Trial}\n", ""),
    "unknown format": GOOD.replace("questionnaire/1", "questionnaire/2"),
    "no format": GOOD.replace("format: covalue/questionnaire/1\n", ""),
    "format as list": GOOD.replace("covalue/questionnaire/1", "[covalue/questionnaire/1]"),
    # types
    "sections as text": GOOD[: GOOD.index("sections:")] + "sections: none\n",
    "sections empty": GOOD[: GOOD.index("sections:")] + "sections: []\n",
    "sections as mapping": GOOD[: GOOD.index("sections:")] + "sections: {code: one}\n",
    "title as text": GOOD.replace("title: {fr: Essai, en: Trial}", "title: Essai"),
    "title as list": GOOD.replace("title: {fr: Essai, en: Trial}", "title: [Essai]"),
    "title empty": GOOD.replace("title: {fr: Essai, en: Trial}", "title: {}"),
    "title in no language": GOOD.replace("{fr: Essai, en: Trial}", "{french: Essai}"),
    "wording as list": GOOD.replace("{fr: Essai, en: Trial}", "{fr: [Essai]}"),
    "code with spaces": GOOD.replace("code: A1", "code: A 1"),
    "code with path": GOOD.replace("code: A1", "code: ../A1"),
    "code too long": GOOD.replace("code: A1", "code: A" + "1" * 40),
    "code empty": GOOD.replace("code: A1", "code:"),
    "code as list": GOOD.replace("code: A1", "code: [A1]"),
    "audience": GOOD.replace("audience: elderly", "audience: everyone"),
    "type unknown": GOOD.replace("type: choice", "type: grid"),
    "type as list": GOOD.replace("type: choice", "type: [choice]"),
    "type missing": GOOD.replace("        type: choice\n", ""),
    "entry unclear": GOOD + "      - {what: is this}\n",
    "entry as text": GOOD + "      - A2\n",
    "option list unknown": GOOD.replace("options: yes_no", "options: yes_or_no"),
    "options empty": GOOD.replace("options: yes_no", "options: []"),
    "option of text": GOOD.replace("options: yes_no", "options: [a, b]"),
    "flag": GOOD.replace("specify: true", "specify: yes"),
    "score word": GOOD.replace("score: 1", "score: one"),
    "score nan": GOOD.replace("score: 1", "score: .nan"),
    "score infinite": GOOD.replace("score: 1", "score: .inf"),
    "score with exponent": GOOD.replace("score: 1", "score: 1e400"),
    "score huge": GOOD.replace("score: 1", "score: " + "9" * 400),
    "score hexadecimal": GOOD.replace("score: 1", "score: 0x10"),
    "minutes negative": GOOD.replace("sections:", "minutes: -5\nsections:"),
    "required": GOOD + "        required: please\n",
    "condition": GOOD + "        shown_when: A1 == yes\n",
    "condition code": GOOD + "        shown_when: __import__('os') = 1\n",
    "condition as list": GOOD + "        shown_when: [A1 = yes]\n",
    "condition of two words": GOOD + "        shown_when: {all: [A1 = yes], any: [A1 = no]}\n",
    "condition empty": GOOD + "        shown_when: {all: []}\n",
    "condition not list": GOOD + "        shown_when: {all: A1 = yes}\n",
    "condition very long": GOOD + "        shown_when: A1 in [" + "a, " * 5_000 + "a]\n",
    "ways out": GOOD + "        ways_out: [bored]\n",
    "limits of another type": GOOD + "        limits: {minimum: 1}\n",
    "rating too wide": RATING.replace("to: 10", "to: 100"),
    "rating turned": RATING.replace("to: 10", "to: -10"),
    "rating endless": RATING.replace("to: 10", "to: 99999999999"),
    "rating label": RATING.replace('"10":', '"11":'),
    "limits crossed": NUMBER.replace("minimum: 0, maximum: 24", "minimum: 25, maximum: 24"),
    "decimals": NUMBER.replace("decimals: 1", "decimals: 99"),
    "comparison": NUMBER.replace("<= A1", "A1"),
    "pattern unreadable": TEXT.replace("[0-9]{5}", "[0-9"),
    "pattern running away": TEXT.replace("[0-9]{5}", "(a+)+"),
    "date that is none": DATES.replace("1900-01-01", "1900-02-30"),
    "date of other precision": DATES.replace("1900-01-01", "1900"),
    "battery without rows": BATTERY[: BATTERY.index("        rows:")],
    "fallback": GOOD.replace("languages: [fr, en]", "languages: [fr, en]\nfallback: de"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_place_a_reason_and_a_remedy(name: str) -> None:
    text = HOSTILE[name]
    with pytest.raises(BadDefinition) as refused:
        read_questionnaire(text)
    assert refused.value.findings
    for found in refused.value.findings:
        assert found.level is Level.ERROR
        for said in (found.message, found.remedy):
            assert said.in_("fr")
            assert said.in_("en")
            assert "{detail}" not in said.in_("en")
        assert found.line is None or 1 <= found.line <= text.count("\n") + 2


@pytest.mark.parametrize("name", HOSTILE)
def test_no_door_lets_them_in(name: str) -> None:
    text = HOSTILE[name]
    for read in (lambda text: read_module(text, None), read_framework):
        with pytest.raises(BadDefinition):
            read(text)
    findings = check_file(text, Companions())
    assert any(found.level is Level.ERROR for found in findings)


def test_lines_are_those_of_the_file() -> None:
    text = GOOD.replace("type: choice", "type: choice\n        colour: blue").replace(
        "score: 0", "score: x"
    )
    with pytest.raises(BadDefinition) as refused:
        read_questionnaire(text)
    lines = text.split("\n")
    found = {finding.rule: lines[(finding.line or 0) - 1] for finding in refused.value.findings}
    assert "colour" in found["unknown_key"]
    assert "score: x" in found["number"]


def test_every_error_is_told_at_once() -> None:
    text = GOOD.replace("score: 1", "score: x").replace("score: 0", "score: y").replace("A1", "A 1")
    with pytest.raises(BadDefinition) as refused:
        read_questionnaire(text)
    assert sorted(found.rule for found in refused.value.findings) == ["code", "number", "number"]


def test_text_that_looks_like_something_else_stays_text() -> None:
    text = GOOD.replace('code: "yes"', "code: yes").replace('code: "no"', "code: no")
    for odd in ("012", "1_000", "true"):
        question = read_questionnaire(text.replace("code: other", f"code: {odd}")).questions[0]
        assert [option.code for option in question.options] == ["yes", "no", odd]


def test_the_kind_of_a_file() -> None:
    assert kind_of(GOOD) == "questionnaire"
    assert kind_of(text_of("slots_module")) == "module"
