"""What is wrong in a framework: weights, codes, measures, and what a territory changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.domain.breakdown_checks import check_breakdowns
from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.codes import is_code
from app.domain.evidence import Evidence
from app.domain.frameworks import (
    Change,
    Framework,
    Gap,
    Indicator,
    Leaf,
    Node,
    Relation,
    global_weights,
    indicators,
    leaves,
    node_weight,
)
from app.domain.measure_checks import check_component
from app.domain.method_checks import check_methods
from app.domain.questionnaire import Audience, Questionnaire
from app.domain.text import Text
from app.domain.text_checks import check_languages, check_text

Questionnaires = Mapping[Audience, Sequence[Questionnaire]]
_NOTHING_CHANGED = (Relation.KEPT,)


def check_framework(
    framework: Framework, national: Framework | None, questionnaires: Questionnaires
) -> tuple[Finding, ...]:
    """Every finding on a resolved framework.

    ``national``: what it extends, None for a national one. ``questionnaires``: by audience, the
    core or instruments whose items its measures may read; an empty mapping leaves them unchecked.
    """
    found = [
        *check_countable(framework),
        *_own_codes(framework, national),
        *_texts(framework),
        *_measures(framework, questionnaires),
    ]
    if national is None:
        found.extend(check_breakdowns(framework, questionnaires))
    if national is not None:
        found.extend(_changes(framework, national))
    return tuple(dict.fromkeys(found))


def check_countable(framework: Framework) -> Iterator[Finding]:
    """What keeps figures from being computed, whatever was asked and however it is worded."""
    yield from _codes(framework)
    yield from _weights(framework)
    yield from _indicators(framework)
    yield from check_methods(framework, _without_target(framework))


def _without_target(framework: Framework) -> tuple[str, ...]:
    return tuple(each.code for each in indicators(framework) if each.target is None)


def _nodes(node: Node | Leaf) -> Iterator[Node]:
    if isinstance(node, Node):
        yield node
        for child in node.children:
            yield from _nodes(child)


def _all_indicators(framework: Framework) -> tuple[Indicator, ...]:
    return (*indicators(framework), *framework.ledger)


def _codes(framework: Framework) -> Iterator[Finding]:
    nodes = [node.code for dimension in framework.dimensions for node in _nodes(dimension)]
    named = [indicator.code for indicator in _all_indicators(framework)]
    for code, times in Counter([*nodes, *named]).items():
        if times > 1:
            yield finding("code_twice", code)
        if not is_code(code):
            yield finding("code_syntax", code)


def _own_codes(framework: Framework, national: Framework | None) -> Iterator[Finding]:
    if national is None:
        return
    taken = {indicator.code for indicator in _all_indicators(national)}
    for indicator in _all_indicators(framework):
        own = indicator.relation in (Relation.ADAPTED, Relation.ADDED)
        if own and indicator.code in taken:
            yield finding("own_code_is_national", indicator.code)


def _weights(framework: Framework) -> Iterator[Finding]:
    empty = False
    for dimension in framework.dimensions:
        if dimension.weight is None:
            yield finding("dimension_weight", dimension.code)
        if not sum(leaf.weight for leaf in leaves(dimension)):
            empty = True
            yield finding("no_weight", dimension.code)
    if not sum(node_weight(dimension) for dimension in framework.dimensions):
        empty = True
        yield finding("no_weight", framework.code)
    codes = [indicator.code for indicator in indicators(framework)]
    told_apart = len(set(codes)) == len(codes)
    if not empty and told_apart and sum(global_weights(framework).values()) != 1:
        yield finding("weights_sum", framework.code)


def _texts(framework: Framework) -> Iterator[Finding]:
    languages = tuple(language for language, _ in framework.title.wordings)
    texts = [(framework.code, "description", framework.description)]
    for dimension in framework.dimensions:
        texts += [(node.code, "title", node.title) for node in _nodes(dimension)]
    for indicator in _all_indicators(framework):
        texts += [
            (indicator.code, "title", indicator.title),
            (indicator.code, "note", indicator.note),
        ]
    for code, part, text in texts:
        if part == "title" or text.wordings:
            yield from check_text(code, part, text, languages, frozenset())
    for code, part, text in _lines(framework):
        if text.wordings:
            yield from check_languages(code, part, text, languages)


def _lines(framework: Framework) -> Iterator[tuple[str, str, Text]]:
    """What may be one line that is the same in each language."""
    yield framework.code, "source", framework.source
    for change in framework.changes:
        yield change.indicator, "source", change.source
    for indicator in _all_indicators(framework):
        yield indicator.code, "source", indicator.source
        if indicator.target is not None:
            yield indicator.code, "owner", indicator.target.owner


def _indicators(framework: Framework) -> Iterator[Finding]:
    scored = indicators(framework)
    for indicator in _all_indicators(framework):
        low, high = indicator.goalposts
        if low >= high:
            yield finding("goalposts", indicator.code)
        elif indicator.target is not None:
            target = indicator.target.value
            if target <= low if indicator.higher_is_better else target >= high:
                yield finding("target_at_worst", indicator.code)
        if indicator in scored and any(isinstance(c.measure, Gap) for c in indicator.components):
            yield finding("gap_scored", indicator.code)


def _measures(framework: Framework, questionnaires: Questionnaires) -> Iterator[Finding]:
    if questionnaires:
        for indicator in _all_indicators(framework):
            for component in indicator.components:
                yield from check_component(component, indicator.code, questionnaires)


def _changes(framework: Framework, national: Framework) -> Iterator[Finding]:
    if framework.extends is None or framework.extends[0] != national.code:
        extends = framework.extends[0] if framework.extends else "–"
        yield finding("not_extending", framework.code, extends=extends)
    known = [indicator.code for indicator in indicators(national)]
    said = [change for change in framework.changes if change.relation is not Relation.ADDED]
    for code, times in Counter(change.indicator for change in said).items():
        if code not in known:
            yield finding("unknown_indicator", code, indicator=code)
        if times > 1:
            yield finding("changed_twice", code, indicator=code)
    for code in known:
        if code not in {change.indicator for change in said}:
            yield finding("not_accounted", framework.code, indicator=code)
    languages = [language for language, _ in framework.title.wordings]
    for change in framework.changes:
        yield from _reason(change, languages)


def _reason(change: Change, languages: list[str]) -> Iterator[Finding]:
    if change.relation in _NOTHING_CHANGED:
        return
    if not all(change.reason.has(language) for language in languages):
        yield finding("no_reason", change.indicator, indicator=change.indicator)
    if change.evidence is Evidence.DOCUMENTED and not change.source.wordings:
        yield finding("no_source", change.indicator, indicator=change.indicator)
