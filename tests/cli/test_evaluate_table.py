"""``flask evaluate table`` and ``rake``: the documented examples run, bad files are refused."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.evaluate_table import evaluate

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "offline.md").read_text(encoding="utf-8").split("## A survey:")[1]
EXAMPLES = re.findall(r"```(?:yaml|csv)\n(.*?)```", GUIDE, re.DOTALL)
FILES = dict(
    zip(
        ("survey.csv", "design.yaml", "national.yaml", "BDX.yaml", "margins.yaml"),
        EXAMPLES,
        strict=True,
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(evaluate, [str(argument) for argument in arguments])


def table(folder: Path, *more: str | Path) -> Result:
    where = ("--data", folder / "survey.csv", "--design", folder / "design.yaml")
    return run("table", *where, *more)


def frameworks(folder: Path) -> tuple[str | Path, ...]:
    return ("--framework", folder / "BDX.yaml", "--framework", folder / "national.yaml")


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def edited(folder: Path, name: str, old: str, new: str) -> None:
    text = FILES[name].replace(old, new)
    assert text != FILES[name]
    (folder / name).write_text(text, encoding="utf-8")


def refusal(result: Result, *words: str) -> None:
    assert result.exit_code == 1
    assert result.stdout == ""
    for word in words:
        assert word in result.output


def test_the_documented_survey(folder: Path) -> None:
    found = said(table(folder))
    by_name = {each["name"]: each for each in found["estimates"]}
    assert found["design"]["df"] == 9 - 3
    assert found["weighting"]["converged"]
    assert found["design"]["weighted"] == pytest.approx(50)
    here, there = (by_name[f"hours[territory={code}]"] for code in ("BDX", "NOR"))
    assert by_name["gap"]["value"] == pytest.approx(here["value"] - there["value"])
    names, matrix = found["covariance"]["names"], found["covariance"]["matrix"]
    a, b = (names.index(f"hours[territory={code}]") for code in ("BDX", "NOR"))
    variance = matrix[a][a] + matrix[b][b] - 2 * matrix[a][b]
    assert by_name["gap"]["se"] ** 2 == pytest.approx(variance)
    assert matrix[a][b] != 0  # raking over both territories joins them
    share = by_name["proportion_help"]
    assert 0 < share["low"] < share["value"] < share["high"] < 1
    assert by_name["association_sex_help"]["p_f"] <= 1
    assert [by_name[f"mentions_gp_nurse:{each}"]["value"] for each in ("gp", "nurse")] == [
        pytest.approx(share, abs=1) for share in (0.6, 0.4)
    ]


def test_the_documented_frameworks(folder: Path) -> None:
    found = said(table(folder, *frameworks(folder)))["judgement"]
    seen = {
        (each["territory"], each.get("framework"), each["what"], each.get("code", "")): each
        for each in found["observations"]
    }
    one = seen["BDX", None, "indicator", "O1"]["value"]
    two = seen["BDX", None, "indicator", "S1"]["value"]
    own = seen["BDX", None, "indicator", "B1"]["value"]
    assert seen["BDX", "NAT", "total", ""]["value"] == pytest.approx(0.6 * one + 0.4 * two)
    total = one / 3 + 2 / 3 * (0.8 * two + 0.2 * own)
    assert seen["BDX", "BDX", "total", ""]["value"] == pytest.approx(total)
    shift = seen["BDX", "BDX", "standing_shift", ""]
    assert shift["verdict"] == "cannot_tell"
    parts = [each["value"] for key, each in seen.items() if key[2] == "shift_part"]
    assert sum(parts) == pytest.approx(shift["value"])
    rows = {each["own"]: each for each in found["crosswalks"]["BDX"]["rows"]}
    assert rows["B1"]["comparable"] == "here_only"


def test_a_questionnaire_describes_the_items(folder: Path) -> None:
    core = (
        "format: covalue/questionnaire/1\ncode: elderly\naudience: elderly\nlanguages: [fr, en]\n"
        "title: {fr: x, en: x}\nsections:\n  - code: s\n    title: {fr: x, en: x}\n    items:\n"
        "      - {code: E1, type: rating, text: {fr: x, en: x}, from: 1, to: 5}\n"
    )
    (folder / "core.yaml").write_text(core, encoding="utf-8")
    edited(folder, "design.yaml", "  E1: {min: 1, max: 5}\n", "")
    more = (*frameworks(folder), "--questionnaire", folder / "core.yaml")
    assert "judgement" in said(table(folder, *more))
    edited(folder, "survey.csv", "yes,5,4", "yes,6,4")
    refusal(table(folder, *more), "survey.csv:2 E1: ", "Possible codes: 1, 2, 3, 4, 5")


def test_out_is_written_whole_or_not_at_all(folder: Path) -> None:
    out = folder / "result.json"
    assert table(folder, "--out", out).exit_code == 0
    assert "estimates" in json.loads(out.read_text(encoding="utf-8"))
    out.unlink()
    edited(folder, "survey.csv", "1.4,f", "heavy,f")
    refusal(table(folder, "--out", out), "survey.csv:2 weight: This cell is not a number.")
    assert not out.exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("unit: village", "unit: hamlet", ("survey.csv:hamlet", "Columns there: id, territory")),
        ("f: 30, m: 20", "f: 30, m: 21", ("age", "adds up to")),
        ("f: 30, m: 20", "f: 30, x: 20", ("sex: x", "no respondents")),
        ("mean: hours", "mean: hours, total: hours", ("design.yaml:", "choice estimates[2]")),
        ("ratio: [hours, weight]", "ratio: hours", ("estimates[4].ratio",)),
        ("lonely: adjust", "lonely: ignore", ("design.yaml:6", "fail, remove, certainty")),
        ('"hours[territory=NOR]"', '"hours[territory=SUD]"', ("hours[territory=SUD]",)),
        ("lonely:", "lonley:", ("design.yaml:6: unknown_key lonley",)),
        ("design/1", "design/2", ("wrong_format", "covalue/design/1")),
        ("total: hours", "total: help", ("survey.csv:2 help: This cell is not a number",)),
    ],
)
def test_bad_designs(folder: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    edited(folder, "design.yaml", old, new)
    refusal(table(folder), *words)


def test_an_own_framework_needs_its_territory_and_a_national_one(folder: Path) -> None:
    refusal(table(folder, "--framework", folder / "BDX.yaml"), "BDX.yaml:")
    two = (*frameworks(folder), "--framework", folder / "national.yaml")
    (folder / "other.yaml").write_text(FILES["BDX.yaml"], encoding="utf-8")
    three = (*frameworks(folder), "--framework", folder / "other.yaml")
    refusal(table(folder, *three), "Two frameworks are given for this territory.")
    assert table(folder, *two).exit_code == 0  # the same file twice is one file
    (folder / "other.yaml").write_text(FILES["national.yaml"], encoding="utf-8")
    refusal(table(folder, *three), "only one may be national")
    edited(folder, "BDX.yaml", "territory: BDX", "territory: XXX")
    refusal(table(folder, *frameworks(folder)), "framework BDX", "BDX, NOR")


def test_the_documented_raking(folder: Path) -> None:
    out, report = folder / "weights.csv", folder / "report.json"
    margins = ("--margins", folder / "margins.yaml", "--out", out, "--report", report)
    result = run("rake", "--data", folder / "survey.csv", *margins)
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    women = sum(float(row["weight_calibrated"]) for row in rows if row["sex"] == "f")
    assert women == pytest.approx(30, rel=1e-8)
    assert [row["id"] for row in rows] == [str(k) for k in range(1, 13)]
    assert json.loads(report.read_text(encoding="utf-8"))["converged"] is True
    again = run("rake", "--data", out, *margins)
    assert again.exit_code == 1
    assert "1 weight_calibrated: This column is there already" in again.output


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("75: 28, 85: 22", "75: 28, 85: 21", ("age", "adds up to")),
        ("75: 28, 85: 22", "75: 50", ("age", "not in the margin")),
        ("method: raking", "method: linear\ntrim: {lower: 1, upper: 2}", ("unknown_key trim",)),
        ("method: raking", "trim: {lower: 3.9, upper: 4.4}", ("do not converge", "rounds")),
        ("method: raking", "trim: {lower: 9, upper: 12}", ("trim", "mean weight")),
    ],
)
def test_weights_that_cannot_be_made_are_not_written(
    folder: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    edited(folder, "margins.yaml", old, new)
    out = folder / "weights.csv"
    margins = ("--margins", folder / "margins.yaml", "--out", out)
    refusal(run("rake", "--data", folder / "survey.csv", *margins), *words)
    assert not out.exists()


def test_without_a_service(folder: Path) -> None:
    command = [sys.executable, "-m", "flask", "evaluate", "table"]
    where = ["--data", str(folder / "survey.csv"), "--design", str(folder / "design.yaml")]
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*command, *where], cwd=ROOT, env=bare, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["design"]["rows"] == 12


def test_an_item_whose_column_is_no_code(folder: Path) -> None:
    before = said(table(folder, *frameworks(folder)))["judgement"]
    edited(folder, "survey.csv", ",help,E1,", ",Aide à domicile ?,E1,")
    text = FILES["design.yaml"].replace("{proportion: help, ", '{proportion: "Aide à domicile ?", ')
    text = text.replace("[sex, help]", '[sex, "Aide à domicile ?"]')
    text = text.replace("help: {codes", 'help: {column: "Aide à domicile ?", codes')
    (folder / "design.yaml").write_text(text, encoding="utf-8")
    assert said(table(folder, *frameworks(folder)))["judgement"] == before


GROUPS = """breakdowns:
  - code: WHO
    title: {fr: Qui, en: Who}
    audience: elderly
    by: question
    question: help
    groups:
      - {code: yes_, title: {fr: Oui, en: Yes}, options: ["yes"]}
      - {code: no_, title: {fr: Non, en: No}, options: ["yes", "no"]}
