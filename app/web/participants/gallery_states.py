"""The states of the gallery's pages: what is typed in each, and texts made long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.definitions.checksums import checksum
from app.definitions.files import dump_questionnaire, read_questionnaire
from app.domain.acceptance import Submitted, accept
from app.domain.answer_files import SentFile
from app.domain.answers import Answer
from app.domain.lists import list_on, with_names
from app.domain.questionnaire import (
    Kind,
    Option,
    Page,
    Proxy,
    Question,
    Questionnaire,
    Required,
    Row,
)
from app.domain.routing import ShownPage, ShownQuestion, path_through
from app.domain.text import Text
from app.storage.instruments import Frozen
from app.web.participants.question_page import Shown
from app.workflows.clearing import chosen
from app.workflows.listing import on_the_field

EMPTY, ANSWERED, ERROR, REMINDER, LONG, AWAY, STANDS_IN, REMOVING = STATES = (
    "vide",
    "repondu",
    "erreur",
    "rappel",
    "long",
    "panne",
    "place",
    "retrait",
)
_RIGHT: Mapping[Kind, Submitted] = {
    Kind.NUMBER: Submitted(("3",)),
    Kind.TEXT: Submitted(("Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson",)),
    Kind.LONG_TEXT: Submitted(("Merci <b>& bravo</b>.\nÀ bientôt.",)),
    Kind.DATE: Submitted(day="1", month="mars", year="2020"),
    Kind.TIME: Submitted(("14 h 30",)),
    Kind.PLACE: Submitted(("44,8378", "0,5792 O", "12 8")),
    Kind.LIST: Submitted(("Marie-Hélène",)),
    Kind.FILE: Submitted(file=SentFile("jpeg", bytes(1_234_567))),
}
_WRONG: Mapping[Kind, Submitted] = {
    Kind.NUMBER: Submitted(("beaucoup",)),
    Kind.TEXT: Submitted(("Saint-Genest " * 30,)),
    Kind.LONG_TEXT: Submitted(("Encore un mot. " * 30,)),
    Kind.DATE: Submitted(day="31", month="13", year="20"),
    Kind.TIME: Submitted(("25 h",)),
    Kind.PLACE: Submitted(("44,8378", "")),
    Kind.LIST: Submitted(("Saint-Genest " * 30,)),
    Kind.FILE: Submitted(file=SentFile(trouble="file_large")),
}
# Told before the pages that speak of it: one entry of the list.
BEFORE: Mapping[str, Answer] = {
    "G16": Answer(1),
    "G16_1": Answer("Marie-Hélène", entry="0123456789"),
}
_LONGEST = {"fr": " anticonstitutionnellement", "en": " counterrevolutionaries"}


@dataclass(frozen=True)
class Gallery:
    """The gallery's questionnaire, and the same with long texts."""

    usual: Frozen
    long: Frozen

    @property
    def pages(self) -> tuple[ShownPage, ...]:
        """The pages, in order."""
        return path_through(self.usual.questionnaire, BEFORE).pages

    def page(self, code: str) -> ShownPage | None:
        """The page with this code, if there is one."""
        return path_through(self.usual.questionnaire, BEFORE).page(code)

    def showing(self, code: str, state: str, key: str) -> Shown | None:
        """A page in a state; None where there is no such page, or the page knows no such state."""
        frozen = self.long if state == LONG else self.usual
        path = path_through(frozen.questionnaire, BEFORE)
        page = path.page(code)
        if page is None or state not in states_of(page):
            return None
        before = path.before(code)
        back = before.code if before else ""
        if state in (EMPTY, LONG, STANDS_IN):
            role, view = ("proxy", "as_person") if state == STANDS_IN else ("self", "")
            return Shown(frozen, page, role, {}, key, back=back, told=BEFORE.get, view=view)
        sent = {} if state == REMINDER else typed(page, wrong=state == ERROR)
        found = self.judged(page, sent, key, back)
        if state == ANSWERED:
            answers = found[1] | {item: BEFORE[item] for item in found[1] if item in BEFORE}
            clears = chosen(page, answers)
            return replace(found[0], answers=answers, values=None, clears=clears)
        return replace(found[0], away=True) if state == AWAY else found[0]

    def judged(
        self, page: ShownPage, sent: Mapping[str, Submitted], key: str, back: str = ""
    ) -> tuple[Shown, dict[str, Answer]]:
        """The page after sending, with what is held against it, and the answers that could stay."""
        asked = self.usual.questionnaire
        questions, given = _with_name(page, sent)
        verdicts = [accept(one, given, {}, asked) for one in questions]
        shown = Shown(
            self.usual,
            page,
            "self",
            {},
            key,
            back=back,
            values=sent,
            told=BEFORE.get,
            faults=on_the_field(page, [fault for each in verdicts for fault in each.faults]),
            reminders=tuple(item for each in verdicts for item in each.reminders),
        )
        return shown, {item: answer for each in verdicts for item, answer in each.answers.items()}


