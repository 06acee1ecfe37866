"""Lists that a person makes: a name added where a place is free, an entry removed with its answers.

Adding never meets a clash: two tabs that add at once both find their name in the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.domain import lists
from app.domain.answers import Answer
from app.domain.errors import Fault, Unavailable
from app.domain.lists import entries_of, items_at, list_on, with_names
from app.domain.questionnaire import Question
from app.domain.refusals import refuse
from app.domain.routing import ShownPage, ShownQuestion
from app.domain.values import Submitted
from app.storage import collecting
from app.storage.database import now
from app.storage.responses import cell_of
from app.workflows.acting import House
from app.workflows.receipts import saving
from app.workflows.standing import Standing, mark, standing_of

TRIES = 8  # as for pages


def opened(
    found: Standing, page: ShownPage, submitted: Mapping[str, Submitted]
) -> tuple[ShownPage, Mapping[str, Submitted]]:
    """A list's page with the place that a typed name goes to, and all its names as if sent again.

    Any other page, and what was sent for it, as it is.
    """
    question = list_on(page.page)
    if question is None:
        return page, submitted
    names, new = with_names(question, submitted, found.answers)
    added = tuple(ShownQuestion(name) for name in question.names if name.code == new)
    return replace(page, questions=(*page.questions, *added)), names


def refused(
    found: Standing, page: ShownPage, submitted: Mapping[str, Submitted], *, adding: bool
) -> Fault | None:
    """A name for which no place is free, or a wish to add that comes without a name."""
    question = list_on(page.page)
    if question is None:
        return None
    typed = not submitted.get(question.code, Submitted()).empty
    if typed and len(entries_of(question, found.answers)) >= question.most:
        return refuse("list_full", question.code, limit=question.most)
    return refuse("no_name", question.code) if adding and not typed else None


def on_the_field(page: ShownPage, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults, where they are seen: a list has one field for every name."""
    question = list_on(page.page)
    if question is None:
        return tuple(faults)
    return tuple(Fault(question.code, fault.reason, fault.remedy) for fault in faults)


def numbered(found: Standing, item: str, answer: Answer) -> Answer:
    """A new name with a random number of its own."""
    question = found.frozen.questionnaire.question_by_item[item]
    return replace(answer, entry=lists.new_entry()) if question.is_name else answer


def about_another(found: Standing, page: ShownPage, seen: Mapping[str, str]) -> str:
    """The list to go back to where the form was about an entry that is gone; else nothing."""
    question = page.page.questions[0]
    if not question.of_list or question.is_name:
        return ""
    name = name_item(question)
    return question.of_list if seen.get(name, "") != mark(found.answers.get(name)) else ""


def name_item(question: Question) -> str:
    """The item with the name of the entry that this question is about."""
    return f"{question.of_list}_{question.place}"


def entry_with(found: Standing, page: ShownPage, number: str) -> Question | None:
    """The place, as its question for the name, of the entry with this random number."""
    question = list_on(page.page)
    taken = entries_of(question, found.answers) if question else ()
    return next((name for name, answer in taken if number and answer.entry == number), None)


def remove_entry(house: House, found: Standing, code: str, number: str, key: str) -> str:
    """Take the entry with this random number off the list, with all that was answered about it.

    Where to go: the list. Nothing happens where the entry is gone already, or the key was used.
    Raises as ``standing`` does, and Unavailable where nothing could be committed.
    """
    for turn in range(TRIES):
        if turn:
            found = standing_of(house, found.held.digest, key)
        page = found.path.page(code)
        name = entry_with(found, page, number) if page else None
        if found.held.goes_to is not None or page is None or name is None or found.hides(page):
            return code
        kept = without(found, page.page.questions[0], name)
        new = saving(house, found, kept, key, code, now())
        try:
            if collecting.save(house.database, found.held, new):
                return code
        except IntegrityError:
            continue
    raise Unavailable


def without(found: Standing, question: Question, name: Question) -> dict[str, Any]:
    """What is stored once the entry and all that was answered about it are gone."""
    gone = items_at(found.frozen.questionnaire, question, name.place)
    cells = {item: cell for item, cell in found.document["a"].items() if item not in gone}
    left = len(entries_of(question, found.answers)) - 1
    if left:
        moment = now().isoformat(timespec="seconds")
        cells[question.code] = cell_of(Answer(left, sitting=found.held.sitting, at=moment))
    else:
        cells.pop(question.code, None)
    return found.document | {"a": cells}
