"""On paper: numbers, keys, what a tick lets skip, and what typed keys mean."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from tiny import given, survey

from app.definitions.files import read_questionnaire
from app.domain.answers import Answer
from app.domain.double_entry import HEAD, Keyed, differing, merged
from app.domain.keying import Typed, as_typed, judge
from app.domain.paper import boxes, numbers, skips
from app.domain.questionnaire import Why
from app.domain.routing import path_through

CHAIN = """\
format: covalue/questionnaire/1
code: chain
audience: elderly
languages: [fr]
title: {fr: Essai}
option_lists:
  yes_no:
    - {code: "yes", score: 1, text: {fr: Oui}}
    - {code: "no", score: 0, text: {fr: Non}}
sections:
  - code: one
    title: {fr: Un}
    items:
      - {code: A, type: choice, text: {fr: A}, options: yes_no, ways_out: [dont_know]}
      - {code: B, type: choice, text: {fr: B}, options: yes_no, shown_when: A = yes}
      - {code: C, type: choice, text: {fr: C}, options: yes_no, shown_when: B = yes}
      - {code: D, type: choice, text: {fr: D}, options: yes_no, shown_when: {not: A = yes}}
      - {code: E, type: choice, text: {fr: E}, options: yes_no}
      - {code: F, type: choice, text: {fr: F}, options: yes_no, shown_when: E = yes}
