"""A map without geometry: each territory a square of one size, in the order of the list.

No borders are shipped with the service and none are made up: where a square stands says nothing of
where the place is, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ACROSS, SIDE, GAP = 3, 104, 8
CLASSES = (0.15, 0.30, 0.45)  # shares at which a square gets darker


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: where it stands, its name in up to two lines, its share (None: not shown)."""

    x: int
    y: int
    code: str
    share: float | None

    @property
    def shade(self) -> int:
        """0 to 3, the most the darkest; -1: not shown."""
        return -1 if self.share is None else sum(self.share >= each for each in CLASSES)


@dataclass(frozen=True, slots=True)
class TileMap:
    """All squares on a ground of this size."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def tile_map(shares: Sequence[tuple[str, float | None]]) -> TileMap:
    """The squares of these territories (code, share between 0 and 1), left to right, downwards."""
    step = SIDE + GAP
    tiles = tuple(
        Tile(number % ACROSS * step, number // ACROSS * step, code, share)
        for number, (code, share) in enumerate(shares)
    )
    rows = -(-len(tiles) // ACROSS)
    return TileMap(ACROSS * step - GAP, max(0, rows * step - GAP), tiles)
