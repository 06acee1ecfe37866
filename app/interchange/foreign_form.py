"""A foreign form while it is read: its questions in order, then their conditions, then ours.

A reader adds sections and questions under the form's own names; conditions stay as written until
every question is known. ``finish`` turns them into ours, one question a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.domain.conditions import All, Condition, items_of
from app.domain.lists import list_pages
from app.domain.questionnaire import (
    Audience,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Row,
    Section,
)
from app.domain.text import NO_TEXT, Text
from app.interchange.foreign_conditions import Translator
from app.interchange.foreign_expressions import Expression, Unreadable
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_logic import Result, Untranslatable, flat, nested
from app.interchange.foreign_names import Names
from app.interchange.foreign_text import beside
from app.interchange.import_report import ForeignFault, ImportReport

AnyPart = TypeVar("AnyPart", Row, Option)
MAX_QUESTIONS = 3_000
MOST_ENTRIES = 12  # of a list
MAX_OPTIONS = 60_000
MAX_DEPTH = 9  # of a condition in a file


@dataclass(frozen=True, slots=True)
class Source:
    """A condition as written, and where."""

    place: str
    written: str
    read: Expression | None = None  # where the file gives it as a tree


@dataclass
class Entry:
    """A question on its way: where it stood, its own conditions and those of its groups."""

    place: str
    question: Question
    conditions: tuple[Source, ...] = ()
    own: Condition | None = None  # already ours
    inner: list[Entry] = field(default_factory=list)  # of a list: what is asked of each entry
    parts: dict[str, tuple[Source, ...]] = field(default_factory=dict)  # of rows, options, by code


@dataclass
class _Part:
    title: Text
    entries: list[Entry] = field(default_factory=list)


@dataclass
class ForeignForm:
    """What was read so far. ``parse``: the language that conditions are written in."""

    report: ImportReport
    languages: tuple[str, ...]
    title: Text
    parse: Callable[[str], Expression] | None = None
    names: Names = field(default_factory=Names)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)
    introduction: Text = NO_TEXT
    source: Text = NO_TEXT
    licence: str = ""
    blank_is_zero: bool = False  # as LimeSurvey adds up
    _scored: set[str] = field(default_factory=set)
    _count: int = 0
    _options: int = 0

    def section(self, title: Text) -> None:
        """What follows stands under this title."""
        if not self.parts or self.parts[-1].title != title:
            self.parts.append(_Part(title))

    def code(self, place: str, name: str, *, repeated: bool = False) -> str:
        """A code for what the form calls ``name``; said where it had to change.

        ``repeated``: a list, or a question about its entries, has a code for each place too.
        """
        code = self.names.code(name, MOST_ENTRIES if repeated else 0)
        if code != name:
            rule = "twice" if code.rpartition("_")[0] == name else "renamed"
            self.report.approximated(place, "look", rule, name=name, code=code)
        return code

    def under(self, place: str, title: Text, text: Text) -> Text:
        """The text of a question of a list under the title of its group, in its own languages."""
        lost = [tag for tag in title.as_dict() if tag not in text.as_dict()]
        if lost:
            self.report.unsupported(place, "text", "title_lost", names=", ".join(lost))
        return beside(title, text)

    def add(self, entry: Entry) -> None:
        """The next question. Raises ``ForeignFault`` where there are too many."""
        if not self.parts:
            self.parts.append(_Part(self.title))
        self.parts[-1].entries.append(entry)
        self.told(entry)

    def told(self, entry: Entry) -> None:
        """Say that a question came in. Raises ``ForeignFault`` where there are too many."""
        self._count += 1
        self._options += len(entry.question.options)
        if self._count > MAX_QUESTIONS:
            raise ForeignFault(entry.place, "too_many", most=MAX_QUESTIONS, what="questions")
        if self._options > MAX_OPTIONS:
            raise ForeignFault(entry.place, "too_many", most=MAX_OPTIONS, what="options")
        self.report.came(entry.place, entry.question.code, entry.question.kind.value)

    def means(self, name: str, question: Question, options: dict[str, str]) -> None:
        """What ``name`` stands for in conditions; ``options``: our codes by the form's."""
        self.meanings.setdefault(name, Item(question.code, question.kind, options))

    def calculated(self, name: str, written: str) -> bool:
        """Remember a calculated value; whether it could be read."""
        try:
            assert self.parse is not None  # only readers with a language have such values
            self.meanings.setdefault(name, Formula(self.parse(written)))
        except (Unreadable, RecursionError):
            return False
        return True

    def said(self, expression: Expression) -> Result:
        """What the expression says of the questions so far, for one option of a question.

        An option that a question lacks is never chosen. Raises ``Untranslatable``.
        """
        return self._translator(all_options=True).condition(expression)

    def _translator(self, *, all_options: bool = False) -> Translator:
        return Translator(self.meanings.get, self._scored.add, all_options, self.blank_is_zero)

    def finish(self, code: str) -> Questionnaire:
        """The questionnaire. Raises ``ForeignFault`` where nothing of the file came in."""
        earlier: set[str] = set()
        for part in self.parts:
            for entry in part.entries:
                self._conditions(entry, earlier)
                earlier.update(_answered_by(entry.question))
        parts = [part for part in self.parts if part.entries]
        if not any(e.question.kind is not Kind.INFORMATION for p in parts for e in p.entries):
            raise ForeignFault("-", "no_questions")
        codes = Names("S")
        sections = tuple(
            Section(
                codes.code(f"S{number}"),
                part.title if part.title.wordings else self.title,
                tuple(page for entry in part.entries for page in self._pages(entry)),
            )
            for number, part in enumerate(parts, 1)
        )
        return Questionnaire(
            code=Names("F").code(code),
            audience=Audience.PROFESSIONAL,
            title=self.title,
            languages=self.languages,
            sections=sections,
            fallback=self.languages[0],
            introduction=self.introduction,
            source=self.source,
            licence=self.licence,
        )

    def _conditions(self, entry: Entry, earlier: set[str]) -> None:
        """Put the conditions of an entry, and of the questions of a list, in our words."""
        if entry.inner:
            known = set(earlier)
            for one in entry.inner:
                self._conditions(one, known)
                known.update(one.question.item_codes)
            each = tuple(one.question for one in entry.inner)
            entry.question = replace(entry.question, each=each)
        if entry.parts:
            self._conditions_of_parts(entry, earlier)
        self._offered(entry, earlier)
        parts = [self._translated(source, entry.place, earlier) for source in entry.conditions]
        found = [part for part in (entry.own, *parts) if part is not None]
        if found:
            self._shown_when(entry, flat(All(tuple(found))), earlier)

    def _shown_when(self, entry: Entry, condition: Condition, earlier: set[str]) -> None:
        if items_of(condition) - earlier:
            self.report.unsupported(entry.place, "condition", "condition_later", expression="")
        elif nested(condition) > MAX_DEPTH:
            self.report.unsupported(entry.place, "condition", "condition", expression="")
        else:
            entry.question = replace(entry.question, shown_when=condition)

    def _conditions_of_parts(self, entry: Entry, earlier: set[str]) -> None:
        """Give rows and options the conditions that the form has for them."""
        asked = entry.question
        known = set(earlier)

        def with_condition(part: AnyPart) -> AnyPart:
            found = [] if part.shown_when is None else [part.shown_when]
            for source in entry.parts.get(part.code, ()):
                own = self._translated(source, entry.place, known)
                found += [] if own is None else [own]
            if isinstance(part, Row):
                known.add(part.code)  # each row has a page of its own
            return replace(part, shown_when=flat(All(tuple(found)))) if found else part

        options = tuple(map(with_condition, asked.options))
        entry.question = replace(
            asked, rows=tuple(map(with_condition, asked.rows)), options=options
        )

    def _offered(self, entry: Entry, earlier: set[str]) -> None:
        """Keep the conditions of options only where all that they read is asked before."""
        options = entry.question.options
        read = (items_of(each.shown_when) for each in options if each.shown_when is not None)
        if frozenset[str]().union(*read) - earlier:
            self.report.approximated(entry.place, "options", "options_filtered", filter="")
            plain = tuple(replace(option, shown_when=None) for option in options)
            entry.question = replace(entry.question, options=plain)

    def _translated(self, source: Source, place: str, earlier: set[str]) -> Condition | None:
        written = source.written
        try:
            found = self._translator().condition(self._read(source))
        except (Untranslatable, Unreadable, RecursionError):
            self.report.unsupported(place, "condition", "condition", expression=written)
            return None
        if found is False:
            self.report.unsupported(place, "condition", "never_asked", expression=written)
            return None
        if found is True:
            return None
        if items_of(found) - earlier:
            self.report.unsupported(place, "condition", "condition_later", expression=written)
            return None
        return found

    def _read(self, source: Source) -> Expression:
        if source.read is not None:
            return source.read
        assert self.parse is not None  # no reader without a language has other sources
        return self.parse(source.written)

    def _pages(self, entry: Entry) -> Iterable[Page]:
        question = self._with_scores(entry.question)
        if question.kind is Kind.LIST:
            return list_pages(replace(question, each=tuple(map(self._with_scores, question.each))))
        if question.kind is Kind.BATTERY:
            rows = question.rows
            return [Page(row.code, (replace(question, rows=(row,)),)) for row in rows]
        return [Page(question.code, (question,))]

    def _with_scores(self, question: Question) -> Question:
        """Where a condition compares the order of options, their codes are their scores."""
        compared = self._scored.intersection(question.item_codes)
        if not compared or any(option.score is not None for option in question.options):
            return question
        return replace(question, options=tuple(map(_scored, question.options)))


def _scored(option: Option) -> Option:
    try:
        return replace(option, score=float(option.code))
    except ValueError:
        return option


def _answered_by(question: Question) -> frozenset[str]:
    """The items that stand after the question."""
    if question.kind is Kind.LIST:
        return frozenset({question.code, *(name.code for name in question.names)})
    return frozenset(question.item_codes)
