"""The evaluators' pages: releases, overview, territories, two frameworks, indicators, downloads."""

from app.web.evaluators import (
    comparability,
    compare,
    coproduction,
    cross,
    downloads,
    extracts,
    following,
    glance,
    indicators,
    overview,
    protection,
    quality,
    releases,
    robustness,
    states,
    territory,
    weights,
)
from app.web.evaluators.entry import blueprint

__all__ = [
    "blueprint",
    "comparability",
    "compare",
    "coproduction",
    "cross",
    "downloads",
    "extracts",
    "following",
    "glance",
    "indicators",
    "overview",
    "protection",
    "quality",
    "releases",
    "robustness",
    "states",
    "territory",
    "weights",
]
