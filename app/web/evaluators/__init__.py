"""The evaluators' pages: releases, overview, territories, two frameworks, indicators, downloads."""

from app.web.evaluators import compare, downloads, indicators, overview, releases, territory
from app.web.evaluators.entry import blueprint

__all__ = ["blueprint", "compare", "downloads", "indicators", "overview", "releases", "territory"]
