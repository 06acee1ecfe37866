"""A choice taken back: what was chosen on a page goes, as if nobody had answered there yet.

One of several rows, once chosen, cannot be unchosen without a script; the server does it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from app.domain.answers import Answers
from app.domain.errors import RoomMade, Unavailable
from app.domain.questionnaire import Why
from app.domain.routing import ShownPage
from app.storage import collecting
from app.storage.database import now
from app.workflows import listing
from app.workflows.acting import House
from app.workflows.collect import TRIES, Moved, Sent
from app.workflows.receipts import saving
from app.workflows.standing import CHECK, WORD, Standing, mark, standing_of


@dataclass(frozen=True, slots=True)
class Cleared:
    """The page as it now stands.

    ``stayed``: what is chosen, where some of it was answered anew meanwhile: nothing was taken.
    """

    standing: Standing
    page: ShownPage
    stayed: tuple[str, ...] = ()


def chosen(page: ShownPage, answers: Answers) -> tuple[str, ...]:
    """The items of the page at which one row of several is chosen and stored."""
    return tuple(
        item
        for item in page.one_choice_items
        if item in answers and answers[item].why is not Why.SKIPPED
    )


def clear_page(house: House, found: Standing, code: str, sent: Sent) -> Moved | Cleared:
    """Take back what was chosen on a page; what else was typed there is neither judged nor stored.

    ``found`` was read with the form's key, which the commit consumes as with every saved page.
    Raises as ``standing`` does, and Unavailable where nothing could be committed.
    """
    for turn in range(TRIES):
        if turn:
            found = standing_of(house, found.held.digest, sent.key)
        outcome = taken_back(found, code, sent)
        if isinstance(outcome, Moved) or outcome.standing is found:
            return outcome
        new = saving(house, found, outcome.standing.document, sent.key, code, now())
        try:
            if collecting.save(house.database, found.held, new):
                return outcome
        except (IntegrityError, RoomMade):
            continue  # the same form, sent twice at once; or a disk that was full
    raise Unavailable


def taken_back(found: Standing, code: str, sent: Sent) -> Moved | Cleared:
    """What becomes of it; nothing is written. The same standing: there is nothing to take back."""
    page = found.path.page(code)
    if page is None:
        return Moved(found.open.code if found.open else CHECK)
    if found.hides(page) and not sent.carried:
        return Moved(WORD)
    if found.held.goes_to not in (None, code):
        return Moved(found.held.goes_to)
    if list_code := listing.about_another(found, page, sent.seen):
        return Moved(list_code)
    going = chosen(page, found.answers)
    if not going:
        return Cleared(found, page)
    used = found.held.goes_to is not None  # what stands there was chosen after this form was sent
    if used or any(mark(found.answers[item]) != sent.seen.get(item, "") for item in going):
        return Moved(WORD) if found.hides(page) else Cleared(found, page, going)
    return _without(found, page, going)


def _without(found: Standing, page: ShownPage, going: tuple[str, ...]) -> Cleared:
    cells = {item: cell for item, cell in found.document["a"].items() if item not in going}
    after = Standing(found.held, found.frozen, found.document | {"a": cells}, found.role)
    return Cleared(after, after.path.page(page.code) or page)
