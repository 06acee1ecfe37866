"""The keys of index files: an index over a table of ready values."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.definitions.fields import ByName, Either, Record, Several, TextField, schema_from
from app.definitions.scalars import code, fraction, line_of_text, one_of, real, whole
from app.evaluation.index_framework import PENALISED, Method, Weighting
from app.evaluation.index_steps import WORDS

MEANS = ("arithmetic", "geometric", "harmonic", "copeland")
AGGREGATIONS = (*MEANS, *PENALISED, "minimum", "maximum", "product", "ratio")
AS_WRITTEN, NONE = "framework", "none"
Parts = dict[str, fields.Field[Any]]


def _aggregation(*words: str) -> Either:
    """One of the words, or ``{power: p}``."""
    word = one_of(*words)
    power = Record(lambda: schema_from({"power": real(low=-100, high=100, required=True)}))
    return Either(lambda value: power if isinstance(value, dict) else word, (word, power))


def _scale() -> Either:
    """What 1 becomes, or what 0 and 1 become."""
    top, ends = real(low=1e-9, high=1e9), Several(real(low=-1e9, high=1e9), least=2)
    return Either(lambda value: ends if isinstance(value, list) else top, (top, ends))


@cache
def _step() -> Schema:
    """A step with numbers; the others are words."""
    points = Several(Several(real(), least=2), least=2)
    return schema_from(
        {
            "plus": real(),
            "times": real(),
            "power": real(low=-100, high=100),
            "least": real(),
            "most": real(),
            "through": points,
            "bands": points,
            "winsorise": Several(whole(0, 1_000_000), least=2),
            "percentiles": Several(real(low=0, high=1), least=2),
            "outliers": Several(real(low=0, high=1_000_000), least=3),
        }
    )


def _steps() -> Either:
    """One word, or a list of words and steps with numbers."""
    word, numbers = one_of("none", *WORDS), Record(_step)
    step = Either(lambda value: numbers if isinstance(value, dict) else word, (word, numbers))
    several = Several(step, least=1)
    return Either(lambda value: several if isinstance(value, list) else step, (step, several))


@cache
def _indicator() -> Schema:
    return schema_from(
        {
            "code": code(required=True),
            "title": TextField(),
            "column": line_of_text(high=200),
            "weight": fraction(0, 1_000_000),
            "direction": one_of("up", "down"),
            "normalisation": one_of(*Method),
            "goalposts": Several(real(), least=2),
            "target": real(),
            "capped": one_of("true", "false"),
            "transform": _steps(),
            "constant": real(),
            "source": line_of_text(),
        }
    )


def _node_parts() -> Parts:
    return {
        "code": code(required=True),
        "title": TextField(),
        "aggregation": _aggregation(*AGGREGATIONS),
        "transform": _steps(),
        "least_parts": whole(1, 10_000),
        "least_indicators": whole(1, 10_000),
        "parts": _parts(),
    }


@cache
def _node() -> Schema:
    more = {"weight": fraction(0, 1_000_000), "availability": fraction(0, 1)}
    return schema_from({**_node_parts(), **more})


def _parts() -> Several:
    node, leaf = Record(_node), Record(_indicator)
    part = Either(
        lambda value: node if isinstance(value, dict) and "parts" in value else leaf, (node, leaf)
    )
    return Several(part, least=1, required=True)


@cache
def _choices() -> Schema:
    return schema_from(
        {
            "normalisation": Several(one_of(AS_WRITTEN, *Method), least=1),
            "aggregation": Several(_aggregation(AS_WRITTEN, *AGGREGATIONS), least=1),
            "weights": Several(one_of(*Weighting), least=1),
            "availability": Several(fraction(0, 1), least=1),
            "without": Several(code(), least=1),
        }
    )


@cache
def index() -> Schema:
    """The keys of an index file."""
    return schema_from(
        {
            **_node_parts(),
            "format": one_of("covalue/index/1", required=True),
            "unit": line_of_text(high=200),
            "source": line_of_text(),
            "scale": _scale(),
            "normalisation": one_of(*Method),
            "availability": fraction(0, 1, required=True),
            "weights": one_of(*Weighting),
            "floor": real(low=0),
            "judges": ByName(line_of_text(high=100), ByName(code(), fraction(0, 100)), least=1),
            "choices": Record(_choices),
        }
    )
