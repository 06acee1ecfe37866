"""Declared breakdowns: groups of an audience for which every indicator is told apart.

A group is a domain of the whole, never a sample of its own. People who are in no group (they did
not answer the question, or chose an option that no group holds) count in the whole only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.evidence import Evidence
from app.domain.questionnaire import Audience
from app.domain.text import NO_TEXT, Text

SELF, PROXY = "self", "proxy"
LEAST_GROUPS, MOST_GROUPS = 2, 6


class BrokenDownBy(StrEnum):
    """Where it is read from who is in which group."""

    WHO_ANSWERS = "who_answers"  # proxy: any answer that the measure reads came from a proxy
    QUESTION = "question"  # of one choice, its options put together


@dataclass(frozen=True, slots=True)
class Group:
    """One group. ``options``: of the question, those that put a person here."""

    code: str
    title: Text
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How an audience is broken down. ``question``: the item that tells the groups apart; None
    where who answered does. The first group is the one that the others are compared with."""

    code: str
    title: Text
    audience: Audience
    by: BrokenDownBy
    groups: tuple[Group, ...]
    question: str | None = None
    evidence: Evidence | None = None
    source: Text = NO_TEXT
