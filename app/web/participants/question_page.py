"""A question page as HTML: made once per page, language and look, then only filled in.

The template asks a ``Filling`` for everything that differs from person to person. With ``Gaps``
it leaves gaps, and the text between them is kept; with ``Given`` it is filled on the spot, which
serves pages with something to mend. Both go through the same template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flask import g, render_template, session
from flask_babel import gettext as _

from app.domain.acceptance import Submitted, as_submitted
from app.domain.answers import Answer, Answers
from app.domain.errors import Fault
from app.domain.lists import entries_of, list_on
from app.domain.perspective import hint_for, reason_for, title_for, words_for
from app.domain.piping import Pipe, words_of
from app.domain.questionnaire import Kind, Option, Question, Required, Row, WayOut, Why
from app.domain.routing import ShownPage, ShownQuestion
from app.domain.text import Text, fill
from app.domain.values import longest_text
from app.storage.instruments import Frozen
from app.web.kept import pages
from app.web.participants.display import frame, seen_by_all, voice
from app.web.participants.file_field import file_field
from app.web.participants.fillings import Filling, Gaps, Given
from app.web.participants.page_form import WRITTEN, marks
from app.web.participants.recordings import recording_of, recordings_there
from app.web.sessions import token
from app.workflows.listing import name_item

_WAYS = (Why.DONT_KNOW, Why.PREFER_NOT, Why.NOT_CONCERNED)
_NOTHING = Submitted()


def _nothing(_item: str) -> None:
    return None


@dataclass(frozen=True)
class Shown:
    """Everything that one showing of a page depends on."""

    frozen: Frozen
    page: ShownPage
    role: str
    answers: Answers  # stored; what the marks are made of
    key: str
    back: str = ""
    to_check: bool = False
    values: Mapping[str, Submitted] | None = None  # typed; else what is stored
    faults: tuple[Fault, ...] = ()
    reminders: tuple[str, ...] = ()
    away: bool = False  # the database is: nothing was saved
    seen: str | None = None  # marks to repeat: of what was sent, where that is shown again
    clears: tuple[str, ...] = ()  # items whose stored choice a button takes back
    cleared: Literal["", "done", "stayed"] = ""  # what came of that button
    told: Callable[[str], Answer | None] = _nothing  # what later texts may say of an item
    view: str = ""  # whose view a proxy gives

    @property
    def filling(self) -> Given:
        """The person's part of the page."""
        values = self.values
        if values is None:
            values = {
                item: as_submitted(asked.question, self.answers[item])
                for asked in self.page.questions
                for item in asked.item_codes
                if item in self.answers and not _is_number_of_names(asked, self.answers[item])
            }
        seen = marks(self.marked, self.answers) if self.seen is None else self.seen
        fields = {
            "csrf": token(),
            "key": self.key,
            "seen": seen,
            "back": self.back,
            "check": "1" if self.to_check else "",
        }
        return Given(fields, values, self.piped)

    @property
    def marked(self) -> tuple[str, ...]:
        """The items whose state the form remembers: its own, and the name that it is about."""
        question = self.page.page.questions[0]
        about = (name_item(question),) if question.of_list else ()
        return (*self.page.item_codes, *about)

    def piped(self, pipe: Pipe) -> str:
        """What an earlier answer says in a text of this page."""
        return piped_words(pipe, self.frozen, self.told, self.role)

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The entries of a list: their random numbers and their names."""
        listed = list_on(self.page.page)
        taken = entries_of(listed, self.answers) if listed else ()
        return tuple((answer.entry, str(answer.value)) for _name, answer in taken)

    @property
    def usual(self) -> bool:
        """Whether nothing has to be said beside the questions."""
        told = self.faults or self.reminders or self.away or self.entries or self.cleared
        return not (told or self.page.offers_closed or self.page.page.questions[0].accepts)


def _is_number_of_names(asked: ShownQuestion, answer: Answer) -> bool:
    """A list's own answer is said by its entries; its field is for the next one."""
    return asked.question.kind is Kind.LIST and answer.value is not None


def piped_words(pipe: Pipe, frozen: Frozen, told: Callable[[str], Answer | None], role: str) -> str:
    """What an earlier answer says in a text; its other words where there is none."""
    question = frozen.questionnaire.question_by_item.get(pipe.item)
    here = voice()
    words = words_of(pipe, question, told, here.tag, role) if question else None
    if question and question.options and words:
        words = fill(words, here.terms)
    return words or fill(pipe.otherwise, here.terms)


def html(shown: Shown) -> str:
    """The whole page."""
    if shown.page.asks_place:
        g.asks_place = True  # ``headers`` then lets the page ask the device where it is
    filling = shown.filling
    if not shown.usual:
        return _render(shown, filling)
    gaps = Gaps(answers=bool(filling.values))
    return pages().filled((*_key(shown), gaps), lambda: _render(shown, gaps), filling.fill)


def _key(shown: Shown) -> tuple[Hashable, ...]:
    where = (shown.frozen.checksum, shown.page.code, shown.page.item_codes, shown.role, shown.view)
    narrowed = (tuple(asked.question.option_by_code) for asked in shown.page.narrowed)
    beside = (bool(shown.back), bool(shown.clears), recordings_there())
    return (*where, *narrowed, *beside, *seen_by_all())


