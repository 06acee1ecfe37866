"""The source of a draft as plain values and back: JSON while it is edited, YAML for people.

What is edited on the screens is written many times, and JSON is written fast; it is the same
definition. Every scalar is text, as in ``nodes``.
"""

from __future__ import annotations

import json
from typing import Any

from app.definitions.nodes import Document, read_document
from app.definitions.yaml_text import Flow, to_yaml

Raw = dict[str, Any]


def document_in(source: str) -> Document:
    """The document in a stored source; without lines where it is JSON. Raises BadDefinition."""
    data = _json(source)
    return read_document(source) if data is None else Document(data, {(): 1})


def _json(source: str) -> Raw | None:
    """The values of a JSON source of ours; None for anything else."""
    if not source.startswith("{"):
        return None
    try:
        data = json.loads(source, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and _plain(data) else None


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_plain(inner) for inner in value.values())
    return all(map(_plain, value)) if isinstance(value, list) else isinstance(value, str)


def source_of(data: Raw) -> str:
    """The source that is stored while a draft is edited."""
    return json.dumps(data, ensure_ascii=False)


def as_yaml(source: str) -> str:
    """The source as people like to read it; a file that somebody wrote stays as it is."""
    data = _json(source)
    return source if data is None else to_yaml(_laid_out(data))


def _laid_out(value: Any) -> Any:
    """The same values, with texts, options and slots each on one line."""
    if isinstance(value, list):
        return [_laid_out(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    short = "type" not in value and "format" not in value and _depth(value) <= 2
    return Flow(value) if short else {key: _laid_out(inner) for key, inner in value.items()}


def _depth(value: Any) -> int:
    """How many mappings stand in one another; a list counts as too many."""
    if isinstance(value, list):
        return 9
    if not isinstance(value, dict):
        return 0
    return 1 + max((_depth(inner) for inner in value.values()), default=0)
