"""Units drawn with probabilities of their own: R's numbers through files, and laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from r_oracle import close, made_again, stored

from app.cli.evaluate_table import evaluate

R, DATA = stored("pps"), stored("pps_data")
PAIRS = [{"population": "p"}]
DESIGNS: dict[str, dict[str, Any]] = {
    "brewer": {"stages": [{"stratum": "h", "population": "p"}], "pps": {"method": "brewer"}},
    "stages": {
        "stages": [{"unit": "u", "population": "pu"}, {"unit": "k", "population": "q"}],
        "pps": {"method": "brewer"},
    },
    "overton": {"stages": [{"stratum": "h", "population": "p"}], "pps": {"method": "overton"}},
    "poisson": {"stages": PAIRS, "pps": {"method": "poisson"}},
    "joint": {"pps": {"method": "joint", "prefix": "pi"}},
    "differences": {"stages": PAIRS, "pps": {"method": "joint", "prefix": "pi", "variance": "YG"}},
}


def told(folder: Path, columns: dict[str, list[Any]], design: dict[str, Any]) -> Any:
    """What the command says: (exit status, figures by name or what is wrong)."""
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    (folder / "data.csv").write_text("\n".join(lines), encoding="utf-8")
    estimates = [
        {"total": "y"},
        {"mean": "y"},
        {"ratio": ["y", "x"]},
        {"code": "g", "total": "y", "by": "g"},
    ]
    design = {"format": "covalue/design/1", "estimates": estimates} | design
    (folder / "design.yaml").write_text(yaml.safe_dump(design), encoding="utf-8")
    where = ["--data", str(folder / "data.csv"), "--design", str(folder / "design.yaml")]
    result = CliRunner().invoke(evaluate, ["table", *where])
    if result.exit_code:
        return result.output
    return {each["name"]: each for each in json.loads(result.stdout)["estimates"]}


@pytest.mark.parametrize("case", sorted(DESIGNS))
def test_as_r_says(tmp_path: Path, case: str) -> None:
    found = told(tmp_path, DATA, DESIGNS[case])
    for name, expected in R[case].items():
        for key, value in expected.items():
            assert found[name][key] == pytest.approx(value, rel=1e-8), (name, key)


@pytest.mark.parametrize("totals", [None, {"one": 25, "x": 110}])
def test_a_simple_random_sample_is_the_same_by_every_form(
    tmp_path: Path, totals: dict[str, float] | None
) -> None:
    """Calibrated too, where R's forms by pairs leave the gain out."""
    n, whole = 10, 25
    both = np.full((n, n), n * (n - 1) / (whole * (whole - 1)))
    np.fill_diagonal(both, n / whole)
    columns = DATA | {f"pi{k + 1}": both[k].tolist() for k in range(n)} | {"p": [n / whole] * n}
    columns["one"] = [1] * n
    more = {"calibration": {"method": "linear", "totals": totals}} if totals else {}
    plain = told(tmp_path, columns, {"stages": PAIRS} | more)
    for pps in (
        {"method": "brewer"},
        {"method": "overton"},
        {"method": "joint", "prefix": "pi"},
        {"method": "joint", "prefix": "pi", "variance": "YG"},
        {"method": "overton", "variance": "YG"},
    ):
        found = told(tmp_path, columns, {"stages": PAIRS, "pps": pps} | more)
        for name, one in plain.items():
            assert found[name]["se"] == pytest.approx(one["se"], rel=1e-9), (pps, name)


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"pps": {"method": "brewer"}}, "missing stages[0].population"),
        ({"pps": {"method": "joint"}}, "missing pps.prefix"),
        ({"pps": {"method": "joint", "columns": ["p", "q"]}}, "2 columns for 10 rows"),
        ({"pps": {"method": "joint", "prefix": "x"}}, "No such column"),
        ({"stages": [{"population": "x"}], "pps": {"method": "brewer"}}, "not between 0 and 1"),
        (
            {"stages": [{"unit": "u", "population": "p"}], "pps": {"method": "poisson"}},
            "varies within a unit",
        ),
        (
            {"stages": PAIRS, "pps": {"method": "brewer"}, "replicates": {"kind": "JK1"}},
            "choice replicates.kind",
        ),
        (
            {"stages": [{"population": "p"}, {"population": "q"}], "pps": {"method": "overton"}},
            "number_range stages",
        ),
        ({"stages": PAIRS, "pps": {"method": "poisson", "variance": "YG"}}, "pps.variance"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, design: dict[str, Any], said: str) -> None:
    assert said in told(tmp_path, DATA, design)


def test_joint_probabilities_must_be_some(tmp_path: Path) -> None:
    columns = DATA | {"pi2": [0.95, *DATA["pi2"][1:]]}
    assert "pps row 1, column 2" in told(tmp_path, columns, DESIGNS["joint"])


@pytest.mark.oracle
def test_r_says_it_again(tmp_path: Path) -> None:
    close(made_again("pps", ("survey",), tmp_path), R, 1e-10)
