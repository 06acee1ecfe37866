"""Questionnaires and modules as files: what the reader makes of them is the same object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from app.definitions.conditions import write_condition
from app.definitions.ratings import labels_of
from app.definitions.worded import written
from app.definitions.yaml_text import Flow, plain, to_yaml, without_empty
from app.domain.conditions import Condition
from app.domain.questionnaire import (
    Kind,
    Limits,
    Module,
    Option,
    Page,
    Proxy,
    Question,
    Questionnaire,
    Required,
    Row,
    Section,
    Slot,
    WayOut,
    Why,
)
from app.domain.text import Text

Raw = dict[str, Any]
Lists = tuple[tuple[str, tuple[Option, ...]], ...]


def write_questionnaire_yaml(questionnaire: Questionnaire) -> str:
    """The questionnaire as a file. An instrument is written as the core it has become."""
    writer = _Writer(questionnaire.languages, questionnaire.option_lists, questionnaire.pages)
    return to_yaml(
        {
            "format": "covalue/questionnaire/1",
            "code": questionnaire.code,
            "audience": questionnaire.audience.value,
            "languages": list(questionnaire.languages),
            "fallback": questionnaire.fallback,
            "title": text(questionnaire.title),
            **without_empty(
                {
                    "introduction": written(
                        questionnaire.introduction, questionnaire.proxy_introduction
                    ),
                    "source": line(questionnaire.source),
                    "licence": questionnaire.licence,
                }
            ),
            **({} if questionnaire.minutes is None else {"minutes": plain(questionnaire.minutes)}),
            **writer.head(),
            "sections": [writer.section(section) for section in questionnaire.sections],
        }
    )


def write_module_yaml(module: Module) -> str:
    """The module as a file; the core's option lists are written out where they are used."""
    pages = [page for pages in module.pages_by_slot.values() for page in pages]
    writer = _Writer(module.languages, module.option_lists, pages)
    core: Raw = {"code": module.core}
    if module.core_number is not None:
        core["number"] = module.core_number
    return to_yaml(
        {
            "format": "covalue/module/1",
            "code": module.code,
            "audience": module.audience.value,
            "territory": module.territory,
            "core": Flow(core),
            "languages": list(module.languages),
            "title": text(module.title),
            **without_empty({"source": line(module.source), "instead": module.instead}),
            **writer.head(),
            "slots": {slot: writer.entries(pages) for slot, pages in module.pages_by_slot.items()},
        }
    )


def text(given: Text) -> Flow:
    """A text on one line."""
    return Flow(given.as_dict())


def line(given: Text) -> str | Flow:
    """A text that may be the same in each language: then the line alone; empty without words."""
    said = given.as_written()
    return said if isinstance(said, str) else Flow(said)


class _Writer:
    """Writes the parts of one file, with what repeats in it said once at its head."""

    def __init__(self, languages: tuple[str, ...], lists: Lists, pages: Iterable[Page]) -> None:
        self.languages = languages
        self.lists = lists
        self.usual = _usual_ways(question for page in pages for question in page.questions)

    def head(self) -> Raw:
        return without_empty(
            {
                "option_lists": {name: [_option(o) for o in listed] for name, listed in self.lists},
                "ways_out": {why.value: _way(way) for why, way in self.usual.items()},
            }
        )

    def section(self, section: Section) -> Raw:
        return {
            "code": section.code,
            "title": written(section.title, section.proxy_title),
            "items": self.entries(section.entries),
        }

    def entries(self, entries: Iterable[Page | Slot]) -> list[Raw]:
        """The entries, with the pages of a battery that is asked row by row in one again."""
        told = (entry for entry in entries if isinstance(entry, Slot) or not about_entry(entry))
        return [self._entry(list(group)) for _, group in groupby(told, _battery)]

    def _entry(self, group: list[Page | Slot]) -> Raw:
        first = group[0]
        if isinstance(first, Slot):
            minutes = {"minutes": plain(first.minutes)} if first.minutes else {}
            return {"slot": Flow({"code": first.code, **minutes})}
        pages = [entry for entry in group if isinstance(entry, Page)]
        question = first.questions[0]
        if row_by_row(first):
            rows = tuple(row for page in pages for row in page.questions[0].rows)
            return self._question(replace(question, rows=rows))
        alone = len(first.questions) == 1 or question.kind is Kind.LIST  # its names are made
        if alone and question.code == first.code and not first.title.wordings:
            return self._question(question)
        return {
            "page": {
                "code": first.code,
                **without_empty({"title": written(first.title, first.proxy_title)}),
                "questions": [self._question(inner) for inner in first.questions],
            }
        }

    def _question(self, question: Question) -> Raw:
        return {
            "code": question.code,
            "type": question.kind.value,
            "text": text(question.text),
            **without_empty(
                {
                    "hint": written(question.hint, question.proxy_hint),
                    "why_we_ask": written(question.why_we_ask, question.proxy_why_we_ask),
                    "interviewer_note": text(question.interviewer_note),
                    "unit": text(question.unit),
                    "name": text(question.name),
                    "entry": text(question.entry),
                    "most": question.most,
                    "proxy": _proxy(question),
                    "shown_when": question.shown_when and write_condition(question.shown_when),
                    **self._options(question),
                    "rows": [_row(row) for row in question.rows],
                    "layout": "list" if question.layout == "list" else "",
                    "precision": "" if question.precision == "day" else question.precision,
                    "accepts": [kind.value for kind in question.accepts],
                    "limits": _limits(question.limits),
                    "ways_out": self._ways_out(question),
                    "required": "" if question.required is Required.NO else question.required.value,
                    "sensitive": question.sensitive,
                    "scan": question.scan,
                    "status": "" if question.status == "draft" else question.status,
                    "source": line(question.source),
                    "questions": [self._question(inner) for inner in question.each],
                }
            ),
        }

    def _options(self, question: Question) -> Raw:
        if question.kind is Kind.RATING:
            first, last = question.options[0].code, question.options[-1].code
            labels = labels_of(question.options, self.languages)
            return {"from": first, "to": last, "labels": labels}
        named = [(n, o) for n, o in self.lists if o and question.options[: len(o)] == o]
        if not named:
            return {"options": [_option(option) for option in question.options]}
        name, listed = max(named, key=lambda pair: len(pair[1]))
        rest = question.options[len(listed) :]
        return {"options": name, "extra_options": [_option(option) for option in rest]}

    def _ways_out(self, question: Question) -> list[str] | Raw:
        own = {
            way.why.value: "" if way == self.usual.get(way.why, WayOut(way.why)) else _way(way)
            for way in question.ways_out
        }
        return own if any(own.values()) else list(own)


