"""The sheet that tells participants what came of their answers: one page, 16 pt, tagged PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.print.setting import pages_set, set_pdf

TEMPLATE = Path(__file__).with_name("feedback.typ")


def feedback_pdf(
    said: Mapping[str, Any], people: Sequence[tuple[str, tuple[str, ...]]], made_at: datetime
) -> bytes:
    """One sheet for each of ``people``: language, and lines of the address (none: no address)."""
    sheets = [
        {"language": tag if tag in ("fr", "en") else "fr", "address": list(address)}
        for tag, address in people
    ]
    return set_pdf(TEMPLATE, _inputs(said, sheets), made_at)[0]


def fits_one_page(said: Mapping[str, Any], language: str) -> bool:
    """Whether the sheet in this language is one page, with room for an address."""
    return pages_set(TEMPLATE, _inputs(said, [{"language": language, "address": ["-"]}])) == 1


def _inputs(said: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {"feedback": orjson.dumps({"said": dict(said), "sheets": sheets}).decode()}
