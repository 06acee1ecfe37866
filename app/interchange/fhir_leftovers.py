"""Conditions of FHIR items, and what of an item has no place with us."""

from __future__ import annotations

from app.interchange.fhir_expressions import PathReader
from app.interchange.fhir_parts import (
    CALCULATED,
    ITEM,
    QUIET_CONTROLS,
    READ,
    STEP,
    UNIT_OPTION,
    WHEN,
    control_of,
    help_of,
    scale_of,
    tree_of,
    written,
)
from app.interchange.fhir_resources import (
    Json,
    extension,
    listed,
    text_of,
    value_in,
)
from app.interchange.foreign_expressions import Binary, Call, Expression, Unreadable
from app.interchange.foreign_form import Source
from app.interchange.import_report import ImportReport


def expression_tree(value: object, paths: PathReader) -> tuple[str, Expression]:
    """A FHIRPath expression as written and as a tree; one that is not read can not be said."""
    told = text_of(value.get("expression")) if isinstance(value, dict) else ""
    try:
        return told, paths.condition(told)
    except (Unreadable, RecursionError):
        return told, Call("unreadable", ())


def conditions_of(item: Json, place: str, paths: PathReader) -> tuple[Source, ...]:
    """The conditions of an item, as trees."""
    found: list[Source] = []
    wanted = listed(item, "enableWhen")
    if wanted:
        joint = "or" if item.get("enableBehavior") == "any" else "and"
        told = f" {joint} ".join(written(one) for one in wanted)
        tree: Expression = tree_of(wanted[0])
        for one in wanted[1:]:
            tree = Binary(joint, tree, tree_of(one))
        found.append(Source(f"{place}.enableWhen", told, tree))
    expression = extension(item, WHEN)
    if expression is not None:
        told, tree = expression_tree(value_in(expression), paths)
        found.append(Source(place, told or "enableWhenExpression", tree))
    return tuple(found)


def leftovers(report: ImportReport, item: Json, place: str) -> None:
    """Say what of an item has no place with us."""
    initial = [value_in(one) for one in (*listed(item, "initial"),)]
    initial += [value_in(o) for o in listed(item, "answerOption") if o.get("initialSelected")]
    for value in initial:
        if not isinstance(value, dict) or value.get("value", value.get("code")) is not None:
            shown = value if not isinstance(value, dict) else value.get("code", value)
            report.unsupported(place, "look", "default", value=shown)
    if item.get("readOnly") is True and item.get("type") not in ("group", "display"):
        report.approximated(place, "look", "read_only")
    if extension(item, CALCULATED) is not None:
        report.unsupported(place, "look", "calculated_answer")
    control = control_of(item)
    quiet = control in QUIET_CONTROLS or help_of(item) is not None or scale_of(item)
    if control and not quiet:
        report.approximated(place, "look", "look", value=control)
    units = [e for e in listed(item, "extension") if e.get("url") == UNIT_OPTION]
    if len(units) > 1:
        coding = value_in(units[0])
        shown = text_of(coding.get("display") or coding.get("code")) if coding else ""
        report.approximated(place, "limits", "unit_options", value=shown)
    unread(report, item, place)


def unread(report: ImportReport, item: Json, place: str) -> None:
    """Extensions and elements that nothing here has a place for."""
    for holder in (item, *(v for k, v in item.items() if k[0] == "_" and isinstance(v, dict))):
        for one in listed(holder, "extension"):
            url = text_of(one.get("url"))
            if url == STEP and scale_of(item):
                continue
            if url not in READ and not url.endswith("/translation"):
                name = url.rpartition("/")[2] or url
                report.unsupported(place, "look", "extension", name=name)
    for name in item:
        if name not in ITEM:
            report.unsupported(place, "look", "element", name=name)
