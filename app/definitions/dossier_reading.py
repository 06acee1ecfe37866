"""A campaign's data protection dossier and its notices as a file (``config/dossier.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.definitions.fields import Record, TextField, schema_from, schema_of
from app.definitions.nodes import read_document
from app.definitions.scalars import line_of_text, one_of
from app.definitions.taking import taken
from app.domain.dossier_fields import EASY, FIELDS, LONGEST

DOSSIER = "covalue/dossier/1"


@dataclass(frozen=True, slots=True)
class DossierFile:
    """The fields by name, and the notices by kind and language; ``easy_fr``: in easy words."""

    fields: Mapping[str, str]
    notices: Mapping[str, Mapping[str, str]]


def read_dossier(text: str) -> DossierFile:
    """The dossier in a file's text. Raises BadDefinition with every finding and its line."""
    document = read_document(text)
    fields = {each.name: _field(tuple(each.choices)) for each in FIELDS}
    schema = schema_of(
        format=one_of(DOSSIER, required=True),
        dossier=Record(lambda: schema_from(fields), required=True),
        notices=Record(
            lambda: schema_of(
                participants=TextField(required=True),
                participants_easy=TextField(),
                described=TextField(required=True),
                described_easy=TextField(),
            ),
            required=True,
        ),
    )
    raw = taken(document, schema)
    told = {name: text.as_dict() for name, text in raw["notices"].items()}
    notices = {
        kind: told[kind]
        | {f"{EASY}{tag}": words for tag, words in told.get(f"{kind}_easy", {}).items()}
        for kind in ("participants", "described")
    }
    return DossierFile(raw["dossier"], notices)


def _field(choices: tuple[str, ...]) -> Any:
    return one_of(*choices) if choices else line_of_text(high=LONGEST)
