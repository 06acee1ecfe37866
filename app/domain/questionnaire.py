"""What is asked: questionnaires, sections, pages, questions, options; all of them frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from app.domain.answer_files import Medium
from app.domain.conditions import Condition, Operator
from app.domain.text import NO_TEXT, Text

NAME_LENGTH = 60  # of an entry of a list


class Audience(StrEnum):
    """Who answers."""

    ELDERLY = "elderly"
    FAMILY = "family"
    PROFESSIONAL = "professional"


class Kind(StrEnum):
    """The kinds of question."""

    CHOICE = "choice"  # one option
    CHOICES = "choices"  # several options, some of them exclusive
    RATING = "rating"  # whole numbers from..to, with labels: options made by the loader
    NUMBER = "number"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"  # to the day, the month or the year
    TIME = "time"  # of day, to the minute
    PLACE = "place"  # a point on the map
    FILE = "file"  # one picture, sound, film or document
    BATTERY = "battery"  # rows that share one list of options
    LIST = "list"  # entries that the person names; a few questions are asked about each
    INFORMATION = "information"  # nothing is asked


class Why(StrEnum):
    """Why there is no value: five different things with 'not shown', which is never stored."""

    DONT_KNOW = "dont_know"
    PREFER_NOT = "prefer_not"
    NOT_CONCERNED = "not_concerned"
    SKIPPED = "skipped"


class Required(StrEnum):
    """What an empty answer meets: nothing, one gentle reminder, or a stop."""

    NO = "no"
    SOFT = "soft"
    HARD = "hard"


class Proxy(StrEnum):
    """What happens to a question when someone answers in the person's place."""

    ALLOWED = "allowed"
    REWORDED = "reworded"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. ``closed``: kept for old answers and offered no more; ``shown_when``: offered
    only where this holds; ``proxy_text``: its words for someone in the person's place."""

    code: str
    text: Text
    score: float | None = None
    exclusive: bool = False
    specify: bool = False
    closed: bool = False
    shown_when: Condition | None = None
    proxy_text: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a battery; its code is the item code."""

    code: str
    text: Text
    shown_when: Condition | None = None
    proxy: Proxy = Proxy.ALLOWED
    proxy_text: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way to answer without a value, offered from the start, with its own words or the usual."""

    why: Why
    text: Text = NO_TEXT
    proxy_text: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Comparison:
    """The value must stand in this relation to the answer of an earlier item."""

    op: Operator
    item: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value must keep to; None is no limit."""

    minimum: float | str | None = None  # number, ISO date of the question's precision, or HH:MM
    maximum: float | str | None = None
    decimals: int = 0
    max_length: int | None = None
    min_length: int | None = None
    pattern: str | None = None
    pattern_text: Text = NO_TEXT  # says what the pattern wants
    min_choices: int | None = None
    max_choices: int | None = None
    compare: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. ``code`` is its item code; a battery's items are its rows."""

    code: str
    kind: Kind
    text: Text
    hint: Text = NO_TEXT
    why_we_ask: Text = NO_TEXT
    interviewer_note: Text = NO_TEXT  # for who reads the questions out; the person never needs it
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    required: Required = Required.NO
    limits: Limits = Limits()
    shown_when: Condition | None = None
    proxy: Proxy = Proxy.ALLOWED
    proxy_text: Text = NO_TEXT
    proxy_hint: Text = NO_TEXT
    proxy_why_we_ask: Text = NO_TEXT
    layout: Literal["one_by_one", "list"] = "one_by_one"
    precision: Literal["day", "month", "year"] = "day"
    accepts: tuple[Medium, ...] = ()  # of a file: its kinds
    sensitive: bool = False
    scan: bool = False  # of a short text: a code that the camera may read, as of a product
    unit: Text = NO_TEXT
    source: Text = NO_TEXT
    status: Literal["draft", "tested"] = "draft"  # of the wording
    # of a list: what its field asks for, what an entry is called for want of a name, its places
    name: Text = NO_TEXT
    entry: Text = NO_TEXT
    most: int = 0
    each: tuple[Question, ...] = ()  # as written; ``lists.list_pages`` asks them of every entry
    # of a question about an entry: the code of its list, and the entry's place from 1
    of_list: str = ""
    place: int = 0

    @cached_property
    def names(self) -> tuple[Question, ...]:
        """Of a list: the question for the name in each place."""
        limits = Limits(max_length=NAME_LENGTH)
        return tuple(
            Question(
                f"{self.code}_{n}", Kind.TEXT, self.name, limits=limits, of_list=self.code, place=n
            )
            for n in range(1, self.most + 1)
        )

    @cached_property
    def narrowed(self) -> bool:
        """Whether earlier answers decide which of its options are offered."""
        return any(option.shown_when is not None for option in self.options)

    @property
    def is_name(self) -> bool:
        """Whether it asks for the name of an entry of a list."""
        return bool(self.of_list) and self.code == f"{self.of_list}_{self.place}"

    @property
    def written_code(self) -> str:
        """The code that stands in the file; of a list's question, without its place."""
        if self.is_name:
            return self.of_list
        return self.code.removesuffix(f"_{self.place}") if self.of_list else self.code

    @cached_property
    def item_codes(self) -> tuple[str, ...]:
        """The items this question gives answers to: its rows, itself, or none."""
        if self.kind is Kind.BATTERY:
            return tuple(row.code for row in self.rows)
        return () if self.kind is Kind.INFORMATION else (self.code,)

    @cached_property
    def option_by_code(self) -> dict[str, Option]:
        """Every option, closed ones included, by its code."""
        return {option.code: option for option in self.options}


