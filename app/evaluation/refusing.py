"""How a computation refuses its input: place, reason and remedy in both languages."""

from __future__ import annotations

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.domain.typography import typeset_french

Words = tuple[str, str]  # French, English


class BadSettings(BadInput):
    """What a design, margins or distance file says cannot be carried out: the fault is in it, not
    in the data."""


def fault(place: str, reason: Words, remedy: Words) -> Fault:
    """One thing wrong: ``place`` names a column, margin, category or stratum, never an answer."""
    return Fault(place, _text(reason), _text(remedy))


def refused(place: str, reason: Words, remedy: Words) -> BadInput:
    """The refusal of one thing; to be raised."""
    return BadInput([fault(place, reason, remedy)])


def unsettled(place: str, reason: Words, remedy: Words) -> BadSettings:
    """The refusal of one thing that the settings say; to be raised."""
    return BadSettings([fault(place, reason, remedy)])


def _text(words: Words) -> Text:
    return Text.of(fr=typeset_french(words[0]), en=words[1])