"""


def test_skips_follow_every_condition_that_is_certain() -> None:
    assert skips(read_questionnaire(CHAIN)) == {
        ("A", "2"): "D",  # B is not asked, and so C is not
        ("A", "a"): "D",
        ("B", "2"): "D",
        ("E", "2"): "",
    }


def test_nobody_is_sent_past_a_question_that_the_screen_would_ask() -> None:
    questionnaire = read_questionnaire(CHAIN)
    order = [question.code for question in questionnaire.questions]
    led = skips(questionnaire)
    ways = {"1": Answer("yes"), "2": Answer("no"), "a": Answer(why=Why.DONT_KNOW)}
    for keys in product(ways, repeat=len(order)):
        answers = {code: ways[key] for code, key in zip(order, keys, strict=True)}
        path = path_through(questionnaire, answers)
        for code, key in zip(order, keys, strict=True):
            if code in path.items and (code, key) in led:
                end = order.index(led[code, key]) if led[code, key] else len(order)
                assert not path.items & set(order[order.index(code) + 1 : end])


def test_numbers_and_keys_are_those_of_the_sheet() -> None:
    every = survey("every_kind")
    assert numbers(every) | {"K7a": "7a", "K7b": "7b", "K9": "9"} == numbers(every)
    assert "KINFO" not in numbers(every)
    keys = {question.code: [box.key for box in boxes(question)] for question in every.questions}
    assert keys["K1"] == ["1", "2", "a", "b"]  # codes are words: places, then ways out
    assert keys["K3"] == ["0", "1", "2", "3", "4", "5"]  # codes are numbers
    assert keys["K4"] == ["a"]


LIFE, MORE = survey("every_kind").sections


def keyed(**typed: str) -> dict[str, Typed]:
    return {item: Typed(value) for item, value in typed.items()}


def test_keys_become_answers_as_on_screen() -> None:
    typed = keyed(K1="1", K3="4") | {"K2": Typed("2, 3", "Le jardin")}
    judged = judge(survey("every_kind"), LIFE, typed, {}, "self", "")
    assert not judged.faults
    assert judged.answers["K1"].value == "yes"
    assert judged.answers["K2"].content == (("meals", "other"), None, "Le jardin")
    assert judged.answers["K3"].value == "4"
    more = keyed(K4=" 2 ", K5="Cenon", K6="3/2020", K7a="2", K7b="?", K8="Merci", K9="14/7/2020")
    judged = judge(survey("every_kind"), MORE, more, judged.answers, "self", "")
    assert not judged.faults
    assert judged.answers["K4"].value == 2
    assert judged.answers["K6"].value == "2020-03"
    assert judged.answers["K9"].value == "2020-07-14"
    assert judged.answers["K7b"].why is Why.SKIPPED
    assert judged.illegible == {"K7b"}


def test_what_is_empty_is_skipped_even_where_the_screen_would_insist() -> None:
    judged = judge(survey("every_kind"), MORE, {}, {}, "self", "")
    assert not judged.faults
    assert {answer.why for answer in judged.answers.values()} == {Why.SKIPPED}
    assert not judged.illegible


def test_what_routing_leaves_out_is_left_out_and_said() -> None:
    judged = judge(survey("every_kind"), LIFE, keyed(K1="2", K2="1", K3="3"), {}, "self", "")
    assert "K2" not in judged.answers
    assert judged.beside == ("K2",)
    proxy = judge(survey("every_kind"), LIFE, keyed(K1="1", K2="1", K3="3"), {}, "proxy", "")
    assert proxy.beside == ("K3",)


@pytest.mark.parametrize(
    ("item", "value"),
    [("K1", "9"), ("K1", "1 2"), ("K1", "a b"), ("K2", "1 4"), ("K3", "6"), ("K1", "1 a")],
)
def test_keys_that_cannot_be_are_refused(item: str, value: str) -> None:
    typed = keyed(K1="1") | keyed(**{item: value})
    judged = judge(survey("every_kind"), LIFE, typed, {}, "self", "")
    assert [fault.place for fault in judged.faults] == [item]


@pytest.mark.parametrize(("item", "value"), [("K4", "21"), ("K4", "two"), ("K6", "13/2020")])
def test_written_values_are_judged_as_on_screen(item: str, value: str) -> None:
    judged = judge(survey("every_kind"), MORE, keyed(**{item: value}), {}, "self", "")
    assert [fault.place for fault in judged.faults] == [item]


def test_what_was_typed_is_shown_again_as_it_was() -> None:
    every = survey("every_kind")
    typed = keyed(K1="a", K3="0") | {"K2": Typed("2 3", "Le jardin")}
    for item, given_ in typed.items():
        question = every.question_by_item[item]
        answers = judge(every, LIFE, keyed(K1="1") | {item: given_}, {}, "self", "").answers
        assert as_typed(question, answers[item], illegible=False) == given_
    assert as_typed(every.question_by_item["K1"], None, illegible=True) == Typed("?")


def keying(role: str = "self", illegible: str = "", **values: object) -> Keyed:
    return Keyed(given(**values), frozenset(illegible.split()), role)  # type: ignore[arg-type] # by name


def test_equal_keyings_differ_in_nothing_whatever_the_spaces() -> None:
    every = survey("every_kind")
    first = keying(K1="no", K5="Cenon  ville")
    assert differing(every, first, keying(K1="no", K5="cenon ville")) == ()
    assert differing(every, first, keying(K1="yes", K5="Cenon ville")) == ("K1",)
    assert differing(every, first, keying("proxy", K1="no", K5="Cenon ville")) == (HEAD,)
    assert differing(every, first, replace(first, head={"agrees": "yes"})) == (HEAD,)
    agreed = replace(first, head={"agrees": "cannot_say"})
    assert merged(every, first, agreed, {HEAD: "second"}).head == {"agrees": "cannot_say"}


def test_illegible_is_another_thing_than_empty() -> None:
    every = survey("every_kind")
    empty, unread = keying(K1=Why.SKIPPED), keying(illegible="K1", K1=Why.SKIPPED)
    assert differing(every, empty, unread) == ("K1",)


def test_a_decision_draws_the_path_after_it() -> None:
    every = survey("every_kind")
    first, second = keying(K1="yes", K2=("meals",), K3="4"), keying(K1="no", K3="4")
    assert differing(every, first, second) == ("K1", "K2")
    no = merged(every, first, second, {"K1": "second", "K2": "first"})
    assert "K2" not in no.answers
    yes = merged(every, first, second, {"K1": "first", "K2": "second"})
    assert yes.answers["K2"].why is Why.SKIPPED
    unread = merged(every, first, second, {"K1": "illegible", "K2": "first"})
    assert unread.illegible == {"K1"}
    assert unread.answers["K1"].why is Why.SKIPPED
    assert unread.answers["K3"].value == "4"
