"""A response as it stands at a request: what is held, what is asked, what was answered so far."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from app.domain.answers import Answer, Answers, RespondentRole, Value
from app.domain.errors import Conflict, NotAllowed
from app.domain.parts import Stretch, stretches_of
from app.domain.routing import Path, ShownPage, path_through
from app.domain.sittings import view_in
from app.protection.keys import digest
from app.storage import collecting
from app.storage.audit import sits
from app.storage.collecting import Held
from app.storage.database import now
from app.storage.instruments import Frozen, frozen
from app.storage.responses import Stored, unpack
from app.workflows.acting import House

OWN_DEVICE = timedelta(hours=24)
SHARED_DEVICE = timedelta(minutes=15)
CHECK = "check"  # where a key leads that ends at the check of the answers
RECEIPT = "receipt"
WORD = "word"  # where a session goes that may not see what was answered before


class SessionEnded(NotAllowed):
    """The session is over, or there is none: come in again with the code."""

    code = "session_ended"


class AlreadySent(Conflict):
    """The answers were sent, or withdrawn; nothing can change any more."""

    code = "already_sent"


class WaveOver(Conflict):
    """The survey takes no answers at this moment."""

    code = "wave_over"


@dataclass(frozen=True)
class Standing:
    """A response as it stands: what is held, what is asked, what was answered so far."""

    held: Held
    frozen: Frozen
    document: dict[str, Any]
    role: RespondentRole

    @property
    def sitting(self) -> dict[str, str]:
        """Who answers now, as kept."""
        sittings: list[dict[str, str]] = self.document["sit"]
        number = self.held.sitting
        return sittings[number] if number < len(sittings) else {}

    def view_at(self, code: str) -> str:
        """Whose view a proxy gives on this page; empty where nobody is a proxy."""
        asked = self.frozen.questionnaire
        if self.role != "proxy" or code not in asked.section_by_page:
            return ""
        sections = (section.code for section in asked.sections)
        return view_in(self.sitting, sections, asked.section_by_page[code][1].code)

    @cached_property
    def answers(self) -> Answers:
        """Every answer by its item, those off the path included."""
        return Stored(self.document)

    @cached_property
    def path(self) -> Path:
        """The pages that the person sees."""
        return self._way.path

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The sections with pages on the path."""
        return self._way.stretches

    @cached_property
    def open(self) -> ShownPage | None:
        """The first page that waits for an answer."""
        for page, items in self._way.asked:
            if not items <= self.answers.keys() or (page.narrowed and page.waits(self.answers)):
                return page
        return None

    @cached_property
    def _way(self) -> _Way:
        told = (
            (item, given.value, given.at[:10] if item in self.frozen.dated_by_conditions else "")
            for item in self.frozen.read_by_conditions
            if (given := self.answers.get(item)) is not None
        )
        return _way(self.frozen, self.role, tuple(told))

    def told(self, item: str) -> Answer | None:
        """What a later text may say of an item: answered on the path, and not to be hidden."""
        on_path = item in self.path.items and self.may_see(item)
        return self.answers.get(item) if on_path else None

    def may_see(self, item: str) -> bool:
        """Whether what was answered may be shown: it is of this sitting, or the word was given."""
        if self.held.sees_earlier:
            return True
        answer = self.answers.get(item)
        return answer is None or answer.sitting == self.held.sitting

    def hides(self, page: ShownPage) -> bool:
        """Whether something on the page was answered that this session may not be shown."""
        return not (self.held.sees_earlier or all(map(self.may_see, page.item_codes)))

    def after(self, code: str) -> str:
        """Where to go when this page is done: the next page, an earlier open one, or the check.

        Pages that somebody else answered, and that this session may not see, are passed over.
        """
        following = self.path.after(code)
        while following and following is not self.open and self.hides(following):
            following = self.path.after(following.code)
        if self.open is None:
            return following.code if following else CHECK
        if following is None or self.path.position[self.open.code] < self.path.position[code]:
            return self.open.code
        return following.code


@dataclass(frozen=True)
class _Way:
    """A path with the items asked on each of its pages, and its sections."""

    path: Path
    asked: tuple[tuple[ShownPage, frozenset[str]], ...]
    stretches: tuple[Stretch, ...]


@lru_cache(maxsize=4096)
def _way(
    frozen: Frozen, role: RespondentRole, told: tuple[tuple[str, Value | None, str], ...]
) -> _Way:
    """The way of everybody who told the same to the items that conditions read.

    ``told``: item, value, and the day where the way depends on it.
    """
    answers = {item: Answer(value, at=day) for item, value, day in told}
    path = path_through(frozen.questionnaire, answers, role)
    return _Way(
        path,
        tuple((page, frozenset(page.item_codes)) for page in path.pages),
        stretches_of(frozen.questionnaire, path),
    )


def mark(answer: Answer | None) -> str:
    """A short digest of what was said, empty for nothing: tells whether an answer changed."""
    if answer is None:
        return ""
    said = repr(answer.content) + answer.entry
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def standing(house: House, secret: str, key: str = "", *, sent: bool = False) -> Standing:
    """What the session with this secret holds; ``key`` is the form's, where one came.

    Raises SessionEnded, WaveOver, and AlreadySent unless ``sent`` says that it may be.
    """
    return standing_of(house, digest(house.keys.lookup, secret), key, sent=sent)


def sit(house: House, session_digest: bytes) -> None:
    """Say for the audit log which participant's session acts now: a name that opens nothing.

    The entries of a session name its response anyway; they never name the person beside it.
    """
    named = digest(house.keys.lookup, f"participant's sitting {session_digest.hex()}").hex()
    sits(f"participant-{named[:32]}")


def standing_of(house: House, session_digest: bytes, key: str, *, sent: bool = False) -> Standing:
    """As ``standing``, for a session whose digest is known: to read again."""
    with house.database.at_once(session_digest) as driver:
        held = collecting.held(driver, session_digest, key)
    moment = now()
    if held is None or _ended(held, moment):
        raise SessionEnded
    sit(house, session_digest)
    if not sent:
        require_open(held, moment)
    document = unpack(house.database.sealing.open(held.body, held.sealed_key, held.own))
    return Standing(
        held,
        frozen(house.database, held.instrument_id, house.folder),
        document,
        document["sit"][held.sitting]["role"] if document["sit"] else "self",
    )


def stay(house: House, found: Standing) -> None:
    """The person says that they are still there: a shared screen stays open. Raises Unavailable."""
    collecting.seen(house.database, found.held, now())


def _ended(held: Held, moment: datetime) -> bool:
    idle = SHARED_DEVICE if held.shared_device else OWN_DEVICE
    over = held.ended_at is not None or held.withdrawn_at is not None
    return over or moment - held.seen_at > idle


def require_open(held: Held, moment: datetime) -> None:
    """Raise AlreadySent or WaveOver where nothing can be answered any more."""
    if held.submitted_at is not None or held.withdrawn_at is not None:
        raise AlreadySent
    if held.opened_at is None or held.closed_at is not None or moment >= held.closes_at:
        raise WaveOver
