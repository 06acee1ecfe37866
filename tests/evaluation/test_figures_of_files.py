"""Through files alone: spreadsheets and design files give the numbers of R's survey package."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from r_oracle import close, made_again, stored

from app.cli.evaluate_table import evaluate

R = stored("files")
VILLAGE = """format: covalue/design/1
weight: w
stages: [{unit: u, stratum: h}]
lonely: %s
scores:
  score: {items: [E1, E2, E3, E4], reverse: [E3], min: 1, max: 5, least: 0.75}
estimates:
  - {mean: y}
  - {total: y}
  - {mean: score}
  - {code: by, mean: score, by: g}
  - {code: E1, mean: E1, by: both}
  - {code: E2, mean: E2, by: both}
  - {code: z_mean, proportion: z, interval: mean}
  - {code: z_logit, proportion: z, interval: logit}
  - {code: z_xlogit, proportion: z, interval: xlogit}
  - {code: z_asin, proportion: z, interval: asin}
  - {code: test, association: [g, z]}
contrasts: [{code: change, of: {"E2[both=yes]": 1, "E1[both=yes]": -1}}]
"""
THREE = """format: covalue/design/1
stages:
  - {unit: a, population: Na}
  - {unit: b, population: Nb}
  - {unit: c, population: Nc}
  - {unit: r, population: Nr}
estimates: [{mean: y}, {total: y}]
"""
FIGURES = "estimates: [{mean: y}, {total: y}, {ratio: [y, x]}]\n"


def spreadsheet(columns: dict[str, list[Any]]) -> str:
    """As an office would save it: a mark, semicolons, decimal commas, empty cells."""

    def cell(value: Any) -> str:
        if value is None:
            return ""
        return repr(value).replace(".", ",") if isinstance(value, float) else str(value)

    lines = [";".join(columns)]
    lines += [";".join(map(cell, row)) for row in zip(*columns.values(), strict=True)]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def figures(folder: Path, columns: dict[str, list[Any]], design: str) -> dict[str, Any]:
    (folder / "data.csv").write_bytes(spreadsheet(columns).encode("utf-8"))
    (folder / "design.yaml").write_text(design, encoding="utf-8")
    where = ["--data", str(folder / "data.csv"), "--design", str(folder / "design.yaml")]
    result = CliRunner().invoke(evaluate, ["table", *where])
    assert result.exit_code == 0, result.output
    return {each["name"]: each for each in json.loads(result.stdout)["estimates"]}


@cache
def data(name: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = stored("files_data")[name]
    if name == "village":
        pairs = zip(columns["E1"], columns["E2"], strict=True)
        columns["both"] = ["no" if None in pair else "yes" for pair in pairs]
    return columns


def same(ours: dict[str, Any], case: str) -> None:
    for name, expected in R[case].items():
        one = ours[name]
        for key, value in expected.items():
            if value is not None:
                assert one[key] == pytest.approx(value, rel=1e-8), (case, name, key)


@pytest.mark.parametrize("rule", ["remove", "average"])
def test_strata_with_accents_lonely_clusters_scores_and_weights_of_0(
    tmp_path: Path, rule: str
) -> None:
    same(figures(tmp_path, data("village"), VILLAGE % rule), f"village_{rule}")


def test_three_stages_with_populations(tmp_path: Path) -> None:
    same(figures(tmp_path, data("three"), THREE), "three")


@pytest.mark.parametrize("kind", ["JKn", "Fay", "BRR"])
def test_replicate_weights_that_come_with_the_data(tmp_path: Path, kind: str) -> None:
    made = R[f"half_{kind}_weights"]
    weights = {
        f"rep{k}": list(column) for k, column in enumerate(zip(*made["weights"], strict=True))
    }
    plan: dict[str, Any] = {"kind": "supplied", "prefix": "rep", "scale": made["scale"]}
    plan |= {"rscales": made["rscales"], "mse": kind == "Fay"}
    design = f"format: covalue/design/1\nweight: w\nreplicates: {json.dumps(plan)}\n{FIGURES}"
    same(figures(tmp_path, data("half") | weights, design), f"half_{kind}")


def test_the_service_makes_the_same_jackknife(tmp_path: Path) -> None:
    design = "format: covalue/design/1\nweight: w\nstages: [{unit: u, stratum: h}]\n"
    ours = figures(tmp_path, data("half"), f"{design}replicates: {{kind: JKn}}\n{FIGURES}")
    same(ours, "half_JKn")


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    close(made_again("files", ("survey",), tmp_path), R, 1e-9)
