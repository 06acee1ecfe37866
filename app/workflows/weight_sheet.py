"""The rows of one table of a summary: how each audience of each territory was weighted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.interchange.summary import CellValue
from app.storage.published import Published
from app.workflows.summary_words import AUDIENCES
from app.workflows.weight_words import METHODS

WEIGHTS = (
    "territory", "territory_name", "audience", "weighting", "answers", "equal_answers", "deff",
    "smallest_weight", "largest_weight", "margins_met", "rounds", "worst_margin", "worst_gap",
    "merged", "trimmed", "margin_sources", "response_cells",
)  # fmt: skip
WEIGHT_KINDS = {
    "equal_answers": "number", "deff": "number", "smallest_weight": "number",
    "largest_weight": "number", "worst_gap": "number", "answers": "count", "rounds": "count",
    "trimmed": "count",
}  # fmt: skip


def weight_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """One row a territory and audience that is told; rounded as on the page."""
    for each in seen.manifest.get("weights", ()):
        if each["territory"] not in seen.places or each.get("withheld"):
            continue
        final, worst = each["final"], each["worst"]
        yield (
            each["territory"],
            names.get(each["territory"], each["territory"]),
            AUDIENCES[each["audience"]].in_(language),
            METHODS[each["method"]].in_(language),
            final["n"],
            round(final["n_effective"], 1),
            round(final["deff"], 3),
            round(final["minimum"], 3),
            round(final["maximum"], 3),
            None if worst is None else "yes" if each["converged"] else "no",
            each["rounds"] if worst else None,
            f"{worst['margin']}: {worst['category']}" if worst else None,
            round(worst["relative"], 6) if worst else None,
            "; ".join(f"{m} {category} > {into}" for m, category, into in each["collapsed"])
            or None,
            each["trimmed"],
            "; ".join(f"{m['margin']}: {m['source']}, {m['dated']}" for m in each["margins"])
            or None,
            _cells(each.get("response_cells", {}).get("cells", ())),
        )


def _cells(cells: Iterable[Mapping[str, Any]]) -> str | None:
    """The cells against non-response with the factor of each; None where none were accepted."""
    groups = (
        (cell, (" ".join(filter(None, one)) or "-" for one in cell["groups"])) for cell in cells
    )
    return "; ".join(f"{', '.join(own)} × {cell['factor']:.3f}" for cell, own in groups) or None
