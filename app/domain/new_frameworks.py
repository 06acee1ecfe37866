"""A framework as short as one may be: what is begun on the screens and filled in there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.frameworks import Framework, node_weight
from app.domain.plain_documents import Raw
from app.domain.questionnaire import Kind, Question

FORMAT = "covalue/framework/1"
WHOLE = "100"  # points of what stands alone
Titles = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Named:
    """A node's code and titles, as somebody wrote them."""

    code: str
    title: Titles

    @property
    def head(self) -> Raw:
        """As a definition writes it."""
        return {"code": self.code, "title": dict(self.title)}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What somebody begins a national framework with; ``question``: what the indicator reads."""

    framework: Named
    dimension: Named
    value: Named
    indicator: Named
    audience: str
    question: Question


def measurable(question: Question) -> bool:
    """Whether an indicator can begin with it: one of several answers is chosen."""
    offered = [option for option in question.options if not option.closed]
    return question.kind in (Kind.CHOICE, Kind.RATING, Kind.BATTERY) and len(offered) > 1


def first_measure(question: Question) -> tuple[Raw, str]:
    """What is measured to begin with, and its unit: the mean of the scores of an answer, or the
    share of who gave the answer that stands highest (the first, where none has a score)."""
    offered = [option for option in question.options if not option.closed]
    scored = [option for option in offered if option.score is not None]
    if len(scored) > 2:
        return {"scale": {"items": [question.code]}}, "points"
    best = max(scored, key=lambda option: option.score or 0.0) if scored else offered[0]
    return {"share": {"of": f"{question.code} = {best.code}"}}, "%"


def national_framework(begun: Beginning) -> Raw:
    """A national framework of one indicator that reads one question."""
    measure, unit = first_measure(begun.question)
    leaf = {
        **begun.indicator.head,
        "weight": WHOLE,
        "unit": unit,
        "direction": "up",
        "evidence": "illustrative",
        "measure": {begun.audience: measure},
    }
    values = [{**begun.value.head, "indicators": [leaf]}]
    return {
        "format": FORMAT,
        **begun.framework.head,
        "dimensions": [{**begun.dimension.head, "weight": WHOLE, "values": values}],
    }


def own_framework(national: Framework, territory: str, title: Titles) -> Raw:
    """A territory's framework that says what the national version says, to be changed."""
    return {
        "format": FORMAT,
        "code": territory,
        "title": dict(title),
        "territory": territory,
        "extends": {"code": national.code, "number": str(national.version)},
        "weights": {each.code: str(node_weight(each)) for each in national.dimensions},
    }
