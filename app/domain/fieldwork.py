"""How a collection goes: dispositions, and counts that may be shown to who runs it.

Counts, never answers. Professionals of a territory are few and know each other: their counts
under ``FEWEST`` are not given, nor are counts that leave so few on the other side: where 9 of 9 or
8 of 9 have answered, everybody knows of whom. So that nothing can be worked out by subtraction,
stages are given only where those between two of them are enough or none, one small count among a
row's channels hides all of the row's channels, and one in a column hides its total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.domain.questionnaire import Audience

FEWEST = 5
OPEN_CALL = "open_call"  # the frame of a wave without a sample: whoever comes may answer


class Disposition(StrEnum):
    """What became of an invitation that no answer came of."""

    REFUSED = "refused"
    MOVED = "moved"
    DECEASED = "deceased"
    IN_HOSPITAL = "in_hospital"
    INELIGIBLE = "ineligible"
    ASKED_PAPER = "asked_paper"
    LETTER_RETURNED = "letter_returned"
    DO_NOT_CONTACT = "do_not_contact"


NO_LETTER = frozenset(
    {
        Disposition.REFUSED,
        Disposition.MOVED,
        Disposition.DECEASED,
        Disposition.INELIGIBLE,
        Disposition.LETTER_RETURNED,
        Disposition.DO_NOT_CONTACT,
    }
)
STAGES = ("invited", "opened", "consented", "submitted", "refused")
PAPER = "paper"  # keyed from a sheet
CHANNELS = ("web", "web_assisted", PAPER, "phone", "import")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people; None: fewer than ``FEWEST``, or hidden to protect such a number."""

    shown: int | None


@dataclass(frozen=True, slots=True)
class FieldworkRow:
    """One audience of one territory: counts by stage, channel and disposition."""

    territory: str
    audience: str
    stages: Mapping[str, Count]
    channels: Mapping[str, Count]
    dispositions: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class FieldworkCounts:
    """The only form in which counts of a running collection reach a page or a file."""

    rows: tuple[FieldworkRow, ...]
    totals: Mapping[str, Mapping[str, Count]]  # by audience, by stage


Numbers = Mapping[str, int]


def protected(
    counted: Mapping[tuple[str, str], tuple[Numbers, Numbers, Numbers]],
) -> FieldworkCounts:
    """Protect raw counts by (territory, audience): stages, channels, dispositions."""
    rows = tuple(_row(*key, *numbers) for key, numbers in counted.items())
    audiences = dict.fromkeys(audience for _, audience in counted)
    totals = {audience: _totals(audience, counted, rows) for audience in audiences}
    return FieldworkCounts(rows, totals)


def _row(
    territory: str, audience: str, stages: Numbers, channels: Numbers, dispositions: Numbers
) -> FieldworkRow:
    told = _told(audience, stages)
    by_channel = {name: _count(audience, channels.get(name, 0)) for name in CHANNELS}
    if told["submitted"].shown is None or any(each.shown is None for each in by_channel.values()):
        by_channel = dict.fromkeys(CHANNELS, Count(None))
    said = {str(name): _count(audience, dispositions.get(name, 0)) for name in Disposition}
    if told["refused"].shown is None:
        said[Disposition.REFUSED] = Count(None)
    return FieldworkRow(territory, audience, told, by_channel, said)


_NESTED = ("invited", "opened", "consented", "submitted")  # each is a part of the one before
_WANTED = ("submitted", "opened", "consented")  # where not all can be given: this first


def _told(audience: str, stages: Numbers) -> dict[str, Count]:
    """The stages that may be given together: nobody is told of a few by subtracting two."""
    numbers = {name: stages.get(name, 0) for name in STAGES}
    if audience != Audience.PROFESSIONAL:
        return {name: Count(number) for name, number in numbers.items()}
    kept = [name for name in ("invited",) if numbers[name] >= FEWEST]
    for name in _WANTED:
        if _apart(numbers, [*kept, name]):
            kept.append(name)
    rest = numbers["invited"] - numbers["refused"]
    if numbers["refused"] >= FEWEST and rest - numbers["submitted"] >= FEWEST <= rest:
        kept.append("refused")
    return {name: Count(number if name in kept else None) for name, number in numbers.items()}


def _apart(numbers: Numbers, names: Sequence[str]) -> bool:
    """Whether every group between two of these stages is large enough.

    None at all between two is no secret either, but for the first: then everybody has come on.
    """
    order = [name for name in _NESTED if name in names]
    between = [numbers[a] - numbers[b] for a, b in pairwise(order)]
    if order[0] == "invited" and between and between[0] < FEWEST:
        return False
    return numbers[order[-1]] >= FEWEST and all(one >= FEWEST or one == 0 for one in between)


def _count(audience: str, number: int) -> Count:
    return Count(None if audience == Audience.PROFESSIONAL and number < FEWEST else number)


def weekly(audience: str, numbers: Sequence[int]) -> list[Count]:
    """Numbers of one audience by week, or at one moment, under the threshold rule.

    Where one is hidden, all are that could give it away with a total: every one.
    """
    found = [_count(audience, number) for number in numbers]
    return [Count(None)] * len(found) if any(each.shown is None for each in found) else found


def _totals(
    audience: str,
    counted: Mapping[tuple[str, str], tuple[Numbers, Numbers, Numbers]],
    rows: tuple[FieldworkRow, ...],
) -> dict[str, Count]:
    own = [row for row in rows if row.audience == audience]
    return {
        stage: Count(None)
        if any(row.stages[stage].shown is None for row in own)
        else Count(sum(counted[row.territory, audience][0].get(stage, 0) for row in own))
        for stage in STAGES
    }
