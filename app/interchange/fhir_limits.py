"""Limits of FHIR items: bounds, lengths, patterns, how many answers."""

from __future__ import annotations

from app.domain.conditions import ISO_DATE, ISO_TIME
from app.domain.patterns import compiled
from app.domain.questionnaire import Kind, Limits
from app.interchange.fhir_resources import (
    CORE,
    Json,
    extension,
    text_of,
    value_in,
)
from app.interchange.import_report import ImportReport


def limits_of(
    report: ImportReport, item: Json, form: str, kind: Kind, place: str, options: int
) -> Limits:
    """The limits of an item of this kind; ``options``: how many it offers."""
    if kind is Kind.CHOICES:
        least = occurs(report, item, "minOccurs", options, place)
        most = occurs(report, item, "maxOccurs", options, place)
        crossed = least is not None and most is not None and least > most
        return Limits() if crossed else Limits(min_choices=least, max_choices=most)
    if kind is Kind.NUMBER:
        places = value_in(extension(item, f"{CORE}maxDecimalPlaces"))
        decimals = 0 if form == "integer" else 6
        if isinstance(places, int) and 0 <= places <= 6 and form != "integer":
            decimals = places
        low, high = bound(report, item, "minValue", place), bound(report, item, "maxValue", place)
        if isinstance(low, str) or isinstance(high, str):
            low = high = None
        crossed = low is not None and high is not None and low > high
        return Limits(decimals=decimals) if crossed else Limits(low, high, decimals=decimals)
    if kind is Kind.TIME:
        ends = [time_bound(report, item, name, place) for name in ("minValue", "maxValue")]
        return Limits(ends[0], ends[1])
    if kind is Kind.DATE:
        low, high = bound(report, item, "minValue", place), bound(report, item, "maxValue", place)
        bounds = [b if isinstance(b, str) and len(b) == 10 else None for b in (low, high)]
        return Limits(bounds[0], bounds[1])
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        return text_limits(report, item, place)
    return Limits()


def occurs(report: ImportReport, item: Json, name: str, options: int, place: str) -> int | None:
    """How many answers there are at least, or at most."""
    value = value_in(extension(item, f"{CORE}questionnaire-{name}"))
    if value is None:
        return None
    if isinstance(value, int) and 1 <= value <= options:
        return value
    report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
    return None


def bound(report: ImportReport, item: Json, name: str, place: str) -> float | str | None:
    """A bound: a number, a date, or nothing."""
    value = value_in(extension(item, f"{CORE}{name}"))
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    if isinstance(value, str) and ISO_DATE.fullmatch(value[:10]):
        return value[:10]
    if value is not None or extension(item, f"{CORE}{name}"):
        report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
    return None


def time_bound(report: ImportReport, item: Json, name: str, place: str) -> str | None:
    """A bound of a time of day."""
    value = value_in(extension(item, f"{CORE}{name}"))
    if isinstance(value, str) and ISO_TIME.fullmatch(value[:5]):
        return value[:5]
    if value is not None:
        report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
    return None


def text_limits(report: ImportReport, item: Json, place: str) -> Limits:
    """Lengths and pattern of a text."""
    longest = item.get("maxLength")
    most = longest if isinstance(longest, int) and 1 <= longest <= 20_000 else None
    least = value_in(extension(item, f"{CORE}minLength"))
    low = least if isinstance(least, int) and 1 <= least <= (most or 4_000) else None
    pattern = text_of(value_in(extension(item, f"{CORE}regex")))
    inside = pattern.removeprefix("^").removesuffix("$")
    if pattern and (not inside or compiled(inside) is None):
        report.unsupported(place, "limits", "constraint", expression=pattern)
        inside = ""
    return Limits(max_length=most, min_length=low, pattern=inside or None)
