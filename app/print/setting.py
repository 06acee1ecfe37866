"""One way from content to tagged PDF: Typst sets it, and no sign of a name keeps the rest from it.

PDF/UA-1 refuses a sign that no font here can show. A letter with one such sign in an address must
not hold up thousands of others, so each such sign is set as ``?`` and given back to be told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import orjson
import typst

STAND_IN = "?"
_PROOF = Path(__file__).with_name("proof.typ")


class CannotBeSet(ValueError):
    """Typst refuses this content."""


def set_pdf(
    template: Path, inputs: Mapping[str, str], made_at: datetime
) -> tuple[bytes, frozenset[str]]:
    """The PDF (PDF/UA-1), and the signs of the inputs that no font here could show.

    ``inputs`` are what the template reads as ``sys.inputs``: data, never markup. Raises
    ``CannotBeSet``.
    """
    try:
        return _compiled(template, inputs, made_at), frozenset()
    except typst.TypstError:
        unshown = _unshown("".join(inputs.values()))
    marks = dict.fromkeys(map(ord, unshown), STAND_IN)
    told = {name: value.translate(marks) for name, value in inputs.items()}
    try:
        return _compiled(template, told, made_at), unshown
    except typst.TypstError as error:
        raise CannotBeSet(f"{template.name} cannot be set") from error


def pages_set(template: Path, inputs: Mapping[str, str]) -> int:
    """How many pages the content takes; the template tells it as ``<pages>``."""
    found = typst.query(
        template,
        "<pages>",
        field="value",
        one=True,
        root=template.parent,
        sys_inputs=dict(inputs),
    )
    return int(orjson.loads(found))


def _compiled(template: Path, inputs: Mapping[str, str], made_at: datetime | None) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        format="pdf",
        sys_inputs=dict(inputs),
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()) if made_at else 0,
    )


def _unshown(text: str) -> frozenset[str]:
    """Signs that cannot be set even alone: halves are tried until the culprits stand apart."""
    found: set[str] = set()
    waiting = [sorted({sign for sign in text if ord(sign) > 127 and _visible(sign)})]
    while waiting:
        signs = waiting.pop()
        if not signs or _settable("".join(signs)):
            continue
        if len(signs) == 1:
            found.update(signs)
        else:
            waiting += [signs[: len(signs) // 2], signs[len(signs) // 2 :]]
    return frozenset(found)


def _visible(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("Z")


def _settable(signs: str) -> bool:
    try:
        _compiled(_PROOF, {"signs": signs}, None)
    except typst.TypstError:
        return False
    return True