def gallery() -> Gallery:
    """The gallery as shipped."""
    path = Path(__file__).with_name("gallery.yaml")
    usual = read_questionnaire(path.read_text(encoding="utf-8"))
    return Gallery(_frozen(usual), _frozen(_lengthened(usual)))


def _with_name(
    page: ShownPage, sent: Mapping[str, Submitted]
) -> tuple[tuple[ShownQuestion, ...], Mapping[str, Submitted]]:
    """A list that is still empty, with the place for the name that was typed."""
    listed = list_on(page.page)
    if listed is None:
        return page.questions, sent
    given, new = with_names(listed, {listed.code: sent.get(listed.code, Submitted())}, {})
    name = tuple(ShownQuestion(one) for one in listed.names if one.code == new)
    return (page.questions[0], *name), given


def states_of(page: ShownPage) -> tuple[str, ...]:
    """The states in which this page can be: only what is asked has an answer, or a reminder."""
    if not page.item_codes:
        return (EMPTY, LONG)
    asked = [one.question for one in page.questions]
    some = {
        REMINDER: any(question.required is Required.SOFT for question in asked),
        STANDS_IN: any(question.proxy is Proxy.REWORDED for question in asked),
        REMOVING: list_on(page.page) is not None,
    }
    return tuple(state for state in STATES if some.get(state, True))


def typed(page: ShownPage, *, wrong: bool) -> dict[str, Submitted]:
    """What somebody types and ticks on this page, rightly or wrongly."""
    return {item: _typed(one.question, wrong) for one in page.questions for item in one.item_codes}


def _typed(question: Question, wrong: bool) -> Submitted:
    if question.kind in _RIGHT:
        return (_WRONG if wrong else _RIGHT)[question.kind]
    codes = [option.code for option in question.options]
    if question.kind is Kind.CHOICES:
        return Submitted((codes[0], codes[-1]) if wrong else (codes[0], "other"), other="Le jardin")
    if wrong:  # what a browser cannot send by itself, but a form can
        return Submitted((codes[0], codes[1]))
    return Submitted((codes[-1],), other="Une voisine")


def _frozen(questionnaire: Questionnaire) -> Frozen:
    return Frozen(checksum(dump_questionnaire(questionnaire)), questionnaire)


def _lengthened(questionnaire: Questionnaire) -> Questionnaire:
    sections = tuple(
        replace(
            section,
            title=_long(section.title),
            entries=tuple(_long_page(page) for page in section.pages),
        )
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


def _long_page(page: Page) -> Page:
    questions = tuple(_long_question(question) for question in page.questions)
    return replace(page, title=_long(page.title), questions=questions)


def _long_question(question: Question) -> Question:
    return replace(
        question,
        text=_long(question.text),
        hint=_long(question.hint),
        why_we_ask=_long(question.why_we_ask),
        unit=_long(question.unit),
        name=_long(question.name),
        options=tuple(_long_option(option) for option in question.options),
        rows=tuple(_long_row(row) for row in question.rows),
    )


def _long_option(option: Option) -> Option:
    return replace(option, text=_long(option.text))


def _long_row(row: Row) -> Row:
    return replace(row, text=_long(row.text))


def _long(text: Text) -> Text:
    """Four times the words, and one that is wider than a narrow column of large letters."""
    return Text.of(
        {tag: " ".join([wording] * 4) + _LONGEST[tag] for tag, wording in text.wordings if wording}
    )
