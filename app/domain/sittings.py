"""Sittings: one stretch of answering, with who answered and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from app.domain.answers import RespondentRole

Help = Literal["reads", "holds_device", "explains", "translates"]
Relation = Literal["partner", "child", "family", "friend", "professional", "guardian"]
Reason = Literal["illness", "memory", "sight", "language", "asked"]
Agreement = Literal["yes", "cannot_say", "not_asked"]
HELP: tuple[Help, ...] = ("reads", "holds_device", "explains", "translates")
RELATIONS: tuple[Relation, ...] = (
    "partner",
    "child",
    "family",
    "friend",
    "professional",
    "guardian",
)
REASONS: tuple[Reason, ...] = ("illness", "memory", "sight", "language", "asked")
AGREEMENTS: tuple[Agreement, ...] = ("yes", "cannot_say", "not_asked")


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who answers now: the person alone, with help, or somebody in the person's place.

    ``helper`` is the kind of help; ``relation``, ``reason`` and ``agrees`` are of a proxy.
    ``assisted_by`` is who held the interview or keyed the sheet: ``account:5``, or ``visit:12``
    for a home help with a code for that visit (``visit`` alone where the link to people is cut).
    ``illegible`` names the items that stand on paper but could not be read, with spaces between.
    """

    role: RespondentRole = "self"
    helper: str = ""
    relation: str = ""
    reason: str = ""
    agrees: str = ""
    channel: str = "web"
    lang: str = "fr"
    device: Literal["own", "shared"] = "own"
    notice: str = ""
    at: str = ""  # UTC, ISO 8601
    assisted_by: str = ""
    illegible: str = ""

    def as_document(self) -> dict[str, str]:
        """The form kept in a response: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}
