"""JSON as it is sent to the API, read strictly: no number that is none, no name given twice.

Python's own reader takes ``NaN`` and ``Infinity``, turns ``1e999`` into infinity, and of a name
given twice keeps the last value without a word.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn


class NotTaken(ValueError):
    """What cannot be taken; its words are constant, nothing of what was sent is in them."""


def read(content: bytes) -> Any:
    """The value that the content stands for. Raises ``NotTaken``."""
    try:
        return json.loads(
            content.decode(), object_pairs_hook=_once, parse_constant=_none, parse_float=_finite
        )
    except NotTaken:
        raise
    except (ValueError, RecursionError):
        raise NotTaken("This is not JSON.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotTaken("A name is given twice in one object.")
    return found


def _none(_written: str) -> NoReturn:
    raise NotTaken("NaN and Infinity are no numbers.")


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise NotTaken("A number is too large.")
    return number
