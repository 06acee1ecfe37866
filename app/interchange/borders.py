"""Borders of territories out of an operator's GeoJSON (RFC 7946), thinned to what a page can show.

A feature is a territory where its ``code`` (a property, else its ``id``) is that of one; any other,
such as the outline of the country, is ground. Longitude is shortened by the cosine of the middle
latitude (equirectangular); lines lose the points that lie within half a pixel of what stays
(Douglas and Peucker, 1973).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import orjson

from app.domain.errors import BadInput, Fault
from app.domain.text import Text

MOST = 30_000_000  # bytes of a file
SIDE = 560  # pixels of the longer side
NEAR = 0.5  # pixels
Point = tuple[float, float]
Ring = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """A feature: its code, its outline as an SVG path, and the middle of its largest part."""

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Borders:
    """Every feature of a file, on a ground of this many pixels."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@lru_cache(maxsize=4)
def borders_in(path: Path, _changed: int) -> Borders:
    """The borders in a file; ``_changed``: when it was (ns). Raises BadInput, with the place."""
    if path.stat().st_size > MOST:
        raise BadInput([Fault("", *_LARGE)])
    try:
        read = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadInput([Fault(f"{error.lineno}", *_NO_JSON)]) from error
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not features:
        raise BadInput([Fault("", *_NO_FEATURES)])
    return _drawn([(_code(each), _rings(number, each)) for number, each in enumerate(features, 1)])


def _code(feature: Any) -> str:
    own = feature.get("properties") if isinstance(feature, dict) else None
    named = own.get("code") if isinstance(own, dict) else None
    return str(named or (feature.get("id") if isinstance(feature, dict) else None) or "")


def _rings(number: int, feature: Any) -> list[Ring]:
    """Every ring of a feature's polygons, as longitudes and latitudes."""
    try:
        kind, written = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        polygons = {"Polygon": [written], "MultiPolygon": written}[kind]
        rings: list[Ring] = [
            [_point(each) for each in ring] for polygon in polygons for ring in polygon
        ]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadInput([Fault(f"features {number}", *_NO_POLYGON)]) from error
    if not rings or any(len(ring) < 4 for ring in rings):
        raise BadInput([Fault(f"features {number}", *_NO_POLYGON)])
    return rings


def _point(written: Any) -> Point:
    east, north = float(written[0]), float(written[1])
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise ValueError("not degrees")
    return east, north


def _drawn(features: Sequence[tuple[str, list[Ring]]]) -> Borders:
    points = [point for _, rings in features for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    short = cos(radians((south + north) / 2))
    scale = SIDE / (max((east - west) * short, north - south) or 1)

    def seen(ring: Ring) -> Ring:
        return [((x - west) * short * scale, (north - y) * scale) for x, y in ring]

    shapes = [_shape(code, [seen(ring) for ring in rings]) for code, rings in features]
    return Borders((east - west) * short * scale, (north - south) * scale, tuple(shapes))


def _shape(code: str, rings: Sequence[Ring]) -> Shape:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    kept = [ring for ring in rings if ring is largest or abs(_area(ring)) >= 1]
    lines = (" L".join(f"{x:.1f} {y:.1f}" for x, y in thinned(ring[:-1])) for ring in kept)
    middle = _middle(largest)
    return Shape(code, " ".join(f"M{line} Z" for line in lines), *middle)


def _area(ring: Ring) -> float:
    return sum(_crosses(ring)) / 2


def _crosses(ring: Ring) -> Iterator[float]:
    return (a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))


def _sides(ring: Ring) -> Iterable[tuple[Point, Point]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _middle(ring: Ring) -> Point:
    """The centre of gravity; of a ring without an area its first point."""
    area = _area(ring)
    if not area:
        return ring[0]
    sides = list(zip(_sides(ring), _crosses(ring), strict=True))
    x, y = (sum((a[n] + b[n]) * cross for (a, b), cross in sides) / (6 * area) for n in (0, 1))
    return x, y


def thinned(line: Ring, near: float = NEAR) -> Ring:
    """The points of a line without those within ``near`` of the line through what is left."""
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda n: _off(line[n], line[first], line[last]), default=first)
        if far != first and _off(line[far], line[first], line[last]) > near:
            keep.add(far)
            waiting += [(first, far), (far, last)]
    return [line[number] for number in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the straight line between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    long = hypot(across, down)
    if not long:
        return hypot(point[0] - start[0], point[1] - start[1])
    return abs(across * (start[1] - point[1]) - (start[0] - point[0]) * down) / long


_LARGE = (
    Text.of(
        fr="Le fichier des limites dépasse 30 Mo.", en="The file of borders is larger than 30 MB."
    ),
    Text.of(
        fr="Prenez des limites généralisées\u00a0: la carte n’a que 560 pixels.",
        en="Take generalised borders: the map has 560 pixels only.",
    ),
)
_NO_JSON = (
    Text.of(fr="Le fichier des limites n’est pas du JSON.", en="The file of borders is not JSON."),
    Text.of(
        fr="Exportez-le en GeoJSON, en UTF-8.",
        en="Export it as GeoJSON, in UTF-8.",
    ),
)
_NO_FEATURES = (
    Text.of(
        fr="Le fichier des limites n’a pas de «\u00a0features\u00a0».",
        en="The file of borders has no features.",
    ),
    Text.of(
        fr="Exportez un «\u00a0FeatureCollection\u00a0» GeoJSON.",
        en="Export a FeatureCollection of GeoJSON.",
    ),
)
_NO_POLYGON = (
    Text.of(
        fr="Ce n’est pas un polygone en degrés (WGS 84).",
        en="This is not a polygon in degrees (WGS 84).",
    ),
    Text.of(
        fr="Chaque territoire est un «\u00a0Polygon\u00a0» ou «\u00a0MultiPolygon\u00a0», en "
        "longitude et latitude.",
        en="Each territory is a Polygon or a MultiPolygon, in longitude and latitude.",
    ),
)