@dataclass(frozen=True)
class Asked:
    """One question as the template shows it."""

    question: Question
    rows: tuple[Row, ...]
    role: str
    options: tuple[Option, ...]
    ways: tuple[tuple[str, Text | str], ...]
    faults: Mapping[str, Fault] = field(default_factory=dict)
    recording: str = ""  # address of somebody reading it

    @property
    def text(self) -> Text:
        """The wording for who answers."""
        return words_for(self.question, self.role)

    @property
    def hint(self) -> Text:
        """The hint for who answers."""
        return hint_for(self.question, self.role)

    @property
    def why(self) -> Text:
        """Why it is asked, for who answers."""
        return reason_for(self.question, self.role)

    def words(self, thing: Row | Option) -> Text:
        """The words of a row or an answer for who answers."""
        return words_for(thing, self.role)

    def asking(self, items: Collection[str]) -> list[tuple[str, Text]]:
        """Those of these items that it asks for, with the words that ask."""
        each = [(row.code, self.words(row)) for row in self.rows]
        each = each or [(item, self.text) for item in self.question.item_codes]
        return [(item, words) for item, words in each if item in items]

    @property
    def kind(self) -> str:
        """Name of the macro that shows it."""
        return self.question.kind.value

    @property
    def alone(self) -> bool:
        """Whether it is a battery shown one row at a time."""
        return self.question.kind is Kind.BATTERY and len(self.rows) == 1

    @property
    def longest(self) -> int:
        """How many signs an answer in words may have."""
        return longest_text(self.question)

    @property
    def specify_at(self) -> str:
        """Code of the last option that asks to specify: the text field stands below it."""
        asking = [option.code for option in self.options if option.specify]
        return asking[-1] if asking else ""


def asked(shown: Shown, one: ShownQuestion, values: Mapping[str, Submitted]) -> Asked:
    """What the template needs of one question."""
    question = one.question
    items = one.item_codes
    chosen = {code for item in items for code in values.get(item, _NOTHING).values}
    given_ways = {values.get(item, _NOTHING).why for item in items}
    return Asked(
        question,
        one.rows,
        shown.role,
        tuple(each for each in question.options if not each.closed or each.code in chosen),
        _ways(question, shown, given_ways),
        {fault.place: fault for fault in shown.faults if fault.place in items},
        recording_of(question, items[0], shown.role, voice().tag) if items else "",
    )


def _ways(question: Question, shown: Shown, given: set[str]) -> tuple[tuple[str, Text | str], ...]:
    """The ways out that are offered: the question's own; all of them at the reminder."""
    own = {way.why: way for way in question.ways_out}
    reminded = any(item in shown.reminders for item in question.item_codes)
    every = reminded and question.required is Required.SOFT
    return tuple(
        (why.value, words_for(own.get(why, WayOut(why)), shown.role))
        for why in _WAYS
        if every or why in own or why.value in given
    )


def way_words(why: str, role: str) -> str:
    """The usual words of a way out, where the question has none of its own; for who answers."""
    person = _("This does not apply to the person")
    words: dict[str, str] = {
        "dont_know": _("I don’t know"),
        "prefer_not": _("I prefer not to answer"),
        "not_concerned": person if role == "proxy" else _("This does not apply to me"),
    }
    return words.get(why) or str(_("No answer"))


def _render(shown: Shown, filling: Filling) -> str:
    values = shown.filling.values
    number, section = shown.frozen.questionnaire.section_by_page[shown.page.code]
    parts = [each for each in shown.frozen.questionnaire.sections if each.pages]
    here = voice()
    texts = {
        "said": lambda text: here.said_with(text, filling.piped),
        "told": lambda text: here.told_with(text, filling.piped),
    }
    questions = [
        asked(shown, one, values)
        for one in shown.page.questions
        if not one.question.is_name  # the list shows them
    ]
    made: str = render_template(
        "participants/question.html",
        **(frame() | texts),
        entries=shown.entries,
        file=file_field(shown.page.page.questions[0], shown.answers, shown.values or {}),
        page=shown.page,
        section_title=title_for(section, shown.role),
        page_title=title_for(shown.page.page, shown.role),
        part=parts.index(section) + 1 if section in parts else number,
        parts=len(parts),
        asked=questions,
        recorded=any(one.recording for one in questions),
        device=any(one.question.kind is Kind.PLACE or one.question.scan for one in questions),
        fill=filling,
        faults=shown.faults,
        reminders=shown.reminders,
        away=shown.away,
        clears=shown.clears,
        cleared=shown.cleared,
        choices=len(shown.page.one_choice_items),
        stands_in=shown.role == "proxy",
        personal=_personal(shown),
        view=shown.view,
        back=shown.back,
        shared=g.get("shared"),
        way_words=way_words,
        written_kinds={kind.value for kind in WRITTEN},
        frame_mark=f"{shown.frozen.checksum}.{shown.role}.{'.'.join(map(str, g.get('place', ())))}",
    )
    return made


def _personal(shown: Shown) -> bool:
    """Whether somebody beside the person might look on at a question that can hurt."""
    beside = shown.role == "helped" or g.get("assisted") == "web_assisted"
    return beside and any(one.question.sensitive for one in shown.page.questions)


def forget_session() -> None:
    """Drop the signed session: its CSRF token, and with it every form that is still open."""
    session.clear()
