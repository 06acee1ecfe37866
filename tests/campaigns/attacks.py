"""The attack on generated programmes: a trial is one, with its three releases.

``attack``: nine territories and two frameworks; ``attack-groups``: with one to three breakdowns
beside them. ``tests/evaluation/attacking.py`` says what is tried; nothing withheld may be found.
"""

from __future__ import annotations

from collections.abc import Iterator

from attacking import FOUND, attacked
from run import Campaign, Outcome


def attacks(seeds: list[int], *, groups: bool = False) -> Iterator[Outcome]:
    """One programme a seed."""
    for seed in seeds:
        outcome = attacked(seed, groups=groups)
        counted = {
            "programmes": 1,
            "figures": outcome.figures,
            "sets shown": outcome.shown,
            "withheld cells": outcome.protected,
        }
        yield Outcome(seed, counted, [f"{n} of {seed}" for n in FOUND if getattr(outcome, n)])


def with_groups(seeds: list[int]) -> Iterator[Outcome]:
    """One programme with breakdowns a seed."""
    return attacks(seeds, groups=True)


CAMPAIGNS = {
    "attack": Campaign(1_950, "programmes", attacks),
    "attack-groups": Campaign(50, "programmes", with_groups),
}
