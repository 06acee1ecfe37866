"""A small programme whose national framework names one administrative series."""

from __future__ import annotations

from pathlib import Path

import programme

from app.workflows.acting import House

LEDGER = """\
ledger:
  - code: STAYS
    title: {fr: Séjours, en: Stays}
    unit: points
    direction: up
    source: tests
    measure: {elderly: {series: {code: STAYS, per: 1000}}}
"""


def with_series(house: House, root: Path) -> None:
    """Load the programme, the series in the national ledger."""
    programme.loaded(house, root, {"config/frameworks/national.yaml": programme.NATIONAL + LEDGER})
