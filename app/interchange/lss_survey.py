"""A survey of LimeSurvey while it is read: its rows, texts, names and options."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.conditions import All, Answered, Condition, Includes, Not, as_number
from app.domain.piping import SPOKEN as CAN_BE_SAID
from app.domain.questionnaire import (
    Kind,
    Option,
    Question,
    Required,
)
from app.domain.text import NO_TEXT, Text
from app.interchange.foreign_expressions import Expression, read_lime
from app.interchange.foreign_form import Entry, ForeignForm, Source
from app.interchange.foreign_leaves import Item, Meaning, Ticked
from app.interchange.foreign_names import Names
from app.interchange.foreign_text import without_braces
from app.interchange.import_report import ImportReport
from app.interchange.lss_conditions import old_conditions
from app.interchange.lss_tables import Record, Tables, answer_key, number
from app.interchange.lss_words import FIXED, NOTHING, built_in

_BRACES = re.compile(r"\{([^{}\s][^{}]*)\}")
_SUFFIX = re.compile(r"\.(NAOK|shown|value|valueNAOK|code|question)$")
_SELF = re.compile(r"\bself\.sq_(\w+)")
_THAT = re.compile(r"\bthat\.(\w+)\.sq_(\w+)")
_WHOLE = re.compile(r"\bthat\.(\w+)(?:\.NAOK)?(?!\.?\w)")
_NUMBERED = re.compile(r"Q(\d+)((?:_S\d+)*)(?:_C(other|comment))?(?:#(\d))?")
_REQUIRED = {"Y": Required.HARD, "S": Required.SOFT}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the file with what belongs to it."""

    row: Record
    place: str
    title: str
    text: Text
    hint: Text
    parts: dict[str, list[Record]]  # subquestions by scale
    answers: dict[str, list[Record]]  # by scale
    attributes: dict[str, dict[str, str]]  # by name and language
    conditions: tuple[Source, ...]

    def attribute(self, name: str) -> str:
        """The attribute in any language; empty where it says nothing."""
        return next((v for v in self.attributes.get(name, {}).values() if v not in NOTHING), "")


