"""Whether a condition can hold at all, and how many pages can be shown: a bounded search.

Each item that a condition reads takes a few telling values (every option, the numbers around
each bound) or none. An item has a value only where it is itself shown, so the conditions of the
items are part of the search. Past the bounds the search gives up in the questionnaire's favour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, combinations, product
from math import ceil, floor

from app.domain.conditions import (
    ISO_TIME,
    Compare,
    Condition,
    Counted,
    Includes,
    OneOf,
    Operand,
    as_number,
    holds,
    items_of,
    parts_of,
)
from app.domain.counting import MOST
from app.domain.questionnaire import Kind, Option, Page, Question, Questionnaire, Row
from app.domain.telling_counts import TODAY, Count, days_counted, texts_counted
from app.domain.values import plain_number

MAX_TRIES = 20_000
MAX_STEPS = 500_000  # parts of conditions looked at in one search
MOST_STEPS = 2_000_000  # in all searches of a questionnaire
MAX_PAIRS = 1_000  # of a date and a count that conditions name: each gives some twenty days
Assignment = Mapping[str, Operand | None]


class Possibilities:
    """What can be answered in one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._asked = questionnaire.question_by_item
        self._pages = questionnaire.pages
        self._mentioned: dict[str, set[str]] = {}
        self._counted: dict[str, set[Count]] = {}
        self._known: dict[str, list[Operand | None]] = {}
        self._left = MOST_STEPS
        for condition in all_conditions(questionnaire):
            self._note_mentions(condition)

    def can_hold(self, condition: Condition) -> bool:
        """Whether some answers make it true; True where too many would have to be tried."""
        assignments = self._assignments(items_of(condition), _size(condition))
        if assignments is None:
            return True
        return any(holds(condition, found.get) for found in assignments)

    def example(self, condition: Condition) -> Assignment | None:
        """Answers that make it true; None where none do, or too many would have to be tried."""
        assignments = self._assignments(items_of(condition), _size(condition))
        return next((a for a in assignments or () if holds(condition, a.get)), None)

    def most_pages(self) -> int:
        """Pages of the longest path; an upper bound where there is too much to try."""
        certain = [page for page in self._pages if not _page_items(page)]
        groups = _connected([page for page in self._pages if _page_items(page)])
        return len(certain) + sum(self._most_shown(group) for group in groups)

    def _most_shown(self, pages: list[Page]) -> int:
        items = frozenset(chain.from_iterable(_page_items(page) for page in pages))
        assignments = self._assignments(items, sum(map(_size, chain(*map(_conditions, pages)))))
        if assignments is None:
            return len(pages)
        counts = (sum(_is_shown(page, found) for page in pages) for found in assignments)
        return max(counts, default=len(pages))

    def _assignments(self, items: Iterable[str], steps: int) -> Iterator[Assignment] | None:
        """Every telling combination of answers to these items; None where there are too many.

        ``steps``: how many parts of conditions are looked at in each.
        """
        tried = {item for item in items if item in self._asked}
        values = {item: self._values(item) for item in tried}
        steps += sum(map(self._own_steps, tried))
        if not self._affords(_tries(values), steps):
            return None
        for item in self._needed_by(tried):
            wider = {**values, item: self._values(item)}
            more = steps + self._own_steps(item)
            if self._affords(_tries(wider), more):
                values, steps = wider, more
        self._left -= _tries(values) * steps
        return self._consistent(values)

    def _affords(self, tries: int, steps: int) -> bool:
        return tries <= MAX_TRIES and tries * steps <= min(MAX_STEPS, self._left)

    def _own_steps(self, item: str) -> int:
        return sum(map(_size, self._shown_when(item)))

    def _needed_by(self, items: set[str]) -> list[str]:
        """Items that decide whether these are shown, and those that decide about them in turn."""
        found: list[str] = []
        waiting = sorted(items)
        while waiting:
            for condition in self._shown_when(waiting.pop(0)):
                for item in sorted(items_of(condition)):
                    if item in self._asked and item not in items and item not in found:
                        found.append(item)
                        waiting.append(item)
        return found

    def _consistent(self, values: Mapping[str, list[Operand | None]]) -> Iterator[Assignment]:
        rules = {
            item: [c for c in self._shown_when(item) if items_of(c) <= values.keys()]
            for item in values
        }
        for combination in product(*values.values()):
            found = dict(zip(values, combination, strict=True))
            if all(
                found[item] is None or all(holds(condition, found.get) for condition in conditions)
                for item, conditions in rules.items()
            ):
                yield found

    def _shown_when(self, item: str) -> list[Condition]:
        question = self._asked[item]
        rows = (row.shown_when for row in question.rows if row.code == item)
        return [condition for condition in (question.shown_when, *rows) if condition is not None]

    def _values(self, item: str) -> list[Operand | None]:
        if item not in self._known:
            mentioned, counted = self._mentioned.get(item, set()), self._counted.get(item, set())
            tellable = len(mentioned) * len(counted) <= MAX_PAIRS
            self._known[item] = (
                [None, *_telling_values(self._asked[item], mentioned, counted)]
                if tellable
                else [None] * (MAX_TRIES + 1)  # more than are tried
            )
        return self._known[item]

    def _note_mentions(self, condition: Condition) -> None:
        for part in parts_of(condition):
            if isinstance(part, Compare):
                self._mentioned.setdefault(part.item, set()).add(part.value)
            elif isinstance(part, OneOf | Includes):
                self._mentioned.setdefault(part.item, set()).update(part.codes)
            elif isinstance(part, Counted) and (number := as_number(part.value)) is not None:
                number = max(-MOST, min(MOST, number))
                # "More than" and "at most" part the next whole number from this one.
                parted = floor(number) + 1 if part.op in (">", "<=") else ceil(number)
                self._counted.setdefault(part.item, set()).add((part.unit, parted))


