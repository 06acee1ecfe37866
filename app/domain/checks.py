"""Findings on definitions: what is wrong or unwise in a questionnaire, module or framework."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.text import Text


class Level(StrEnum):
    """``error`` blocks publishing; ``warning`` must be seen; ``advice`` may be ignored."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule's stable name, where it is, what is wrong, what to do."""

    rule: str
    level: Level
    place: str  # item, section or indicator code, or a path such as "sections[2].title"
    message: Text
    remedy: Text
    line: int | None = None  # in the file, from 1
