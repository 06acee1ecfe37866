"""What a definition file says, and what is wrong or unwise in it, given what is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.definitions.checking import lines_by_code
from app.definitions.checksums import checksum
from app.definitions.files import (
    FileKind,
    dump_framework,
    dump_module,
    dump_questionnaire,
    framework_in,
    kind_of_document,
    module_in,
    questionnaire_in,
)
from app.definitions.messages import finding_of, trouble
from app.definitions.nodes import MAX_BYTES, Document
from app.definitions.once import Once
from app.definitions.plain_source import document_in
from app.domain.checks import Finding, Level
from app.domain.errors import BadDefinition
from app.domain.framework_checks import check_framework
from app.domain.frameworks import Framework
from app.domain.library import LOCKED, broken
from app.domain.questionnaire import Module, Questionnaire
from app.domain.questionnaire_checks import check_module, check_questionnaire
from app.domain.territories import NATION
from app.domain.text import Text
from app.workflows.surroundings import Surroundings

Definition = Questionnaire | Module | Framework


@dataclass(frozen=True)
class Examined:
    """A readable definition with its findings. ``audience`` is empty for a framework."""

    kind: FileKind
    audience: str
    territory: str
    thing: Definition
    document: dict[str, Any]
    checksum: str
    findings: tuple[Finding, ...]


_READ: Once[Examined] = Once(8)


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Whether one of these findings is an error."""
    return any(finding.level is Level.ERROR for finding in findings)


