"""Which columns the tables of a summary have, and which kinds of figures stand in them."""

from __future__ import annotations

from app.evaluation.tables import What

TIDY = (
    "territory", "territory_name", "framework", "what", "code", "title", "audience", "group",
    "group_name", "unit",
    "value", "se", "low", "high", "df", "n", "n_effective", "weighted_base", "proxies",
    "dont_know", "coverage", "status", "reason", "flags", "flag_codes", "verdict", "period",
    "source",
)  # fmt: skip
INDICATOR = (
    "territory", "territory_name", "code", "title", "unit", "value", "low", "high", "n",
    "proxies", "status", "reason", "flags", "flag_codes", "period", "source",
)  # fmt: skip
COMPOSITE = (
    "territory", "territory_name", "framework", "code", "title", "value", "low", "high",
    "coverage", "status", "reason", "flags", "flag_codes",
)  # fmt: skip
BESIDE = (
    "territory", "territory_name", "what", "code", "title", "audience", "value", "se", "low",
    "high", "n", "status", "reason", "flags", "flag_codes", "verdict",
)  # fmt: skip
GROUPS = (
    "territory", "territory_name", "what", "code", "title", "audience", "group", "group_name",
    "unit", "value", "se", "low", "high", "n", "n_effective", "status", "reason", "flags",
    "flag_codes",
)  # fmt: skip
COPRODUCTION_KINDS = (
    What.PARTICIPATION, What.BREADTH, What.COPRODUCTION, What.SEEN_IN_DESIGN, What.TIE,
    What.MIRRORED, What.AUDIENCE_GAP, What.GAP_DETECTABLE, What.DESIGN_DISTANCE,
)  # fmt: skip
WAVE_KINDS = (What.EARLIER, What.CHANGE, What.ATTRITION)
