"""All versions of one questionnaire, module or framework: who, when, why, and how far each went.

A framework's versions stand against the dates of data cuts: a change after answers were seen is
told apart from one before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.severity import Difference, Severity
from app.storage.frameworks import FrameworkVersion, frameworks
from app.storage.releases import cuts_in
from app.storage.surveys import questionnaires
from app.storage.waves import Wave
from app.workflows.acting import Actor
from app.workflows.comparing import differences_between
from app.workflows.reach import VERBS, Family, version
from app.workflows.versions import Version


@dataclass(frozen=True)
class Step:
    """A version or draft, or (``wave``) a data cut of a wave, at its moment."""

    at: datetime
    row: Version | None = None
    wave: Wave | None = None
    changes: Counter[Severity] = field(default_factory=Counter)  # since the version before it
    cuts_before: int = 0  # data cuts made before this framework version


@dataclass(frozen=True)
class History:
    """Everything that became of one thing, oldest first; ``here``: the version asked for."""

    here: Version
    steps: tuple[Step, ...]

    @property
    def rows(self) -> list[Version]:
        """The versions and drafts, without the data cuts."""
        return [step.row for step in self.steps if step.row is not None]


def history(session: Session, actor: Actor, family: Family, version_id: int) -> History:
    """The versions of the same thing that the actor may read. Raises NotFound."""
    here = version(session, actor, family, version_id)
    rows = _same_thing(session, actor, family, here)
    cuts = cuts_in(session, actor.programme_id) if isinstance(here, FrameworkVersion) else []
    steps = [Step(made_at, wave=wave) for made_at, wave in cuts]
    before: Version | None = None
    for row in rows:
        at = row.published_at or row.created_at
        changes = differences_between(before, row) if before is not None else ()
        counts = Counter(each.severity for each in changes)
        steps.append(Step(at, row, None, counts, sum(made < at for made, _wave in cuts)))
        before = row if row.number is not None else before
    return History(here, tuple(sorted(steps, key=lambda step: step.at)))


def _same_thing(session: Session, actor: Actor, family: Family, here: Version) -> list[Version]:
    scope = frozenset({here.territory})
    drafts = here.territory in actor.scope(VERBS[family].view)
    audience = getattr(here, "audience", "")
    found: list[Version] = (
        [*questionnaires(session, actor.programme_id, scope)]
        if audience
        else [*frameworks(session, actor.programme_id, scope)]
    )
    rows = [
        row
        for row in found
        if (getattr(row, "audience", ""), row.territory) == (audience, here.territory)
        and (row.number is not None or drafts)
    ]
    return sorted(rows, key=lambda row: (row.number is None, row.number or row.id))


def between(
    found: History, before_id: int, after_id: int
) -> tuple[Version, Version, tuple[Difference, ...]] | None:
    """Two of the versions with every difference; None where either is not among them."""
    rows = {row.id: row for row in found.rows}
    if before_id not in rows or after_id not in rows:
        return None
    before, after = rows[before_id], rows[after_id]
    return before, after, differences_between(before, after)
