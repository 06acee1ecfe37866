"""The attack on generated programmes: a trial of ``attack`` is one, with its three releases.

``tests/evaluation/attacking.py`` says what is tried; nothing withheld may be found.
"""

from __future__ import annotations

from collections.abc import Iterator

from attacking import FOUND, attacked
from run import Campaign, Outcome


def attacks(seeds: list[int]) -> Iterator[Outcome]:
    """One programme a seed; those with an odd seed have breakdowns."""
    for seed in seeds:
        outcome = attacked(seed)
        counted = {
            "programmes": 1,
            "figures": outcome.figures,
            "sets shown": outcome.shown,
            "withheld cells": outcome.protected,
        }
        yield Outcome(seed, counted, [f"{n} of {seed}" for n in FOUND if getattr(outcome, n)])


CAMPAIGNS = {"attack": Campaign(2_000, "programmes", attacks)}
