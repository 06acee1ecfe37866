"""The keys of framework files, national and of territories, and of measures."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.definitions.breakdown_files import breakdown
from app.definitions.fields import (
    ByName,
    ConditionField,
    Either,
    LineField,
    Record,
    Several,
    TextField,
    schema_from,
    schema_of,
)
from app.definitions.messages import trouble
from app.definitions.scalars import (
    code,
    day,
    fraction,
    line_of_text,
    member,
    number,
    one_of,
    refusal,
    whole,
)
from app.domain.evidence import Evidence
from app.domain.frameworks import Relation
from app.domain.method_choices import Normalisation, Weighting
from app.domain.questionnaire import Audience

Parts = dict[str, fields.Field[Any]]
MEASURES = ("share", "scale", "share_of_items", "gap", "series")
_CHANGES = tuple(kind for kind in Relation if kind is not Relation.ADDED)


def _counting() -> Parts:
    return {key: one_of("no", "out") for key in ("dont_know", "not_concerned", "not_shown")}


@cache
def _share() -> Schema:
    return schema_of(of=ConditionField(required=True), base=ConditionField(), **_counting())


@cache
def _scale() -> Schema:
    return schema_of(
        items=Several(code(), least=1, required=True),
        reversed=Several(code()),
        base=ConditionField(),
        minimum=fraction(0, 1),
    )


@cache
def _share_of_items() -> Schema:
    part = schema_of(of=ConditionField(required=True), when=ConditionField())
    return schema_of(
        parts=Several(Record(lambda: part), least=1, required=True),
        base=ConditionField(),
        **_counting(),
    )


@cache
def _gap() -> Schema:
    inner = {kind: Record(lambda kind=kind: one_measure(kind)) for kind in MEASURES[:3]}  # type: ignore[misc]
    measure = Either(
        lambda value: inner[kind_of_measure(value, MEASURES[:3])], tuple(inner.values())
    )
    measure.required = True
    return schema_of(measure=measure, group=ConditionField(required=True))


def _measure_field(kind: str) -> fields.Field[Any]:
    if kind == "series":
        full = Record(lambda: schema_of(code=code(required=True), per=whole(1, 1_000_000)))
        bare = code()
        forms = (bare, full)
        return Either(lambda given: full if isinstance(given, dict) else bare, forms, required=True)
    schemas = {"share": _share, "scale": _scale, "share_of_items": _share_of_items, "gap": _gap}
    return Record(schemas[kind], required=True)


@cache
def one_measure(kind: str) -> Schema:
    """``{share: …}``: a measure of this kind, alone."""
    return schema_from({kind: _measure_field(kind)})


@cache
def _weighted(kind: str) -> Schema:
    return schema_from({kind: _measure_field(kind), "weight": whole(1, 1_000_000)})


def kind_of_measure(value: Any, allowed: tuple[str, ...]) -> str:
    """The one measure that the mapping names; ValidationError where it is not exactly one."""
    named = [kind for kind in allowed if isinstance(value, dict) and kind in value]
    if len(named) != 1:
        raise refusal(trouble("measure", allowed=", ".join(allowed)))
    return named[0]


def _measures() -> ByName:
    forms = {kind: Record(lambda kind=kind: _weighted(kind)) for kind in MEASURES}  # type: ignore[misc]
    measure = Either(lambda value: forms[kind_of_measure(value, MEASURES)], tuple(forms.values()))
    return ByName(one_of(*Audience), measure, least=1, required=True)


def _indicator_parts() -> Parts:
    target = schema_of(
        value=number(required=True), owner=LineField(required=True), date=day(required=True)
    )
    return {
        "code": code(required=True),
        "title": TextField(required=True),
        "measure": _measures(),
        "unit": one_of("%", "points"),
        "direction": one_of("up", "down"),
        "goalposts": Several(number(), least=2),
        "note": TextField(),
        "target": Record(lambda: target),
        "evidence": member(Evidence),
        "source": LineField(),
    }


@cache
def indicator() -> Schema:
    """An indicator without a weight: in a ledger, adapted or added."""
    return schema_from(_indicator_parts())


@cache
def _weighted_indicator() -> Schema:
    return schema_from({**_indicator_parts(), "weight": fraction(0, 1_000_000, required=True)})


@cache
def _methods() -> Schema:
    return schema_of(
        aggregation=Several(one_of("arithmetic", "geometric"), least=1),
        normalisation=Several(member(Normalisation), least=1),
        weights=Several(member(Weighting), least=1),
        judges=Several(ByName(code(), fraction(0, 1_000_000), least=1), least=1),
        missing=Several(fraction(0, 1), least=1),
        dont_know=Several(one_of("as_defined", "out", "no"), least=1),
        respondents=Several(one_of("all", "self_only"), least=1),
    )


def _shared() -> Parts:
    return {
        "format": one_of("covalue/framework/1", required=True),
        "code": code(required=True),
        "title": TextField(required=True),
        "description": TextField(),
        "aggregation": one_of("arithmetic", "geometric"),
        "availability": fraction(0, 1),
        "margin": number(low=0, high=100),
        "methods": Record(_methods),
        "source": LineField(),
        "ledger": Several(Record(indicator)),
    }


@cache
def national() -> Schema:
    """The keys of a national framework file."""
    value = schema_of(
        code=code(required=True),
        title=TextField(required=True),
        description=TextField(),
        indicators=Several(Record(_weighted_indicator), least=1, required=True),
    )
    dimension = schema_of(
        code=code(required=True),
        title=TextField(required=True),
        description=TextField(),
        weight=fraction(0, 1_000_000, required=True),
        values=Several(Record(lambda: value), least=1, required=True),
    )
    return schema_from(
        {
            **_shared(),
            "dimensions": Several(Record(lambda: dimension), least=1, required=True),
            "breakdowns": Several(Record(breakdown)),
        }
    )


def _said() -> Parts:
    return {
        "reason": TextField(required=True),
        "evidence": member(Evidence, required=True),
        "source": LineField(),
    }


@cache
def own() -> Schema:
    """The keys of a territory's own framework file."""
    extends = schema_of(code=code(required=True), number=whole(1, 999_999, required=True))
    change = schema_from(
        {
            **_said(),
            "indicator": code(required=True),
            "relation": one_of(*_CHANGES, required=True),
            "factor": fraction(0, 1_000),
            "as": Record(indicator),
        }
    )
    added = schema_from(
        {
            **_said(),
            "dimension": code(required=True),
            "value": TextField(required=True),
            "indicator": Record(indicator, required=True),
        }
    )
    return schema_from(
        {
            **_shared(),
            "territory": code(required=True),
            "extends": Record(lambda: extends, required=True),
            "weights": ByName(code(), fraction(0, 1_000_000), least=1, required=True),
            "added_share": fraction(0, 100),
            "changes": Several(Record(lambda: change)),
            "added": Several(Record(lambda: added)),
        }
    )


