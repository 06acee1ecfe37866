"""``choice_filter`` of XLSForm: for each option, the condition under which it is offered.

A filter compares columns of the sheet ``choices`` with earlier answers. With the cells of one
option put in, what is left is a condition on those answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from app.domain.conditions import Condition
from app.domain.questionnaire import Option
from app.interchange.foreign_expressions import (
    Binary,
    Call,
    Expression,
    Literal,
    Name,
    Unreadable,
    read_xpath,
)
from app.interchange.foreign_form import ForeignForm
from app.interchange.foreign_logic import Result, Untranslatable, either, flat
from app.interchange.xlsform_options import Listed

_ASKED = "="  # stands before the name of a question, and so before no name of a column
_NAMED = re.compile(r"\$\{\s*([^{}\s]{1,200})\s*\}")
_PATH = re.compile(r"(?:current\(\)/[./]*|\.\./[./]*)([A-Za-z_][\w\-]*)(?:/([A-Za-z_][\w\-]*))*")


def narrowed(
    form: ForeignForm, place: str, listed: Listed, options: tuple[Option, ...], written: str
) -> tuple[Option, ...]:
    """The options with the conditions that the filter amounts to, else all as they are, said."""
    try:
        found = _narrowed(form, listed, options, written)
    except (Untranslatable, Unreadable, RecursionError):
        found = ()
    if not found:
        form.report.approximated(place, "options", "options_filtered", filter=written)
        return options
    kept = {option.code for option in found}
    lost = [option.code for option in options if option.code not in kept]
    if lost:
        names = ", ".join(lost[:20])
        form.report.unsupported(place, "look", "options_never", number=len(lost), names=names)
    return found


def _narrowed(
    form: ForeignForm, listed: Listed, options: tuple[Option, ...], written: str
) -> tuple[Option, ...]:
    tree = read_xpath(_PATH.sub(_last, _NAMED.sub(rf"${{{_ASKED}\1}}", written)))
    columns = sorted(_columns(tree))
    known: dict[tuple[str, ...], Result] = {}
    found: list[Option] = []
    for option in options:
        result: Result = option.code not in listed.cells
        for cells in listed.cells.get(option.code, ()):
            key = tuple(cells.get(column.casefold(), "") for column in columns)
            if key not in known:
                filled = _filled(tree, dict(zip(columns, key, strict=True)))
                known[key] = form.said(filled)
            result = either(result, known[key])
        if result is not False:
            found.append(option if result is True else replace(option, shown_when=_whole(result)))
    return tuple(found)


def _whole(result: Result) -> Condition:
    assert not isinstance(result, bool)  # the caller has these two
    return flat(result)


def _last(path: re.Match[str]) -> str:
    return f"${{{_ASKED}{path[2] or path[1]}}}"


def _columns(part: Expression) -> frozenset[str]:
    """The names in the expression that are no questions."""
    if isinstance(part, Name):
        return frozenset() if part.name.startswith(_ASKED) else frozenset({part.name})
    if isinstance(part, Call):
        return frozenset[str]().union(*map(_columns, part.arguments))
    if isinstance(part, Binary):
        return _columns(part.left) | _columns(part.right)
    return frozenset()


def _filled(part: Expression, cells: Mapping[str, str]) -> Expression:
    """The expression with the cells of one option in it."""
    if isinstance(part, Name):
        if part.name.startswith(_ASKED):
            return Name(part.name[1:])
        return Literal(cells[part.name])
    if isinstance(part, Call):
        return Call(part.function, tuple(_filled(each, cells) for each in part.arguments))
    if isinstance(part, Binary):
        return Binary(part.op, _filled(part.left, cells), _filled(part.right, cells))
    return part
