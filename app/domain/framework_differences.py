"""What changed between two versions of a framework: indicators, measures, weights, rules."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.breakdowns import Breakdown
from app.domain.frameworks import Framework, Indicator, global_weights, indicators
from app.domain.method_choices import LISTS, Methods
from app.domain.severity import Difference, Severity, text_differences
from app.domain.text import Text

_RULES = ("aggregation", "availability", "margin")
_METHODS = (*LISTS, "judges")
_MEANING = ("components", "unit", "higher_is_better", "goalposts", "scored")


def framework_differences(before: Framework, after: Framework) -> tuple[Difference, ...]:
    """Every difference; weights are compared as exact shares of the whole (``3/20``)."""
    return (
        *text_differences(after.code, "title", before.title, after.title, Severity.PRESENTATION),
        *_rules(before, after),
        *_indicators(before, after),
        *_weights(before, after),
        *_breakdowns(before, after),
    )


def _rules(before: Framework, after: Framework) -> Iterator[Difference]:
    for part in _RULES:
        was, now = getattr(before, part), getattr(after, part)
        if was != now:
            yield Difference(Severity.BREAKING, after.code, part, None, str(was), str(now))
    if before.methods != after.methods:
        yield from _methods(before.methods or Methods(), after.methods or Methods(), after.code)
    if before.extends != after.extends:
        was, now = ("–" if e is None else f"{e[0]} {e[1]}" for e in (before.extends, after.extends))
        yield Difference(Severity.BREAKING, after.code, "extends", None, was, now)


def _methods(before: Methods, after: Methods, code: str) -> Iterator[Difference]:
    """The verdicts depend on the admissible methods, so a change of them breaks as weights do."""
    for part in _METHODS:
        was, now = getattr(before, part), getattr(after, part)
        if was != now:
            words = (
                ", ".join(_in_words(each) for each in choices) or "–" for choices in (was, now)
            )
            yield Difference(Severity.BREAKING, code, f"methods.{part}", None, *words)


def _in_words(choice: object) -> str:
    if isinstance(choice, tuple):  # a judge
        return " ".join(f"{code} {points}" for code, points in choice)
    return str(choice)


def _indicators(before: Framework, after: Framework) -> Iterator[Difference]:
    earlier = {found.code: found for found in (*indicators(before), *before.ledger)}
    later = {found.code: found for found in (*indicators(after), *after.ledger)}
    for code, indicator in later.items():
        if code not in earlier:
            yield Difference(Severity.ADDITIVE, code, "indicator", after=code)
        else:
            yield from _indicator(earlier[code], indicator)
    for code in earlier:
        if code not in later:
            yield Difference(Severity.BREAKING, code, "indicator", before=code)


def _indicator(before: Indicator, after: Indicator) -> Iterator[Difference]:
    yield from text_differences(after.code, "title", before.title, after.title)
    yield from text_differences(after.code, "note", before.note, after.note, Severity.PRESENTATION)
    for part in _MEANING:
        if getattr(before, part) != getattr(after, part):
            name = "measure" if part == "components" else part
            yield Difference(Severity.BREAKING, after.code, name)
    if _aim(before) != _aim(after):
        yield Difference(Severity.PRESENTATION, after.code, "target")
    yield from _source(after.code, before.source, after.source)
    for part in ("evidence", "relation"):
        if getattr(before, part) != getattr(after, part):
            yield Difference(Severity.PRESENTATION, after.code, part)


def _aim(given: Indicator) -> object:
    """The target, whatever the order of the languages of who set it."""
    target = given.target
    return target and (target.value, target.owner.as_dict(), target.date)


def _source(code: str, before: Text, after: Text) -> Iterator[Difference]:
    yield from text_differences(code, "source", before, after, Severity.PRESENTATION)


def _weights(before: Framework, after: Framework) -> Iterator[Difference]:
    earlier, later = global_weights(before), global_weights(after)
    for code, weight in later.items():
        if code in earlier and earlier[code] != weight:
            yield Difference(
                Severity.BREAKING, code, "weight", None, str(earlier[code]), str(weight)
            )


def _breakdowns(before: Framework, after: Framework) -> Iterator[Difference]:
    """Another group under the same code is another figure: that breaks; a new breakdown adds."""
    earlier = {found.code: found for found in before.breakdowns}
    later = {found.code: found for found in after.breakdowns}
    for code in earlier:
        if code not in later:
            yield Difference(Severity.BREAKING, code, "breakdown", before=code)
    for code, found in later.items():
        if code not in earlier:
            yield Difference(Severity.ADDITIVE, code, "breakdown", after=code)
        else:
            yield from _breakdown(earlier[code], found)


def _breakdown(before: Breakdown, after: Breakdown) -> Iterator[Difference]:
    yield from text_differences(after.code, "title", before.title, after.title)
    titles = {each.code: each.title for each in before.groups}
    for group in after.groups:
        place = f"{after.code}.{group.code}"
        was = titles.get(group.code, group.title)
        yield from text_differences(place, "title", was, group.title)
    if _who(before) != _who(after):
        yield Difference(Severity.BREAKING, after.code, "groups")
    yield from _source(after.code, before.source, after.source)
    if before.evidence != after.evidence:
        yield Difference(Severity.PRESENTATION, after.code, "evidence")


def _who(given: Breakdown) -> tuple[object, ...]:
    """Everything that decides who is in which group, and which one the others are compared with."""
    groups = tuple((each.code, frozenset(each.options)) for each in given.groups)
    return (given.audience, given.by, given.question, groups)
