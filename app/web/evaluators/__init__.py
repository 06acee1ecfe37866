"""The evaluators' pages: releases, overview, territories, two frameworks, indicators, downloads."""

from app.web.evaluators import (
    compare,
    coproduction,
    downloads,
    indicators,
    overview,
    releases,
    territory,
)
from app.web.evaluators.entry import blueprint

__all__ = [
    "blueprint",
    "compare",
    "coproduction",
    "downloads",
    "indicators",
    "overview",
    "releases",
    "territory",
]
