"""Figures from files as strangers write them: odd numbers, names, weights, empty groups."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.evaluate_table import evaluate


def table(folder: Path, data: str, design: str) -> Result:
    (folder / "d.csv").write_bytes(data.encode("utf-8"))
    (folder / "d.yaml").write_text(f"format: covalue/design/1\n{design}", encoding="utf-8")
    where = ["--data", str(folder / "d.csv"), "--design", str(folder / "d.yaml")]
    return CliRunner().invoke(evaluate, ["table", *where])


def figures(folder: Path, data: str, design: str) -> dict[str, Any]:
    result = table(folder, data, design)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    return {each["name"]: each for each in found["estimates"]}


def composite(folder: Path, data: str, index: str) -> Any:
    (folder / "d.csv").write_text(data, encoding="utf-8")
    (folder / "i.yaml").write_text(index, encoding="utf-8")
    where = ["--data", str(folder / "d.csv"), "--framework", str(folder / "i.yaml")]
    result = CliRunner().invoke(evaluate, ["composite", *where])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_spreadsheets_with_a_mark_commas_and_accents(tmp_path: Path) -> None:
    data = '\ufeffid;âge (années);"groupe = [a, b]"\r\n1;1,5;à  b\r\n2;2,5;"x; y"\r\n3;4,5;à  b\r\n'
    design = 'estimates: [{code: m, mean: "âge (années)", by: "groupe = [a, b]"}]\n'
    found = figures(tmp_path, data, design)
    assert found["m[groupe = [a, b]=à  b]"]["value"] == 3.0
    assert found["m[groupe = [a, b]=x; y]"]["value"] == 2.5


def test_a_small_spread_around_a_large_value_keeps_its_error(tmp_path: Path) -> None:
    data = "y\n1000000000001\n1000000000003\n1000000000005\n"
    one = figures(tmp_path, data, "estimates: [{mean: y}]\n")["mean_y"]
    assert one["value"] == 1000000000003
    assert one["se"] == pytest.approx(sqrt(4 / 3), rel=1e-8)
    data = "y\n1000000000000000\n1000000000000001\n1000000000000003\n"
    found = figures(tmp_path, data, "estimates: [{mean: y}, {total: y}]\n")
    assert found["mean_y"]["se"] == pytest.approx(sqrt(14 / 18), rel=1e-12)
    assert found["total_y"]["se"] == pytest.approx(sqrt(7), rel=1e-12)


def test_a_mean_that_one_weight_makes_keeps_its_error(tmp_path: Path) -> None:
    data = "w,y\n1e15,2\n1,3\n2,4\n"
    one = figures(tmp_path, data, "weight: w\nestimates: [{mean: y}]\n")["mean_y"]
    assert one["se"] == pytest.approx(sqrt(3 / 2 * 42) * 1e-15, rel=1e-9)


def test_differences_below_the_digits_of_a_number_are_no_error_of_zero(tmp_path: Path) -> None:
    data = "y,r1,r2\n1000000000000000,2,0\n1000000000000001,0,2\n"
    design = "replicates: {kind: supplied, prefix: r, scale: 0.5}\nestimates: [{mean: y}]\n"
    one = figures(tmp_path, data, design)["mean_y"]
    assert one["se"] == one["high"] == {"undefined": "beyond_precision"}


@pytest.mark.parametrize("cell", ["1e61", "-1e300", "1e-61"])
def test_numbers_whose_squares_have_no_room_are_refused_by_line(tmp_path: Path, cell: str) -> None:
    result = table(tmp_path, f"y\n1\n{cell}\n", "estimates: [{mean: y}]\n")
    assert result.exit_code == 1
    assert "d.csv:3 y: This number is too large or too small." in result.output


def test_an_error_that_nothing_tells_is_a_reason(tmp_path: Path) -> None:
    found = figures(tmp_path, "y,g\n1,a\n2,b\n3,b\n", "estimates: [{mean: y, by: g}]\n")
    assert found["mean_y[g=a]"]["se"] == {"undefined": "no_degrees_of_freedom"}
    assert found["mean_y[g=b]"]["se"] > 0


def test_a_share_of_nobody_has_no_students_interval(tmp_path: Path) -> None:
    design = "estimates: [{proportion: y}, {code: safe, proportion: y, interval: default}]\n"
    found = figures(tmp_path, "y\n0\n0\n0\n", design)
    assert found["proportion_y"]["high"] == {"undefined": "no_variance"}
    assert found["safe"]["high"] > 0.5


def test_everyone_was_asked_so_there_is_no_error(tmp_path: Path) -> None:
    design = """stages: [{population: N}]
