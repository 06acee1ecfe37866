"""A definition file read and checked: every finding with its line, beside the files it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.definitions.composition import compose
from app.definitions.files import (
    framework_in,
    kind_of_document,
    module_in,
    questionnaire_in,
    territories_in,
)
from app.definitions.messages import trouble
from app.definitions.nodes import Document, Path, Plain, read_document
from app.domain.checks import Finding
from app.domain.errors import BadDefinition
from app.domain.framework_checks import check_framework
from app.domain.frameworks import Framework
from app.domain.questionnaire import Audience, Module, Questionnaire
from app.domain.questionnaire_checks import check_module, check_questionnaire
from app.domain.territories import Programme
from app.domain.territory_checks import check_territories

_NOT_PLACES = frozenset({"options", "extra_options", "option_lists", "core", "extends"})


@dataclass(frozen=True)
class Companions:
    """What other files lend to the one being checked; whatever is missing stays unchecked."""

    questionnaires: tuple[Questionnaire, ...] = ()
    modules: tuple[Module, ...] = ()
    nationals: tuple[Framework, ...] = ()
    programmes: tuple[Programme, ...] = ()

    def core(self, code: str) -> Questionnaire | None:
        """The questionnaire with this code."""
        return next((found for found in self.questionnaires if found.code == code), None)

    def national(self, code: str) -> Framework | None:
        """The national framework with this code."""
        return next((found for found in self.nationals if found.code == code), None)

    @cached_property
    def names(self) -> frozenset[str]:
        """The local names that the territories give."""
        territories = [place for programme in self.programmes for place in programme.territories]
        return frozenset(name for place in territories for name in place.terms)

    def instruments(self, territory: str | None) -> Mapping[Audience, tuple[Questionnaire, ...]]:
        """By audience, what is answered in the territory; the cores for the nation."""
        found: dict[Audience, tuple[Questionnaire, ...]] = {}
        for core in self.questionnaires:
            own = [m for m in self.modules if m.core == core.code and m.territory == territory]
            found.setdefault(core.audience, ())
            found[core.audience] += (core, *_composed(core, own))
        return found


def _composed(core: Questionnaire, modules: Iterable[Module]) -> Iterator[Questionnaire]:
    for module in modules:
        try:
            yield compose(core, module)
        except BadDefinition:
            continue  # said when the module itself is checked


def check_file(text: str, companions: Companions) -> tuple[Finding, ...]:
    """Every finding on the file's text, in the order of its lines; never raises."""
    try:
        document = read_document(text)
    except BadDefinition as refused:
        return refused.findings
    try:
        found = _check(document, companions)
    except BadDefinition as refused:
        found = refused.findings
    lines = lines_by_code(document)
    placed = (
        replace(one, line=lines.get(one.place, 1)) if one.line is None else one for one in found
    )
    return tuple(sorted(placed, key=lambda one: one.line or 0))


def _check(document: Document, companions: Companions) -> tuple[Finding, ...]:
    kind = kind_of_document(document)
    if kind == "questionnaire":
        found = check_questionnaire(questionnaire_in(document), companions.names)
        return _known_names(found, companions)
    if kind == "module":
        return _known_names(_check_module(document, companions), companions)
    if kind == "framework":
        return _check_framework(document, companions)
    return check_territories(territories_in(document))


def _known_names(found: Iterable[Finding], companions: Companions) -> tuple[Finding, ...]:
    """Without any territories file nothing is known about names, so nothing is said of them."""
    return tuple(one for one in found if companions.programmes or one.rule != "unknown_name")


def _check_module(document: Document, companions: Companions) -> tuple[Finding, ...]:
    code = _code_under(document, "core")
    core = companions.core(code)
    module = module_in(document, core)
    if core is None:
        return (document.finding(trouble("core_needed", core=code), ("core",)),)
    return check_module(module, core, companions.names)


def _check_framework(document: Document, companions: Companions) -> tuple[Finding, ...]:
    national = companions.national(_code_under(document, "extends"))
    framework = framework_in(document, national)
    extended = national if framework.extends else None
    return check_framework(framework, extended, companions.instruments(framework.territory))


def _code_under(document: Document, key: str) -> str:
    inner = document.data.get(key)
    code = inner.get("code") if isinstance(inner, dict) else None
    return code if isinstance(code, str) else ""


def lines_by_code(document: Document) -> dict[str, int]:
    """The line of each thing that has a code, by its code."""
    lines: dict[str, int] = {}
    for path, key, value in _walk(document.data, ()):
        if key == "code" and isinstance(value, str):
            lines[value] = document.line((*path, key))
        elif key == "indicator" and isinstance(value, str):
            lines.setdefault(value, document.line((*path, key)))
        elif path in (("slots",), ("weights",)):
            lines.setdefault(key, document.line((*path, key)))
    return lines


def _walk(value: Plain, path: Path) -> Iterator[tuple[Path, str, Plain]]:
    """Every key with its place and value; options have codes too, but no findings."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*path, index))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, key, inner
            if key not in _NOT_PLACES:
                yield from _walk(inner, (*path, key))


@dataclass
class Shelf:
    """Gathers companions from the texts of files; the first file for a code counts."""

    questionnaires: list[Questionnaire] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    nationals: list[Framework] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    _modules_waiting: list[Document] = field(default_factory=list)

    def put(self, text: str) -> None:
        """Take what the file holds; an unreadable one lends nothing (checking it says why)."""
        try:
            document = read_document(text)
            kind = kind_of_document(document)
            if kind == "questionnaire":
                self.questionnaires.append(questionnaire_in(document))
            elif kind == "module":
                self._modules_waiting.append(document)
            elif kind == "territories":
                self.programmes.append(territories_in(document))
            elif "extends" not in document.data:
                self.nationals.append(framework_in(document))
        except BadDefinition:
            return

    def companions(self) -> Companions:
        """Everything gathered; modules are read last, when the cores are known."""
        known = Companions(tuple(self.questionnaires))
        for document in self._modules_waiting:
            try:
                core = known.core(_code_under(document, "core"))
                self.modules.append(module_in(document, core))
            except BadDefinition:
                continue
        self._modules_waiting.clear()
        return Companions(
            tuple({found.code: found for found in reversed(self.questionnaires)}.values()),
            tuple(self.modules),
            tuple({found.code: found for found in reversed(self.nationals)}.values()),
            tuple(self.programmes[:1]),
        )
