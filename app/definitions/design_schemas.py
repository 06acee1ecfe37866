"""The keys of design files (``covalue/design/1``) and margins files (``covalue/margins/1``)."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.definitions.fields import ByName, Either, Record, Several, schema_from, schema_of
from app.definitions.scalars import Scalar, code, flag, line_of_text, member, one_of, real, whole
from app.domain.questionnaire import Audience
from app.evaluation.quantiles import RULES
from app.evaluation.sampling import Lonely
from app.evaluation.share_intervals import METHODS

Parts = dict[str, fields.Field[Any]]
KINDS = (
    "count", "total", "mean", "proportion", "ratio", "quantile", "shares", "mentions",
    "association",
)  # fmt: skip
REPLICATES = ("JK1", "JKn", "BRR", "Fay", "bootstrap", "supplied")
UNEQUAL = ("brewer", "overton", "poisson", "joint")
MISSING = ("dont_know", "prefer_not", "not_concerned", "skipped", "not_shown")
INTERVALS = ("t", "default", *METHODS)


def column(*, required: bool = False) -> Scalar:
    """The name of a column of the data, or of one of its categories."""
    return line_of_text(required=required, high=200)


def columns(*, required: bool = False) -> fields.Field[Any]:
    """One name, or a list of names."""
    one, several = column(), Several(column(), least=1)
    return Either(
        lambda given: several if isinstance(given, list) else one, (one, several), required=required
    )


@cache
def _stage() -> Schema:
    return schema_of(unit=column(), stratum=column(), population=column())


@cache
def _pps() -> Schema:
    return schema_of(
        method=one_of(*UNEQUAL, required=True),
        columns=Several(column(), least=2),
        prefix=column(),
        variance=one_of("HT", "YG"),
    )


@cache
def _replicates() -> Schema:
    return schema_of(
        kind=one_of(*REPLICATES, required=True),
        columns=Several(column(), least=2),
        prefix=column(),
        combined=flag(),
        scale=real(low=0),
        rscales=Several(real(low=0)),
        mse=flag(),
        rho=real(low=0, high=0.99),
        count=whole(2, 100_000),
        seed=whole(0, 999_999_999),
    )


GENERALISED = ("linear", "exponential", "logit")


@cache
def _margin() -> Schema:
    return schema_of(
        name=column(),
        columns=columns(required=True),
        targets=ByName(column(), real(low=0), least=1, required=True),
        merge=ByName(column(), column()),
        collapse_below=whole(0, 1_000_000),
    )


@cache
def _trim() -> Schema:
    return schema_of(lower=real(low=0, required=True), upper=real(low=0, required=True))


@cache
def _bounds() -> Schema:
    return schema_of(
        lower=real(low=0, high=0.999, required=True), upper=real(low=1.001, required=True)
    )


def _calibration_parts() -> Parts:
    return {
        "method": one_of("post_stratification", "raking", *GENERALISED),
        "margins": Several(Record(_margin), least=1),
        "totals": ByName(column(), real(), least=1),
        "trim": Record(_trim),
        "bounds": Record(_bounds),
        "residuals": one_of("r", "converged"),
    }


@cache
def _calibration() -> Schema:
    return schema_from(_calibration_parts())


@cache
def _estimate() -> Schema:
    return schema_from(
        {
            "code": column(),
            **{kind: columns() for kind in KINDS},
            "by": columns(),
            "equals": columns(),
            "at": Several(real(low=1e-9, high=1 - 1e-9), least=1),
            "rule": one_of(*RULES),
            "interval": one_of(*INTERVALS),
            "base": one_of("respondents", "mentions"),
        }
    )


@cache
def _contrast() -> Schema:
    return schema_of(
        code=column(required=True),
        of=ByName(line_of_text(high=2_000), real(), least=1),
        ratio=Several(line_of_text(high=2_000), least=2),
    )


@cache
def _score() -> Schema:
    return schema_of(
        items=Several(column(), least=1, required=True),
        reverse=Several(column(), least=1),
        min=real(),
        max=real(),
        least=real(low=0, high=1),
    )


@cache
def _equivalence() -> Schema:
    return schema_of(
        of=Several(column(), least=1, required=True), margin=real(low=1e-9, required=True)
    )


@cache
def _item() -> Schema:
    return schema_of(
        column=column(),
        min=real(),
        max=real(),
        codes=ByName(
            column(), Either(lambda given: column() if given == "" else real(), (real(),))
        ),
        several=flag(),
        missing=ByName(column(), one_of(*MISSING)),
    )


@cache
def design() -> Schema:
    """Everything a design file may say."""
    return schema_of(
        format=line_of_text(required=True),
        weight=column(),
        id=column(),
        stages=Several(Record(_stage), least=1),
        lonely=member(Lonely),
        pps=Record(_pps),
        replicates=Record(_replicates),
        calibration=Record(_calibration),
        estimates=Several(Record(_estimate)),
        contrasts=Several(Record(_contrast)),
        scores=ByName(column(), Record(_score)),
        equivalence=Record(_equivalence),
        covariance=flag(),
        level=real(low=0.5, high=0.999999),
        territory=column(),
        territories=ByName(column(), code(required=True)),
        audience=member(Audience),
        audience_column=column(),
        proxy=column(),
        items=ByName(code(), Record(_item)),
        exchange=ByName(column(), Several(column(), least=1)),
        populations=ByName(column(), whole(1, 999_999_999)),
        seed=whole(0, 999_999_999),
    )


@cache
def margins() -> Schema:
    """A margins file: a weight and a calibration."""
    return schema_from(
        {"format": line_of_text(required=True), "weight": column(), **_calibration_parts()}
    )
