"""Coordinators' pages: questionnaires, frameworks, waves, sample, field work, jobs.

Importing a view module registers its routes on ``blueprint``.
"""

from __future__ import annotations

from app.web.coordinators import (
    arrivals,
    build_question,
    building,
    contact,
    deciding,
    drafts,
    fieldwork,
    foreign_forms,
    framework_board,
    frameworks,
    help_desk,
    interviews,
    jobs,
    keying,
    papers,
    questionnaires,
    rates,
    reviewing,
    sample,
    series,
    translations,
    versions,
    walking,
    waves,
    weighting,
    work,
)
from app.web.coordinators.entry import blueprint

__all__ = [
    "arrivals",
    "blueprint",
    "build_question",
    "building",
    "contact",
    "deciding",
    "drafts",
    "fieldwork",
    "foreign_forms",
    "framework_board",
    "frameworks",
    "help_desk",
    "interviews",
    "jobs",
    "keying",
    "papers",
    "questionnaires",
    "rates",
    "reviewing",
    "sample",
    "series",
    "translations",
    "versions",
    "walking",
    "waves",
    "weighting",
    "work",
]
