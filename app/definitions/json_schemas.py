"""JSON Schemas (draft 2020-12) of the file formats, made from the schemas that read the files.

For editors and other programs. A schema says the shape; what it cannot say (codes that exist,
conditions on earlier pages) is said by the checks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from marshmallow import Schema, fields

from app.definitions import framework_schemas, questionnaire_schemas
from app.definitions.fields import ByName, Either, Record, Several
from app.definitions.files import FileKind
from app.definitions.scalars import line_of_text

Form = dict[str, Any]
_DEFINED: Form = {
    "text": {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"},
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
    "line": {"anyOf": [line_of_text().metadata["form"], {"$ref": "#/$defs/text"}]},
    "condition": {
        "anyOf": [
            {"type": "string"},
            *(
                {
                    "type": "object",
                    "required": [word],
                    "additionalProperties": False,
                    "properties": {
                        word: {
                            "type": "array",
                            "minItems": 1,
                            "items": {"$ref": "#/$defs/condition"},
                        }
                    },
                }
                for word in ("all", "any")
            ),
            {
                "type": "object",
                "required": ["not"],
                "additionalProperties": False,
                "properties": {"not": {"$ref": "#/$defs/condition"}},
            },
        ]
    },
}


def json_schema(kind: FileKind) -> Form:
    """The JSON Schema of a file format."""
    defined = dict(_DEFINED)
    form = _shared(_root(kind), defined, Counter(_objects(_root(kind))))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"covalue/{kind}/1",
        **form,
        "$defs": defined,
    }


def _root(kind: FileKind) -> Form:
    if kind == "framework":
        national, own = framework_schemas.national(), framework_schemas.own()
        return {"oneOf": [_object(national), _object(own)]}
    schemas = {
        "questionnaire": questionnaire_schemas.questionnaire,
        "module": questionnaire_schemas.module,
        "territories": framework_schemas.territories,
    }
    return _object(schemas[kind]())


def _object(schema: Schema) -> Form:
    form: Form = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _form(field) for name, field in schema.fields.items()},
    }
    required = [name for name, field in schema.fields.items() if field.required]
    return {**form, "required": required} if required else form


def _form(field: fields.Field[Any]) -> Form:
    if isinstance(field, Several):
        least = {"minItems": field.least} if field.least else {}
        return {"type": "array", **least, "items": _form(field.inner)}
    if isinstance(field, ByName):
        least = {"minProperties": field.least} if field.least else {}
        return {
            "type": "object",
            **least,
            "propertyNames": _name_form(_form(field.name_field)),
            "additionalProperties": _form(field.inner),
        }
    if isinstance(field, Record):
        return _object(field.schema())
    if isinstance(field, Either):
        return {"anyOf": [_form(form) for form in field.forms]}
    form: Form = field.metadata["form"]
    return form


def _name_form(form: Form) -> Form:
    """What a key must look like: keys are text, so only pattern and words count."""
    return {key: form[key] for key in ("pattern", "enum") if key in form}


def _objects(form: Any) -> Iterator[str]:
    """Every object form inside, as text."""
    inner = form.values() if isinstance(form, dict) else form if isinstance(form, list) else ()
    for value in inner:
        yield from _objects(value)
    if isinstance(form, dict) and form.get("type") == "object":
        yield json.dumps(form)


def _shared(form: Any, defined: Form, counted: Counter[str]) -> Any:
    """The form with objects that occur more than once moved to ``defined``."""
    if isinstance(form, list):
        return [_shared(inner, defined, counted) for inner in form]
    if not isinstance(form, dict):
        return form
    made = {key: _shared(inner, defined, counted) for key, inner in form.items()}
    if form.get("type") != "object" or counted[json.dumps(form)] < 2:
        return made
    name = next((name for name, known in defined.items() if known == made), None)
    if name is None:
        kind = form.get("properties", {}).get("type", {}).get("enum", [None])[0]
        name = f"{kind}_question" if kind else f"part_{len(defined) - len(_DEFINED) + 1}"
        defined[name] = made
    return {"$ref": f"#/$defs/{name}"}


def write_schemas(folder: Path) -> None:
    """Write ``<format>.schema.json`` for every format."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in get_args(FileKind):
        written = json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
        (folder / f"{kind}.schema.json").write_text(written, encoding="utf-8")
