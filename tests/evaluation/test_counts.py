"""Counts with noise: the same people alike wherever they are counted, and nobody told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from counts_attacker import WHOLE, Reader

from app.domain.conditions import Compare
from app.domain.frameworks import Share
from app.domain.questionnaire import Audience, Kind, Option, Question
from app.domain.text import NO_TEXT
from app.evaluation.components import ComponentDefinition, Within
from app.evaluation.count_offer import WHO, offer
from app.evaluation.count_tables import (
    ROOM,
    Answers,
    CountRules,
    Layer,
    count_table,
    groups,
    record_keys,
)
from app.evaluation.crosswalk import Asked

RULES = CountRules()
PLACES = ("A", "B", "C")
NUMBERS = np.arange(1_000)


def answers(seed: int, sizes: Mapping[str, int], people: tuple[int, int] = (35, 120)) -> Answers:
    rng = np.random.default_rng(seed)
    territory = np.repeat(np.arange(3), rng.integers(*people, 3))
    n = len(territory)
    given = {
        name: rng.choice(size, n, p=rng.dirichlet(np.full(size, 1.2)))
        for name, size in sizes.items()
    }
    return Answers(PLACES, territory, record_keys(b"secret", NUMBERS[:n]), given, dict(sizes))


def test_keys_are_steady_and_say_nothing_without_the_secret() -> None:
    one = record_keys(b"secret", NUMBERS)
    assert np.array_equal(one, record_keys(b"secret", NUMBERS))
    assert not np.array_equal(one, record_keys(b"another", NUMBERS))
    assert len(np.unique(one)) > 990
    assert np.histogram(one, bins=4, range=(0, 2**32))[0].min() > 200


def test_the_same_people_have_the_same_noise_however_they_are_reached() -> None:
    """Three questions that part the people alike, in other orders and with other codes."""
    rng = np.random.default_rng(5)
    n = 600
    one, other = rng.integers(0, 3, n), rng.integers(0, 2, n)
    given = {"a": one, "b": other, "turned": 2 - one, "again": one + 2}
    options = {"a": 3, "b": 2, "turned": 3, "again": 5}
    keys = record_keys(b"secret", NUMBERS[:n])
    here = Answers(("A",), np.zeros(n, dtype=np.int64), keys, given, options)
    plain = count_table(here, "a", "b", ("A",), RULES)["A"]
    crossed = count_table(here, "b", "a", ("A",), RULES)["A"]
    turned = count_table(here, "turned", "b", ("A",), RULES)["A"]
    alone = count_table(here, "a", None, ("A",), RULES)["A"]
    assert np.array_equal(plain.shown, crossed.shown.T)
    assert np.array_equal(plain.shown[:3], turned.shown[:3][::-1])
    assert np.array_equal(plain.shown[:, -1], alone.shown[:, -1])  # everybody answered both
    again = count_table(here, "again", None, ("A",), RULES)["A"]
    assert len(again.rows) == 3
    assert np.array_equal(again.shown, alone.shown)


def test_one_person_more_is_another_noise() -> None:
    n = 400
    ones = {"a": np.arange(n) % 2}
    tables = []
    for last in range(n - 20, n):
        keys = record_keys(b"secret", NUMBERS[:n])[: last + 1]
        who = np.zeros(last + 1, dtype=np.int64)
        there = Answers(("A",), who, keys, {"a": ones["a"][: last + 1]}, {"a": 2})
        layer = count_table(there, "a", None, ("A",), RULES)["A"]
        tables.append(int((layer.shown - layer.exact)[-1, -1]))
    assert len(set(tables)) > 5


def test_small_groups_are_put_together_with_a_neighbour() -> None:
    assert groups(np.array([40, 3, 9, 50]), 11).tolist() == [0, 1, 3]
    assert groups(np.array([0, 20, 30]), 11).tolist() == [0, 2]
    assert groups(np.array([20, 30, 4]), 11).tolist() == [0, 1]
    assert groups(np.array([5, 5, 5]), 11).tolist() == [0]


def test_no_line_and_no_column_is_of_few_people_and_few_territories_are_left_out() -> None:
    for seed in range(8):
        here = answers(seed, {"a": 4, "b": 5}, people=(20, 90))
        for layer in count_table(here, "a", "b", PLACES, RULES).values():
            assert layer.exact[:-1, -1].min() >= RULES.threshold
            assert layer.exact[-1, :-1].min() >= RULES.threshold
            assert layer.exact[-1, -1] >= RULES.people
            assert not np.isin(layer.shown, (1, 2)).any()
            assert (layer.shown[layer.exact == 0] == 0).all()
            assert np.abs(layer.shown - layer.exact).max() <= 8


def test_totals_have_a_noise_of_their_own() -> None:
    apart = [
        layer.shown[:-1, :-1].sum() - layer.shown[-1, -1]
        for seed in range(6)
        for layer in count_table(answers(seed, {"a": 2, "b": 3}), "a", "b", PLACES, RULES).values()
    ]
    assert sum(each != 0 for each in apart) > len(apart) / 2


def _reader(here: Answers, tables: Mapping[tuple[str, str], Mapping[str, Layer]]) -> Reader:
    asked = sorted({name for pair in tables for name in pair})
    exact = {
        (place, name): np.bincount(
            here.given[name][here.territory == k], minlength=here.options[name]
        ).tolist()
        for k, place in enumerate(PLACES)
        for name in asked
    }
    shown = {
        pair: {place: layer.plain() for place, layer in layers.items()}
        for pair, layers in tables.items()
    }
    options = {name: here.options[name] for name in asked}
    return Reader(options, exact, 8, dict.fromkeys(tables, PLACES), shown)


def _number(here: Answers, place: str, wanted: Mapping[str, set[int]]) -> int:
    who = np.ones(len(here.territory), dtype=bool)
    if place != WHOLE:
        who &= here.territory == PLACES.index(place)
    for name, options in wanted.items():
        who &= np.isin(here.given[name], list(options))
    return int(who.sum())


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_who_knows_all_answers_one_by_one_finds_no_small_number(seed: int) -> None:
    """Of every cell under the threshold that is shown, the room that the rule wants; of what a
    small group answered (never shown), the room too, or all that its own size leaves."""
    sizes = {"a": 2, "b": 3, "c": 4}
    here = answers(seed, sizes)
    for pair in combinations(sizes, 2):
        layers = count_table(here, *pair, PLACES, RULES)
        reader = _reader(here, {pair: layers})
        looked = 0
        for place, layer in layers.items():
            for wanted, _ in reader._cells(pair, layer.plain()):
                number = _number(here, place, wanted)
                if len(wanted) == 2 and number < RULES.threshold and looked < 6:
                    low, high = reader.range_of(pair, place, wanted)
                    assert low <= number <= high
                    assert high - low >= ROOM
                    looked += 1


def test_two_tables_of_three_do_not_narrow_the_third_to_one_number() -> None:
    """All three tables of three questions together: none of the small numbers is told."""
    sizes = {"a": 2, "b": 2, "c": 2}
    for seed in range(2):
        here = answers(seed, sizes, people=(35, 60))
        tables = {pair: count_table(here, *pair, PLACES, RULES) for pair in combinations(sizes, 2)}
        tables = {pair: layers for pair, layers in tables.items() if layers}
        reader = _reader(here, tables)
        for pair, layers in tables.items():
            for place, layer in layers.items():
                cells = [each for each, _ in reader._cells(pair, layer.plain()) if len(each) == 2]
                for wanted in cells:
                    if _number(here, place, wanted) < RULES.threshold:
                        low, high = reader.range_of(pair, place, wanted)
                        assert high - low >= ROOM


def test_asking_for_the_same_people_again_and_again_averages_nothing_out() -> None:
    """A cell of two questions has one noise in all tables; only totals of one question are found
    anew as sums of ever other cells, and those are of at least the threshold."""
    n = 900
    rng = np.random.default_rng(3)
    given = {"a": (rng.random(n) < 0.03).astype(np.int64)} | {
        f"b{k}": rng.integers(0, 3, n) for k in range(20)
    }
    options = {"a": 2} | {f"b{k}": 3 for k in range(20)}
    here = Answers(
        ("A",), np.zeros(n, dtype=np.int64), record_keys(b"secret", NUMBERS[:n]), given, options
    )
    totals = {
        tuple(layer["A"].shown[:, -1])
        for k in range(20)
        if (layer := count_table(here, "a", f"b{k}", ("A",), RULES))
    }
    assert len(totals) == 1


def _yes(item: str) -> Compare:
    return Compare(item, "=", "yes")


def _share(code: str, item: str, *more: str) -> ComponentDefinition:
    measure = Share(_yes(item), base=_yes(more[0]) if more else None)
    return ComponentDefinition(f"{code}.elderly", code, Audience.ELDERLY, measure)


def _question(code: str, **more: object) -> Question:
    options = (Option("yes", NO_TEXT), Option("no", NO_TEXT))
    return Question(code, Kind.CHOICE, NO_TEXT, options=options, **more)  # type: ignore[arg-type]


def test_what_a_release_withholds_is_not_asked_for() -> None:
    asked_after = _question("E3", shown_when=_yes("E2"))
    questions = {
        "E1": _question("E1"),
        "E2": _question("E2"),
        "E3": asked_after,
        "E4": _question("E4", shown_when=_yes("E3")),
        "E5": _question("E5", sensitive=True),
        "E6": _question("E6"),
    }
    definitions = {
        each.id: each for each in (_share("I1", "E1"), _share("I3", "E3"), _share("I6", "E6", "E1"))
    }
    everywhere = {Audience.ELDERLY: frozenset(questions)}
    asked = Asked({"A": everywhere, "B": everywhere})
    found = offer(
        Audience.ELDERLY, questions, definitions, [("A", "I3.elderly"), ("B", "series:X")], asked
    )
    assert set(found.places) == {WHO, "E1", "E2", "E3", "E4", "E6"}
    assert found.places["E1"] == ("A", "B")
    for near in ("E2", "E3", "E4"):  # decides, is withheld, is asked after it
        assert found.places[near] == ("B",)
    assert found.together("E1", "E6") == ()  # one figure of the release is of both
    assert found.together("E1", "E3") == ("B",)
    groups = {
        each.id: each
        for name, who in (("SEX", _yes("E1")), ("WHO", None))
        for each in (
            replace(
                definitions["I6.elderly"],
                id=f"I6.elderly@{name}.x",
                measure=Share(_yes("E6")),
                within=Within(name, "x", who),
            ),
        )
    }
    broken = offer(Audience.ELDERLY, questions, groups, [("A", "I6.elderly@SEX.x")], asked)
    assert broken.places["E6"] == broken.places["E1"] == ("A", "B")  # the whole is shown
    assert broken.together("E6", "E1") == broken.together(WHO, "E6") == ()
    assert broken.together(WHO, "E1") == ("A", "B")
    by_sex = replace(definitions["I3.elderly"], within=Within("SEX", "x", _yes("E1")))
    broken = offer(Audience.ELDERLY, questions, {"x": by_sex}, [("A", "x")], asked)
    assert [broken.together("E1", each) for each in ("E2", "E3", "E4")] == [(), (), ()]
    assert broken.together("E1", "E6") == ("A", "B")
    other = offer(Audience.FAMILY, questions, definitions, [("A", "I3.elderly")], asked)
    assert other.places["E1"] == ()
