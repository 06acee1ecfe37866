"""Conditions made to break the reader, the checks or the path, and good ones told twice.

A trial of ``hostile-conditions`` is 100 of them, each in a questionnaire of its own. Found is: an
exception, words with a path or a trace in them, a good condition that is refused, reads otherwise
once written, or holds where the second evaluator says that it does not; and one that takes over a
second of CPU to be read and checked, or 50 ms on the path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from broken_conditions import attempt
from run import Campaign, Outcome

EACH = 100


def trials(seeds: list[int]) -> Iterator[Outcome]:
    """A hundred conditions a seed."""
    for seed in seeds:
        counted, found = Counter({"conditions": EACH}), []
        for number in range(EACH):
            done = attempt(f"{seed} {number}")
            counted[done.became or "broke"] += 1
            found += [f"{what} ({seed} {number})" for what in (*done.found, *done.slow)]
        yield Outcome(seed, dict(counted), found)


CAMPAIGNS = {"hostile-conditions": Campaign(100_000, "conditions", trials)}
