"""A small sample of the simulation: it covers, finds nothing where nothing is, and adds up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from population import KINDS, TERRITORIES, sample, truth, world
from share_coverage import GRID, averages, coverage, default, exact
from simulate import go_on, lines, summary
from trials import trial

from app.domain.frameworks import indicators


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_shifts_cover_and_nothing_is_found_where_nothing_is(kind: str) -> None:
    alike = [trial(kind, seed, alike=True) for seed in range(8)]
    differ = [trial(kind, seed, alike=False) for seed in range(8)]
    of = sum(each.of for each in (*alike, *differ))
    assert of == 16 * len(TERRITORIES)
    assert sum(each.covered for each in (*alike, *differ)) / of >= 0.89  # 3.3 errors under 95 %
    assert sum(each.moved for each in alike) <= 3
    assert sum(not each.all_covered for each in (*alike, *differ)) <= 4
    assert sum(each.moved for each in differ) >= 7


def test_the_known_population_is_what_samples_come_to() -> None:
    """Every indicator of one territory, from 200 samples of it."""
    known = world("plain", alike=False)
    found = []
    for seed in range(200):
        (columns, who) = next(iter(sample(known, seed).values()))
        here = who.territory == 3
        item = columns.items["E1"].number[here]
        found.append(np.average(item >= 4, weights=who.weight[here]))
    (first, *_) = indicators(known.national)
    spread = np.std(found) / len(found) ** 0.5
    assert abs(100 * np.mean(found) - truth(known, 3, first)) < 4 * 100 * spread


def test_a_run_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    file = tmp_path / "simulation.jsonl"
    go_on(file, seconds=1e9, most=1)
    first = lines(file)
    assert {(each["kind"], each["alike"]) for each in first} == {
        (kind, alike) for kind in KINDS for alike in (True, False)
    }
    file.write_text("\n".join(file.read_text("utf-8").splitlines()[:5]) + "\n", "utf-8")
    go_on(file, seconds=1e9, most=1)
    assert sorted(map(str, lines(file))) == sorted(map(str, first))
    go_on(file, seconds=0.0)
    assert len(lines(file)) == len(first)
    assert sum(line.startswith("| plain") for line in summary(file)) == 2


def test_default_intervals_of_shares_cover_93_to_97_percent_on_average() -> None:
    """Under 20 people few shares are without fewer than five positives: there it is safer."""
    found = averages(default)
    assert all(0.93 <= mean <= 0.9701 for n, mean in found.items() if n >= 20)
    assert 0.95 <= found[12] <= 0.985


def test_korn_and_graubard_covers_95_percent_of_every_share() -> None:
    for n in (12, 30, 100):
        assert min(coverage(exact, n, p) for p in GRID) >= 0.95
