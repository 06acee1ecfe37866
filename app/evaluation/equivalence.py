"""Gaps between groups, of one plan, judged together: equivalent, different, or not known."""

from __future__ import annotations

from dataclasses import dataclass

from app.evaluation.gaps import LEVEL, Gap, GapVerdict, JudgedGap, judge
from app.evaluation.inference import Estimated
from app.evaluation.intervals import student
from app.evaluation.plan import EquivalencePlan
from app.evaluation.refusing import refused
from app.evaluation.tabulation import Tabulated
from app.evaluation.undefined import Undefined


@dataclass(frozen=True)
class Judged:
    """A contrast beside its verdict.

    ``low``, ``high``: the 90 % interval that must lie inside +- margin; ``p_holm``: that there
    is no gap, two-sided, by Holm over all gaps judged together; ``detectable``: what would
    have been seen with a chance of 80 %.
    """

    name: str
    value: float
    se: float
    df: float
    low: float
    high: float
    p_holm: float
    detectable: float
    verdict: GapVerdict


def equivalence(plan: EquivalencePlan, found: Tabulated) -> tuple[Judged | Undefined, ...]:
    """The verdict on each gap in the order of the plan; undefined, with its name, where the gap or
    its error is. Raises ``BadInput`` for a name that is no contrast."""
    there = {line.name: line.figure for line in found.lines if line.kind == "contrast"}
    gaps: dict[str, Gap] = {}
    for name in plan.of:
        figure = there.get(name)
        if not isinstance(figure, Estimated):
            listed = ", ".join(there) or "-"
            raise refused(
                f"equivalence: {name}",
                ("Aucun contraste n’a ce code.", "No contrast has this code."),
                (f"Contrastes : {listed}.", f"Contrasts: {listed}."),
            )  # fmt: skip
        gap = _gap(figure)
        if gap is not None:
            gaps[name] = gap
    judged = judge(gaps, plan.margin)
    return tuple(
        _said(name, gaps[name], judged[name])
        if name in gaps
        else Undefined("no_error_of_the_gap", name)
        for name in plan.of
    )


def _gap(figure: Estimated) -> Gap | None:
    if isinstance(figure.value, Undefined) or isinstance(figure.se, Undefined):
        return None
    return Gap(figure.value, figure.se, figure.df) if figure.se > 0 and figure.df > 0 else None


def _said(name: str, gap: Gap, judged: JudgedGap) -> Judged:
    half = student(gap.df, 1 - 2 * LEVEL) * gap.se
    return Judged(
        name,
        gap.value,
        gap.se,
        gap.df,
        gap.value - half,
        gap.value + half,
        judged.p,
        judged.detectable,
        judged.verdict,
    )
