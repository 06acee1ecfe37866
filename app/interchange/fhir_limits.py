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

ADDRESS = r"\S+"  # what FHIR's own rule for ``url`` asks for, and an answer has signs
End = float | str | None


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
        low, high = _ends(report, item, place, kind)
        return Limits(low, high, decimals=decimals)
    if kind in (Kind.DATE, Kind.TIME):
        return Limits(*_ends(report, item, place, kind))
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        return text_limits(report, item, place, form)
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


def _ends(report: ImportReport, item: Json, place: str, kind: Kind) -> tuple[End, End]:
    """The least and the most; what is no bound of this kind is said."""
    low, high = (_end(report, item, name, place, kind) for name in ("minValue", "maxValue"))
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # of one kind
        told = f"minValue={low}, maxValue={high}"
        report.unsupported(place, "limits", "constraint", expression=told)
        return None, None
    return low, high


def _end(report: ImportReport, item: Json, name: str, place: str, kind: Kind) -> End:
    told = extension(item, f"{CORE}{name}")
    value = value_in(told)
    if isinstance(value, dict):
        value = value.get("value")
    found = _number(value) if kind is Kind.NUMBER else _moment(value, kind)
    if told is not None and found is None:
        report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
    return found


def _number(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return float(value) if good else None  # type: ignore[arg-type]  # see above


def _moment(value: object, kind: Kind) -> str | None:
    """A day, of a date or a moment, or a time of day."""
    if not isinstance(value, str):
        return None
    if kind is Kind.TIME:
        return value[:5] if ISO_TIME.fullmatch(value[:5]) else None
    return value[:10] if ISO_DATE.fullmatch(value[:10]) and len(value) >= 10 else None


def text_limits(report: ImportReport, item: Json, place: str, form: str) -> Limits:
    """Lengths and pattern of a text."""
    most = _length(report, place, "maxLength", item.get("maxLength"), 20_000)
    least = value_in(extension(item, f"{CORE}minLength"))
    low = _length(report, place, "minLength", least, most or 4_000)
    pattern = text_of(value_in(extension(item, f"{CORE}regex")))
    inside = pattern.removeprefix("^").removesuffix("$")
    if pattern and (not inside or compiled(inside) is None):
        report.unsupported(place, "limits", "constraint", expression=pattern)
        inside = ""
    address = ADDRESS if form == "url" else None
    return Limits(max_length=most, min_length=low, pattern=inside or address)


def _length(report: ImportReport, place: str, name: str, value: object, top: int) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= top:
        return value
    if value is not None:
        report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
    return None
