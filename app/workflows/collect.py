"""Answering: a page is saved, durably, before anybody is told so.

Reading takes no lock. The write is one short transaction of at most three statements (of one, where
a statement can write to two tables), made only if the response is still as it was read; else it is
read again. Pages leave no audit entry (their save keys name them); starting, refusing, sending and
withdrawing do.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.domain.acceptance import Submitted, accept
from app.domain.answers import Answer
from app.domain.errors import Fault, RoomMade, Unavailable
from app.domain.lists import list_on
from app.domain.refusals import refuse
from app.domain.routing import ShownPage
from app.storage import collecting
from app.storage.database import now
from app.storage.responses import cell_of
from app.workflows import listing
from app.workflows.acting import House
from app.workflows.answer_files import contents
from app.workflows.onward import stop_after
from app.workflows.receipts import saving
from app.workflows.standing import CHECK, WORD, Standing, mark, standing_of

TRIES = 8  # a response has few writers: its own tabs


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent for a page: what was typed, what it was rendered from, its key."""

    submitted: Mapping[str, Submitted]
    seen: Mapping[str, str]  # mark of the stored answer by item, as the form was made from it
    key: str
    reminded: bool = False
    to_check: bool = False  # came from the check of the answers and goes back there
    carried: bool = False  # typed before the session was over, sent again after coming in
    adding: bool = False  # another entry of a list: the list is shown again
    lang: str = ""  # of the page that it was given on


@dataclass(frozen=True, slots=True)
class Moved:
    """Saved, or nothing to save: go to this page, or to CHECK or RECEIPT."""

    to: str


@dataclass(frozen=True, slots=True)
class Again:
    """Not taken: the same page with what is to be mended, or with the gentle reminder."""

    standing: Standing
    page: ShownPage
    faults: tuple[Fault, ...]
    reminders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody stored another answer meanwhile, in another tab or on another device."""

    standing: Standing
    page: ShownPage
    items: tuple[str, ...]
    given: Mapping[str, Answer]

    @property
    def stored(self) -> tuple[Answer, ...]:
        """What is stored of the items."""
        return tuple(self.standing.answers[item] for item in self.items)

    @property
    def on_another_device(self) -> bool:
        """Whether somebody at another device answered; else it was in another tab of this one."""
        return any(one.sitting != self.standing.held.sitting for one in self.stored)

    @property
    def at(self) -> datetime:
        """When the other answer was stored; of several, the latest."""
        return max(datetime.fromisoformat(one.at) for one in self.stored)


def answer_page(house: House, found: Standing, code: str, sent: Sent) -> Moved | Again | Clash:
    """Take one page: judge it, merge it, store it, and say where to go.

    ``found`` was read with the form's key.

    The key is consumed by the commit alone; the same key is answered as it was the first time.
    Raises as ``standing`` does, and Unavailable where nothing could be committed.
    """
    for turn in range(TRIES):
        if turn:
            found = standing_of(house, found.held.digest, sent.key)
        if found.held.goes_to is not None:
            return Moved(found.held.goes_to)
        outcome = judged(found, code, sent)
        if not isinstance(outcome, ToSave):
            return outcome
        new = saving(
            house, found, outcome.document, sent.key, outcome.to, outcome.at, outcome.files
        )
        try:
            if collecting.save(house.database, found.held, new):
                return Moved(outcome.to)
        except IntegrityError:
            continue  # the same form, sent twice at once: read where the other one led
        except RoomMade:
            continue  # on a disk that was full
    raise Unavailable


@dataclass(frozen=True, slots=True)
class ToSave:
    """Taken: the document to be stored, and where to go once it is."""

    document: Mapping[str, Any]
    to: str
    at: datetime
    files: Mapping[str, bytes]  # what came with the form, by its mark


def judged(found: Standing, code: str, sent: Sent) -> Moved | Again | Clash | ToSave:
    """What becomes of a page that was sent; nothing is written."""
    page = found.path.page(code)
    if page is None:
        return Moved(found.open.code if found.open else CHECK)
    if found.hides(page) and not sent.carried:  # nor may an answer be guessed at by sending it
        return Moved(WORD)
    if list_code := listing.about_another(found, page, sent.seen):
        return Moved(list_code)
    if fault := listing.refused(found, page, sent.submitted, adding=sent.adding):
        return Again(found, page, (fault,), ())
    asked, submitted = listing.opened(found, page, sent.submitted)
    given: dict[str, Answer] = {}
    faults: list[Fault] = []
    reminders: list[str] = []
    for shown in asked.questions:
        verdict = accept(
            shown,
            submitted,
            ChainMap(given, found.answers),  # type: ignore[arg-type] # which nobody writes to
            found.frozen.questionnaire,
            reminded=sent.reminded,
            role=found.role,
        )
        given |= verdict.answers
        faults += verdict.faults
        reminders += verdict.reminders
    if faults or reminders:
        return Again(found, page, listing.on_the_field(page, faults), tuple(reminders))
    listed = list_on(page.page) is not None
    if not listed and (clash := _clash(found, sent, given)):
        return _clashed(found, page, clash, given)
    return _merged(found, code, given, sent)


def _clashed(
    found: Standing, page: ShownPage, clash: tuple[str, ...], given: Mapping[str, Answer]
) -> Moved | Again | Clash:
    if found.hides(page):  # what was answered before is not shown
        return Moved(WORD)
    if found.frozen.file_items.intersection(clash):  # a file cannot wait for a choice
        return Again(found, page, tuple(refuse("file_elsewhere", item) for item in clash), ())
    return Clash(found, page, clash, given)


def _clash(found: Standing, sent: Sent, given: Mapping[str, Answer]) -> tuple[str, ...]:
    """The items whose stored answer is neither the one the form was made from nor the one sent."""
    return tuple(
        item
        for item, answer in given.items()
        if mark(found.answers.get(item)) not in (sent.seen.get(item, ""), mark(answer))
    )


def _merged(found: Standing, code: str, given: Mapping[str, Answer], sent: Sent) -> Moved | ToSave:
    moment = now()
    at = moment.isoformat(timespec="seconds")
    other_lang = sent.lang if sent.lang != found.held.language else ""
    changed = {
        item: listing.numbered(
            found,
            item,
            Answer(answer.value, answer.why, answer.other, found.held.sitting, at, lang=other_lang),
        )
        for item, answer in given.items()
        if item not in found.answers or found.answers[item].content != answer.content
    }
    cells = found.document["a"] | {item: cell_of(answer) for item, answer in changed.items()}
    document = found.document | {"a": cells}
    after = Standing(found.held, found.frozen, document, found.role)
    to = stop_after(after, code)
    if sent.adding:
        to = code
    elif sent.to_check:
        to = after.open.code if after.open else CHECK
    if not changed:
        return Moved(to)
    return ToSave(document, to, moment, contents(sent.submitted, given))
