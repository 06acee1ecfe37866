"""Frameworks and questionnaires that come as files with data: no house knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.definitions.files import kind_of, read_framework, read_module, read_questionnaire
from app.definitions.nodes import read_document
from app.domain.breakdown_checks import check_breakdowns
from app.domain.breakdown_words import BREAKDOWN_RULES
from app.domain.checks import Level
from app.domain.composition import plugged
from app.domain.errors import BadDefinition
from app.domain.framework_checks import check_countable
from app.domain.frameworks import Framework
from app.domain.measure_checks import check_uncounted
from app.domain.questionnaire import Audience, Questionnaire
from app.evaluation.components import all_indicators
from app.evaluation.plain_items import items_of
from app.evaluation.plan import ItemPlan
from app.evaluation.refusing import fault
from app.workflows.brought_files import BadFile, File, reading


def frameworks_in(files: Sequence[File]) -> list[Framework]:
    """The national framework first, then the others, resolved against it. Raises ``BadFile``."""
    extending = {}
    for file in files:
        with reading(file.name):
            extending[file] = "extends" in read_document(file.text).data
    national = [file for file in extending if not extending[file]]
    if len(national) > 1:
        words = (
            "Un seul cadre peut être national (sans « extends »).",
            "Here only one may be national (without “extends”).",
        )
        remedy = ("Donnez les autres à part.", "Give the others apart.")
        raise BadFile(national[1].name, [fault("1", words, remedy)])
    found: list[Framework] = []
    for file in sorted(extending, key=lambda each: extending[each]):
        with reading(file.name):
            above = found[0] if extending[file] and found else None
            found.append(_computable(read_framework(file.text, above)))
    return found


def _computable(framework: Framework) -> Framework:
    """The framework. Raises BadDefinition for codes, weights, goalposts and methods that give no
    figure, for what no figure counts, and for breakdowns whose groups are not told apart; what
    questionnaires must have is theirs to say."""
    components = (
        (indicator.code, each.measure)
        for indicator in all_indicators(framework)
        for each in indicator.components
    )
    found = list(check_countable(framework))
    found += [one for code, measure in components for one in check_uncounted(measure, code)]
    found += [one for one in check_breakdowns(framework, {}) if one.rule in BREAKDOWN_RULES]
    errors = [one for one in found if one.level is Level.ERROR]
    if errors:
        raise BadDefinition(errors)
    return framework


def items_in(files: Sequence[File]) -> dict[str, ItemPlan]:
    """What questionnaires and modules say of their items. Raises ``BadFile``."""
    cores: dict[Audience, Questionnaire] = {}
    found: dict[str, ItemPlan] = {}
    modules = []
    for file in files:
        with reading(file.name):
            if kind_of(file.text) == "module":
                modules.append(file)
                continue
            core = read_questionnaire(file.text)
            cores[core.audience] = core
            found |= items_of(core.question_by_item)
    for file in modules:
        with reading(file.name):
            found |= _module_items(file.text, cores)
    return found


def _module_items(text: str, cores: Mapping[Audience, Questionnaire]) -> dict[str, ItemPlan]:
    audience = read_document(text).data.get("audience")
    core = next((each for each in cores.values() if each.audience == audience), None)
    module = read_module(text, core)
    return {} if core is None else items_of(plugged(core, module).question_by_item)
