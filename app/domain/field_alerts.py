"""When a collection needs a look: told early, from counts that may be shown, and never of few.

The limits are ours and few, so that an alert means the same everywhere (docs/fieldwork.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.fieldwork import FieldworkCounts
from app.domain.questionnaire import Audience

SETTLING = timedelta(days=7)  # nothing is said of a collection younger than this
SILENT = timedelta(days=7)
BEHIND = 0.8  # of what the plan would have by now
FEW_MESSAGES, MANY_BACK = 20, 0.05
FEW_COMPARED, MANY_DIFFERING = 100, 0.02


class Kind(StrEnum):
    """What there is to look at."""

    BEHIND = "behind"
    QUOTA = "quota"
    SILENT = "silent"
    BOUNCES = "bounces"
    KEYING = "keying"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. ``is_``: the number found, ``should``: the one that it stands against.

    ``behind``: answers, answers by plan. ``quota``: answers, quota. ``silent``: days, days.
    ``bounces`` and ``keying``: shares between 0 and 1.
    """

    kind: Kind
    territory: str
    audience: str
    is_: float
    should: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target (at least) or quota (at most) of answers; ``channel`` empty: by any."""

    territory: str
    audience: str
    channel: str
    kind: str
    people: int


@dataclass(frozen=True, slots=True)
class Course:
    """A collection's time: its opening, closing and the present moment."""

    opened: datetime
    closes: datetime
    moment: datetime

    @property
    def has_settled(self) -> bool:
        """Whether it runs long enough to say something."""
        return self.moment - self.opened >= SETTLING

    @property
    def share(self) -> float:
        """How much of it is over, between 0 and 1."""
        whole = (self.closes - self.opened) / timedelta(days=1)
        gone = (self.moment - self.opened) / timedelta(days=1)
        return min(1.0, max(0.0, gone / whole)) if whole > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known beside the counts, by territory (and audience)."""

    last_sent: Mapping[tuple[str, str], datetime]
    messages: Mapping[str, tuple[int, int]]  # left, came back
    keyed: Mapping[str, tuple[int, int]]  # compared, differing


def answers_of(counts: FieldworkCounts, wanted: Wanted) -> int | None:
    """The answers that a target is about, as they may be shown; None: they may not."""
    for row in counts.rows:
        if (row.territory, row.audience) == (wanted.territory, wanted.audience):
            found = row.channels[wanted.channel] if wanted.channel else row.stages["submitted"]
            return found.shown
    return 0 if wanted.audience != Audience.PROFESSIONAL else None


def alerts(
    counts: FieldworkCounts, wanted: Iterable[Wanted], signals: Signals, course: Course
) -> list[Alert]:
    """Everything to look at, the most pressing kind first. Nothing of a collection that begins."""
    if not course.has_settled:
        return []
    found = [*_of_plan(counts, wanted, course), *_silent(counts, signals, course)]
    found += _shares(Kind.BOUNCES, signals.messages, FEW_MESSAGES, MANY_BACK)
    found += _shares(Kind.KEYING, signals.keyed, FEW_COMPARED, MANY_DIFFERING)
    return sorted(found, key=lambda each: list(Kind).index(each.kind))


def _of_plan(counts: FieldworkCounts, wanted: Iterable[Wanted], course: Course) -> Iterable[Alert]:
    for each in wanted:
        answers = answers_of(counts, each)
        if answers is None:
            continue
        planned = each.people * course.share
        if each.kind == "quota":
            if answers >= each.people:
                yield Alert(Kind.QUOTA, each.territory, each.audience, answers, each.people)
        elif answers < BEHIND * planned:
            yield Alert(Kind.BEHIND, each.territory, each.audience, answers, planned)


def _silent(counts: FieldworkCounts, signals: Signals, course: Course) -> Iterable[Alert]:
    for row in counts.rows:
        if row.audience == Audience.PROFESSIONAL or not row.stages["invited"].shown:
            continue  # that none of few has answered would be told of each of them
        last = signals.last_sent.get((row.territory, row.audience), course.opened)
        silence = course.moment - last
        if silence >= SILENT:
            days = silence // timedelta(days=1)
            yield Alert(Kind.SILENT, row.territory, row.audience, days, SILENT.days)


def _shares(
    kind: Kind, pairs: Mapping[str, tuple[int, int]], few: int, many: float
) -> Iterable[Alert]:
    for territory, (whole, part) in sorted(pairs.items()):
        if whole >= few and part / whole >= many:
            yield Alert(kind, territory, "", part / whole, many)
