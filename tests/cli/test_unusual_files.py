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


@pytest.mark.parametrize("cell", ["1e101", "-1e300", "1e-101"])
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