def all_conditions(questionnaire: Questionnaire) -> Iterator[Condition]:
    """Every condition of the questionnaire."""
    for question in questionnaire.questions:
        parts = [row.shown_when for row in question.rows]
        parts += [option.shown_when for option in question.options]
        for condition in dict.fromkeys((question.shown_when, *parts)):
            if condition is not None:
                yield condition


def _size(condition: Condition) -> int:
    return sum(1 for _part in parts_of(condition))


def _conditions(page: Page) -> Iterator[Condition]:
    for question in page.questions:
        shown = (question.shown_when, *(row.shown_when for row in question.rows))
        yield from (condition for condition in shown if condition is not None)


def _tries(values: Mapping[str, list[Operand | None]]) -> int:
    tries = 1
    for listed in values.values():
        tries *= len(listed)
    return tries


def _page_items(page: Page) -> frozenset[str]:
    """The items on which it depends whether the page is shown; none where it always is."""
    conditions: list[Condition] = []
    for question in page.questions:
        own = [c for c in (question.shown_when, *_row_conditions(question.rows)) if c is not None]
        if not own:
            return frozenset()
        conditions.extend(own)
    return frozenset(chain.from_iterable(items_of(condition) for condition in conditions))


def _row_conditions(rows: tuple[Row, ...]) -> list[Condition]:
    """The rows' conditions, where every row has one."""
    found = [row.shown_when for row in rows if row.shown_when is not None]
    return found if len(found) == len(rows) else []


def _is_shown(page: Page, found: Assignment) -> bool:
    for question in page.questions:
        if question.shown_when is not None and not holds(question.shown_when, found.get):
            continue
        rows = _row_conditions(question.rows)
        if not rows or any(holds(condition, found.get) for condition in rows):
            return True
    return False


def _connected(pages: list[Page]) -> list[list[Page]]:
    """The pages in groups that share no item."""
    groups: list[tuple[set[str], list[Page]]] = []
    for page in pages:
        items, members = set(_page_items(page)), [page]
        apart = []
        for other_items, others in groups:
            if other_items & items:
                items |= other_items
                members = others + members
            else:
                apart.append((other_items, others))
        groups = [*apart, (items, members)]
    return [members for _, members in groups]