@dataclass(frozen=True)
class Page:
    """What is shown at once: one question or several. Its code is the page's address."""

    code: str
    questions: tuple[Question, ...]
    title: Text = NO_TEXT
    proxy_title: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the core where a territory's module may put its own questions."""

    code: str
    minutes: float = 0.0


@dataclass(frozen=True)
class Section:
    """A part of the questionnaire with a name that the participant sees."""

    code: str
    title: Text
    entries: tuple[Page | Slot, ...]
    proxy_title: Text = NO_TEXT

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages, without the slots."""
        return tuple(entry for entry in self.entries if isinstance(entry, Page))


@dataclass(frozen=True)
class Questionnaire:
    """A core questionnaire, or the composed instrument that a person answers."""

    code: str
    audience: Audience
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    fallback: str = "fr"
    introduction: Text = NO_TEXT
    proxy_introduction: Text = NO_TEXT
    minutes: float | None = None  # announced to the participant
    modules: tuple[str, ...] = ()  # codes of the modules composed in, for the record
    source: Text = NO_TEXT
    licence: str = ""
    option_lists: tuple[tuple[str, tuple[Option, ...]], ...] = ()  # by name, for modules and export

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All pages in order."""
        return tuple(page for section in self.sections for page in section.pages)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order."""
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def question_by_item(self) -> dict[str, Question]:
        """The question that each item code belongs to."""
        return {code: question for question in self.questions for code in question.item_codes}

    @cached_property
    def page_by_code(self) -> dict[str, Page]:
        """Each page by its address."""
        return {page.code: page for page in self.pages}

    @cached_property
    def section_by_page(self) -> dict[str, tuple[int, Section]]:
        """The section of each page, with its number from 1."""
        return {
            page.code: (number, section)
            for number, section in enumerate(self.sections, 1)
            for page in section.pages
        }


@dataclass(frozen=True)
class Module:
    """A territory's own questions for one audience, to be put into the slots of a core."""

    code: str  # e.g. "BDX"; with the audience it names the module
    audience: Audience
    territory: str
    core: str  # code of the core questionnaire
    core_number: int | None  # version of the core it was written against
    title: Text
    languages: tuple[str, ...]
    pages_by_slot: dict[str, tuple[Page, ...]] = field(default_factory=dict)
    source: Text = NO_TEXT
    option_lists: tuple[tuple[str, tuple[Option, ...]], ...] = ()  # its own, by name
    instead: dict[str, str] = field(default_factory=dict)  # own question by national item
