"""The speed of the numbers in one table: a million responses, ten thousand late ones, ten million.

Run: .venv/bin/python tests/benchmarks/run.py numbers; with numbers of responses (those of the two
sizes) behind the file's name for a smaller one. 9 territories x 3 strata, from the extract's files,
each measurement in a process of its own on one thread: CPU seconds, largest memory, and beside them
the CPU seconds that Polars takes to read the same columns and add them up.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is loaded: CPU seconds of one thread
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numbers_extract import TERRITORIES, write

from app.domain.conditions import Compare
from app.domain.frameworks import Component, Framework, Indicator, Leaf, Node, Share
from app.domain.questionnaire import Audience
from app.domain.territories import Territory
from app.domain.text import NO_TEXT
from app.evaluation.assessment import programme_of
from app.evaluation.beside import NOTHING
from app.evaluation.calibration import rake
from app.evaluation.components import components_of
from app.evaluation.cross_table import across
from app.evaluation.crosswalk import Asked, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.estimation import estimates
from app.evaluation.judging import Judge
from app.evaluation.margins import margin
from app.evaluation.moments import Moments
from app.evaluation.weighted_moments import CellFactors, Weighting
from app.storage.extract_blocks import Wanted, moments_by_blocks, strata_of
from app.storage.extract_reading import columns
from app.storage.moments_cache import cached_moments

E = Audience.ELDERLY
R_SURVEY = 62.0  # CPU seconds that R survey took for 10 questions, 27 cells, a million people
LATE = 10_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of the process, and what came out."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def frameworks(questions: int) -> list[Framework]:
    """A national tree over all questions and nine own ones that weigh them differently."""
    indicators = [
        Indicator(
            f"Q{k}", NO_TEXT,
            (Component(E, Share(Compare(f"Q{k}", ">=", "4"))),),
        )
        for k in range(questions)
    ]  # fmt: skip

    def tree(code: str, shift: int, **more: Any) -> Framework:
        found = []
        for place in range(5):
            leaves = tuple(
                Leaf(each, Fraction(1 + (k + shift) % 3))
                for k, each in enumerate(indicators[place::5])
            )
            found.append(Node(f"D{place}", NO_TEXT, leaves, Fraction(1 + (place + shift) % 4)))
        return Framework(code, NO_TEXT, tuple(found), **more)

    return [tree("NAT", 0), *(tree(c, k, territory=c) for k, c in enumerate(TERRITORIES, 1))]


def asked(questions: int) -> Asked:
    """Every question of everyone."""
    items = frozenset(f"Q{k}" for k in range(questions))
    return Asked({territory: {E: items} for territory in TERRITORIES})


def floor(folder: Path) -> None:
    """Read the same columns and add them up, nothing else."""
    for file in sorted(folder.glob("*.parquet")):
        names = [name for name in pl.read_parquet_schema(file) if name[0] == "Q"]
        pl.scan_parquet(file).select(pl.col("weight", *names).sum()).collect(engine="streaming")


def by_blocks(folder: Path, questions: int) -> Moments:
    """Moments with full covariance, from the files."""
    definitions = components_of(frameworks(questions))
    strata = strata_of(folder, TERRITORIES)
    return moments_by_blocks(folder, Wanted(TERRITORIES, strata, definitions, asked(questions)))


def judged(moments: Moments, questions: int) -> tuple[float, float, int]:
    """CPU seconds of every node of ten frameworks with its error, standing shifts and verdicts;
    of the cross table with its rank sets; and how many figures that is."""
    national, *own = frameworks(questions)
    trees = {tree.territory or "": tree for tree in own}
    places = [Territory(code, NO_TEXT, "FR") for code in TERRITORIES]

    def scores() -> tuple[Draft, int]:
        programme = programme_of(moments, national, trees, asked(questions), places, {}, NOTHING)
        crosswalks = {c: crosswalk(national, tree, programme.asked) for c, tree in trees.items()}
        draft = Draft(programme, crosswalks, Withheld())
        return draft, len([*draft.levels(), *Judge(draft, 1, 1).observations()])

    scoring, (draft, figures) = timed(scores)
    ranking, beside = timed(lambda: len(list(across(draft, 1))))
    return scoring, ranking, figures + beside


def whole(folder: Path, questions: int) -> dict[str, float]:
    """From the files to ten frameworks."""
    beside, _ = timed(lambda: floor(folder))
    adding, moments = timed(lambda: by_blocks(folder, questions))
    scoring, ranking, figures = judged(moments, questions)
    return {
        "floor": beside,
        "moments": adding,
        "algebra": scoring,
        "ranks": ranking,
        "figures": figures,
    }


def raked(moments: Moments) -> Weighting:
    """Two margins of two categories in each territory, raked on the sums of three cells."""
    calibrated = {}
    for territory in TERRITORIES:
        sums = np.zeros(3)
        for (place, _, cell), part in moments.parts.items():
            if place == territory:
                sums[cell] += part.total[0]
        people = float(sums.sum())
        margins = [
            margin(name, cells, {"0": share * people, "1": (1 - share) * people})
            for name, cells, share in (("sex", "001", 0.65), ("age", "011", 0.3))
        ]
        dummies = np.hstack([np.eye(2)[one.category] for one in margins])
        factor = rake(sums, margins).weight / sums
        rows = {cell: cell for cell in range(3)}
        calibrated[territory] = {E: CellFactors(rows, factor, dummies)}
    return Weighting(calibrated)


def late(folder: Path, questions: int, count: int) -> dict[str, float]:
    """What is kept of ``count`` responses, and what ten thousand more then cost."""
    definitions = components_of(frameworks(questions))
    kept = folder / "kept"
    found: dict[str, float] = {}
    for step, size in (("first", count), ("late", count + LATE)):
        if step == "late":
            write(folder, size, questions)
        reading, data = timed(lambda: columns(folder, TERRITORIES))
        for audience, each in data.items():
            who = replace(each.respondents, cell=each.numbers // 9 % 3)
            data[audience] = replace(each, respondents=who)
        adding, (moments, report) = timed(
            lambda data=data: cached_moments(kept, folder, data, definitions, asked(questions))  # type: ignore[misc]
        )
        again, _ = timed(lambda moments=moments: estimates(moments, frozenset(), raked(moments)))  # type: ignore[misc]
        found |= {f"{step}_reading": reading, f"{step}_moments": adding, f"{step}_raking": again}
        found |= {f"{step}_made": report.made, f"{step}_kept": report.kept}
    return found


def apart(what: str, folder: Path, questions: int, count: int) -> dict[str, float]:
    """Measured in a new process."""
    command = [sys.executable, __file__, "in", what, str(folder), str(questions), str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main(count: int, large: int) -> None:
    """Write the extracts, measure, print one table."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), count, 35)
        one = apart("whole", Path(name), 35, count)
        ten = apart("whole", Path(name), 10, count)
        more = apart("late", Path(name), 35, count)
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), large, 35)
        big = apart("whole", Path(name), 35, large)
    spent, spent_big = (each["moments"] + each["algebra"] for each in (one, big))
    together = more["late_moments"] + more["late_raking"]
    rows = [
        ("what: CPU seconds on one core", "found", "wanted"),
        (f"{count:,} x 35 x 27, ten frameworks", f"{spent:.2f} s", "< 2 s"),
        ("  moments, full covariance, from files", f"{one['moments']:.2f} s", ""),
        ("  the same against Polars adding up", f"{one['moments'] / one['floor']:.1f} x", ""),
        ("  scores, errors, shifts, verdicts", f"{one['algebra']:.2f} s", ""),
        ("  largest memory", f"{one['memory']:,.0f} MB", ""),
        ("beside it: cross table, rank sets", f"{one['ranks']:.2f} s", ""),
        ("10 questions: moments from files", f"{ten['moments']:.2f} s", ""),
        (
            f"  R survey's {R_SURVEY:.0f} s against it",
            f"{R_SURVEY / ten['moments']:.0f} x",
            ">= 100 x",
        ),
        (f"{LATE:,} late responses", f"{together:.2f} s", "< 0.2 s"),
        ("  moments", f"{more['late_moments']:.2f} s", ""),
        ("  re-raking of 27 cells, estimates", f"{more['late_raking']:.2f} s", ""),
        ("  blocks made, blocks kept", f"{more['late_made']:.0f}, {more['late_kept']:.0f}", ""),
        ("beside it: reading the columns", f"{more['late_reading']:.2f} s", ""),
        (f"{large:,} responses", f"{spent_big:.2f} s", ""),
        (f"  against {count:,}", f"{spent_big / spent:.1f} x", "<= 12 x"),
        ("  largest memory", f"{big['memory']:,.0f} MB", "< 2,000 MB"),
    ]
    for what, found, wanted in rows:
        sys.stdout.write(f"{what:<46}{found:>14}{wanted:>14}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["in"]:
        kind, place, asked_of, size = sys.argv[2:]
        made = (
            whole(Path(place), int(asked_of))
            if kind == "whole"
            else late(Path(place), int(asked_of), int(size))
        )
        made["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps(made))
    else:
        main(*([int(each) for each in sys.argv[1:]] or [1_000_000, 10_000_000]))
