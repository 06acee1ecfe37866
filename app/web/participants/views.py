"""Every page of the participants' surface, gathered for the factory."""

from __future__ import annotations

from app.web.participants import (
    answering,
    arriving,
    assisted,
    consenting,
    display,
    feedback,
    leaving,
    legal,
    looking_back,
    open_call,
    parts,
    recordings,
    statements,
    who_answers,
    wishes,
)
from app.web.participants.room import blueprint

__all__ = [
    "answering",
    "arriving",
    "assisted",
    "blueprint",
    "consenting",
    "display",
    "feedback",
    "leaving",
    "legal",
    "looking_back",
    "open_call",
    "parts",
    "recordings",
    "statements",
    "who_answers",
    "wishes",
]
