"""Definition files in and out: the one door for questionnaires, modules, frameworks, territories.

``read_…`` takes the text of a file and raises BadDefinition with every finding and its line.
``dump_…`` and ``load_…`` are the compact document form in which frozen versions are kept.
``write_…_yaml`` gives a file back; reading it gives the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from app.definitions import documents, framework_schemas, questionnaire_schemas
from app.definitions.framework_reading import national_from
from app.definitions.framework_writing import write_framework_yaml
from app.definitions.messages import trouble
from app.definitions.nodes import Document, read_document
from app.definitions.questionnaire_reading import module_from, questionnaire_from
from app.definitions.questionnaire_writing import write_module_yaml, write_questionnaire_yaml
from app.definitions.resolution import own_from
from app.definitions.taking import taken
from app.definitions.territory_reading import programme_from
from app.definitions.territory_writing import write_territories_yaml
from app.domain.checks import Finding
from app.domain.errors import BadDefinition
from app.domain.frameworks import Framework
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import Programme

__all__ = [
    "FileKind",
    "dump_framework",
    "dump_module",
    "dump_questionnaire",
    "framework_in",
    "kind_of",
    "kind_of_document",
    "load_framework",
    "load_module",
    "load_questionnaire",
    "module_in",
    "questionnaire_in",
    "read_framework",
    "read_module",
    "read_questionnaire",
    "read_territories",
    "territories_in",
    "write_framework_yaml",
    "write_module_yaml",
    "write_questionnaire_yaml",
    "write_territories_yaml",
]

FileKind = Literal["questionnaire", "module", "framework", "territories"]


def kind_of(text: str) -> FileKind:
    """What the file says it is; BadDefinition where it says nothing known."""
    return kind_of_document(read_document(text))


def kind_of_document(document: Document) -> FileKind:
    """What the document says it is; BadDefinition where it says nothing known."""
    said = document.data.get("format")
    for kind in get_args(FileKind):
        if said == _format(kind):
            return kind  # type: ignore[no-any-return]
    allowed = ", ".join(_format(kind) for kind in get_args(FileKind))
    raise BadDefinition([document.finding(trouble("unknown_format", allowed=allowed), ("format",))])


def _format(kind: str) -> str:
    return f"covalue/{kind}/1"


def read_questionnaire(text: str) -> Questionnaire:
    """The questionnaire in a file's text."""
    return questionnaire_in(read_document(text))


def questionnaire_in(document: Document) -> Questionnaire:
    """The questionnaire in a document."""
    raw = taken(document, questionnaire_schemas.questionnaire(), _format("questionnaire"))
    questionnaire, findings = questionnaire_from(raw, document)
    _refuse(findings)
    return questionnaire


def read_module(text: str, core: Questionnaire | None) -> Module:
    """The module in a file's text; ``core`` lends it the names of its option lists."""
    return module_in(read_document(text), core)


def module_in(document: Document, core: Questionnaire | None) -> Module:
    """The module in a document."""
    raw = taken(document, questionnaire_schemas.module(), _format("module"))
    module, findings = module_from(raw, document, core)
    _refuse(findings)
    return module


def read_framework(text: str, national: Framework | None = None) -> Framework:
    """The framework in a file's text, resolved; one that extends another needs ``national``."""
    return framework_in(read_document(text), national)


def framework_in(document: Document, national: Framework | None = None) -> Framework:
    """The framework in a document, resolved."""
    if "extends" not in document.data:
        raw = taken(document, framework_schemas.national(), _format("framework"))
        framework, findings = national_from(raw, document)
        _refuse(findings)
        return framework
    raw = taken(document, framework_schemas.own(), _format("framework"))
    resolved, findings = own_from(raw, document, national)
    _refuse(findings)
    assert resolved is not None  # without findings there is one
    return resolved


def read_territories(text: str) -> Programme:
    """The programme and its territories in a file's text."""
    return territories_in(read_document(text))


def territories_in(document: Document) -> Programme:
    """The programme and its territories in a document."""
    return programme_from(taken(document, framework_schemas.territories(), _format("territories")))


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise BadDefinition(findings)


def dump_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """The document form of a questionnaire."""
    return documents.dump(questionnaire)


def load_questionnaire(document: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire that ``dump_questionnaire`` made the document of."""
    return documents.load(Questionnaire, document)


def dump_module(module: Module) -> dict[str, Any]:
    """The document form of a module."""
    return documents.dump(module)


def load_module(document: Mapping[str, Any]) -> Module:
    """The module that ``dump_module`` made the document of."""
    return documents.load(Module, document)


def dump_framework(framework: Framework) -> dict[str, Any]:
    """The document form of a resolved framework; fractions are ``"a/b"``."""
    return documents.dump(framework)


def load_framework(document: Mapping[str, Any]) -> Framework:
    """The framework that ``dump_framework`` made the document of."""
    return documents.load(Framework, document)
