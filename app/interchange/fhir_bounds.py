"""What an answer must keep to, and how it is asked for, as extensions of a FHIR item."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.questionnaire import Kind, Question
from app.interchange.fhir_conditions import is_scale
from app.interchange.fhir_limits import ADDRESS
from app.interchange.fhir_parts import CONTROL, FORMAT, POINT, STEP
from app.interchange.fhir_resources import CORE, Json

_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"


def bounds_of(question: Question) -> Iterable[Json]:
    """The extensions for the limits of a question."""
    limits = question.limits
    ends = (limits.minimum, limits.maximum)
    if is_scale(question):
        ends = (float(question.options[0].code), float(question.options[-1].code))
        yield {"url": STEP, "valueInteger": 1}
    for name, bound in zip(("minValue", "maxValue"), ends, strict=True):
        if bound is not None:
            yield {"url": f"{CORE}{name}", **_bound(question, bound)}
    for url, count in _counts(question):
        yield {"url": f"{CORE}{url}", "valueInteger": count}
    if limits.pattern not in (None, ADDRESS):
        yield {"url": f"{CORE}regex", "valueString": limits.pattern}
    if question.kind is Kind.PLACE:
        yield {"url": FORMAT, "valueString": POINT}
    if question.precision != "day":
        form = "YYYY-MM" if question.precision == "month" else "YYYY"
        yield {"url": FORMAT, "valueString": form}


def _bound(question: Question, bound: float | str) -> Json:
    if isinstance(bound, str):
        time = question.kind is Kind.TIME
        return {"valueTime": f"{bound}:00"} if time else {"valueDate": bound}
    if bound.is_integer() and not question.limits.decimals:
        return {"valueInteger": int(bound)}
    return {"valueDecimal": int(bound) if bound.is_integer() else bound}


def _counts(question: Question) -> Iterable[tuple[str, int]]:
    limits = question.limits
    if question.kind is Kind.NUMBER and limits.decimals:
        yield "maxDecimalPlaces", limits.decimals
    for url, count in (
        ("minLength", limits.min_length),
        ("questionnaire-minOccurs", limits.min_choices),
        ("questionnaire-maxOccurs", limits.max_choices),
    ):
        if count is not None:
            yield url, count


def control(code: str) -> Json:
    """How an item is to be shown."""
    concept = {"coding": [{"system": _CONTROLS, "code": code}]}
    return {"url": CONTROL, "valueCodeableConcept": concept}
