"""Who runs the service and how accessible it is declared: ``config/institution.yaml`` and
``config/accessibility.yaml``, read into what the legal pages show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema

from app.definitions.fields import Record, Several, TextField, schema_of
from app.definitions.messages import trouble
from app.definitions.nodes import read_document
from app.definitions.scalars import day, flag, line_of_text, number, one_of
from app.definitions.taking import taken
from app.domain.errors import BadDefinition
from app.domain.text import Text

INSTITUTION, STATEMENT = "covalue/institution/1", "covalue/accessibility/1"
FULL = 100


@dataclass(frozen=True, slots=True)
class Institution:
    """Publisher, host and who answers about personal data; mappings as the file has them."""

    fictitious: bool
    name: Text
    publisher: dict[str, Any]
    host: dict[str, Any]
    personal_data: dict[str, Any]
    data_licence: dict[str, Any] | None = None  # of published figures: name and url


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found; shares in percent."""

    by: str
    date: date
    percent: float
    average: float


@dataclass(frozen=True, slots=True)
class Statement:
    """The accessibility statement."""

    applies_to: Text
    established: date
    technologies: list[str]
    environment: list[str]
    tools: list[str]
    pages_audited: list[str]
    contact: dict[str, Any]
    audit: Audit | None = None
    plan_url: str = ""
    actions_url: str = ""
    not_compliant: tuple[Text, ...] = ()
    disproportionate: tuple[Text, ...] = ()
    exempt: tuple[Text, ...] = ()

    @property
    def state(self) -> str:
        """``full``, ``partial`` or ``none``; without an audit, or under one half, ``none``."""
        if self.audit is None or self.audit.percent < FULL / 2:
            return "none"
        return "full" if self.audit.percent == FULL else "partial"


def read_institution(text: str) -> Institution:
    """The institution in a file's text. Raises BadDefinition with every finding."""
    return Institution(**_read(text, INSTITUTION, _institution()))


def read_statement(text: str) -> Statement:
    """The accessibility statement in a file's text. Raises BadDefinition with every finding."""
    raw = _read(text, STATEMENT, _statement())
    if "audit" in raw:
        raw["audit"] = Audit(**raw["audit"])
    for kind in ("not_compliant", "disproportionate", "exempt"):
        raw[kind] = tuple(raw.get(kind, ()))
    return Statement(**raw)


def _read(text: str, kind: str, schema: Schema) -> dict[str, Any]:
    document = read_document(text)
    raw = taken(document, schema)
    if raw.pop("format") != kind:
        raise BadDefinition([document.finding(trouble("wrong_format", allowed=kind), ("format",))])
    return raw


def _words() -> Any:
    return line_of_text(required=True)


def _institution() -> Schema:
    return schema_of(
        format=one_of(INSTITUTION, required=True),
        fictitious=flag(),
        name=TextField(required=True),
        publisher=Record(_publisher, required=True),
        host=Record(_host, required=True),
        personal_data=Record(_personal_data, required=True),
        data_licence=Record(_data_licence),
    )


def _data_licence() -> Schema:
    return schema_of(name=_words(), url=_words())


def _publisher() -> Schema:
    return schema_of(
        name=_words(),
        status=TextField(required=True),
        address=_words(),
        phone=_words(),
        email=_words(),
        director=TextField(required=True),
    )


def _host() -> Schema:
    return schema_of(name=_words(), address=_words(), phone=_words())


def _personal_data() -> Schema:
    return schema_of(
        controller=_words(),
        officer=TextField(required=True),
        email=_words(),
        address=_words(),
        legal_ground=TextField(required=True),
        kept_for=TextField(required=True),
    )


def _statement() -> Schema:
    def lines() -> Several:
        return Several(line_of_text(), required=True)

    return schema_of(
        format=one_of(STATEMENT, required=True),
        applies_to=TextField(required=True),
        established=day(required=True),
        audit=Record(_audit),
        plan_url=line_of_text(),
        actions_url=line_of_text(),
        not_compliant=Several(TextField()),
        disproportionate=Several(TextField()),
        exempt=Several(TextField()),
        technologies=lines(),
        environment=lines(),
        tools=lines(),
        pages_audited=lines(),
        contact=Record(_contact, required=True),
    )


def _audit() -> Schema:
    return schema_of(
        by=_words(),
        date=day(required=True),
        percent=number(low=0, high=FULL, required=True),
        average=number(low=0, high=FULL, required=True),
    )


def _contact() -> Schema:
    return schema_of(email=_words(), phone=_words(), address=_words())
