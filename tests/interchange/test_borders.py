"""Borders of an operator's GeoJSON: projected, thinned, and refused with the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import BadInput
from app.interchange.borders import borders_in, thinned

SQUARE = [[-1, 48], [-1, 49], [0, 49], [0, 48], [-1, 48]]


def read(tmp_path: Path, *geometries: Any) -> Any:
    path = tmp_path / "borders.geojson"
    features = [
        {"type": "Feature", "properties": {"code": f"P{number}"}, "geometry": each}
        for number, each in enumerate(geometries)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return borders_in(path, path.stat().st_mtime_ns)


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude(tmp_path: Path) -> None:
    east = [[[x + 1, y] for x, y in SQUARE]]
    found = read(
        tmp_path,
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "MultiPolygon", "coordinates": [east]},
    )
    assert (round(found.width), round(found.height)) == (560, 423)  # 2 cos 48.5° to 1
    first, second = found.shapes
    assert (first.code, first.path) == ("P0", "M0.0 422.6 L0.0 0.0 L280.0 0.0 L280.0 422.6 Z")
    assert (round(first.x), round(second.x), round(first.y)) == (140, 420, 211)


def test_points_on_the_way_go_and_corners_stay() -> None:
    line = [(0.0, 0.0), (1.0, 0.4), (2.0, -0.4), (3.0, 0.0), (3.0, 5.0)]
    assert thinned(line) == [(0.0, 0.0), (3.0, 0.0), (3.0, 5.0)]
    assert thinned(line, near=0.3) == line


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [0, 48]},
        {"type": "Polygon", "coordinates": [[[700000, 6600000]] * 4]},
        {"type": "Polygon", "coordinates": [[["a", 1]] * 4]},
        {"type": "Polygon", "coordinates": []},
        None,
    ],
)
def test_what_is_no_polygon_in_degrees_is_named(tmp_path: Path, geometry: Any) -> None:
    with pytest.raises(BadInput) as refusal:
        read(tmp_path, {"type": "Polygon", "coordinates": [SQUARE]}, geometry)
    assert [fault.place for fault in refusal.value.faults] == ["features 2"]


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for number, content in enumerate(('{"features":', "[]", '{"features": []}')):
        path = tmp_path / f"{number}.geojson"
        path.write_text(content, "utf-8")
        with pytest.raises(BadInput):
            borders_in(path, 0)
