"""Options of FHIR items that an expression switches on and off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.interchange.fhir_expressions import PathReader
from app.interchange.fhir_leftovers import expression_tree
from app.interchange.fhir_parts import TOGGLE
from app.interchange.fhir_resources import Json, listed, text_of, value_in
from app.interchange.foreign_form import Source
from app.interchange.import_report import ImportReport


def toggled(
    report: ImportReport, item: Json, place: str, codes: Mapping[str, str], paths: PathReader
) -> dict[str, tuple[Source, ...]]:
    """The conditions of options, by our code; ``codes``: ours by those of the file."""
    found: dict[str, tuple[Source, ...]] = defaultdict(tuple)
    for one in listed(item, "extension"):
        if one.get("url") != TOGGLE:
            continue
        parts = listed(one, "extension")
        wanted = next((value_in(e) for e in parts if e.get("url") == "expression"), None)
        told, tree = expression_tree(wanted, paths)
        for option in parts:
            if option.get("url") != "option":
                continue
            key = _key(value_in(option))
            if key in codes:
                found[codes[key]] += (Source(place, told or "toggle", tree),)
            else:
                report.approximated(place, "options", "options_filtered", filter=told)
    return dict(found)


def _key(value: object) -> str:
    if isinstance(value, dict):
        return text_of(value.get("code") or value.get("reference") or value.get("display"))
    return str(value)
