"""Which numbers of answers are told, by territory and audience, where their sum is told too.

A number under the threshold is not; and with it the smallest other one of its audience, since the
sum less all others would give a single one back, and leave two small ones little room. Source:
*Handbook on Statistical Disclosure Control*, ch. 4 (primary and complementary suppression).
"""

from __future__ import annotations

from collections.abc import Mapping


def untold(counts: Mapping[tuple[str, str], int], threshold: int) -> frozenset[tuple[str, str]]:
    """The cells whose number of answers is not told. ``counts``: by territory and audience.

    In each audience with one that is too small, another that is not goes too: the smallest. Where
    the audience has none, it is the smallest of all audiences.
    """
    small = {cell for cell, n in counts.items() if 0 < n < threshold}
    hidden = set(small)
    for audience in sorted({audience for _, audience in small}):
        large = [cell for cell, n in counts.items() if n >= threshold]
        large.sort(key=lambda cell: (cell[1] != audience, counts[cell], cell))
        hidden.update(large[:1])
    return frozenset(hidden)