class LssSurvey:
    def __init__(self, tables: Tables, report: ImportReport, form: ForeignForm) -> None:
        self.tables, self.report, self.form = tables, report, form
        self.parts: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for row in sorted(
            tables.unique("subquestions", "qid"), key=lambda r: number(r, "question_order")
        ):
            if row.get("relevance", "").strip() == "0":  # never shown
                report.unsupported(f"subquestions[{row.get('title')}]", "form", "hidden")
                continue
            self.parts[row.get("parent_qid", "")][row.get("scale_id") or "0"].append(row)
        self.answers: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        seen: set[str] = set()
        for row in sorted(tables.rows["answers"], key=lambda r: number(r, "sortorder")):
            if answer_key(row) not in seen:
                seen.add(answer_key(row))
                self.answers[row.get("qid", "")][row.get("scale_id") or "0"].append(row)
        self.attributes: dict[str, dict[str, dict[str, str]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for row in tables.rows["question_attributes"]:
            said = self.attributes[row.get("qid", "")][row.get("attribute", "")]
            said[row.get("language", "")] = row.get("value", "")
        self.older = old_conditions(tables.rows["conditions"])

    def read(self, written: str) -> Expression:
        """The tree of an expression; ``that.Q1`` is all parts of Q1. Raises ``Unreadable``."""
        return read_lime(_WHOLE.sub(self._all_parts, written))

    def _all_parts(self, named: re.Match[str]) -> str:
        rows = self.tables.rows["questions"]
        qid = next((row.get("qid", "") for row in rows if row.get("title") == named[1]), "")
        parts = (part.get("title", "") for part in self.parts[qid]["0"])
        return ", ".join(f"{named[1]}_{part}" for part in parts) or named[0]

    # texts

    def words(self, word: str) -> Text:
        return Text.of(built_in(word, self.form.languages))

    def text(self, place: str, written: dict[str, str], *, filled: bool = True) -> Text:
        plain = self.tables.text(self.report, place, written)
        return Text(tuple((tag, self._said(place, w, filled)) for tag, w in plain.wordings))

    def _said(self, place: str, wording: str, filled: bool) -> str:
        pieces: list[str] = []
        position = 0
        for match in _BRACES.finditer(wording):
            pieces.append(without_braces(wording[position : match.start()]))
            found = self.form.meanings.get(_SUFFIX.sub("", match[1].strip()))
            if filled and isinstance(found, Item) and found.kind in CAN_BE_SAID:
                pieces.append(f"{{answer:{found.code}|…}}")
            else:
                self.report.approximated(place, "text", "text_reference", name=match[1])
                pieces.append("…")
            position = match.end()
        return "".join((*pieces, without_braces(wording[position:])))

    def part_text(self, place: str, part: Record) -> Text:
        written = self.tables.written("subquestions", part.get("qid", ""), "question")
        found = self.text(place, written)
        title = part.get("title", "")
        return found if found.wordings else self.same(title or "…")

    def same(self, wording: str) -> Text:
        return Text(tuple((tag, without_braces(wording)) for tag in self.form.languages))

    # groups and questions

    def add(
        self,
        asked: Asked,
        question: Question,
        names: Iterable[tuple[str, Meaning]] = (),
        own: Condition | None = None,
        more: tuple[Source, ...] = (),
        parts: dict[str, tuple[Source, ...]] | None = None,
    ) -> None:
        """A question of the file, or one of several that it becomes.

        ``own``, ``more``: conditions of this one; ``parts``: of its rows or options, by code.
        """
        if not question.text.wordings:
            self.report.approximated(asked.place, "text", "no_label", name=asked.title)
            question = replace(question, text=self.same(asked.title))
        if question.kind is not Kind.INFORMATION:
            required = _REQUIRED.get(asked.row.get("mandatory", ""), Required.NO)
            question = replace(question, required=required)
        conditions = (*asked.conditions, *more)
        self.form.add(Entry(asked.place, question, conditions, own, parts=parts or {}))
        for name, meaning in names:
            self.form.meanings.setdefault(name, meaning)

    def filtered(self, asked: Asked, title: str) -> Condition | None:
        """When a part is shown: where its namesake was chosen before, or where it was not."""
        found: list[Condition] = []
        for name, yes in (("array_filter", True), ("array_filter_exclude", False)):
            for other in filter(None, re.split(r"[;,\s]+", asked.attribute(name))):
                meaning = self.form.meanings.get(f"{other}_{title}")
                if isinstance(meaning, Ticked):
                    chosen: Condition = Includes(meaning.item, (meaning.option,), every=False)
                elif isinstance(meaning, Item):
                    chosen = Answered(meaning.code)
                else:
                    continue  # without a namesake it is always shown
                found.append(chosen if yes else Not(chosen))
        return None if not found else found[0] if len(found) == 1 else All(tuple(found))

    def filters_known(self, asked: Asked) -> None:
        """Say which filters name a question that is not in."""
        for name in ("array_filter", "array_filter_exclude"):
            for other in filter(None, re.split(r"[;,\s]+", asked.attribute(name))):
                if not any(known.startswith(f"{other}_") for known in self.form.meanings):
                    told = f"{name}={other}"
                    self.report.approximated(
                        asked.place, "options", "options_filtered", filter=told
                    )

    def named(self, asked: Asked, suffix: str = "") -> tuple[str, str]:
        """The two names that expressions use: by title and by numbers."""
        row = asked.row
        numbers = f"{row.get('sid')}X{row.get('gid')}X{row.get('qid')}"
        return f"{asked.title}{'_' if suffix else ''}{suffix}", f"{numbers}{suffix}"

    def item(
        self, asked: Asked, question: Question, codes: dict[str, str], suffix: str = ""
    ) -> list[tuple[str, Meaning]]:
        meaning = Item(question.code, question.kind, codes)
        return [(name, meaning) for name in self.named(asked, suffix)]

    def code(self, asked: Asked, suffix: str = "") -> str:
        wanted = f"{asked.title}_{suffix}" if suffix else asked.title
        return self.form.code(asked.place, wanted)

    # options

    def options(self, asked: Asked, scale: str = "0") -> tuple[list[Option], dict[str, str]]:
        names, codes, options = Names(options=True), dict[str, str](), list[Option]()
        scored = any(row.get("assessment_value") not in NOTHING for row in asked.answers[scale])
        for row in asked.answers[scale]:
            name = row.get("code", "")
            if name in codes:
                continue
            codes[name] = names.code(name)
            written = self.tables.written("answers", answer_key(row), "answer")
            text = self.text(asked.place, written, filled=False)
            score = as_number(row.get("assessment_value", "")) if scored else None
            options.append(Option(codes[name], text if text.wordings else self.same(name), score))
        return options, codes

    def fixed(self, kind: str) -> tuple[list[Option], dict[str, str]]:
        codes = FIXED[kind]
        options = [Option(c, self.words(c), float(c) if c.isdecimal() else None) for c in codes]
        return options, {code: code for code in codes}

    def with_other(self, asked: Asked, options: list[Option], codes: dict[str, str]) -> None:
        if asked.row.get("other") != "Y":
            return
        own = {c: v for c, v in asked.attributes.get("other_replace_text", {}).items() if v}
        text = self.text(asked.place, own, filled=False) if own else NO_TEXT
        code = "other" if "other" not in codes else "other_text"
        words = text if text.wordings else self.words("other")
        options.append(Option(code, words, specify=True))
        codes["-oth-"] = code

    # kinds


class Meanings(dict[str, Meaning]):
    """Names without what expressions hang on them: ``Q1.NAOK`` is ``Q1``.

    Since version 6 a question has a name by its number too, ``Q17`` or ``Q17_S21`` for a part.
    ``titles``: of questions and parts, by number.
    """

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self.titles = titles

    def get(self, name: str, otherwise: Meaning | None = None) -> Meaning | None:  # type: ignore[override]
        name = _SUFFIX.sub("", name.removeprefix("INSERTANS:"))
        found = super().get(name)
        return super().get(self._by_number(name), otherwise) if found is None else found

    def _by_number(self, name: str) -> str:
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None or numbered[1] not in self.titles:
            return name
        parts = [self.titles.get(number, "") for number in numbered[2].split("_S")[1:]]
        beside = numbered[3] or ""
        end = [f"{parts.pop()}{beside}" if parts and beside else beside, numbered[4] or ""]
        return "_".join(filter(None, (self.titles[numbered[1]], *parts, *end)))


def source(place: str, written: str) -> tuple[Source, ...]:
    """A condition that is not always true, as written, with the full names of parts."""
    written = _THAT.sub(r"\1_\2", written.strip())
    if written in ("", "1"):
        return ()
    inside = re.fullmatch(r"\{(.*)\}", written, re.DOTALL)
    return (Source(place, inside[1] if inside else written),)


def of_part(asked: Asked, part: Record) -> tuple[Source, ...]:
    """The condition of a part of a question; it may name other parts through ``self``."""
    written = _SELF.sub(rf"{asked.title}_\1", part.get("relevance", ""))
    return source(f"{asked.place}.{part.get('title', '')}", written)
