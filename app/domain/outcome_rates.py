"""Outcome rates of a sample: every person in one category, then the standard definitions.

AAPOR, Standard Definitions, 10th edition (2023), section on calculating outcome rates, for mail and
internet surveys of specifically named persons. Which of our records is which category is said once,
in ``category``, with the code of the standard beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.fieldwork import FEWEST, Disposition
from app.domain.questionnaire import Audience


class Category(StrEnum):
    """Where a person of the sample stands, for the rates."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN = "U"
    INELIGIBLE = "X"


_SAID: dict[str, Category] = {
    Disposition.REFUSED: Category.REFUSAL,  # 2.11
    Disposition.DO_NOT_CONTACT: Category.REFUSAL,  # 2.11
    Disposition.DECEASED: Category.OTHER,  # 2.31: died in the field period
    Disposition.IN_HOSPITAL: Category.OTHER,  # 2.32
    Disposition.ASKED_PAPER: Category.OTHER,  # 2.36: in contact, nothing came back yet
    Disposition.MOVED: Category.UNKNOWN,  # 3.30: no word from the new address
    Disposition.LETTER_RETURNED: Category.UNKNOWN,  # 3.31
    Disposition.INELIGIBLE: Category.INELIGIBLE,  # 4.10
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one person: outcome said, whether the door was opened, and how far."""

    said: str | None = None
    opened: bool = False
    consented: bool = False
    submitted: bool = False
    called: str | None = None  # result of the last call


def category(standing: Standing, *, counts_partials: bool) -> Category:
    """The one category of a person: what was sent counts before what was said.

    Who agreed and did not send is partial where the wave uses such answers, else a break-off,
    which the standard counts with refusals (2.12), as who opened and did not agree.
    """
    if standing.submitted:
        return Category.COMPLETE  # 1.1
    if standing.said is not None:
        return _SAID[standing.said]
    if standing.consented and counts_partials:
        return Category.PARTIAL  # 1.2
    if standing.opened:
        return Category.REFUSAL  # 2.12
    if standing.called == "spoke":
        return Category.OTHER  # 2.36
    if standing.called == "no_answer":
        return Category.NON_CONTACT  # 2.20: the number is theirs, nobody was reached
    return Category.UNKNOWN  # 3.19: nothing ever came back


Counts = Mapping[Category, int]
RATES = (
    *("RR1", "RR2", "RR3", "RR4", "RR5", "RR6"),
    *("COOP1", "COOP2", "COOP3", "COOP4"),
    *("REF1", "REF2", "REF3"),
    *("CON1", "CON2", "CON3"),
)


def eligible_share(counts: Counts) -> float | None:
    """``e``: of those whose eligibility is known, the share that is eligible; None: none known."""
    known = sum(counts.get(each, 0) for each in Category if each is not Category.UNKNOWN)
    if not known:
        return None
    return (known - counts.get(Category.INELIGIBLE, 0)) / known


def rates(counts: Counts) -> dict[str, float | None]:
    """Every rate as a share between 0 and 1; None where its denominator is nought or ``e`` unknown.

    RR: response, COOP: cooperation, REF: refusal, CON: contact.
    """
    answers, partial, refused, away, other, unknown = (
        float(counts.get(each, 0)) for each in tuple(Category)[:6]
    )
    both = answers + partial
    known = both + refused + away + other
    e = eligible_share(counts)
    some = None if e is None and unknown else (e or 0.0) * unknown
    reached = both + refused + other
    parts: dict[str, tuple[float, float | None]] = {
        "RR1": (answers, known + unknown),
        "RR2": (both, known + unknown),
        "RR3": (answers, _plus(known, some)),
        "RR4": (both, _plus(known, some)),
        "RR5": (answers, known),
        "RR6": (both, known),
        "COOP1": (answers, reached),
        "COOP2": (both, reached),
        "COOP3": (answers, both + refused),
        "COOP4": (both, both + refused),
        "REF1": (refused, known + unknown),
        "REF2": (refused, _plus(known, some)),
        "REF3": (refused, known),
        "CON1": (reached, known + unknown),
        "CON2": (reached, _plus(known, some)),
        "CON3": (reached, known),
    }
    return {name: top / below if below else None for name, (top, below) in parts.items()}


def _plus(known: float, some: float | None) -> float | None:
    return None if some is None else known + some


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One group of people: its counts and rates; both empty where they would tell of few."""

    territory: str
    audience: str
    way: str  # how they were first written to; empty: all ways together
    counts: Mapping[Category, int]
    rates: Mapping[str, float | None]

    @property
    def shown(self) -> bool:
        """Whether the group is large enough to be shown."""
        return bool(self.counts)


def outcome_row(territory: str, audience: str, way: str, counts: Counts) -> OutcomeRow:
    """A row under the threshold rule: of professionals no number under five is told, nor a rate.

    Nor where all are in one category: then it is known of everybody.
    """
    told = {each: counts.get(each, 0) for each in Category}
    few = any(0 < number < FEWEST for number in told.values()) or sum(told.values()) < FEWEST
    few = few or max(told.values()) == sum(told.values())
    if audience == Audience.PROFESSIONAL and few:
        return OutcomeRow(territory, audience, way, {}, {})
    return OutcomeRow(territory, audience, way, told, rates(told))


def ways_told(rows: Sequence[OutcomeRow]) -> list[OutcomeRow]:
    """The rows of one group by way of contact: where one is hidden all are, since the sum of the
    group would give it away."""
    if all(row.shown for row in rows):
        return list(rows)
    return [replace(row, counts={}, rates={}) for row in rows]


def together(counts: Iterable[Counts]) -> dict[Category, int]:
    """The sum of several groups."""
    found = dict.fromkeys(Category, 0)
    for each in counts:
        for name, number in each.items():
            found[name] += number
    return found
