"""The JSON Schemas in the documentation are those of the schemas that read the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from app.definitions.files import FileKind
from app.definitions.json_schemas import json_schema

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize("kind", get_args(FileKind))
def test_they_have_not_drifted(kind: FileKind) -> None:
    kept = json.loads((FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert kept == json_schema(kind), "run: flask survey schemas docs/schemas"


@pytest.mark.parametrize("kind", get_args(FileKind))
def test_every_reference_leads_somewhere(kind: FileKind) -> None:
    schema = json_schema(kind)

    def references(form: object) -> list[str]:
        if isinstance(form, list):
            return [found for inner in form for found in references(inner)]
        if isinstance(form, dict):
            inside = [found for inner in form.values() for found in references(inner)]
            return [*inside, str(form["$ref"])] if "$ref" in form else inside
        return []

    names = {reference.removeprefix("#/$defs/") for reference in references(schema)}
    assert names == set(schema["$defs"])