def about_entry(page: Page) -> bool:
    """Whether the page asks about an entry of a list: the list itself says so."""
    return bool(page.questions[0].of_list)


def row_by_row(page: Page) -> bool:
    """Whether the page is one row of a battery that is asked row by row."""
    question = page.questions[0]
    asked = question.kind is Kind.BATTERY and question.layout == "one_by_one"
    return asked and len(page.questions) == 1 and [r.code for r in question.rows] == [page.code]


def _battery(entry: Page | Slot) -> object:
    """Equal for the rows of one battery, different for everything else."""
    if isinstance(entry, Page) and row_by_row(entry):
        return replace(entry.questions[0], rows=())
    return object()


def _usual_ways(questions: Iterable[Question]) -> Mapping[Why, WayOut]:
    """Each way out in its words most used, where every question has words for it."""
    counted: dict[Why, Counter[WayOut]] = {}
    for question in questions:
        for way in question.ways_out:
            counted.setdefault(way.why, Counter())[way] += 1
    return {
        why: ways.most_common(1)[0][0]
        for why, ways in counted.items()
        if all(way.text.wordings for way in ways)
    }


def _way(way: WayOut) -> Flow:
    return written(way.text, way.proxy_text)


def _option(option: Option) -> Flow:
    return Flow(
        {
            "code": option.code,
            "text": text(option.text),
            **without_empty({"proxy": text(option.proxy_text)}),
            **({} if option.score is None else {"score": plain(option.score)}),
            **{word: True for word in ("exclusive", "specify", "closed") if getattr(option, word)},
            **({} if option.shown_when is None else _offered_when(option.shown_when)),
        }
    )


def _offered_when(condition: Condition) -> Raw:
    return {"shown_when": write_condition(condition)}


def _row(row: Row) -> Flow:
    return Flow(
        {
            "code": row.code,
            "text": text(row.text),
            **without_empty(
                {
                    "shown_when": row.shown_when and write_condition(row.shown_when),
                    "proxy": _proxy(row),
                }
            ),
        }
    )


def _proxy(asked: Question | Row) -> str | Flow:
    if asked.proxy is Proxy.REWORDED:
        return text(asked.proxy_text)
    return "not_asked" if asked.proxy is Proxy.NOT_ASKED else ""


def _limits(limits: Limits) -> Raw:
    return dict(_limit_pairs(limits))


def _limit_pairs(limits: Limits) -> Iterator[tuple[str, Any]]:
    for name in ("minimum", "maximum"):
        bound = getattr(limits, name)
        if bound is not None:
            yield name, bound if isinstance(bound, str) else plain(bound)
    for name in ("min_length", "max_length", "min_choices", "max_choices", "pattern"):
        if getattr(limits, name) is not None:
            yield name, getattr(limits, name)
    if limits.decimals:
        yield "decimals", limits.decimals
    if limits.pattern_text.wordings:
        yield "pattern_text", text(limits.pattern_text)
    if limits.compare:
        yield "compare", [f"{comparison.op} {comparison.item}" for comparison in limits.compare]
