"""Printed reports: what belongs together stays together, and each tag tells where it stands."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.print.reports import (
    LEGEND,
    TALLEST,
    Chart,
    Dot,
    Line,
    Part,
    Report,
    Table,
    dots,
    on_pages,
    report_pdf,
)

MADE = datetime(2026, 10, 1, 12, tzinfo=UTC)
MARGIN = 2 / 2.54 * 72  # of a page, in points
SAID = "Ce que dit la partie, en une phrase qui prend plus d’une ligne. " * 2
CAPTION = "Sous le dessin."
WITHHELD = Dot(None, None, None, "non diffusé")


def lines(many: int, groups: int = 1) -> list[Line]:
    each = tuple(Dot(50.0, 40.0, 60.0, "50") if n % 2 == 0 else WITHHELD for n in range(groups))
    return [Line(f"Ligne {n} du dessin", each) for n in range(many)]


def charts(many: int, groups: int = 1) -> tuple[Chart, ...]:
    names = [f"Groupe {n}" for n in range(groups)] if groups > 1 else []
    parted = on_pages(lines(many, groups), len(names))
    return tuple(Chart(dots(shown, "", names), "En mots", CAPTION) for shown in parted)


def made(*parts: Part) -> bytes:
    report = Report("Rapport", "Covalue", "fr", "Chapeau.", "", "Pied", (), parts)
    return report_pdf(report, MADE)


def filler(many: int) -> Part:
    """A part that takes a bit of a page more with each of its words."""
    return Part("Avant", ("Mot.",) * many)


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page with single spaces, as pdftotext reads it."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


def places(pdf: bytes) -> Iterator[tuple[str, list[float]]]:
    """Each tag that tells its place on the page: its kind, and left, bottom, right, top."""
    waiting: list[Any] = [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            told = [each.get_object() for each in node.get("/A", [])]
            for each in told:
                if "/BBox" in each:
                    yield str(node["/S"]), [float(x) for x in each["/BBox"]]
            waiting.append(node.get("/K"))


def test_a_tag_tells_the_place_of_its_chart_or_table_and_no_more() -> None:
    table = Table(("Nom", "Valeur"), (("Ensemble", "12"),) * 5, (1, 1))
    pdf = made(
        Part("Dessins", (), charts(60)),  # each but the last is the last thing on its page
        *(Part("Table", ("Mot.",) * many, (), table) for many in range(12, 26)),
    )
    found = list(places(pdf))
    assert {kind for kind, _box in found} == {"/Figure", "/Table"}
    assert min(bottom for _kind, (_left, bottom, _right, _top) in found) > MARGIN - 1
    assert len([kind for kind, _box in found if kind == "/Figure"]) == len(charts(60)) > 1


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_a_chart_stands_under_its_heading_at_whatever_height_of_the_page(
    groups: int, tmp_path: Path
) -> None:
    for many in range(0, 30, 3):
        drawn = charts(TALLEST, groups)[:1]  # as tall as any
        found = pages(made(filler(many), Part("Dessin", (SAID,), drawn)), tmp_path)
        own = next(page for page in found if "Dessin" in page)
        assert SAID.strip() in own
        assert CAPTION in own, many


def test_many_lines_are_parted_and_none_is_lost(tmp_path: Path) -> None:
    drawn = charts(90)
    found = " ".join(pages(made(Part("Dessin", (), drawn)), tmp_path))
    assert found.count(CAPTION) == len(drawn) > 2
    assert [n for n in range(90) if f"Ligne {n} du dessin" not in found] == []


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_a_legend_takes_its_room_from_the_lines(groups: int) -> None:
    parted = list(on_pages(lines(40, groups), groups))
    assert sum(map(len, parted)) == 40
    heights = [LEGEND * groups + sum(line.height for line in each) for each in parted]
    assert max(heights) <= TALLEST


def test_no_row_of_a_table_is_parted_over_two_pages(tmp_path: Path) -> None:
    row = (f"Début {'puis des mots ' * 12}Fin.", "12")
    table = Table(("Nom", "Valeur"), (row,) * 40, (1, 3))
    for many in range(4):
        found = pages(made(filler(many), Part("Table", (), (), table)), tmp_path)
        assert sum(page.count("Fin.") for page in found) == 40
        for page in found:
            assert page.count("Début") == page.count("Fin.")


def test_the_scale_does_not_run_through_words() -> None:
    for drawn in (dots(lines(1, 2), "", ["a", "b"]), dots([Line("Ligne", (WITHHELD,))], "")):
        before, _word, _after = drawn.partition(WITHHELD.words)
        bare = before.rindex('fill="white"')
        assert bare > before.rindex("<line")
        assert before.rindex("<text") > bare
