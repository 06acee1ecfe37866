"""Gaps between audiences on questions with one meaning: equivalent, different, or not known.

Equivalence is shown, not assumed: two one-sided tests at 5 % (Schuirmann 1987), that is the 90 %
interval inside +- margin. A difference is one whose p value stays under 5 % after Holm's
adjustment over the questions compared together. Otherwise the survey cannot tell, and says what
it could have seen with a chance of 80 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import stdtr, stdtrit

from app.evaluation.adjustments import holm
from app.evaluation.intervals import student

LEVEL = 0.05
POWER = 0.80


class GapVerdict(StrEnum):
    """What may be said of a gap, first audience less second."""

    EQUIVALENT = "equivalent"  # smaller than the margin, shown
    HIGHER = "first_higher"
    LOWER = "first_lower"
    CANNOT_TELL = "gap_unknown"


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap with its error; ``df`` > 0, ``se`` > 0."""

    value: float
    se: float
    df: float


@dataclass(frozen=True, slots=True)
class JudgedGap:
    """``p``: two-sided, adjusted by Holm; ``detectable``: (t_.975 + t_.80) se."""

    p: float
    detectable: float
    verdict: GapVerdict


def judge(gaps: Mapping[str, Gap], margin: float) -> dict[str, JudgedGap]:
    """Judge gaps that are compared together; ``margin`` > 0 in points."""
    raw = [2 * float(stdtr(each.df, -abs(each.value) / each.se)) for each in gaps.values()]
    return {
        code: JudgedGap(p, _detectable(gap), _verdict(gap, p, margin))
        for (code, gap), p in zip(gaps.items(), holm(raw), strict=True)
    }


def _verdict(gap: Gap, p: float, margin: float) -> GapVerdict:
    half = student(gap.df, 1 - 2 * LEVEL) * gap.se
    if -margin < gap.value - half and gap.value + half < margin:
        return GapVerdict.EQUIVALENT
    if p < LEVEL:
        return GapVerdict.HIGHER if gap.value > 0 else GapVerdict.LOWER
    return GapVerdict.CANNOT_TELL


def _detectable(gap: Gap) -> float:
    return (student(gap.df) + float(stdtrit(gap.df, POWER))) * gap.se
