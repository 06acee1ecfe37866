"""Free text reviewed before anybody else may read it: words masked, or the whole withheld.

The original never leaves the sealed response. Evaluators read what was cleared, of closed waves,
without territory, in an order that says nothing of who wrote it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.passages import LEAST_WRITERS, masked, words_of
from app.domain.permissions import Verb
from app.domain.questionnaire import Kind
from app.domain.text import Text
from app.storage import passages as stored
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.passages import Passage
from app.storage.response_keys import key_of
from app.storage.responses import Response, answers_in, unpack
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, act, require

PAGE = 10  # passages shown at once
BATCH = 200
FREE = (Kind.TEXT, Kind.LONG_TEXT)


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """One free text that nobody has decided on."""

    response_id: int
    item: str
    question: Text
    text: str

    @property
    def words(self) -> list[str]:
        """What can be masked."""
        return words_of(self.text)


def waiting(house: House, actor: Actor, wave_id: int) -> list[Waiting]:
    """The next free texts of a wave to be reviewed, a page of them; that they were read is kept."""
    scope = actor.scope(Verb.PASSAGE_REVIEW)
    if not scope:
        require(house, actor, Verb.PASSAGE_REVIEW)
    found: list[Waiting] = []
    with house.database.read() as session:
        _wave(session, actor, wave_id)
        after = 0
        while len(found) < PAGE:
            rows = stored.to_review(session, wave_id, scope, after, BATCH)
            if not rows:
                break
            after = rows[-1].id
            done = stored.decided(session, [row.id for row in rows])
            found += [
                each
                for row in rows
                for each in _free_texts(house, session, row)
                if (each.response_id, each.item) not in done
            ]
    found = found[:PAGE]
    if found:
        territory = _one_of(actor, scope)
        with act(house, actor, Verb.PASSAGE_REVIEW, territory, f"wave:{wave_id}") as acted:
            acted.details = {"read": len(found)}
    return found


def review(
    house: House,
    actor: Actor,
    response_id: int,
    item: str,
    hidden: Collection[int],
    *,
    withhold: bool,
) -> None:
    """Let a free text be read with these words masked, or not at all.

    Raises NotFound, Conflict where it was decided on already, BadInput for a word that is not.
    """
    scope = actor.scope(Verb.PASSAGE_REVIEW)
    if not scope:
        require(house, actor, Verb.PASSAGE_REVIEW)
    with house.database.read() as session:
        row = session.get(Response, response_id)
        if row is None or row.territory not in scope or row.withdrawn_at is not None:
            raise NotFound
        _wave(session, actor, row.wave_id)
        texts = {each.item: each.text for each in _free_texts(house, session, row)}
    if item not in texts:
        raise NotFound
    try:
        left = None if withhold else masked(texts[item], hidden)
    except IndexError:
        raise BadInput([_NO_WORD]) from None
    with act(house, actor, Verb.PASSAGE_REVIEW, row.territory, f"response:{row.id}") as acted:
        if (row.id, item) in stored.decided(acted.session, [row.id]):
            raise Conflict
        own = row.secret_digest
        key = key_of(acted.session, own)
        acted.session.add(
            Passage(
                wave_id=row.wave_id,
                territory=row.territory,
                audience=row.audience,
                response_id=row.id,
                item=item,
                sealed=None
                if left is None
                else house.database.sealing.close_text(left, key, own, passage_place(row.id, item)),
                reviewed_at=now(),
                reviewed_by=actor.account_id,
            )
        )
        acted.details = {"item": item, "masked": len(set(hidden)), "withheld": withhold}


def readable(house: House, actor: Actor, wave_id: int) -> Mapping[str, Sequence[str]]:
    """What evaluators may read of a closed wave, by item; no territory, no order of arrival.

    Nothing of an item to which fewer than ``LEAST_WRITERS`` people's words can be read.
    """
    require(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        rows = stored.readable(session, actor.programme_id, wave_id)
    found: dict[str, list[str]] = {}
    for row, own, key in sorted(rows, key=_without_order):
        place = passage_place(row.response_id, row.item)
        text = house.database.sealing.open_text(row.sealed or b"", key, own, place)
        found.setdefault(row.item, []).append(text)
    return {item: texts for item, texts in sorted(found.items()) if len(texts) >= LEAST_WRITERS}


def _without_order(row: Row[Passage, bytes, bytes | None]) -> bytes:
    return hashlib.sha256(row[0].sealed or b"").digest()


def _free_texts(house: House, session: Session, row: Response) -> Iterator[Waiting]:
    key = key_of(session, row.secret_digest)
    document = unpack(house.database.sealing.open(row.body, key, row.secret_digest))
    asked = compiled(house.database, row.instrument_id).question_by_item
    for item, answer in answers_in(document).items():
        question = asked.get(item)
        if question is None or question.of_list:
            continue
        text = answer.value if question.kind in FREE else answer.other
        if isinstance(text, str) and text.strip():
            yield Waiting(row.id, item, question.text, text)


def _one_of(actor: Actor, scope: frozenset[str]) -> str:
    """A territory in which the act is allowed, the widest first."""
    return next((code for code in actor.territories if code in scope), "FR")


def _wave(session: Session, actor: Actor, wave_id: int) -> None:
    if wave_by_id(session, actor.programme_id, wave_id) is None:
        raise NotFound


def passage_place(response_id: int, item: str) -> str:
    """What a passage is sealed for."""
    return f"passage:{response_id}:{item}"


_NO_WORD = Fault(
    "hidden",
    Text.of(fr="Ce mot n’est pas dans le texte.", en="This word is not in the text."),
    Text.of(fr="Rechargez la page, puis cochez à nouveau.", en="Load the page again, then tick."),
)
