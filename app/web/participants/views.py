"""Every page of the participants' surface, gathered for the factory."""

from __future__ import annotations

from app.web.participants import (
    answering,
    arriving,
    assisted,
    display,
    leaving,
    legal,
    open_call,
    parts,
    recordings,
    statements,
    wishes,
)
from app.web.participants.room import blueprint

__all__ = [
    "answering",
    "arriving",
    "assisted",
    "blueprint",
    "display",
    "leaving",
    "legal",
    "open_call",
    "parts",
    "recordings",
    "statements",
    "wishes",
]