estimates: [{mean: y}, {quantile: y}, {code: p, proportion: y, equals: 1, interval: beta}]
"""
    found = figures(tmp_path, "y,N\n1,3\n2,3\n4,3\n", design)
    for name, value in (("mean_y", 7 / 3), ("quantile_y:0.5", 2.0), ("p", 1 / 3)):
        one = found[name]
        assert (one["value"], one["low"], one["high"]) == (pytest.approx(value),) * 3
        assert one["se"] == 0.0


def test_a_contrast_with_an_undefined_part_says_which(tmp_path: Path) -> None:
    design = """estimates: [{code: m, mean: y, by: g}]
contrasts: [{code: gap, of: {"m[g=a]": 1, "m[g=b]": -1}}]
"""
    found = figures(tmp_path, "y,g\n1,a\n2,a\n,b\n", design)
    assert found["gap"]["value"] == {"undefined": "part_undefined", "place": "m[g=b]"}
    refused = table(tmp_path, "y,g\n1,a\n2,a\n,b\n", design.replace("[g=b]", "[g=c]"))
    assert refused.exit_code == 1
    assert "gap: m[g=c]" in refused.output


def test_some_strata_with_replacement_some_without(tmp_path: Path) -> None:
    data = "y,h,N\n1,a,4\n3,a,4\n5,b,inf\n9,b,inf\n"
    design = "stages: [{stratum: h, population: N}]\nweight: y\nestimates: [{count: all}]\n"
    found = figures(tmp_path, data, design)
    # (1 - 2/4) 2/1 * (1 + 1) + 2/1 * (4 + 4), the weights being counted
    assert found["count"]["se"] == pytest.approx(sqrt(0.5 * 2 * 2 + 2 * 8))


@pytest.mark.parametrize(
    ("data", "design", "words"),
    [
        ("y,w\n1,-1\n2,1\n", "weight: w", "d.csv:2 w: A weight is a number, 0 or more."),
        ("y,w\n1,\n2,1\n", "weight: w", "d.csv:2 w: This cell is empty."),
        ("y,w\n1,0\n2,0\n", "weight: w", "d.csv:w: All weights are 0."),
        ("y,id\n1,7\n2,7\n", "id: id", "d.csv:2 id: This unit is there more than once."),
        ("y,N\n1,10\n2,20\n", "stages: [{population: N}]", "d.csv:N: The population varies"),
        ("y,y\n1,2\n", "id: y", "Give every column its own name."),
    ],
)
def test_what_does_not_hold_is_said_with_its_place(
    tmp_path: Path, data: str, design: str, words: str
) -> None:
    result = table(tmp_path, data, f"{design}\nestimates: [{{mean: y}}]\n")
    assert result.exit_code == 1
    assert words in result.output


INDEX = """format: covalue/index/1
code: I
scale: 10
availability: 1
parts:
  - {code: a, goalposts: [.5, 2.05e1], weight: 0.333333333333333333}
  - {code: b, goalposts: [0, 1], weight: 0.666666666666666667}
"""


def test_an_index_takes_any_number_and_any_scale(tmp_path: Path) -> None:
    data = "unit,a,b\nX,5.5,0.25\nY,20.5,1\n"
    one, two = composite(tmp_path, data, INDEX)["units"]
    assert one["score"] == pytest.approx((2.5 + 2 * 2.5) / 3)
    assert two["score"] == pytest.approx(10)
    shifted = INDEX.replace("scale: 10", "scale: [1, 7]\naggregation: geometric")
    one, two = composite(tmp_path, data, shifted)["units"]
    assert one["score"] == pytest.approx(1 + 6 / 4)
    assert two["score"] == pytest.approx(7)
    assert two["flags"] == ["at_goalpost:a", "at_goalpost:b"]


def test_an_item_whose_name_holds_a_comma(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text('"a, x",b\n1,2\n2,3\n3,1\n', encoding="utf-8")
    items = ["--items", '"a, x", b']
    result = CliRunner().invoke(
        evaluate, ["reliability", "--data", str(tmp_path / "d.csv"), *items]
    )
    assert json.loads(result.stdout)["spearman_brown"] == pytest.approx(-2.0)


SCORES = """id: id
scores: {s: {items: [a, b, c], reverse: [c], min: 1, max: 5, least: 0.6}}
estimates: [{code: s, mean: s, by: g}, {code: t, mean: a, by: g}]
contrasts:
  - {code: gap, of: {"s[g=x]": 1, "s[g=y]": -1}}
  - {code: none, of: {"t[g=x]": 1, "t[g=y]": -1}}