@cache
def territories() -> Schema:
    """The keys of a territories file."""
    programme = schema_of(code=code(required=True), title=TextField(required=True))
    help_line = schema_of(
        name=TextField(required=True),
        phone=line_of_text(high=40, required=True),
        hours=TextField(),
    )

    def described(*, may_go: bool) -> Parts:
        return {
            "parent": code(),
            "region": line_of_text(),
            "population_75": whole(0, 999_999_999),
            "population_source": LineField(),
            "sub_areas": Several(code()),
            "help_phone": line_of_text(high=40),
            "help_hours": TextField(may_go=may_go),
            "help_lines": Several(Record(lambda: help_line)),
            "terms": ByName(code(), TextField(may_go=may_go)),
            "description": TextField(may_go=may_go),
        }

    change = schema_from(
        {
            "from": day(required=True),
            "name": TextField(),
            "note": TextField(),
            **described(may_go=True),
        }
    )
    territory = schema_of(
        code=code(required=True),
        name=TextField(required=True),
        valid_from=day(),
        valid_to=day(),
        merged_into=code(),
        end_note=TextField(),
        changes=Several(Record(lambda: change)),
        **described(may_go=False),
    )
    return schema_of(
        format=one_of("covalue/territories/1", required=True),
        programme=Record(lambda: programme, required=True),
        territories=Several(Record(lambda: territory), least=1, required=True),
    )
