"""Design and margins files as plans; every finding with its line."""

from __future__ import annotations

from app.definitions.design_checks import (
    Raw,
    Wrong,
    code_of,
    kinds_of,
    listed,
    wrong_calibration,
    wrong_design,
)
from app.definitions.design_schemas import design, margins
from app.definitions.nodes import Document, read_document
from app.definitions.taking import taken
from app.domain.errors import BadDefinition
from app.evaluation.plan import (
    CalibrationPlan,
    Contrast,
    EquivalencePlan,
    ItemPlan,
    MarginPlan,
    Plan,
    ReplicatePlan,
    ScorePlan,
    StageColumns,
    UnequalPlan,
    Wanted,
)
from app.evaluation.sampling import Lonely

DESIGN, MARGINS = "covalue/design/1", "covalue/margins/1"


def read_design(text: str) -> Plan:
    """The plan in a design file's text; raises BadDefinition with every finding and its line."""
    document = read_document(text)
    raw = taken(document, design(), DESIGN)
    refuse_wrong(document, [*wrong_design(raw)])
    return Plan(
        weight=raw.get("weight"),
        person=raw.get("id"),
        stages=tuple(StageColumns(**stage) for stage in raw.get("stages", ())),
        lonely=raw.get("lonely", Lonely.ADJUST),
        pps=_pps(raw["pps"]) if "pps" in raw else None,
        replicates=_replicates(raw["replicates"]) if "replicates" in raw else None,
        calibration=_calibration(raw["calibration"]) if "calibration" in raw else None,
        estimates=tuple(_wanted(each) for each in raw.get("estimates", ())),
        contrasts=tuple(
            Contrast(each["code"], each.get("of", {}), tuple(each.get("ratio", ())))
            for each in raw.get("contrasts", ())
        ),
        covariance=raw.get("covariance", False),
        level=raw.get("level", 0.95),
        territory=raw.get("territory"),
        territories=raw.get("territories", {}),
        audience=raw.get("audience", "elderly"),
        audience_column=raw.get("audience_column"),
        proxy=raw.get("proxy"),
        items=tuple(_item(name, each) for name, each in raw.get("items", {}).items()),
        populations=raw.get("populations", {}),
        exchange=raw.get("exchange", {}),
        seed=raw.get("seed", Plan.seed),
        scores=tuple(_score(name, each) for name, each in raw.get("scores", {}).items()),
        equivalence=_equivalence(raw["equivalence"]) if "equivalence" in raw else None,
    )


def read_margins(text: str) -> tuple[str | None, CalibrationPlan]:
    """(the column of weights if any, the calibration) in a margins file's text."""
    document = read_document(text)
    raw = taken(document, margins(), MARGINS)
    refuse_wrong(document, [*wrong_calibration(raw, ())])
    return raw.get("weight"), _calibration(raw)


def refuse_wrong(document: Document, wrong: list[Wrong]) -> None:
    """Raise BadDefinition with these findings, if there are any."""
    if wrong:
        raise BadDefinition([document.finding(found, path) for found, path in wrong])


def _wanted(raw: Raw) -> Wanted:
    kind = kinds_of(raw)[0]
    read = () if kind == "count" else listed(raw[kind])
    more: Raw = {key: raw[key] for key in ("rule", "interval", "base") if key in raw}
    return Wanted(
        code=code_of(raw),
        kind="total" if kind == "count" else kind,  # type: ignore[arg-type]
        columns=read,
        by=listed(raw.get("by")),
        equals=listed(raw.get("equals")),
        at=tuple(raw.get("at", (0.5,))),
        **more,
    )


def _pps(raw: Raw) -> UnequalPlan:
    return UnequalPlan(
        method=raw["method"],
        columns=tuple(raw.get("columns", ())),
        prefix=raw.get("prefix", ""),
        variance=raw.get("variance", "HT"),
    )


def _replicates(raw: Raw) -> ReplicatePlan:
    more = {
        key: raw[key] for key in ("combined", "scale", "mse", "rho", "count", "seed") if key in raw
    }
    return ReplicatePlan(
        kind=raw["kind"],
        columns=tuple(raw.get("columns", ())),
        prefix=raw.get("prefix", ""),
        rscales=tuple(raw.get("rscales", ())),
        **more,
    )


def _calibration(raw: Raw) -> CalibrationPlan:
    ends = raw.get("trim", raw.get("bounds"))
    return CalibrationPlan(
        method=raw.get("method", "raking"),
        margins=tuple(_margin(each) for each in raw.get("margins", ())),
        totals=raw.get("totals", {}),
        bounds=(ends["lower"], ends["upper"]) if ends else None,
        residuals=raw.get("residuals", "r"),
    )


def _margin(raw: Raw) -> MarginPlan:
    read = listed(raw["columns"])
    return MarginPlan(
        name=raw.get("name", "|".join(read)),
        columns=read,
        targets=raw["targets"],
        into=raw.get("merge", {}),
        collapse_below=raw.get("collapse_below", 0),
    )


def _score(name: str, raw: Raw) -> ScorePlan:
    return ScorePlan(
        code=name,
        items=tuple(raw["items"]),
        reverse=tuple(raw.get("reverse", ())),
        ends=(raw["min"], raw["max"]) if "min" in raw and "max" in raw else None,
        least=raw.get("least", 0.5),
    )


def _equivalence(raw: Raw) -> EquivalencePlan:
    return EquivalencePlan(tuple(raw["of"]), raw["margin"])


def _item(name: str, raw: Raw) -> ItemPlan:
    return ItemPlan(
        code=name,
        scores={
            each: None if score == "" else score for each, score in raw.get("codes", {}).items()
        },
        lowest=raw.get("min"),
        highest=raw.get("max"),
        several=raw.get("several", False),
        missing=raw.get("missing", {}),
        column=raw.get("column"),
    )
