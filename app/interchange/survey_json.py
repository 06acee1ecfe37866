"""A survey's figures, and what frameworks say of it, as plain data for JSON: every digit kept."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.crosswalk import Crosswalk
from app.evaluation.inference import Survey
from app.evaluation.offline import Judged
from app.evaluation.sampling import Stage
from app.evaluation.tables import Observation
from app.evaluation.tabulation import Line, Tabulated
from app.evaluation.undefined import Undefined
from app.evaluation.weighting import WeightingReport, spread
from app.interchange.plain_json import plain

NOTICE = "Nothing is withheld here: these figures are for analysis, not for publication."


def survey_result(
    survey: Survey, report: WeightingReport | None, tabulated: Tabulated
) -> dict[str, Any]:
    """``design``, ``weights``, ``weighting``, ``estimates`` and, where wanted, ``covariance``."""
    design = survey.design
    first = design.stages[0]
    found: dict[str, Any] = {
        "notice": NOTICE,
        "design": {
            "rows": design.n,
            "weighted": float(design.weight.sum()),
            "strata": len(first.names),
            "units": len(first.stratum_of_unit),
            "stages": len(design.stages),
            "df": survey.df(),
            "lonely": design.lonely,
            "lonely_strata": _lonely(first),
            "variance": "linearised" if survey.replicates is None else "replicates",
            "level": survey.level,
        },
        "weights": plain(spread(design.weight)),
        "weighting": plain(report),
        "estimates": [_line(each) for each in tabulated.lines],
    }
    if tabulated.covariance is not None:
        found["covariance"] = {
            "names": list(tabulated.covered),
            "matrix": _matrix(tabulated.covariance),
        }
    return found


def _lonely(stage: Stage) -> int:
    """Strata with one unit that was not certain to be drawn."""
    alone = stage.sampled[stage.stratum_of_unit] == 1
    return int(np.sum(alone & (stage.probability < 1)))


def _matrix(values: Floats) -> list[list[float | dict[str, str]]]:
    undefined = {"undefined": "variance_undefined"}
    return [[v if np.isfinite(v) else undefined for v in row] for row in values.tolist()]


def _line(line: Line) -> dict[str, Any]:
    said = {
        "name": line.name,
        "code": line.code,
        "kind": line.kind,
        "domain": dict(line.domain),
        "item": line.item,
    }
    figure = plain(line.figure)
    return said | ({"value": figure} if isinstance(line.figure, Undefined) else figure)


def judgement(judged: Judged) -> dict[str, Any]:
    """``observations`` as in a release, each own framework's ``crosswalk``, items that no column
    holds and, where wanted, ``covariance``."""
    found: dict[str, Any] = {
        "observations": [_observation(each) for each in judged.observations],
        "crosswalks": {code: _crosswalk(each) for code, each in judged.crosswalks.items()},
        "not_in_data": list(judged.not_in_data),
    }
    if judged.covariance is not None:
        place = ("territory", "framework", "what", "code", "audience")
        found["covariance"] = {
            "of": [
                {name: value for name in place if (value := _observation(each).get(name))}
                for each in judged.covered
            ],
            "matrix": _matrix(judged.covariance),
        }
    return found


def _observation(seen: Observation) -> dict[str, Any]:
    values = {each.name: plain(getattr(seen, each.name)) for each in fields(seen)}
    del values["confidentiality"]
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _crosswalk(crosswalk: Crosswalk) -> dict[str, Any]:
    return {
        "framework": crosswalk.own,
        "overlap": plain(crosswalk.overlap),
        "rows": [
            {
                "relation": plain(row.relation),
                "national": row.national,
                "own": row.own,
                "national_weight": plain(row.national_weight),
                "own_weight": plain(row.own_weight),
                "comparable": plain(row.comparable),
                "evidence": plain(row.evidence),
                "source": row.source.as_written(),
            }
            for row in crosswalk.rows
        ],
    }
