"""The same numbers as svy (estimates), statsmodels (DIF) and SALib (Sobol's shares)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from designs import PLANS, figures
from r_oracle import ORACLE, close, stored

from app.evaluation.dif import dif
from app.evaluation.logistic_dif import LogisticDif
from app.evaluation.mantel_haenszel import MantelHaenszel
from app.evaluation.plan import Plan, Wanted
from app.evaluation.sobol import sobol

OTHERS = stored("others")
DATA = stored("dif_data")
FIGURES = (
    Wanted("mean", "mean", ("x",)),
    Wanted("total", "total", ("x",)),
    Wanted("ratio", "ratio", ("x", "k")),
)


@pytest.mark.parametrize("case", ["clus", "half"])
def test_estimates_of_svy(case: str) -> None:
    design = PLANS[case]
    found = figures(Plan(design.weight, design.stages, estimates=FIGURES), case)
    for name, expected in OTHERS["svy"][case].items():
        for key, value in expected.items():
            assert getattr(found[name], key) == pytest.approx(value, rel=1e-8), (name, key)


def assessed(kind: str) -> Any:
    values = np.array(DATA[kind], dtype=float)
    names = [f"i{k}" for k in range(values.shape[1])]
    return dif(names, values, np.array(DATA["focal"]) == 1, purify=False)


def test_stratified_tables_of_statsmodels() -> None:
    found, expected = assessed("binary").mantel.items, OTHERS["mantel_haenszel"]
    for one, other in zip(found, expected["items"], strict=True):
        assert isinstance(one.result, MantelHaenszel)
        for name, value in other.items():
            assert getattr(one.result, name) == pytest.approx(value, rel=1e-8), name
    for name in ("holm", "bh"):
        ours = [getattr(each, f"p_{name}") for each in found]
        assert ours == pytest.approx(expected[name], rel=1e-8)


@pytest.mark.parametrize("kind", ["binary", "ordered"])
def test_logistic_models_of_statsmodels(kind: str) -> None:
    for one, expected in zip(
        assessed(kind).logistic.items, OTHERS["log_likelihoods"][kind], strict=True
    ):
        assert isinstance(one.result, LogisticDif)
        assert one.result.log_likelihoods == pytest.approx(expected, rel=1e-8)


def test_shares_of_salib_which_draws_what_is_enumerated_here() -> None:
    expected = OTHERS["shares"]
    found = sobol(np.array(expected["table"]))
    assert found is not None
    assert found.first == pytest.approx(expected["first"], abs=0.02)
    assert found.total == pytest.approx(expected["total"], abs=0.02)


@pytest.mark.oracle
def test_they_say_the_same_again(tmp_path: Path) -> None:
    missing = [name for name in ("svy", "statsmodels", "SALib") if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    for name in ("designs_data", "dif_data"):
        shutil.copy(ORACLE / f"{name}.json", tmp_path)
    command = [sys.executable, str(ORACLE / "others.py"), str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True)
    made = json.loads((tmp_path / "others.json").read_text(encoding="utf-8"))
    close(made, OTHERS, 1e-6)
