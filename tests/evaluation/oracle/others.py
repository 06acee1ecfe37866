"""What svy, statsmodels and SALib say of designs_data.json and dif_data.json.

    python others.py FOLDER    reads FOLDER/designs_data.json and dif_data.json, writes others.json

Needs svy 0.35, statsmodels 0.15, SALib 1.6: in an environment of their own, the service uses none.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl
import statsmodels.api as sm
import svy
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sample
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

folder = Path(sys.argv[1])


def read(name: str):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def estimates(name: str, **design):
    columns = {k: v for k, v in read("designs_data")[name].items() if None not in v}
    frame = pl.DataFrame(columns)
    done = svy.Sample(frame, svy.Design(stratum="h", wgt="w", **design)).estimation
    found = {}
    for code, one in (
        ("mean", done.mean("x")),
        ("total", done.total("x")),
        ("ratio", done.ratio("x", "k")),
    ):
        (cell,) = one.estimates
        found[code] = {"value": cell.est, "se": cell.se, "low": cell.lci, "high": cell.uci}
    return found


def mantel_haenszel():
    data = read("dif_data")
    focal, values = np.array(data["focal"]) == 1, np.array(data["binary"])
    total = values.sum(axis=1)
    tests = []
    for item in values.T:
        tables = [
            [
                [int((item[s & ~focal] == 1).sum()), int((item[s & ~focal] == 0).sum())],
                [int((item[s & focal] == 1).sum()), int((item[s & focal] == 0).sum())],
            ]
            for s in (total == t for t in np.unique(total))
            if (s & focal).any() and (s & ~focal).any() and 0 < total[s][0] < values.shape[1]
        ]
        found = StratifiedTable(np.array(tables).transpose(1, 2, 0).astype(float))
        test = found.test_null_odds(correction=True)
        low, high = found.oddsratio_pooled_confint()
        tests.append(
            {
                "odds_ratio": found.oddsratio_pooled,
                "low": low,
                "high": high,
                "chi2": test.statistic,
                "p": test.pvalue,
            }
        )
    p = [each["p"] for each in tests]
    return {
        "items": tests,
        "holm": list(multipletests(p, method="holm")[1]),
        "bh": list(multipletests(p, method="fdr_bh")[1]),
    }


def models():
    data = read("dif_data")
    focal = np.array(data["focal"], dtype=float)
    found = {}
    for kind in ("binary", "ordered"):
        values = np.array(data[kind], dtype=float)
        total = values.sum(axis=1)
        rows = []
        for item in values.T:
            ladders = ([total], [total, focal], [total, focal, total * focal])
            fits = []
            for columns in ladders:
                x = np.column_stack(columns)
                if kind == "binary":
                    fits.append(sm.Logit(item, sm.add_constant(x)).fit(disp=0, tol=1e-12).llf)
                else:
                    model = OrderedModel(item, x / x.std(axis=0), distr="logit")
                    fits.append(model.fit(method="bfgs", disp=0, gtol=1e-8, maxiter=1000).llf)
            rows.append(fits)
        found[kind] = rows
    return found


def shares():
    """Sobol's shares of a table of 3 x 4 x 2 outcomes, by Saltelli's sample of many draws."""
    table = np.random.default_rng(4).normal(size=(3, 4, 2)) + np.arange(4)[None, :, None]
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 3], [0, 4], [0, 2]]}
    drawn = sample.sample(problem, 2**15, calc_second_order=False, seed=1)
    places = np.minimum(drawn.astype(int), np.array(table.shape) - 1)
    done = analyse.analyze(problem, table[tuple(places.T)], calc_second_order=False, seed=1)
    return {"table": table.tolist(), "first": done["S1"].tolist(), "total": done["ST"].tolist()}


out = {
    "svy": {"clus": estimates("clus", psu="c"), "half": estimates("half", psu="c")},
    "mantel_haenszel": mantel_haenszel(),
    "log_likelihoods": models(),
    "shares": shares(),
    "versions": {name: version(name) for name in ("svy", "statsmodels", "SALib")},
}
(folder / "others.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