def _telling_values(question: Question, mentioned: set[str], counted: set[Count]) -> list[Operand]:
    if question.kind is Kind.CHOICES:
        return _combinations(question, mentioned)
    if question.options:
        return [Operand((one.code,), one.score, chosen=True) for one in question.options]
    if question.kind is Kind.LIST:
        return [Operand((str(n),), n) for n in range(1, question.most + 1)]
    if question.kind is Kind.NUMBER:
        return [Operand((plain_number(n),), n) for n in _numbers(question, mentioned)]
    if question.kind is Kind.DATE:
        plain = _dates(question, mentioned)
        ages = days_counted(question, [*plain, *mentioned], counted)
        return [*ages, *(Operand((text,), day=TODAY.isoformat()) for text in plain)]
    if question.kind is Kind.TIME:
        return [Operand((text,)) for text in _times(question, mentioned)]
    lengths = texts_counted(question, counted)
    return [Operand((text,)) for text in (*sorted(mentioned), "…", *lengths)]


def _combinations(question: Question, mentioned: set[str]) -> list[Operand]:
    """Every set of the options that conditions name, with or without one they do not name."""
    named = [option for option in question.options if option.code in mentioned][:8]
    rest = [option for option in question.options if option.code not in mentioned][:1]
    limits = question.limits
    found = []
    for size in range(len(named) + 1):
        for chosen in combinations(named, size):
            for extra in ((), tuple(rest)) if rest else ((),):
                ticked: tuple[Option, ...] = (*chosen, *extra)
                alone = len(ticked) == 1 or not any(option.exclusive for option in ticked)
                if ticked and alone and len(ticked) <= (limits.max_choices or len(ticked)):
                    codes = tuple(option.code for option in ticked)
                    found.append(Operand(codes, chosen=True))
    return found


def _numbers(question: Question, mentioned: set[str]) -> list[float]:
    limits = question.limits
    step = 10.0**-limits.decimals
    bounds = [bound for text in mentioned if (bound := as_number(text)) is not None]
    low = float(limits.minimum) if isinstance(limits.minimum, int | float) else None
    high = float(limits.maximum) if isinstance(limits.maximum, int | float) else None
    near = {bound + side * step for bound in bounds for side in (-1, 0, 1)}
    near |= {bound for bound in (low, high) if bound is not None} or {0.0}
    return sorted(n for n in near if (low is None or n >= low) and (high is None or n <= high))


def _dates(question: Question, mentioned: set[str]) -> list[str]:
    length = {"day": 10, "month": 7, "year": 4}[question.precision]
    low = str(question.limits.minimum or "0001-01-01")[:length]
    high = str(question.limits.maximum or "9999-12-31")[:length]
    near = {day.isoformat()[:length] for text in mentioned for day in _days_near(text)}
    return sorted({text for text in near if low <= text <= high} | {low, high})


def _times(question: Question, mentioned: set[str]) -> list[str]:
    low = str(question.limits.minimum or "00:00")
    high = str(question.limits.maximum or "23:59")
    minutes = [int(text[:2]) * 60 + int(text[3:]) for text in mentioned if ISO_TIME.fullmatch(text)]
    near = {minute + side for minute in minutes for side in (-1, 0, 1)}
    written = {f"{n // 60:02d}:{n % 60:02d}" for n in near if 0 <= n < 24 * 60}
    return sorted({text for text in written if low <= text <= high} | {low, high})


def _days_near(text: str) -> list[date]:
    """The day, and days one day, one month and one year around it; none for what is no date."""
    try:
        day = date.fromisoformat((text + "-01-01")[:10])
        return [day + timedelta(days) for days in (-366, -32, -1, 0, 1, 32, 366)]
    except (ValueError, OverflowError):
        return []