equivalence: {of: [gap, none], margin: 4}
"""
ANSWERS = """id,g,a,b,c
1,x,5,4,1
2,x,4,,2
3,x,,,2
4,y,1,2,4
5,y,1,1,5
6,y,1,3,
"""


def test_scale_scores_under_the_stated_rule_and_gaps_that_are_judged(tmp_path: Path) -> None:
    found = json.loads(table(tmp_path, ANSWERS, SCORES).stdout)
    # x: (5 + 4 + 5)/3, (4 + 4)/2; y: (1 + 2 + 2)/3, (1 + 1 + 1)/3, (1 + 3)/2
    by_name = {each["name"]: each for each in found["estimates"]}
    assert by_name["s[g=x]"]["value"] == pytest.approx((14 / 3 + 4) / 2)
    assert by_name["s[g=y]"]["value"] == pytest.approx((5 / 3 + 1 + 2) / 3)
    assert found["scores"] == [{"code": "s", "items": 3, "complete": 3, "some": 2, "too_few": 1}]
    gap, none = found["equivalence"]
    assert gap["value"] == by_name["gap"]["value"]
    assert gap["low"] < gap["value"] < gap["high"]
    assert by_name["gap"]["low"] < gap["low"]  # 95 % against 90 %
    assert gap["verdict"] == ("equivalent" if gap["high"] < 4 else "first_higher")
    assert none["p_holm"] <= 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reverse: [c]", "reverse: [z]", "choice scores.s.reverse"),
        (", min: 1, max: 5", "", "missing scores.s.min"),
        ("max: 5", "max: 4", "2 a: This value lies outside the ends of the score."),
        ("{s: {items", "{g: {items", "d.csv:g: A column of the data has this name already."),
        ("of: [gap, none]", "of: [gap, nope]", "equivalence: nope: No contrast has this code."),
    ],
)
def test_scores_and_gaps_that_do_not_hold(tmp_path: Path, old: str, new: str, words: str) -> None:
    result = table(tmp_path, ANSWERS, SCORES.replace(old, new, 1))
    assert result.exit_code == 1
    assert words in result.output


UNITS = """place;was;is;size;kind;home
A;3;1;10;x;1
B;2;2;20;y;0
C;1;3;;x;0
D;;4;40;y;1
"""


def told(*arguments: str) -> Any:
    result = CliRunner().invoke(evaluate, list(arguments))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_two_variants_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text(UNITS, encoding="utf-8")
    where = ["--data", str(tmp_path / "u.csv"), "--unit", "place", "--variants", "was, is"]
    found = told("ranks", *where)
    assert found["ranks"]["is"] == {"A": 4, "B": 3, "C": 2, "D": 1}
    assert found["ranks"]["was"]["D"] == {"undefined": "missing"}
    (pair,) = found["pairs"]
    assert pair["shifts"] == {"A": 2, "B": 0, "C": -2}
    assert pair["agreement"]["kendall_tau_b"] == pytest.approx(-1)
    assert pair["agreement"]["reversed_pairs"] == pytest.approx(1)


DISTANCES = """format: covalue/distances/1
unit: place
variables:
  - {column: size, kind: numeric, bounds: [0, 100], weight: 2}
  - {column: kind, kind: nominal}
  - {column: home, kind: asymmetric}
group: kind
draws: 99
"""


def test_distances_of_mixed_variables(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "v.yaml").write_text(DISTANCES, encoding="utf-8")
    where = ["--data", str(tmp_path / "u.csv"), "--variables", str(tmp_path / "v.yaml")]
    found = told("distances", *where)
    matrix = found["matrix"]
    assert found["units"] == ["A", "B", "C", "D"]
    assert matrix[0][1] == pytest.approx((2 * 0.1 + 1 + 1) / 4)
    assert matrix[0][2] == pytest.approx((0 + 1) / 2)  # size is missing
    assert matrix[1][2] == pytest.approx(1.0)  # neither has a home: it says nothing
    assert matrix[0][3] == pytest.approx((2 * 0.3 + 1 + 0) / 4)
    assert found["groups"]["x"]["mean"] == pytest.approx(matrix[0][2])
    (tmp_path / "v.yaml").write_text(DISTANCES.replace("100]", "30]"), encoding="utf-8")
    refused = CliRunner().invoke(evaluate, ["distances", *where])
    assert refused.exit_code == 1
    assert "u.csv:5 size: A value lies outside the fixed bounds" in refused.output
