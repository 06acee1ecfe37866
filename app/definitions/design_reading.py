"""Design and margins files as plans; every finding with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from app.definitions.design_schemas import GENERALISED, KINDS, design, margins
from app.definitions.fields import take
from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Document, Path, read_document
from app.domain.checks import Finding
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
    Wanted,
)
from app.evaluation.sampling import Lonely

DESIGN, MARGINS = "covalue/design/1", "covalue/margins/1"
WANTED_COLUMNS = {"ratio": (2, 2), "association": (2, 2), "mentions": (1, 1000)}
REPLICATE_KEYS = {
    "supplied": {"columns", "prefix", "combined", "scale", "rscales"},
    "bootstrap": {"count", "seed"},
    "Fay": {"rho"},
}
Raw = dict[str, Any]
Wrong = tuple[Trouble, Path]


def read_design(text: str) -> Plan:
    """The plan in a design file's text; raises BadDefinition with every finding and its line."""
    document, raw = taken(text, DESIGN, design())
    refuse_wrong(document, [*_wrong_design(raw)])
    return Plan(
        weight=raw.get("weight"),
        person=raw.get("id"),
        stages=tuple(StageColumns(**stage) for stage in raw.get("stages", ())),
        lonely=raw.get("lonely", Lonely.ADJUST),
        replicates=_replicates(raw["replicates"]) if "replicates" in raw else None,
        calibration=_calibration(raw["calibration"]) if "calibration" in raw else None,
        estimates=tuple(_wanted(each) for each in raw.get("estimates", ())),
        contrasts=tuple(Contrast(each["code"], each["of"]) for each in raw.get("contrasts", ())),
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
    document, raw = taken(text, MARGINS, margins())
    refuse_wrong(document, [*_wrong_calibration(raw, ())])
    return raw.get("weight"), _calibration(raw)


def taken(text: str, format_: str, schema: Schema) -> tuple[Document, Raw]:
    """A file of this format as its schema reads it; raises BadDefinition with every finding."""
    document = read_document(text)
    if document.data.get("format") != format_:
        raise BadDefinition(
            [document.finding(trouble("wrong_format", allowed=format_), ("format",))]
        )
    try:
        return document, take(schema, document.data)
    except ValidationError as error:
        raise BadDefinition(list(_findings(error.messages, document, ()))) from None


def _findings(messages: Any, document: Document, path: Path) -> Iterator[Finding]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _findings(inner, document, path if key == "_schema" else (*path, key))
        return
    for found in messages:
        said = found if isinstance(found, Trouble) else trouble(found)
        yield document.finding(said, path)


def refuse_wrong(document: Document, wrong: list[Wrong]) -> None:
    """Raise BadDefinition with these findings, if there are any."""
    if wrong:
        raise BadDefinition([document.finding(found, path) for found, path in wrong])


def _listed(given: str | list[str] | None) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _kinds(raw: Raw) -> list[str]:
    return [kind for kind in KINDS if kind in raw]


def _wanted(raw: Raw) -> Wanted:
    kind = _kinds(raw)[0]
    read = () if kind == "count" else _listed(raw[kind])
    more: Raw = {key: raw[key] for key in ("rule", "interval", "base") if key in raw}
    return Wanted(
        code=_code(raw),
        kind="total" if kind == "count" else kind,  # type: ignore[arg-type]
        columns=read,
        by=_listed(raw.get("by")),
        equals=_listed(raw.get("equals")),
        at=tuple(raw.get("at", (0.5,))),
        **more,
    )


def _code(raw: Raw) -> str:
    """The code given, or ``mean_y``, ``ratio_y_x`` and the like."""
    kind = _kinds(raw)[0]
    usual = "_".join((kind, *_listed(raw[kind]))) if kind != "count" else "count"
    return str(raw.get("code", usual))


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
    read = _listed(raw["columns"])
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


def _wrong_estimates(raw: Raw) -> Iterator[Wrong]:
    """What the keys of estimates alone cannot say."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for place, each in enumerate(raw.get("estimates", ())):
        path: Path = ("estimates", place)
        kinds = _kinds(each)
        if len(kinds) != 1:
            yield trouble("choice", allowed=", ".join(KINDS)), path
            continue
        least, most = WANTED_COLUMNS.get(kinds[0], (1, 1))
        if not least <= len(_listed(each[kinds[0]])) <= most:
            yield trouble("number_range", low=least, high=most), (*path, kinds[0])
        if kinds[0] not in ("proportion", "shares", "mentions", "quantile") and "interval" in each:
            yield trouble("unknown_key"), (*path, "interval")
        key = (_code(each), _listed(each.get("by")))
        if key in seen:
            yield trouble("duplicate_key", key=key[0]), path
        seen.add(key)


def _wrong_design(raw: Raw) -> Iterator[Wrong]:
    """What the keys alone cannot say."""
    yield from _wrong_estimates(raw)
    for name, each in raw.get("scores", {}).items():
        yield from _wrong_score(each, ("scores", name))
    if "calibration" in raw:
        yield from _wrong_calibration(raw["calibration"], ("calibration",))
    yield from _wrong_replicates(raw.get("replicates", {}))


def _wrong_replicates(raw: Raw) -> Iterator[Wrong]:
    """Keys that belong to another kind; supplied weights need their columns and their scale."""
    if raw.get("kind") == "supplied":
        if "columns" not in raw and "prefix" not in raw:
            yield trouble("missing"), ("replicates", "columns")
        if "scale" not in raw and "rscales" not in raw:
            yield trouble("missing"), ("replicates", "scale")
    for key in sorted(
        raw.keys() - {"kind", "mse"} - REPLICATE_KEYS.get(raw.get("kind", ""), set())
    ):
        yield trouble("unknown_key"), ("replicates", key)


def _wrong_score(raw: Raw, path: Path) -> Iterator[Wrong]:
    """``reverse`` needs both ends, in order, and names items of the score."""
    items = raw["items"]
    if len(set(items)) < len(items):
        yield trouble("duplicate_key", key=items[-1]), (*path, "items")
    if not set(raw.get("reverse", ())) <= set(items):
        yield trouble("choice", allowed=", ".join(items)), (*path, "reverse")
    wanted = [key for key in ("min", "max") if key not in raw]
    if wanted and ("reverse" in raw or len(wanted) == 1):
        yield trouble("missing"), (*path, wanted[0])
    if not wanted and not raw["min"] < raw["max"]:
        yield trouble("number_range", low=raw["min"], high="…"), (*path, "max")


def _wrong_calibration(raw: Raw, path: Path) -> Iterator[Wrong]:
    method = raw.get("method", "raking")
    count = len(raw.get("margins", ()))
    if method == "post_stratification" and count != 1:
        yield trouble("number_range", low=1, high=1), (*path, "margins")
    elif method == "raking" and not count:
        yield trouble("missing"), (*path, "margins")
    elif method in GENERALISED and not count and "totals" not in raw:
        yield trouble("missing"), (*path, "totals")
    if method == "logit" and "bounds" not in raw:
        yield trouble("missing"), (*path, "bounds")
    for key in ("totals", "bounds"):
        if method not in GENERALISED and key in raw:
            yield trouble("unknown_key"), (*path, key)
    if method != "raking" and "trim" in raw:
        yield trouble("unknown_key"), (*path, "trim")
