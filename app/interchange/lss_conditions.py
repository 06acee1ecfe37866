"""Conditions of LimeSurvey as older files keep them: one line for each answer that is wanted."""

from __future__ import annotations

import re
from collections import defaultdict

from app.interchange.lss_tables import Record

_METHODS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def old_conditions(rows: list[Record]) -> dict[str, str]:
    """The expression of each question (by qid) that its lines amount to.

    Lines on the same question and with the same operator are alternatives; those of a scenario
    must all hold; one scenario is enough.
    """
    found: dict[str, dict[str, dict[tuple[str, str], list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in rows:
        group = found[row.get("qid", "")][row.get("scenario", "1")]
        group[(row.get("cfieldname", ""), row.get("method", "==").strip())].append(_line(row))
    return {
        qid: " or ".join(
            "(" + " and ".join(f"({' or '.join(lines)})" for lines in wanted.values()) + ")"
            for wanted in scenarios.values()
        )
        for qid, scenarios in found.items()
    }


def _line(row: Record) -> str:
    asked, value = row.get("cfieldname", ""), row.get("value", "")
    method = row.get("method", "==").strip() or "=="
    if asked.startswith("+"):
        asked, value = asked[1:], value or "Y"
    if method not in _METHODS or not asked.replace("X", "").strip("{}"):
        return f"unreadable({method})"
    if value.strip() == "":
        return f"is_empty({asked})" if method == "==" else f"!is_empty({asked})"
    other = re.fullmatch(r"@((?:\d+X\d+X|Q\d)[^@\s]*)@", value.strip())
    if other:
        return f"{asked} {method} {other[1]}"
    if value.strip().startswith(("@", "{")):
        return f"unreadable({method})"
    quoted = value.replace("\\", "").replace('"', "")
    if method in ("==", "!="):  # of several options: this one is among them
        return f'{"" if method == "==" else "!"}selected({asked}, "{quoted}")'
    return f'{asked} {method} "{quoted}"'
