"""``config/coproduction.yaml`` and ``config/designs.yaml`` as objects, with findings."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema

from app.definitions.fields import (
    ByName,
    ConditionField,
    Either,
    LineField,
    Record,
    Several,
    TextField,
    schema_of,
)
from app.definitions.framework_reading import measure_from
from app.definitions.framework_schemas import kind_of_measure, one_measure
from app.definitions.messages import trouble
from app.definitions.nodes import Document
from app.definitions.scalars import (
    number,
    one_of,
    option_code,
    whole,
)
from app.definitions.taking import taken
from app.domain.coproduction import (
    CoproductionPlan,
    Design,
    Designs,
    Feature,
    FeatureKind,
    LevelOfCoproduction,
    Mirrored,
    PersonMeasure,
    Phase,
    TakingPart,
    Ties,
)
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Audience

Raw = dict[str, Any]
PERSONAL = ("share", "scale", "share_of_items")


def coproduction_in(document: Document) -> CoproductionPlan:
    """What is reported of co-production; raises BadDefinition with every finding."""
    raw = taken(document, _coproduction())
    professions, ties = raw.get("professions"), raw.get("ties")
    return CoproductionPlan(
        margin=raw["margin"],
        parts={Audience(name): _taking_part(each) for name, each in raw["parts"].items()},
        seen={LevelOfCoproduction(name): each for name, each in raw.get("seen", {}).items()},
        professions=(professions["item"], tuple(professions["codes"])) if professions else None,
        ties=Ties(ties["items"], ties["at_least"]) if ties else None,
        mirrored=tuple(_mirrored(each) for each in raw.get("mirrored", ())),
    )


def designs_in(document: Document) -> Designs:
    """What is known of the territories' service designs; raises BadDefinition."""
    raw = taken(document, _designs())
    features = tuple(
        Feature(each["code"], each["title"], FeatureKind(each["kind"]), tuple(each["values"]))
        for each in raw["features"]
    )
    designs = tuple(
        Design(territory, each["values"], each["source"])
        for territory, each in raw["territories"].items()
    )
    _check(features, designs, document)
    return Designs(features, designs)


def _check(features: tuple[Feature, ...], designs: tuple[Design, ...], document: Document) -> None:
    known = {each.code: each.values for each in features}
    wrong = [
        document.finding(
            trouble("choice", allowed=", ".join(known.get(code, known))),
            ("territories", each.territory, "values", code),
        )
        for each in designs
        for code, value in each.values.items()
        if value not in known.get(code, ())
    ]
    if wrong:
        raise BadDefinition(wrong)


def _taking_part(raw: Raw) -> TakingPart:
    return TakingPart(
        {Phase(name): each for name, each in raw["phases"].items()},
        {LevelOfCoproduction(name): each for name, each in raw["levels"].items()},
    )


def _mirrored(raw: Raw) -> Mirrored:
    first, second = (
        (Audience(name), _measure(measure)) for name, measure in raw["measure"].items()
    )
    return Mirrored(raw["code"], raw["title"], first, second)


def _measure(raw: Raw) -> PersonMeasure:
    found = measure_from(raw)
    assert isinstance(found, PersonMeasure)  # the schema takes no other
    return found


@cache
def _coproduction() -> Schema:
    levels = ByName(one_of(*LevelOfCoproduction), ConditionField(), least=1, required=True)
    phases = ByName(one_of(*Phase), ConditionField(), least=1, required=True)
    part = schema_of(phases=phases, levels=levels)
    ties = schema_of(
        at_least=whole(0, 100, required=True),
        items=ByName(option_code(), option_code(), least=1, required=True),
    )
    professions = schema_of(
        item=option_code(required=True), codes=Several(option_code(), least=1, required=True)
    )
    kinds = {kind: Record(lambda kind=kind: one_measure(kind)) for kind in PERSONAL}  # type: ignore[misc]
    measure = Either(lambda value: kinds[kind_of_measure(value, PERSONAL)], tuple(kinds.values()))
    mirrored = schema_of(
        code=option_code(required=True),
        title=TextField(required=True),
        measure=ByName(one_of(*Audience), measure, least=2, required=True),
    )
    return schema_of(
        format=one_of("covalue/coproduction/1", required=True),
        margin=number(low=0.1, high=100, required=True),
        parts=ByName(one_of(*Audience), Record(lambda: part), least=1, required=True),
        seen=ByName(one_of(*LevelOfCoproduction), ConditionField()),
        professions=Record(lambda: professions),
        ties=Record(lambda: ties),
        mirrored=Several(Record(lambda: mirrored)),
    )


@cache
def _designs() -> Schema:
    feature = schema_of(
        code=option_code(required=True),
        title=TextField(required=True),
        kind=one_of(*FeatureKind, required=True),
        values=Several(option_code(), least=2, required=True),
    )
    design = schema_of(
        source=LineField(required=True),
        values=ByName(option_code(), option_code(), required=True),
    )
    return schema_of(
        format=one_of("covalue/designs/1", required=True),
        features=Several(Record(lambda: feature), least=1, required=True),
        territories=ByName(option_code(), Record(lambda: design), least=1, required=True),
    )
