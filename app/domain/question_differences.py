"""What changed between two versions of one question."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from app.domain.conditions import Condition
from app.domain.questionnaire import Option, Question, Row
from app.domain.severity import Difference, Severity, text_differences

_PRESENTATION = ("required", "layout", "sensitive", "scan", "status")


def question_differences(before: Question, after: Question) -> Iterator[Difference]:
    """Every difference; a change of kind says it all."""
    code = after.code
    if before.kind is not after.kind:
        yield Difference(
            Severity.BREAKING, code, "type", before=before.kind.value, after=after.kind.value
        )
        return
    yield from text_differences(code, "text", before.text, after.text)
    yield from text_differences(code, "hint", before.hint, after.hint)
    yield from text_differences(code, "hint.proxy", before.proxy_hint, after.proxy_hint)
    yield from text_differences(code, "unit", before.unit, after.unit)
    yield from text_differences(code, "name", before.name, after.name)
    yield from text_differences(code, "entry", before.entry, after.entry)
    yield from text_differences(code, "proxy", before.proxy_text, after.proxy_text)
    for part, was, now in (
        ("why_we_ask", before.why_we_ask, after.why_we_ask),
        ("why_we_ask.proxy", before.proxy_why_we_ask, after.proxy_why_we_ask),
        ("source", before.source, after.source),
        ("interviewer_note", before.interviewer_note, after.interviewer_note),
    ):
        yield from text_differences(code, part, was, now, Severity.PRESENTATION)
    yield from _options(before, after)
    yield from _rows(before, after)
    yield from _rules(before, after)
    yield from _of_each(before, after)


def _of_each(before: Question, after: Question) -> Iterator[Difference]:
    """What a list asks about each entry, and how many places it has."""
    if before.most != after.most:
        severity = Severity.ADDITIVE if after.most > before.most else Severity.BREAKING
        yield Difference(severity, after.code, "most", None, str(before.most), str(after.most))
    earlier = {one.code: one for one in before.each}
    later = {one.code: one for one in after.each}
    for code, one in later.items():
        if code in earlier:
            yield from question_differences(earlier[code], one)
        else:
            yield Difference(Severity.ADDITIVE, code, "question", after=one.kind.value)
    for code in earlier.keys() - later.keys():
        yield Difference(Severity.BREAKING, code, "question", before=earlier[code].kind.value)


def _rules(before: Question, after: Question) -> Iterator[Difference]:
    code = after.code
    yield from _shown(code, before.shown_when, after.shown_when)
    if before.precision != after.precision:
        yield Difference(
            Severity.BREAKING, code, "precision", None, before.precision, after.precision
        )
    yield from _limits(before, after)
    if before.proxy is not after.proxy:
        yield Difference(Severity.ADDITIVE, code, "proxy", None, before.proxy, after.proxy)
    offered, offers = ([way.why for way in question.ways_out] for question in (before, after))
    if sorted(offered) != sorted(offers):
        yield Difference(
            Severity.ADDITIVE, code, "ways_out", None, ", ".join(offered), ", ".join(offers)
        )
    else:
        earlier = {way.why: way for way in before.ways_out}
        for way in after.ways_out:
            was_way, part = earlier[way.why], f"ways_out.{way.why}"
            yield from text_differences(code, part, was_way.text, way.text)
            yield from text_differences(code, f"{part}.proxy", was_way.proxy_text, way.proxy_text)
    for part in _PRESENTATION:
        was, now = getattr(before, part), getattr(after, part)
        if was != now:
            yield Difference(Severity.PRESENTATION, code, part, None, str(was), str(now))


def _limits(before: Question, after: Question) -> Iterator[Difference]:
    """What an answer must keep to."""
    if before.limits != after.limits:
        yield Difference(Severity.ADDITIVE, after.code, "limits")
    if before.accepts != after.accepts:
        was, now = (", ".join(question.accepts) for question in (before, after))
        yield Difference(Severity.ADDITIVE, after.code, "accepts", None, was, now)


def _shown(place: str, before: Condition | None, after: Condition | None) -> Iterator[Difference]:
    """Another condition asks other people: figures before and after have another base."""
    if before != after:
        yield Difference(Severity.BREAKING, place, "shown_when")


def _options(before: Question, after: Question) -> Iterator[Difference]:
    code, later = after.code, after.option_by_code
    for option in after.options:
        if option.code not in before.option_by_code:
            yield Difference(Severity.ADDITIVE, code, f"options.{option.code}", after=option.code)
    for option in before.options:
        if option.code not in later:
            yield Difference(Severity.BREAKING, code, f"options.{option.code}", before=option.code)
        else:
            yield from _option(code, option, later[option.code], before)
    kept_before = [option.code for option in before.options if option.code in later]
    kept_after = [option.code for option in after.options if option.code in before.option_by_code]
    if sorted(kept_before) == sorted(kept_after) and kept_before != kept_after:
        yield Difference(Severity.PRESENTATION, code, "options.order")


def _option(code: str, before: Option, after: Option, question: Question) -> Iterator[Difference]:
    part = f"options.{after.code}"
    if before.score != after.score:
        yield Difference(
            Severity.BREAKING, code, f"{part}.score", None, str(before.score), str(after.score)
        )
    if before.shown_when != after.shown_when:
        yield Difference(Severity.BREAKING, code, f"{part}.shown_when")
    for word in ("closed", "exclusive", "specify"):
        if getattr(before, word) != getattr(after, word):
            yield Difference(Severity.ADDITIVE, code, f"{part}.{word}")
    others = [option for option in question.options if option.code != before.code]
    taken = set(chain.from_iterable(option.text.wordings for option in others))
    for found in text_differences(code, part, before.text, after.text):
        meant = (found.language, found.after) in taken  # the words of another code: other meaning
        severity = Severity.BREAKING if meant else found.severity
        yield Difference(severity, code, part, found.language, found.before, found.after)
    yield from text_differences(code, f"{part}.proxy", before.proxy_text, after.proxy_text)


def _rows(before: Question, after: Question) -> Iterator[Difference]:
    earlier: dict[str, Row] = {row.code: row for row in before.rows}
    later = {row.code: row for row in after.rows}
    for code, row in later.items():
        if code not in earlier:
            yield Difference(Severity.ADDITIVE, code, "row", after=code)
            continue
        was = earlier[code]
        yield from text_differences(code, "text", was.text, row.text)
        yield from text_differences(code, "proxy", was.proxy_text, row.proxy_text)
        yield from _shown(code, was.shown_when, row.shown_when)
        if was.proxy is not row.proxy:
            yield Difference(Severity.ADDITIVE, code, "proxy", None, was.proxy, row.proxy)
    for code in earlier:
        if code not in later:
            yield Difference(Severity.BREAKING, code, "row", before=code)
