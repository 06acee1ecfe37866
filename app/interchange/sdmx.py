"""Figures as SDMX: one structure for CSV and XML, its code lists, and the values of each key.

Codes of ours may hold a dot, which an SDMX identifier may not: it is written ``$``. A withheld
figure has CONF_STATUS N and no value; which suppression it was is told nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.text import Text
from app.evaluation.tables import Observation
from app.interchange.figure_words import flag_codes, rounded

AGENCY, STRUCTURE, VERSION = "COVALUE", "FIGURES", "1.1"
NONE, TOTAL = "_Z", "_T"  # not applicable; all together
DIMENSIONS = ("REF_AREA", "FRAMEWORK", "WHAT", "INDICATOR", "AUDIENCE", "BREAKDOWN")
TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
# attribute -> field of an observation; the others are reckoned below
NUMBERS = {
    "STD_ERROR": "se", "CI_LOW": "low", "CI_HIGH": "high", "DEGREES_OF_FREEDOM": "df",
    "N_BASE": "n", "N_EFFECTIVE": "n_effective", "WEIGHTED_BASE": "weighted_base",
    "PROXY_SHARE": "proxies", "DONT_KNOW_SHARE": "dont_know", "COVERAGE": "coverage",
}  # fmt: skip
WORDS = {"REASON": "reason", "VERDICT": "verdict", "SOURCE": "source"}
ATTRIBUTES = ("CONF_STATUS", "OBS_STATUS", "UNIT_MEASURE", *NUMBERS, *WORDS, "FLAGS")
CODED = {"CONF_STATUS": "CL_CONF_STATUS", "OBS_STATUS": "CL_OBS_STATUS", "UNIT_MEASURE": "CL_UNIT"}
CONF_STATUS = {
    "F": Text.of(fr="Libre : peut être publié", en="Free: may be published"),
    "N": Text.of(fr="Non diffusé", en="Not for publication"),
}
OBS_STATUS = {
    "A": Text.of(fr="Valeur normale", en="Normal value"),
    "B": Text.of(fr="Rupture de série", en="Break in the series"),
    "M": Text.of(fr="Valeur absente", en="Missing value"),
    "Q": Text.of(fr="Valeur non diffusée", en="Suppressed value"),
    "U": Text.of(fr="Valeur fragile", en="Low reliability"),
}


@dataclass(frozen=True)
class SdmxContent:
    """What both writers need. ``lists``: code lists by dimension or attribute, code -> name."""

    observations: tuple[Observation, ...]
    units: Mapping[str, str]  # unit of an indicator by its plain code
    lists: Mapping[str, Mapping[str, Text]]
    title: Text
    sender: str
    period: str  # of the wave, as SDMX writes a time range
    made_at: datetime
    synthetic: bool


def coded(code: str | None, empty: str = NONE) -> str:
    """A code of ours as an SDMX identifier; the inverse replaces ``$`` by a dot."""
    return code.replace(".", "$") if code else empty


def time_range(start: date, end: date) -> str:
    """A period as SDMX writes it: its first day and how many days it lasts."""
    return f"{start.isoformat()}/P{(end - start).days + 1}D"


def key_of(seen: Observation, content: SdmxContent) -> dict[str, str]:
    """The dimensions of an observation, time included."""
    first, slash, last = (seen.period or "").partition("/")
    period = (
        time_range(date.fromisoformat(first), date.fromisoformat(last)) if slash else content.period
    )
    return {
        "REF_AREA": coded(seen.territory),
        "FRAMEWORK": coded(seen.framework),
        "WHAT": str(seen.what),
        "INDICATOR": coded(seen.code),
        "AUDIENCE": coded(seen.audience, TOTAL),
        "BREAKDOWN": coded(seen.group, TOTAL),
        TIME: period,
    }


def values_of(seen: Observation, content: SdmxContent) -> dict[str, str]:
    """Value and attributes that an observation has, rounded as everywhere."""
    near = rounded(seen)
    found = {} if near.value is None else {VALUE: repr(near.value)}
    found["CONF_STATUS"] = near.confidentiality
    found["OBS_STATUS"] = _status(near)
    unit = content.units.get(seen.code.split("@")[0].split(".")[0])
    if unit is not None:
        found["UNIT_MEASURE"] = unit
    for name, field in (*NUMBERS.items(), *WORDS.items()):
        value = getattr(near, field)
        if value is not None:
            found[name] = value if isinstance(value, str) else repr(value)
    if codes := flag_codes(near.flags):
        found["FLAGS"] = codes
    return found


def _status(seen: Observation) -> str:
    if seen.confidentiality == "N":
        return "Q"
    if any(flag.startswith("break") for flag in seen.flags) or seen.reason == "break":
        return "B"
    if seen.value is None:
        return "M"
    return "U" if "fragile" in seen.flags else "A"


def rows_of(content: SdmxContent) -> Sequence[tuple[dict[str, str], dict[str, str]]]:
    """Key and values of every observation, in order."""
    return [(key_of(each, content), values_of(each, content)) for each in content.observations]
