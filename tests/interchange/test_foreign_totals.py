"""Scores of foreign forms, compared with a number: the condition holds where the score does."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from app.domain.conditions import Operand, holds, parts_of
from app.domain.questionnaire import Kind
from app.interchange.foreign_conditions import Translator
from app.interchange.foreign_expressions import read_xpath
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_logic import Untranslatable

LEVELS = ("0", "1", "2", "3")
Scores = tuple[float | None, ...]


def total(given: Scores) -> float | None:
    """The sum of the answers; none where one of them is missing."""
    return None if None in given else sum(one or 0.0 for one in given)


def mixed(given: Scores) -> float | None:
    """Twice the first less the second, and one more where the third is 3."""
    a, b, c = given
    return None if a is None or b is None else 2 * a - b + (1 if c == 3 else 0)


def known_ones(given: Scores) -> float | None:
    """The sum where what is missing counts as 0, as in ``coalesce``."""
    return sum(one or 0.0 for one in given)


MEANT: dict[str, Callable[[Scores], float | None]] = {
    "${a} + ${b} + ${c}": total,
    "number(${total})": total,
    "${a} * 2 - ${b} + if(${c} = '3', 1, 0)": mixed,
    "coalesce(${a}, 0) + coalesce(${b}, 0) + coalesce(${c}, 0)": known_ones,
    "sum(${a}, ${b}, ${c})": known_ones,
    "(${a} + ${b} + ${c}) div 2": lambda given: None if None in given else total(given) / 2,  # type: ignore[operator] # none is missing
}


def meanings() -> dict[str, Meaning]:
    """Three questions with scores, and their sum as a calculated value."""
    options = {level: f"L{level}" for level in LEVELS}
    found: dict[str, Meaning] = {name: Item(name, Kind.CHOICE, options) for name in "abc"}
    return {**found, "total": Formula(read_xpath("${a} + ${b} + ${c}"))}


@pytest.mark.parametrize("written", MEANT)
@pytest.mark.parametrize("test", [">= 4", "< 3", "= 4", "!= 4"])
def test_a_score_holds_where_the_answers_add_up(written: str, test: str) -> None:
    translator = Translator(meanings().get, lambda _: None)
    found = translator.condition(read_xpath(f"{written} {test}"))
    assert not isinstance(found, bool)
    op, bound = test.split()
    for given in itertools.product((None, 0.0, 1.0, 2.0, 3.0), repeat=3):
        value = MEANT[written](given)
        wanted = {
            ">=": value is not None and value >= float(bound),
            "<": value is not None and value < float(bound),
            "=": value == float(bound),
            "!=": value != float(bound),
        }[op]
        answers = {
            name: Operand((f"L{int(score)}",))
            for name, score in zip("abc", given, strict=True)
            if score is not None
        }
        assert holds(found, answers.get) == wanted, (given, found)


def test_a_score_that_nobody_could_check_is_refused_and_costs_little() -> None:
    many: dict[str, Meaning] = {
        f"q{n}": Item(f"q{n}", Kind.CHOICE, {level: level for level in LEVELS}) for n in range(9)
    }
    doubled: dict[str, Meaning] = {
        f"f{n}": Formula(read_xpath(f"${{f{n + 1}}} + ${{f{n + 1}}}")) for n in range(40)
    }
    translator = Translator({**many, **doubled, "f40": many["q1"]}.get, lambda _: None)
    for written in (" + ".join(f"${{{name}}}" for name in many) + " >= 10", "${f0} >= 3"):
        with pytest.raises(Untranslatable):
            translator.condition(read_xpath(written))


def test_few_parts_say_the_score_of_two_questions() -> None:
    translator = Translator(meanings().get, lambda _: None)
    found = translator.condition(read_xpath("${a} + ${b} >= 3"))
    assert not isinstance(found, bool)
    assert sum(1 for _ in parts_of(found)) <= 16
