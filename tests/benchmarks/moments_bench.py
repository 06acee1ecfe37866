"""How long the moments of a million respondents take, against one raw scan of the same columns.

Run: OPENBLAS_NUM_THREADS=1 python tests/benchmarks/moments_bench.py [respondents] [components]
Prints CPU seconds of one process for the scan (sum of every score, base and weight), for the
moments of 27 parts with full covariance, and their ratio: a ratio means the same on any machine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded

import numpy as np

from app.domain.questionnaire import Audience
from app.evaluation.columns import Respondents
from app.evaluation.estimation import estimates
from app.evaluation.moments import Block, Layout, Moments, ScoredAudience, moments

TERRITORIES = ("BDX", "BOU", "COR", "HPY", "I37", "MAY", "NAN", "PAR", "VAL")


def people(n: int, k: int, per_psu: int) -> ScoredAudience:
    """n people sorted by part: 9 territories x 3 strata, k components, 3 % of answers missing."""
    rng = np.random.default_rng(20)
    part = np.sort(rng.integers(0, 27, n))
    respondents = Respondents(
        n=n,
        territory=part // 3,
        territories=TERRITORIES,
        stratum=part % 3,
        psu=np.arange(n) // per_psu,
        weight=rng.uniform(0.5, 2.0, n),
        proxy=rng.random(n) < 0.1,
        channel=np.zeros(n, dtype=np.int8),
    )
    d = rng.random((k, n), dtype=np.float32) < 0.97
    x = np.where(d, 25.0 * rng.integers(0, 5, (k, n), dtype=np.int8), 0.0)
    return ScoredAudience(respondents, x, d, np.zeros((k, n), dtype=bool))


def cpu(work: Callable[[], object], times: int = 5) -> float:
    """Least CPU seconds of several runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main(n: int, k: int) -> None:
    """Measure and print."""
    layout = Layout(((Audience.ELDERLY, tuple(f"C{i}.elderly" for i in range(k))),))
    for per_psu in (1, 2):
        scored = people(n, k, per_psu)
        block = {Audience.ELDERLY: scored}

        def scan(scored: ScoredAudience = scored) -> float:
            scored.d.sum(axis=1)
            return float(scored.x.sum() + scored.respondents.weight.sum())

        def measured(block: Block = block) -> Moments:
            return moments(block, layout)

        raw, whole = cpu(scan), cpu(measured)
        found = measured()
        algebra = cpu(lambda found=found: estimates(found, frozenset()))
        print(  # noqa: T201
            f"{n:,} people, {k} components, {per_psu} per PSU: raw scan {raw:.3f} s, "
            f"moments {whole:.3f} s, ratio {whole / raw:.1f}; estimates {algebra:.3f} s"
        )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]), *(1_000_000, 35)[len(sys.argv) - 1 :])
