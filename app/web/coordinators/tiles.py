"""The map of a collection: by the operator's borders, or without any as squares of one size.

No borders are shipped with the service and none are made up: where a square stands says nothing of
where the place is, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.interchange.borders import Borders

ACROSS, SIDE, GAP = 3, 104, 8
CLASSES = (0.15, 0.30, 0.45)  # shares at which a square gets darker


@dataclass(frozen=True, slots=True)
class Tile:
    """A territory: its outline, where its name stands, its share (None: not shown)."""

    code: str
    share: float | None
    path: str
    x: float
    y: float

    @property
    def shade(self) -> int:
        """0 to 3, the most the darkest; -1: not shown."""
        return -1 if self.share is None else sum(self.share >= each for each in CLASSES)


@dataclass(frozen=True, slots=True)
class TileMap:
    """All territories on a ground of this size; ``ground``: outlines of everything else."""

    width: float
    height: float
    tiles: tuple[Tile, ...]
    ground: tuple[str, ...] = ()
    by_borders: bool = False


Shares = Sequence[tuple[str, float | None]]


def tile_map(shares: Shares) -> TileMap:
    """The squares of these territories (code, share between 0 and 1), left to right, downwards."""
    step = SIDE + GAP
    tiles = []
    for number, (code, share) in enumerate(shares):
        x, y = number % ACROSS * step, number // ACROSS * step
        square = f"M{x} {y} h{SIDE} v{SIDE} h-{SIDE} Z"
        tiles.append(Tile(code, share, square, x + SIDE / 2, y + 44))
    rows = -(-len(tiles) // ACROSS)
    return TileMap(ACROSS * step - GAP, max(0, rows * step - GAP), tuple(tiles))


def border_map(shares: Shares, borders: Borders) -> TileMap | None:
    """The territories by their borders; None where one of them has none."""
    wanted = dict(shares)
    tiles = [
        Tile(each.code, wanted[each.code], each.path, each.x, each.y)
        for each in borders.shapes
        if each.code in wanted
    ]
    if {each.code for each in tiles} != set(wanted):
        return None
    order = list(wanted)
    tiles.sort(key=lambda tile: order.index(tile.code))
    ground = tuple(each.path for each in borders.shapes if each.code not in wanted)
    return TileMap(borders.width, borders.height, tuple(tiles), ground, by_borders=True)
