"""Which rows of an extract make up each kept block of moments, and the checksum of what they say.

A block is a stretch of response numbers in a part (territory x stratum x cell); a PSU lies in the
block of its first response. Blocks are long but for the newest numbers, where late answers come in.
The checksum of a block is a sum over its rows of a 64-bit mixture of everything but the answers
that the moments depend on, so that it takes one pass over the rows in any order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.questionnaire import Audience
from app.evaluation.columns import Integers
from app.storage.extract_reading import Extracted

BITS = 15  # of the response numbers of a short block: 32,768
LONG_BITS = 18  # of a long one: 262,144, where all of its numbers have been given
AT_ONCE = 1 << 13  # rows that are looked at together: they stay in cache
MOST_CODES = 1 << 22  # of a table of all possible blocks; beyond, blocks are searched
DIGITS = 32  # of a checksum, hexadecimal
BlockKey = tuple[int, int, int, int]  # territory, stratum, cell, block
Mixed = NDArray[np.uint64]
_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
     0xA0761D6478BD642F], np.uint64,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class BlockIndex:
    """``place``: by audience int64[rows], the block of each row among ``digests``, which has the
    checksum of each; ``whole``: the response numbers below lie in long blocks."""

    place: Mapping[Audience, Integers]
    digests: Mapping[BlockKey, bytes]
    whole: int

    def is_long(self, key: BlockKey) -> bool:
        """Whether a block is a long one."""
        return key[3] << BITS < self.whole

    def rows(self, wanted: Sequence[BlockKey]) -> dict[Audience, tuple[Integers, Integers]]:
        """The rows of some blocks by audience, block by block, and the place among ``wanted`` of
        the block of each."""
        order = {key: n for n, key in enumerate(wanted)}
        among = np.array([order.get(key, -1) for key in self.digests], dtype=np.int64)
        found = {}
        for audience, place in self.place.items():
            rows = np.flatnonzero((among >= 0)[place])
            block = among[place[rows]]
            sorting = np.argsort(block, kind="stable")
            found[audience] = (rows[sorting], block[sorting])
        return found


def block_index(data: Mapping[Audience, Extracted], said: bytes) -> BlockIndex:
    """The blocks of these answers. ``said``: what else the moments depend on."""
    read = _Reading(data)
    codes = {audience: read.codes(each) for audience, each in data.items()}
    there, numbered = _numbered(list(codes.values()), read.most)
    sums = np.zeros(len(there), dtype=np.uint64)
    for order, (audience, each) in enumerate(data.items()):
        code = codes[audience]
        for take in _stretches(each.respondents.n):
            place = code[take] = numbered(code[take])
            np.add.at(sums, place, _mixed(read.facts(each, order, take)))
    digests = {}
    for key, mixture in zip(read.keys(there), sums.tolist(), strict=True):
        content = said + repr((read.strata[key[1]], *key[2:], mixture)).encode()
        digests[key] = hashlib.sha256(content).hexdigest()[:DIGITS].encode()
    return BlockIndex(codes, digests, read.whole)


class _Reading:
    """What the rows of all audiences have in common."""

    def __init__(self, data: Mapping[Audience, Extracted]) -> None:
        several = list(data.values())
        self.strata = several[0].strata if several else {}
        self.territories = several[0].respondents.territories if several else ()
        self.first = _first_numbers(several)
        highest = max((int(each.numbers.max(initial=0)) for each in several), default=0)
        self.whole = (highest + 1) >> LONG_BITS << LONG_BITS
        self.blocks = (highest >> BITS) + 1
        cells = [each.respondents.cell for each in several]
        self.cells = 1 + max((int(e.max(initial=0)) for e in cells if e is not None), default=0)
        self.most = (1 + max(self.strata, default=0)) * self.cells * self.blocks

    def unit(self, each: Extracted, take: slice) -> Integers:
        """The first response number of the PSU of each row."""
        if self.first is None:
            return each.numbers[take]
        return np.asarray(self.first[each.respondents.psu[take]])

    def codes(self, each: Extracted) -> Integers:
        """One number for stratum, cell and block of each row."""
        who, longer = each.respondents, LONG_BITS - BITS
        found = np.empty(who.n, dtype=np.int64)
        for take in _stretches(who.n):
            unit = self.unit(each, take)
            block = unit >> BITS  # a long block has the number of its first short one
            block = np.where(unit < self.whole, block >> longer << longer, block)
            code = who.stratum[take] * self.cells
            if who.cell is not None:
                code += who.cell[take]
            code *= self.blocks
            code += block
            found[take] = code
        return found

    def keys(self, codes: Integers) -> Iterator[BlockKey]:
        """What codes stand for."""
        for code in codes.tolist():
            rest, block = divmod(code, self.blocks)
            stratum, cell = divmod(rest, self.cells)
            yield self.territories.index(self.strata[stratum][0]), stratum, cell, block

    def facts(self, each: Extracted, order: int, take: slice) -> list[Mixed]:
        """What the checksum covers; the PSU by its distance from the number."""
        who, number = each.respondents, each.numbers[take]
        flags = who.proxy[take] * np.int64(2) + np.int64(4 * order)
        if who.exchange is not None:
            flags += who.exchange[take]
        facts = [number, each.revisions[take].astype(np.int64), who.weight[take], flags]
        if self.first is not None:
            facts.append(number - self.unit(each, take))
        return [np.ascontiguousarray(each).view(np.uint64) for each in facts]


def _first_numbers(several: Sequence[Extracted]) -> Integers | None:
    """The lowest response number of each PSU; None where everybody is one."""
    psus = [each.respondents.psu for each in several]
    if len(psus) == 1 and (psus[0][1:] > psus[0][:-1]).all():
        return None
    size = 1 + max((int(each.max(initial=0)) for each in psus), default=0)
    first = np.full(size, np.iinfo(np.int64).max)
    for psu, each in zip(psus, several, strict=True):
        np.minimum.at(first, psu, each.numbers)
    return first


def _numbered(
    codes: Sequence[Integers], most: int
) -> tuple[Integers, Callable[[Integers], Integers]]:
    """The codes that occur, all below ``most``, in order; and what gives the place of codes among
    them."""
    if most > MOST_CODES:
        there = np.unique(np.concatenate(codes))
        return there, lambda some: np.searchsorted(there, some)
    times = sum((np.bincount(each, minlength=most) for each in codes), np.zeros(most, np.int64))
    table = np.cumsum(times > 0) - 1
    return np.flatnonzero(times), lambda some: np.asarray(table[some])


def _stretches(rows: int) -> Iterator[slice]:
    return (slice(start, start + AT_ONCE) for start in range(0, rows, AT_ONCE))


def _mixed(facts: Sequence[Mixed]) -> Mixed:
    """64 bits of each row that look like chance and change as a whole with any of its facts.

    The facts are spread over all bits by odd factors and added, then mixed as in SplitMix64
    (Steele, Lea & Flood 2014).
    """
    found = facts[0] * _ODD[0]
    for fact, factor in zip(facts[1:], _ODD[1:], strict=False):
        found ^= found >> np.uint64(29)
        found += fact * factor
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found ^= found >> np.uint64(shift)
        found *= np.uint64(factor)
    found ^= found >> np.uint64(31)
    return np.asarray(found)