"""


def test_what_no_figure_tells_is_refused_and_never_a_zero(folder: Path) -> None:
    alone = ("--framework", folder / "national.yaml")
    before = (folder / "national.yaml").read_text("utf-8")
    edited(folder, "national.yaml", "of: help = yes", "of: years since E1 >= 75")
    refusal(table(folder, *alone), "national.yaml:", "No figure counts the years")
    (folder / "national.yaml").write_text(before + GROUPS, encoding="utf-8")
    refusal(table(folder, *alone), "national.yaml:", "in two groups")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code: S1", "code: O1", ("national.yaml:1: code_twice O1:", "given twice")),
        ("code: S1", "goalposts: [50, 50], code: S1", ("goalposts S1:", "Write the lowest first")),
        (
            "code: S1",
            "target: {value: 0, owner: Board, date: 2026-01-01}, code: S1",
            ("target_at_worst S1:", "Correct the target"),
        ),
        (
            "title: {fr: Cadre, en: Framework}",
            "title: {fr: Cadre, en: Framework}\n"
            "methods: {normalisation: [goalposts, distance_to_target]}",
            ("target_for_method O1:",),
        ),
    ],
)
def test_a_framework_that_gives_no_figure_is_refused_here_too(
    folder: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    edited(folder, "national.yaml", old, new)
    refusal(table(folder, *frameworks(folder)), *words)


def test_a_scale_over_an_item_without_ends_is_refused_with_what_to_say(folder: Path) -> None:
    edited(folder, "design.yaml", "  E2: {min: 1, max: 5, missing: {9: dont_know}}\n", "")
    found = table(folder, *frameworks(folder))
    refusal(found, "design.yaml:items.E2: A scale reads this item", "Give min and max")


def test_digits_of_another_script_are_no_number(folder: Path) -> None:
    edited(folder, "survey.csv", "1,BDX,b1,v1,12,1.4", "1,BDX,b1,v1,12,١")
    refusal(table(folder), "survey.csv:2 weight: This cell is not a number.")


def test_territories_of_one_person_have_no_error(folder: Path) -> None:
    (folder / "survey.csv").write_text("territory,E1,help\nBDX,5,1\nNOR,2,0\n", encoding="utf-8")
    design = "format: covalue/design/1\nterritory: territory\nitems: {E1: {min: 1, max: 5}}\n"
    (folder / "design.yaml").write_text(design, encoding="utf-8")
    edited(folder, "national.yaml", "help = yes", "help = 1")
    found = said(table(folder, "--framework", folder / "national.yaml"))["judgement"]
    totals = [each for each in found["observations"] if each["what"] == "total"]
    assert totals
    assert all("se" not in each and "no_df" in each["flags"] for each in totals)


def test_codes_with_spaces_territories_without_codes_and_cells_for_no_answer(folder: Path) -> None:
    before = said(table(folder, *frameworks(folder)))
    text = FILES["survey.csv"].replace(",NOR,", ",Île du Nord,").replace(",yes,", ',"oui, un peu",')
    text = text.replace("!dont_know", "9")
    (folder / "survey.csv").write_text(text, encoding="utf-16")  # as spreadsheets' "Unicode text"
    edited(
        folder, "national.yaml", "share: {of: help = yes}", "share: {of: 'help = \"oui, un peu\"'}"
    )
    text = FILES["design.yaml"].replace("Nord: NOR", "Île du Nord: NOR")
    text = text.replace("equals: yes", 'equals: "oui, un peu"')
    text = text.replace("E1: {min: 1, max: 5}", "E1: {min: 1, max: 5, missing: {9: dont_know}}")
    text = text.replace("{yes: 1, no: 0}", '{"oui, un peu": 1, no: 0}')
    (folder / "design.yaml").write_text(text, encoding="utf-8")
    after = said(table(folder, *frameworks(folder)))
    assert after["judgement"] == before["judgement"]
    names = ("hours[territory=NOR]", "proportion_help")
    mine, theirs = (
        [each["value"] for each in found["estimates"] if each["name"] in names]
        for found in (after, before)
    )
    assert mine == theirs


def test_cells_for_no_answer_are_no_answers_in_estimates_either(folder: Path) -> None:
    edited(folder, "survey.csv", "!dont_know", "9")
    design = "format: covalue/design/1\nitems: {E1: {missing: {9: dont_know}}}\n"
    wanted = "estimates: [{mean: E1}, {proportion: help, equals: perhaps}, {total: E3}]\n"
    (folder / "design.yaml").write_text(design + wanted, encoding="utf-8")
    data = (folder / "survey.csv").read_text(encoding="utf-8")
    (folder / "survey.csv").write_text(data.replace("E2,gp", "E3,gp"), encoding="utf-8")
    mean, nobody, _ = said(table(folder))["estimates"]
    assert (mean["n"], mean["value"]) == (11, pytest.approx(36 / 11))
    assert (nobody["value"], nobody["flags"]) == (0.0, ["nobody_has:perhaps"])


def test_the_covariance_of_everything_and_what_no_column_holds(folder: Path) -> None:
    edited(folder, "national.yaml", "of: E1 >= 4", "of: E7 >= 4")
    found = said(table(folder, *frameworks(folder)))["judgement"]
    assert found["not_in_data"] == ["E7"]
    (folder / "national.yaml").write_text(FILES["national.yaml"], encoding="utf-8")
    found = said(table(folder, *frameworks(folder)))["judgement"]
    of, matrix = found["covariance"]["of"], found["covariance"]["matrix"]
    errors = {
        json.dumps({name: each[name] for name in place if name in each}): each.get("se")
        for each in found["observations"]
        for place in [("territory", "framework", "what", "code", "audience")]
    }
    assert {each["what"] for each in of} == {"component", "total", "standing_shift"}
    for k, each in enumerate(of):
        assert matrix[k][k] ** 0.5 == pytest.approx(errors[json.dumps(each)] or 0.0, abs=1e-12)
    assert matrix == [list(row) for row in zip(*matrix, strict=True)]


def test_exchange_items_give_local_values_a_rest(folder: Path) -> None:
    """E2 is BDX's own; three people of NOR were asked it too, by chance."""
    text = FILES["survey.csv"]
    for there in ("4,,0,1\n9,", "2,,1,0\n10", "5,,1,1\n11"):
        text = text.replace(there, there.replace(",,", ",3,", 1))
    (folder / "survey.csv").write_text(text, encoding="utf-8")
    found = said(table(folder, *frameworks(folder)))["judgement"]
    rows = {row["own"]: row["comparable"] for row in found["crosswalks"]["BDX"]["rows"]}
    assert rows["B1"] == "exchanged"
    level = next(
        each
        for each in found["observations"]
        if (each["territory"], each["what"], each.get("code")) == ("NOR", "indicator", "B1")
    )
    assert (level["n"], level["value"]) == (3, 50.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("f: 30, m: 20", "f: 30, m: 21", ("design.yaml:age", "adds up to")),
        (
            "lonely: adjust",
            "replicates: {kind: BRR, prefix: rw}",
            ("unknown_key replicates.prefix",),
        ),
        ("lonely: adjust", "replicates: {kind: supplied, prefix: rw}", ("replicates.scale",)),
        ("lonely: adjust", "replicates: {kind: JK1}", ("design.yaml:JK1", "Use JKn")),
    ],
)
def test_what_the_design_says_is_refused_in_the_design(
    folder: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    edited(folder, "design.yaml", old, new)
    refusal(table(folder), *words)
