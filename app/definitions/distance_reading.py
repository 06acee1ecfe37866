"""Distance files (``covalue/distances/1``): which columns are compared, and how."""

from __future__ import annotations

from functools import cache

from marshmallow import Schema

from app.definitions.design_checks import Raw
from app.definitions.design_reading import refuse_wrong
from app.definitions.design_schemas import column
from app.definitions.fields import Record, Several, schema_of
from app.definitions.messages import trouble
from app.definitions.nodes import read_document
from app.definitions.scalars import line_of_text, member, real, whole
from app.definitions.taking import taken
from app.evaluation.gower import VariableKind
from app.evaluation.unit_tables import DistancePlan, VariablePlan

FORMAT = "covalue/distances/1"


@cache
def _variable() -> Schema:
    return schema_of(
        column=column(required=True),
        kind=member(VariableKind, required=True),
        weight=real(low=0),
        bounds=Several(real(), least=2),
    )


@cache
def distance_file() -> Schema:
    """The keys of a distance file."""
    return schema_of(
        format=line_of_text(required=True),
        unit=column(),
        variables=Several(Record(_variable), least=1, required=True),
        group=column(),
        seed=whole(0, 999_999_999),
        draws=whole(99, 999_999),
    )


def read_distances(text: str) -> DistancePlan:
    """The plan in a distance file's text; raises BadDefinition with every finding and its line."""
    document = read_document(text)
    raw = taken(document, distance_file(), FORMAT)
    refuse_wrong(
        document,
        [
            (trouble("index_two_goalposts"), ("variables", place, "bounds"))
            for place, each in enumerate(raw["variables"])
            if "bounds" in each
            and not (len(each["bounds"]) == 2 and each["bounds"][0] < each["bounds"][1])
        ],
    )
    more: Raw = {key: raw[key] for key in ("group", "seed", "draws") if key in raw}
    return DistancePlan(raw.get("unit", "unit"), tuple(map(_plan, raw["variables"])), **more)


def _plan(raw: Raw) -> VariablePlan:
    ends = raw.get("bounds")
    return VariablePlan(
        raw["column"], raw["kind"], raw.get("weight", 1.0), (ends[0], ends[1]) if ends else None
    )
