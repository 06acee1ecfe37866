"""``flask evaluate``: the examples of the documentation, and files that must be refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.evaluate import evaluate

GUIDE = (Path(__file__).parents[2] / "docs" / "offline.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(?:yaml|csv)\n(.*?)```", GUIDE, re.DOTALL)
CARE, CARE_DATA, HDI, HDI_DATA, PEOPLE = EXAMPLES[:5]
ITEMS = ("--items", "a,b,c")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(evaluate, [str(argument) for argument in arguments])


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def composite(folder: Path, index: str, data: str | bytes, *more: str | Path) -> Result:
    framework = written(folder, "index.yaml", index)
    table = written(folder, "data.csv", data)
    return run("composite", "--data", table, "--framework", framework, *more)


def answers(folder: Path, command: str, data: str | bytes, *more: str | Path) -> Result:
    return run(command, "--data", written(folder, "data.csv", data), *more)


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def test_the_documented_index(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    result = composite(tmp_path, CARE, CARE_DATA, "--out", out)
    assert (result.exit_code, result.output) == (0, "")
    found = json.loads(out.read_text(encoding="utf-8"))
    north, _, east, west = found["units"]
    assert north["normalised"]["home"] == 71.5  # a decimal comma, where ; separates
    assert north["normalised"]["wait"] == pytest.approx((90 - 12) / 90 * 100)
    assert north["nodes"]["outcome"] == pytest.approx((2 * 71.5 + 65) / 3)
    assert north["score"] == pytest.approx(
        north["nodes"]["access"] ** 0.4 * north["nodes"]["outcome"] ** 0.6
    )
    assert east["nodes"]["access"] == {"undefined": "coverage_below"}
    assert west["flags"] == ["rescaled:outcome"]
    assert len(found["robustness"]["combinations"]) == 3 * 2 * 3 * 2 * 2
    assert found["weights"]["budget"]["home"]["mean"] == pytest.approx(0.45)
    assert {path.name for path in tmp_path.iterdir()} == {"index.yaml", "data.csv", "result.json"}


def test_the_documented_human_development_index(tmp_path: Path) -> None:
    found = said(composite(tmp_path, HDI, HDI_DATA))
    assert [round(unit["score"], 3) for unit in found["units"]] == [0.957, 0.394]
    assert [unit["rank"] for unit in found["units"]] == [1, 2]
    assert found["robustness"] is None


def test_an_index_in_json_is_the_same(tmp_path: Path) -> None:
    index = {
        "format": "covalue/index/1",
        "code": "HDI",
        "unit": "country",
        "scale": 1,
        "availability": 1,
        "aggregation": {"power": -1},
        "parts": [
            {"code": "health", "column": "life_expectancy", "goalposts": [20, 85]},
            {"code": "attained", "column": "mean_years", "goalposts": [0, 15]},
        ],
    }
    found = said(composite(tmp_path, json.dumps(index, indent="\t"), HDI_DATA))
    life, school = (82.4 - 20) / 65, 12.9 / 15
    assert found["units"][0]["score"] == pytest.approx(2 / (1 / life + 1 / school))


def test_the_documented_reliability(tmp_path: Path) -> None:
    plain = said(answers(tmp_path, "reliability", PEOPLE, *ITEMS))
    assert (plain["n"], plain["flags"]) == (5, ["few_people"])
    pairs = said(answers(tmp_path, "reliability", PEOPLE, *ITEMS, "--pairwise"))
    assert pairs["alpha"] != plain["alpha"]
    weighted = said(answers(tmp_path, "reliability", PEOPLE, *ITEMS, "--weight", "weight"))
    assert weighted["weighted"] is True
    assert weighted["n_effective"] < 5


def test_the_documented_dif(tmp_path: Path) -> None:
    groups = ("--group", "group", "--focal", "village")
    found = said(answers(tmp_path, "dif", PEOPLE, *ITEMS, *groups, "--reference", "city"))
    assert (found["focal"], found["reference"], found["incomplete"]) == (2, 3, 1)
    assert found["mantel"]["undefined"] == "not_assessable"
    assert found["mantel"]["place"] == "focal group: 2 people, 200 needed"
    few = said(answers(tmp_path, "dif", PEOPLE, *ITEMS, *groups, "--minimum", "1"))
    assert [item["test"] for item in few["mantel"]["items"]] == ["mantel"] * 3


def test_byte_order_mark_tab_and_missing_words(tmp_path: Path) -> None:
    data = ("\ufeff" + PEOPLE).replace(",", "\t").replace("NA", "").encode("utf-8")
    found = said(answers(tmp_path, "reliability", data, *ITEMS))
    assert found["n"] == 5


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("a,b\n1,2\n", "c:"),
        ("a,b,c\n1,2,secret\n2,3,4\n", "2 c:"),
        ("a,b,c\n1,2,inf\n2,3,4\n", "2 c:"),
        ("a,b,c\n1,2,nan\n2,3,4\n", "2 c:"),
        ("a,b,c\n1,2,1e999\n2,3,4\n", "2 c: This number is too large or too small."),
        ("a,b,c\n1,2,1 000\n2,3,4\n", "2 c:"),
        ("a,b,c\n1,2,0x10\n2,3,4\n", "2 c:"),
        ("a,b,c,a\n1,2,3,4\n", "1 n° 4:"),
        ("a,b,c\n1,2\n", "2: 2 cells in place of 3."),
        ("a,b,c\n", "1: There is no line of data."),
        ("", "1: There is no line of data."),
        ('a,b,c\n"1,2,3\n', "2: Reading stops here"),
        (b"a,b,c\n1,2,\x00\n", "2 c: A cell of over 10000 characters, or a null sign."),
    ],
)
def test_bad_data_is_refused_by_place(tmp_path: Path, data: str | bytes, place: str) -> None:
    out = tmp_path / "out.json"
    out.write_text("as it was", encoding="utf-8")
    result = answers(tmp_path, "reliability", data, *ITEMS, "--out", out)
    assert result.exit_code == 1
    assert f"data.csv:{place}" in result.output
    assert "secret" not in result.output
    assert out.read_text(encoding="utf-8") == "as it was"


def test_weights_that_are_none(tmp_path: Path) -> None:
    for weight, reason in (("-1", "0 or more"), ("NA", "0 or more"), ("0", "All weights are 0")):
        data = f"a,b,c,w\n1,2,3,{weight}\n2,3,5,0\n"
        result = answers(tmp_path, "reliability", data, *ITEMS, "--weight", "w")
        assert result.exit_code == 1
        assert reason in result.output


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--group", "nowhere", "--focal", "x"), "No such column"),
        (("--group", "group", "--focal", "x"), "Nobody is in this group."),
        (("--group", "group", "--focal", "city", "--reference", "x"), "Nobody is in this group."),
        (("--group", "group", "--focal", "city", "--reference", "city"), "are the same"),
    ],
)
def test_groups_that_are_not_there(tmp_path: Path, more: tuple[str, ...], reason: str) -> None:
    result = answers(tmp_path, "dif", PEOPLE, *ITEMS, *more)
    assert result.exit_code == 1
    assert reason in result.output


@pytest.mark.parametrize("items", ["a,a", "", " , "])
def test_items_named_twice_or_not_at_all(tmp_path: Path, items: str) -> None:
    result = answers(tmp_path, "reliability", PEOPLE, "--items", items)
    assert result.exit_code == 1
    assert "Every item is named once." in result.output


def test_units_are_named_once(tmp_path: Path) -> None:
    twice = HDI_DATA + "Norway,1,1,1,1\n,1,1,1,1\n"
    result = composite(tmp_path, HDI, twice)
    assert result.exit_code == 1
    assert "data.csv:2 country: This unit is there more than once." in result.output
    assert "data.csv:5 country: The unit has no name." in result.output


def test_a_constant_column_is_refused_with_its_name(tmp_path: Path) -> None:
    index = HDI.replace("goalposts: [20, 85]", "normalisation: min_max")
    data = HDI_DATA.replace("82.4", "70").replace("62.4", "70")
    result = composite(tmp_path, index, data)
    assert result.exit_code == 1
    assert "data.csv:life_expectancy: All values are equal" in result.output


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("format: covalue/index/1", "format: covalue/framework/1", "wrong_format"),
        ("availability: 1\n", "", "missing availability"),
        ("availability: 1\n", "availability: 1.5\n", "number_range"),
        ("code: health", "code: income", "index_code_twice"),
        ("[20, 85]", "[85, 20]", "index_two_goalposts"),
        ("[20, 85]", "[20, 85, 90]", "index_two_goalposts"),
        (", goalposts: [20, 85]", "", "index_needs_goalposts"),
        ("goalposts: [20, 85]", "normalisation: distance_to_target", "index_needs_target"),
        ("[100, 75000]", "[0, 75000]", "index_ends_in_steps"),
        ("    parts:", "    aggregation: copeland\n    parts:", "index_copeland_inside"),
        ("[0, 18]}", "[0, 18], weight: 0}", ""),
        ("aggregation: geometric", "aggregation: median", "choice"),
        ("aggregation: geometric", "aggregation: {power: x}", "number"),
        ("scale: 1", "scale: 0", "number_range"),
        ("scale: 1", "scale: [5, 1]", "index_two_goalposts"),
        ("scale: 1", "colour: red", "unknown_key"),
        ("scale: 1", "weights: budget", "index_no_judges"),
        ("scale: 1", "choices: {weights: [equal, equal]}", "index_option_twice"),
        ("scale: 1", "choices: {weights: [budget]}", "index_no_judges"),
        ("scale: 1", "choices: {without: [none, nobody]}", "index_unknown_indicator"),
        ("scale: 1", "judges: {anna: {health: 100}}", "index_judge"),
        ("scale: 1", "scale: &one 1", "alias"),
    ],
)
def test_an_index_that_does_not_hold_is_refused_by_line(
    tmp_path: Path, before: str, after: str, rule: str
) -> None:
    assert before in HDI
    result = composite(tmp_path, HDI.replace(before, after, 1), HDI_DATA)
    if not rule:
        assert result.exit_code == 0
        return
    assert result.exit_code == 1
    assert re.search(rf"index\.yaml:\d+: {rule}\b", result.output), result.output


def test_nodes_without_weight_and_files_that_are_no_text(tmp_path: Path) -> None:
    none = HDI.replace("[0, 18]}", "[0, 18], weight: 0}").replace("[0, 15]}", "[0, 15], weight: 0}")
    assert "index_no_weight" in composite(tmp_path, none, HDI_DATA).output
    path = written(tmp_path, "index.yaml", b"\xff\xfe\x00")
    data = written(tmp_path, "data.csv", HDI_DATA)
    result = run("composite", "--data", data, "--framework", path)
    assert result.exit_code == 1
    assert "not UTF-8" in result.output


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    result = composite(tmp_path, HDI, HDI_DATA, "--out", tmp_path / "nowhere" / "x.json")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
