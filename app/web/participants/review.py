"""Answers in words: for the check before sending, and where two tabs said different things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup

from app.domain.answer_files import spoken_file
from app.domain.answers import Answer
from app.domain.dates import spoken_date
from app.domain.lists import entries_of
from app.domain.perspective import asked_alone, title_for, words_for
from app.domain.places import spoken_place
from app.domain.questionnaire import Kind, Question, Why
from app.domain.routing import ShownQuestion
from app.domain.text import Text
from app.domain.times import spoken_time
from app.web.participants.display import Voice, voice
from app.web.participants.question_page import piped_words, way_words
from app.workflows.collect import Clash
from app.workflows.standing import Standing

_QUIET = Markup('<span class="quiet">{}</span>')


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One item: what was asked, what was answered, where to change it."""

    item: str
    asked: Markup
    plainly: str  # the same without markup, for who hears the link
    piped: bool  # an earlier answer stands in what is asked
    answered: str
    empty: bool  # passed without an answer
    hidden: bool  # given on another day, and the return words were not
    page: str


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """The rows of one section."""

    title: Text
    rows: tuple[ReviewRow, ...]


def review(found: Standing) -> list[ReviewSection]:
    """Everything asked on the path, by section, in order."""
    here = voice()
    by_section: dict[str, tuple[Text, list[ReviewRow]]] = {}
    for page, shown, item in _asked_items(found):
        _number, section = found.frozen.questionnaire.section_by_page[page]
        title = title_for(section, found.role)
        rows = by_section.setdefault(section.code, (title, []))[1]
        rows.append(_row(here, found, shown, item, page))
    return [ReviewSection(title, tuple(rows)) for title, rows in by_section.values() if rows]


def own_words(found: Standing, *, covered: bool) -> dict[str, str]:
    """What of the check differs from person to person, by what it is of: ``said E01``, ``link E01``
    and, where an earlier answer stands in the question, ``asked E01`` and ``plain E01``.

    ``covered``: answers are hidden from who sits beside.
    """
    here = voice()
    nothing, other_day, hidden_now = (
        _QUIET.format(words)
        for words in (_("No answer"), _("Answered on another day"), _("Answered, and hidden"))
    )
    see, add, change = _("See"), _("Answer"), _("Change")
    own: dict[str, str] = {}
    for page, shown, item in _asked_items(found):
        words, empty, hidden = _answered(here, found, shown, item)
        said = other_day if hidden else nothing if empty else hidden_now if covered else words
        own[f"said {item}"] = said
        own[f"link {item}"] = see if hidden else add if empty else change
        if item in found.frozen.piped_items:
            row = _row(here, found, shown, item, page)
            own |= {f"asked {item}": row.asked, f"plain {item}": row.plainly}
    return own


def _asked_items(found: Standing) -> Iterator[tuple[str, ShownQuestion, str]]:
    """Every item asked on the path in order, with its page and question; lists say their names."""
    for page in found.path.pages:
        for shown in page.questions:
            if not shown.question.is_name:
                for item in shown.item_codes:
                    yield page.code, shown, item


def _row(here: Voice, found: Standing, shown: ShownQuestion, item: str, page: str) -> ReviewRow:
    words, empty, hidden = _answered(here, found, shown, item)
    asked = _asked(here, found, shown, item)
    piped = item in found.frozen.piped_items
    return ReviewRow(item, asked, _plainly(asked), piped, words, empty, hidden, page)


def _answered(
    here: Voice, found: Standing, shown: ShownQuestion, item: str
) -> tuple[str, bool, bool]:
    """An answer in words; whether there is none; whether it is not to be shown."""
    answer = found.answers.get(item)
    if not shown.counts(answer):
        answer = None  # what was chosen is offered no more
    hidden = not found.may_see(item)
    empty = answer is None or answer.why is Why.SKIPPED
    words = "" if hidden else _names(found, shown.question)
    words = words or spoken(here, shown.question, answer, found.role)
    return words, empty, hidden


@lru_cache(maxsize=20_000)
def _plainly(asked: Markup) -> str:
    return asked.striptags()


def _names(found: Standing, question: Question) -> str:
    """The entries of a list, named."""
    if question.kind is not Kind.LIST:
        return ""
    return ", ".join(str(answer.value) for _name, answer in entries_of(question, found.answers))


def _asked(here: Voice, found: Standing, shown: ShownQuestion, item: str) -> Markup:
    row = next((row for row in shown.rows if row.code == item), None)
    text = asked_alone(shown.question, row, found.role)
    return here.said_with(
        text, lambda pipe: piped_words(pipe, found.frozen, found.told, found.role)
    )


def spoken(here: Voice, question: Question, answer: Answer | None, role: str) -> str:
    """An answer in the words of the page, for who answers."""
    if answer is None or answer.why is not None or answer.value is None:
        return _way(here, question, answer.why if answer else None, role)
    beside = f" ({answer.other})" if answer.other else ""
    return _value(here, question, answer.value, role) + beside


def _way(here: Voice, question: Question, why: Why | None, role: str) -> str:
    own = next((words_for(way, role) for way in question.ways_out if way.why is why), None)
    usual = way_words(why.value if why else "", role)
    return here.plain(own) if own and own.wordings else usual


_SPOKEN: Mapping[Kind, Callable[[str], Text]] = {
    Kind.DATE: spoken_date,
    Kind.TIME: spoken_time,
    Kind.PLACE: spoken_place,
    Kind.FILE: spoken_file,
}


def _value(here: Voice, question: Question, value: object, role: str) -> str:
    if isinstance(value, tuple):
        return " ; ".join(_option(here, question, code, role) for code in value)
    if question.kind in (Kind.CHOICE, Kind.RATING, Kind.BATTERY):
        return _option(here, question, str(value), role)
    if question.kind in _SPOKEN:
        return here.plain(_SPOKEN[question.kind](str(value)))
    written = str(value)
    if question.kind is Kind.NUMBER:
        if here.tag == "fr":
            written = written.replace(".", ",")
        written = f"{written} {here.plain(question.unit)}".strip()
    return written


def _option(here: Voice, question: Question, code: str, role: str) -> str:
    option = question.option_by_code.get(code)
    return here.plain(words_for(option, role)) if option else code


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One item answered differently in two places."""

    asked: Markup
    stored: str
    sent: str


def clash_rows(clash: Clash) -> list[ClashRow]:
    """Both answers of each item, in words."""
    here, found = voice(), clash.standing
    return [
        ClashRow(
            _asked(here, found, shown, item),
            spoken(here, shown.question, found.answers.get(item), found.role),
            spoken(here, shown.question, clash.given[item], found.role),
        )
        for shown in clash.page.questions
        for item in shown.item_codes
        if item in clash.items
    ]
