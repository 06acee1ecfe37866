"""A ranking of a foreign form as one choice for each rank, each among what has no rank yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.conditions import All, Answered, Compare, Condition
from app.domain.questionnaire import Option
from app.interchange.foreign_logic import flat

MOST_RANKS = 12


def unplaced(options: Sequence[Option], earlier: Sequence[str]) -> tuple[Option, ...]:
    """The options of the next rank; ``earlier``: the codes of the questions for ranks before."""
    return tuple(_unplaced(option, earlier) for option in options)


def _unplaced(option: Option, earlier: Sequence[str]) -> Option:
    own = () if option.shown_when is None else (option.shown_when,)
    free = (Compare(code, "!=", option.code) for code in earlier)
    parts: tuple[Condition, ...] = (*own, *free)
    return replace(option, shown_when=flat(All(parts))) if parts else option


def after(earlier: Sequence[str]) -> Condition | None:
    """A rank is asked once the rank before it has its answer."""
    return Answered(earlier[-1]) if earlier else None
