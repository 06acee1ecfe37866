"""What a schema makes of a document: plain values, or every finding with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from app.definitions.fields import take
from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Document, Path
from app.domain.checks import Finding
from app.domain.errors import BadDefinition


def taken(document: Document, schema: Schema, wanted: str = "") -> dict[str, Any]:
    """The document as the schema reads it. Raises BadDefinition with every finding.

    ``wanted``: the format that it must name, looked at first; empty: the schema alone looks at it.
    """
    if wanted and document.data.get("format") != wanted:
        found = trouble("wrong_format", allowed=wanted)
        raise BadDefinition([document.finding(found, ("format",))])
    try:
        return take(schema, document.data)
    except ValidationError as error:
        raise BadDefinition(list(_findings(error.messages, document, ()))) from None


def _findings(messages: Any, document: Document, path: Path) -> Iterator[Finding]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _findings(inner, document, path if key == "_schema" else (*path, key))
        return
    for found in messages:
        yield document.finding(found if isinstance(found, Trouble) else trouble(found), path)
