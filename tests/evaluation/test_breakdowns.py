"""Declared breakdowns: domains, never smaller samples; R's numbers; the service's and of files."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as always
from hypothesis import settings as examples
from hypothesis import strategies as st
from r_oracle import close, made_again, stored
from samples import E, agree, answers, dimension, framework, indicator, place, respondents, scale

from app.domain.breakdowns import Breakdown, BrokenDownBy, Group
from app.domain.frameworks import Framework
from app.domain.text import Text
from app.evaluation.assessment import assess
from app.evaluation.breakdowns import broken_down, group_definitions
from app.evaluation.columns import AnswerColumns, ByProxy, ItemColumn, Status
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import measure
from app.evaluation.offline import judge
from app.evaluation.plan import ItemPlan, Plan, StageColumns
from app.evaluation.rectangle import Rectangle
from app.evaluation.scoring import score_component
from app.evaluation.survey_building import build
from app.evaluation.tables import Observation, What

R, DATA = stored("breakdowns"), stored("breakdowns_data")
NEAR = {"rel": 1e-8, "abs": 1e-10}
PLACES = ("A", "B", "C")


def named(code: str, *groups: str, question: str | None = None) -> Breakdown:
    """A breakdown whose groups are the options of a question, or who answered."""
    by = BrokenDownBy.WHO_ANSWERS if question is None else BrokenDownBy.QUESTION
    made = tuple(Group(g, Text.of(fr=g, en=g), (g,) if question else ()) for g in groups)
    return Breakdown(code, Text.of(fr=code, en=code), E, by, made, question)


SEX = named("sex", "f", "m", question="X")
AGE = named("age", "a", "b", "c", question="G")
WHO = named("who", "self", "proxy")


def tree(*breakdowns: Breakdown) -> Framework:
    return framework(
        "NAT",
        dimension("D", 1, (indicator("yes", agree("E1")), 1), (indicator("scale", scale("E2")), 1)),
        breakdowns=breakdowns,
    )


NATIONAL = tree(SEX, AGE, WHO)
PLAN = Plan("w", (StageColumns("c", "h"),), territory="t", proxy="who")
ITEMS = {code: ItemPlan(code, lowest=1, highest=5) for code in ("E1", "E2")}
ITEMS |= {"X": ItemPlan("X", column="sex"), "G": ItemPlan("G", column="age")}


def table(national: Framework = NATIONAL, rows: slice = slice(None)) -> dict[tuple, Observation]:
    columns = {
        name: ["" if cell is None else str(cell) for cell in cells[rows]]
        for name, cells in DATA.items()
    }
    data = Rectangle(columns, range(2, len(columns["t"]) + 2))
    survey, _ = build(data, PLAN)
    judged = judge(data, survey, PLAN, national, (), ITEMS)
    return {(each.territory, str(each.what), each.code, each.group): each
            for each in judged.observations}  # fmt: skip


FILES = table()


@pytest.mark.parametrize("key", sorted(R))
def test_groups_and_their_differences_are_those_of_r(key: str) -> None:
    by, code, where = key.split(".")
    breakdown = next(each for each in NATIONAL.breakdowns if each.code == by)
    first, *others = (group.code for group in breakdown.groups)
    ours = [FILES[where, "group", code, f"{by}.{group}"] for group in (first, *others)]
    assert [each.value for each in ours] == pytest.approx(R[key]["value"], **NEAR)
    assert [each.se for each in ours] == pytest.approx(R[key]["se"], **NEAR)
    for group, gap in zip(others, R[key]["gaps"], strict=True):
        seen = FILES[where, "group_gap", code, f"{by}.{group}-{first}"]
        assert (seen.value, seen.se) == pytest.approx((gap["value"], gap["se"]), **NEAR)


@pytest.mark.oracle
def test_r_still_says_so(tmp_path: Path) -> None:
    close(made_again("breakdowns", ("survey",), tmp_path), R, 1e-10)


def service() -> tuple[AnswerColumns, object]:
    """The same data as the service has them."""

    def coded(cells: list[str | None]) -> ItemColumn:
        codes = tuple(sorted({each for each in cells if each is not None}))
        code = [-1 if each is None else codes.index(each) for each in cells]
        status = [Status.SKIPPED if each is None else Status.VALUE for each in cells]
        nothing = np.full(len(cells), np.nan)
        return ItemColumn(np.array(status, np.int8), nothing, np.array(code, np.int16), codes)

    columns = answers(E1=DATA["E1"], E2=DATA["E2"])
    items = {**columns.items, "X": coded(DATA["sex"]), "G": coded(DATA["age"])}
    proxy = ByProxy(np.array([each == "proxy" for each in DATA["who"]]))
    strata = {h: k for k, h in enumerate(sorted(set(DATA["h"])))}
    who = respondents(
        DATA["t"],
        stratum=[strata[h] for h in DATA["h"]],
        psu=[100 * strata[h] + c for h, c in zip(DATA["h"], DATA["c"], strict=True)],
        weight=DATA["w"],
    )
    return AnswerColumns(columns.n, items, proxy), who


def test_kept_moments_give_the_same_as_files() -> None:
    columns, who = service()
    asked = Asked({code: {E: frozenset(columns.items)} for code in PLACES})
    components = components_of([NATIONAL])
    measured = {
        each.code: measure({E: (columns, who)}, group_definitions(each, components), asked)
        for each in NATIONAL.breakdowns
    }
    compared = 0
    for each in broken_down(NATIONAL.breakdowns, components, measured):
        for code, groups in each.indicators.items():
            for where in PLACES:
                for group, one in groups.items():
                    ours = each.estimates[where].by_component[one.id]
                    seen = FILES[where, "group", code, f"{each.breakdown.code}.{group}"]
                    assert (ours.mean, ours.se) == pytest.approx((seen.value, seen.se), rel=1e-9)
                    assert ours.interval == pytest.approx((seen.low, seen.high), rel=1e-9)
                    assert (ours.n, ours.df) == (seen.n, pytest.approx(seen.df))
                    assert ours.weighted_base == pytest.approx(seen.weighted_base)
                    assert ours.n_effective == pytest.approx(seen.n_effective)
                    compared += 1
    assert compared == len(PLACES) * 2 * (2 + 3 + 2)


def test_whoever_is_outside_a_group_changes_no_mean_of_it() -> None:
    columns, _ = service()
    women = np.array([each == "f" for each in DATA["sex"]])
    definition = group_definitions(SEX, components_of([NATIONAL]))["yes.elderly@sex.f"]
    scores = score_component(definition, columns)
    assert scores.d.any()
    assert not (scores.d & ~women).any(), "men, and who did not say, are in no base of women"
    for name in ("X", "G"):
        column = columns.items[name]
        assert (column.status != Status.VALUE).any(), "somebody did not say"
    weight = np.array(DATA["w"])
    before = FILES["A", "group", "yes", "sex.f"].value
    here = scores.d & np.array([each == "A" for each in DATA["t"]])
    assert before == pytest.approx(float(weight[here] @ scores.x[here] / weight[here].sum()))


def test_the_whole_is_what_it_is_without_breakdowns() -> None:
    plain = table(tree())
    assert not any(what.startswith("group") for _, what, _, _ in plain)
    for key, seen in plain.items():
        assert FILES[key] == seen, "digit for digit"


def test_an_answer_by_proxy_counts_for_the_indicators_that_read_it() -> None:
    """The second person answered E2 in person, and somebody else E1; the third nothing."""
    columns = answers(E1=[5, 5, 5], E2=[1, 1, 1])
    by_item = {"E1": np.array([False, True, False])}
    columns = AnswerColumns(3, columns.items, ByProxy(np.array([False, False, True]), by_item))
    found = group_definitions(WHO, components_of([NATIONAL]))
    base = {name: score_component(each, columns).d.tolist() for name, each in found.items()}
    assert base["yes.elderly@who.proxy"] == [False, True, True]
    assert base["yes.elderly@who.self"] == [True, False, False]
    assert base["scale.elderly@who.proxy"] == [False, False, True]
    assert base["scale.elderly@who.self"] == [True, True, False]


def test_a_territory_without_the_question_has_no_groups() -> None:
    seen = FILES["A", "group", "yes", "sex.f"]
    assert seen.shown
    columns = {name: list(cells) for name, cells in DATA.items()}
    columns["sex"] = [None if t == "A" else s for t, s in zip(DATA["t"], DATA["sex"], strict=True)]
    text = {n: ["" if c is None else str(c) for c in cells] for n, cells in columns.items()}
    data = Rectangle(text, range(2, len(text["t"]) + 2))
    survey, _ = build(data, PLAN)
    found = judge(data, survey, PLAN, NATIONAL, (), ITEMS).observations
    groups = [each for each in found if each.what == What.GROUP and each.group == "sex.f"]
    assert {each.territory: each.reason for each in groups if not each.shown} == {
        "A": "not_asked",
        "FR": "not_everywhere",
    }


one_person = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from(("f", "m", None)),
    st.sampled_from((None, 1, 3, 4, 5)),
    st.sampled_from((0.0, 0.5, 1.0, 3.0)),
    st.booleans(),
)


@always(st.lists(one_person, min_size=1, max_size=8))
@examples(max_examples=60)
def test_every_group_is_what_plain_sums_say(people: list[tuple]) -> None:
    """Groups of nobody, of one, of the same answers, of people without weight or answer."""
    where, sex, given, weight, by_proxy = map(list, zip(*people, strict=True))
    codes = np.array([-1 if s is None else "fm".index(s) for s in sex], np.int16)
    status = np.where(codes < 0, int(Status.SKIPPED), int(Status.VALUE)).astype(np.int8)
    items = answers(E1=given, E2=given).items
    items = {**items, "X": ItemColumn(status, np.full(len(people), np.nan), codes, ("f", "m"))}
    columns = AnswerColumns(len(people), items, ByProxy(np.array(by_proxy)))
    asked = Asked({code: {E: frozenset(items)} for code in "AB"})
    data = {E: (columns, respondents(where, weight=weight))}
    found = assess(data, tree(SEX, WHO), {}, asked, [place("A"), place("B")]).table
    seen = {(each.territory, str(each.what), each.code, each.group): each for each in found}
    who = ["proxy" if each else "self" for each in by_proxy]
    for code, score in (("yes", lambda v: 100.0 * (v >= 4)), ("scale", lambda v: 25.0 * (v - 1))):
        for by, first, other, said in (("sex", "f", "m", sex), ("who", "self", "proxy", who)):
            means: dict[tuple[str, str], float] = {}
            for here, group in product("AB", (first, other)):
                rows = [
                    k for k in range(len(people))
                    if where[k] == here and said[k] == group and given[k] and weight[k]
                ]  # fmt: skip
                one = seen[here, "group", code, f"{by}.{group}"]
                if not rows:
                    assert (one.value, one.reason) == (None, "no_answers")
                    continue
                whole = sum(weight[k] for k in rows)
                mean = sum(weight[k] * score(given[k]) for k in rows) / whole
                means[here, group] = mean
                assert (one.value, one.weighted_base) == pytest.approx((mean, whole))
                assert one.n == len(rows)
                told = (one.se, one.low, one.high, one.df, one.n_effective)
                assert all(each is None or np.isfinite(each) for each in told)
            for here in "AB":
                gap = seen[here, "group_gap", code, f"{by}.{other}-{first}"]
                if (here, first) in means and (here, other) in means:
                    assert gap.value == pytest.approx(means[here, other] - means[here, first])
                else:
                    assert (gap.value, gap.reason) == (None, "no_answers")
            for group in (first, other):
                several = [mean for (_, each), mean in means.items() if each == group]
                nation = seen["FR", "group", code, f"{by}.{group}"]
                assert nation.value == (pytest.approx(np.mean(several)) if several else None)
