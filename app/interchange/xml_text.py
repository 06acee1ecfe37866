"""XML written as text: elements with attributes; signs that XML 1.0 cannot hold are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
_LINES = {10: "&#10;", 13: "&#13;", 9: "&#9;"}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """The text as it stands between tags."""
    return _NOT_XML.sub("", text).translate(_SIGNS)


def tag(name: str, attributes: Mapping[str, object] | None = None, *inside: str) -> str:
    """An element; ``inside`` is XML already. Attributes that are None are left out."""
    said = "".join(
        f' {key}="{escaped(str(value)).translate(_LINES)}"'
        for key, value in (attributes or {}).items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def texts(name: str, wordings: Iterable[tuple[str, str]]) -> str:
    """One element a language."""
    return "".join(
        tag(name, {"xml:lang": language}, escaped(wording)) for language, wording in wordings
    )
