"""The words and signs of FHIRPath."""

from __future__ import annotations

import re

from app.interchange.foreign_expressions import Unreadable

_TOKENS = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>\d+(?:\.\d+)?)
    |@(?P<date>\d{4}(?:-\d\d){0,2})(?![T\d])
    |@T(?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?
    |(?P<word>%?[A-Za-z_$][A-Za-z0-9_]*|%`[^`]{1,100}`)
    |(?P<op><=|>=|!=|=|~|<|>|\(|\)|,|\.|\||\+|-|\*|/)""",
    re.VERBOSE,
)
Token = tuple[str, str]


def split(text: str) -> list[Token]:
    """The words and signs, each with its sort. Raises ``Unreadable``."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if match is None or match.lastgroup is None:
            raise Unreadable
        position = match.end()
        written = match[match.lastgroup]
        if match.lastgroup == "text":
            found.append(("literal", re.sub(r"\\(.)", r"\1", written[1:-1])))
        elif match.lastgroup in ("number", "date", "clock"):
            found.append(("literal", written))
        elif match.lastgroup != "space":
            found.append((match.lastgroup, written))
    return found