def text_of(content: bytes) -> str:
    """The text of a file's bytes. Raises BadDefinition where it is too large or not UTF-8."""
    try:
        return content[: MAX_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        rule = "too_large" if len(content) > MAX_BYTES else "not_utf8"
        raise BadDefinition([finding_of(trouble(rule), "-", None)]) from None


def examine(source: str, around: Surroundings) -> Examined:
    """Read and check one file. Raises BadDefinition when it cannot be read at all."""
    document = document_in(source)
    return checked(read(document, around), document, around)


def read_once(source: str, document: Document, around: Surroundings) -> Examined:
    """``read``, for the same source of a national questionnaire once: nothing around it counts."""
    if kind_of_document(document) != "questionnaire":
        return read(document, around)
    return _READ(source, lambda: read(document, around))


def read(document: Document, around: Surroundings) -> Examined:
    """Read a document without checking it: no findings. Raises BadDefinition."""
    kind = kind_of_document(document)
    if kind == "questionnaire":
        return _read(kind, NATION, questionnaire_in(document))
    if kind == "module":
        core = around.cores.get(str(document.data.get("audience")))
        module = module_in(document, core)
        return _read(kind, module.territory, module)
    if kind == "framework":
        framework = framework_in(document, _extended(document, around))
        return _read(kind, framework.territory or NATION, framework)
    raise BadDefinition([_territories_elsewhere()])


def _read(kind: FileKind, territory: str, thing: Definition) -> Examined:
    if isinstance(thing, Framework):
        audience, dumped = "", dump_framework(thing)
    elif isinstance(thing, Module):
        audience, dumped = thing.audience, dump_module(thing)
    else:
        audience, dumped = thing.audience, dump_questionnaire(thing)
    return Examined(kind, audience, territory, thing, dumped, checksum(dumped), ())


def checked(found: Examined, document: Document, around: Surroundings) -> Examined:
    """What was read, with every finding on it."""
    findings = (
        *_unknown_territory(found.territory, around),
        *_findings(found, document, around),
        *_instruments_changed(found, document, around),
    )
    return replace(found, findings=_located(findings, document))


def _findings(found: Examined, document: Document, around: Surroundings) -> tuple[Finding, ...]:
    thing, names = found.thing, around.local_names(found.territory)
    if isinstance(thing, Questionnaire):
        return check_questionnaire(thing, names)
    if isinstance(thing, Framework):
        national = _extended(document, around) if thing.extends else None
        return (
            *check_framework(thing, national, around.asked_in(found.territory)),
            *_code_of_another(thing, found.territory, around),
        )
    core = around.cores.get(thing.audience)
    if core is None:
        return (_no_core(),)
    number = around.core_numbers.get(thing.audience)
    return (*check_module(thing, core, names), *_older_core(thing, number))


def _extended(document: Document, around: Surroundings) -> Framework | None:
    """The national version that the file names, else the latest one, so that it is refused."""
    extends = document.data.get("extends")
    wanted = extends.get("number") if isinstance(extends, dict) else None
    number = int(wanted) if isinstance(wanted, str) and wanted.isascii() and wanted.isdigit() else 0
    return around.nationals.get(number, around.national)


def _located(findings: tuple[Finding, ...], document: Document) -> tuple[Finding, ...]:
    """The findings with the line of the code that each names; errors first, then by line."""
    lines = lines_by_code(document)
    placed = (
        finding if finding.line else replace(finding, line=lines.get(finding.place))
        for finding in findings
    )
    order = list(Level)
    return tuple(sorted(placed, key=lambda f: (order.index(f.level), f.line or 0)))


def _unknown_territory(territory: str, around: Surroundings) -> tuple[Finding, ...]:
    if territory in around.territories:
        return ()
    return (
        Finding(
            "unknown_territory",
            Level.ERROR,
            "territory",
            Text.of(
                fr="Ce territoire n’est pas du programme.",
                en="This territory is not in the programme.",
            ),
            Text.of(
                fr=f"Choisissez parmi : {', '.join(around.territories)}.",
                en=f"Choose one of: {', '.join(around.territories)}.",
            ),
        ),
    )


def _instruments_changed(
    found: Examined, document: Document, around: Surroundings
) -> tuple[Finding, ...]:
    """Locked instruments of the library that do not stand here as they are."""
    if isinstance(found.thing, Framework):
        return ()
    return tuple(
        Finding("instrument_changed", Level.ERROR, code, *LOCKED)
        for code in broken(document.data, around.instruments)
    )


def _code_of_another(
    framework: Framework, territory: str, around: Surroundings
) -> tuple[Finding, ...]:
    if around.framework_codes.get(framework.code, territory) == territory:
        return ()
    return (
        Finding(
            "framework_code_taken",
            Level.ERROR,
            "code",
            Text.of(
                fr="Ce code est celui du cadre d’un autre territoire.",
                en="This is the code of another territory’s framework.",
            ),
            Text.of(
                fr=f"Écrivez par exemple « code: {territory} ».",
                en=f"Write for example “code: {territory}”.",
            ),
        ),
    )


def _no_core() -> Finding:
    return Finding(
        "no_core_published",
        Level.ERROR,
        "core",
        Text.of(
            fr="Aucun questionnaire national n’est publié pour ce public.",
            en="No national questionnaire is published for this audience.",
        ),
        Text.of(
            fr="Publiez d’abord le questionnaire national.",
            en="Publish the national questionnaire first.",
        ),
    )


def _older_core(module: Module, latest: int | None) -> tuple[Finding, ...]:
    written = module.core_number
    if written is None or latest is None or written == latest:
        return ()
    return (
        Finding(
            "other_core_number",
            Level.ADVICE,
            "core",
            Text.of(
                fr=f"Le module dit avoir été écrit pour la version {written} du questionnaire "
                f"national ; il est vérifié avec la version {latest}.",
                en=f"The module says that it was written for version {written} of the national "
                f"questionnaire; it is checked with version {latest}.",
            ),
            Text.of(
                fr=f"Relisez-le, puis écrivez « number: {latest} ».",
                en=f"Read it again, then write “number: {latest}”.",
            ),
        ),
    )


def _territories_elsewhere() -> Finding:
    return Finding(
        "territories_by_command",
        Level.ERROR,
        "format",
        Text.of(
            fr="Les territoires se chargent depuis le serveur.",
            en="Territories are loaded from the server.",
        ),
        Text.of(
            fr="Confiez ce fichier à l’exploitant : « flask programme load ».",
            en="Give this file to the operator: “flask programme load”.",
        ),
    )
