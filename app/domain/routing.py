"""The path: which pages a person sees, computed from the questionnaire and the answers.

Never stored. Answers that are not on the path are ignored everywhere, so a later answer can
never change the path before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from app.domain.answers import Answer, Answers, RespondentRole, known_from
from app.domain.conditions import Condition, Known, holds
from app.domain.questionnaire import Kind, Page, Proxy, Question, Questionnaire, Row


@dataclass(frozen=True)
class ShownQuestion:
    """A question on the path, with the options that are offered and the rows that are shown.

    ``rows`` is empty unless it is a battery.
    """

    question: Question
    rows: tuple[Row, ...] = ()
    narrowed: bool = False  # whether earlier answers decide which options are offered

    @cached_property
    def item_codes(self) -> tuple[str, ...]:
        """The items that are asked here."""
        if self.question.kind is Kind.BATTERY:
            return tuple(row.code for row in self.rows)
        return self.question.item_codes

    def counts(self, answer: Answer | None) -> bool:
        """Whether it is answered: not where what was chosen is offered no more."""
        if answer is None or not self.narrowed or answer.value is None:
            return answer is not None
        chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        return all(code in self.question.option_by_code for code in chosen)


@dataclass(frozen=True)
class ShownPage:
    """A page on the path, with what is shown of it."""

    page: Page
    questions: tuple[ShownQuestion, ...]

    @property
    def code(self) -> str:
        """The page's address."""
        return self.page.code

    @cached_property
    def item_codes(self) -> tuple[str, ...]:
        """The items that are asked on this page."""
        return tuple(code for shown in self.questions for code in shown.item_codes)

    @cached_property
    def one_choice_items(self) -> tuple[str, ...]:
        """Those of its items that are answered with one option of several."""
        kinds = (Kind.CHOICE, Kind.RATING, Kind.BATTERY)
        return tuple(
            code
            for shown in self.questions
            if shown.question.kind in kinds
            for code in shown.item_codes
        )

    @cached_property
    def narrowed(self) -> tuple[ShownQuestion, ...]:
        """Its questions whose options depend on earlier answers."""
        return tuple(shown for shown in self.questions if shown.narrowed)

    @cached_property
    def offers_closed(self) -> bool:
        """Whether some option of it is no longer offered to who has not chosen it."""
        return any(option.closed for shown in self.questions for option in shown.question.options)

    @cached_property
    def asks_place(self) -> bool:
        """Whether it asks for a place."""
        return any(shown.question.kind is Kind.PLACE for shown in self.questions)

    def waits(self, answers: Answers) -> bool:
        """Whether something on it is neither answered nor passed."""
        if any(code not in answers for code in self.item_codes):
            return True
        return any(
            not shown.counts(answers.get(code))
            for shown in self.narrowed
            for code in shown.item_codes
        )


@dataclass(frozen=True)
class Path:
    """The pages a person sees, in order."""

    pages: tuple[ShownPage, ...]

    @cached_property
    def position(self) -> dict[str, int]:
        """Index of each page by its code."""
        return {shown.code: index for index, shown in enumerate(self.pages)}

    @cached_property
    def items(self) -> frozenset[str]:
        """Every item asked on the path."""
        return frozenset(code for shown in self.pages for code in shown.item_codes)

    @cached_property
    def narrowed(self) -> tuple[ShownQuestion, ...]:
        """Every question whose options depend on earlier answers."""
        return tuple(shown for page in self.pages for shown in page.narrowed)

    def page(self, code: str) -> ShownPage | None:
        """The page with this code, if it is on the path."""
        index = self.position.get(code)
        return None if index is None else self.pages[index]

    def before(self, code: str) -> ShownPage | None:
        """The page before this one, if there is one."""
        index = self.position.get(code, 0)
        return self.pages[index - 1] if index > 0 else None

    def after(self, code: str) -> ShownPage | None:
        """The page after this one, if there is one."""
        index = self.position.get(code, -1) + 1
        return self.pages[index] if index < len(self.pages) else None


def walk(
    questionnaire: Questionnaire, answers: Answers, role: RespondentRole = "self"
) -> Iterator[ShownPage]:
    """The pages of the path one after the other.

    Answers are read when the walk goes on, so that whoever walks may fill them in on the way.
    """
    on_path: dict[str, Answer] = {}
    known = known_from(questionnaire, on_path)
    for page in questionnaire.pages:
        questions = tuple(_shown_questions(page, known, role, answers))
        if not questions:
            continue
        yield ShownPage(page, questions)
        if page.questions[0].most:  # names of a list may have come meanwhile
            questions = tuple(_shown_questions(page, known, role, answers))
        for shown in questions:
            for code in shown.item_codes:
                if shown.counts(answers.get(code)):
                    on_path[code] = answers[code]


def path_through(
    questionnaire: Questionnaire, answers: Answers, role: RespondentRole = "self"
) -> Path:
    """The pages that a person in this role sees, given what was answered so far."""
    return Path(tuple(walk(questionnaire, answers, role)))


def _shown_questions(
    page: Page, known: Known, role: RespondentRole, answers: Answers
) -> Iterable[ShownQuestion]:
    first = page.questions[0]
    for question in page.questions:
        asks = first if question.is_name else question  # a name is asked for where its list is
        if not _shown(asks.shown_when, asks.proxy, known, role):
            continue
        if question.is_name and not _has_value(answers.get(question.code)):
            continue  # a place that is free
        rows = tuple(row for row in question.rows if _shown(row.shown_when, row.proxy, known, role))
        if not rows and question.kind is Kind.BATTERY:
            continue
        offered = _narrowed(question, known) if question.narrowed else question
        if offered.options or not question.options:
            yield ShownQuestion(offered, rows, question.narrowed)


def _narrowed(question: Question, known: Known) -> Question:
    """The question with the options that are offered after the answers so far."""
    return replace(
        question,
        options=tuple(
            option
            for option in question.options
            if option.shown_when is None or holds(option.shown_when, known)
        ),
    )


def _has_value(answer: Answer | None) -> bool:
    return answer is not None and answer.value is not None


def _shown(condition: Condition | None, proxy: Proxy, known: Known, role: RespondentRole) -> bool:
    if role == "proxy" and proxy is Proxy.NOT_ASKED:
        return False
    return condition is None or holds(condition, known)


def first_open(path: Path, answers: Answers) -> ShownPage | None:
    """The first page of the path with an item that nobody answered or passed; None when done.

    Information pages ask nothing and are therefore never open.
    """
    return next((shown for shown in path.pages if shown.waits(answers)), None)


def on_path(path: Path, answers: Answers) -> dict[str, Answer]:
    """The answers that count: those to items on the path, by options that are still offered."""
    found = {code: answer for code, answer in answers.items() if code in path.items}
    for shown in path.narrowed:
        for code in shown.item_codes:
            if code in found and not shown.counts(found[code]):
                del found[code]
    return found
