"""The plan of the demonstration's synthetic people, read from ``config/demonstration.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from app.domain.questionnaire import Audience
from app.domain.text import Text


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave of the demonstration; ``answering`` is the share of the invited who answer."""

    code: str
    title: Text
    frame: str
    period_start: date
    period_end: date
    closed: bool
    answering: Mapping[Audience, float]


@dataclass(frozen=True, slots=True)
class DemonstrationPlan:
    """Who is invited, how they answer, and what differs between territories."""

    seed: int
    waves: tuple[PlannedWave, ...]
    invited: Mapping[str, Mapping[str, int]]
    people: Mapping[str, Any]
    effects: Mapping[str, Mapping[str, float]]

    def size(self, territory: str, audience: Audience) -> int:
        """How many people of this audience are invited in this territory."""
        own = self.invited.get(territory, {})
        return own.get(audience, self.invited["default"][audience])


def read_demonstration(text: str) -> DemonstrationPlan:
    """The plan in ``text``, a file that the project ships."""
    raw = yaml.safe_load(text)
    return DemonstrationPlan(
        seed=raw["seed"],
        waves=tuple(_wave(each) for each in raw["waves"]),
        invited=raw["invited"],
        people=raw["people"],
        effects={code: each["indicators"] for code, each in raw["effects"].items()},
    )


def _wave(raw: Mapping[str, Any]) -> PlannedWave:
    start, end = (date.fromisoformat(day) for day in raw["period"])
    return PlannedWave(
        code=raw["code"],
        title=Text.of(raw["title"]),
        frame=raw["frame"],
        period_start=start,
        period_end=end,
        closed=raw["closed"],
        answering={Audience(code): share for code, share in raw["answering"].items()},
    )
