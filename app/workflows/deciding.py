"""Sheets keyed differently by two people: what differs, and the decision that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from sqlalchemy.orm import Session

from app.domain.double_entry import Keyed, Side, differing, merged
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Questionnaire
from app.domain.text import Text
from app.storage import keying as rows
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant
from app.workflows.acting import Actor, House, act, require
from app.workflows.keyed import Body, send
from app.workflows.keying import counting
from app.workflows.sheets import wave_of


@dataclass(frozen=True, slots=True)
class Differences:
    """The items of one sheet that were keyed differently, and nothing else of it."""

    wave_id: int
    territory: str
    reference: str
    batch: str
    questionnaire: Questionnaire
    items: tuple[str, ...]
    first: Keyed
    second: Keyed


def differences(house: House, actor: Actor, entry_id: int) -> Differences:
    """What two people keyed differently; ``entry_id``: of the first. Raises ``NotFound``."""
    scope = actor.scope(Verb.RESPONSE_DECIDE)
    if not scope:
        require(house, actor, Verb.RESPONSE_DECIDE)
    with house.database.read() as session:
        first, second = _both(session, actor, entry_id, scope)
        reference = session.get_one(Participant, first.participant_id).reference
    asked = compiled(house.database, first.instrument_id)
    one, other = (counting(asked, Body.of(house, each).keyed) for each in (first, second))
    items = differing(asked, one, other)

    def only(keyed: Keyed) -> Keyed:
        answers = {item: answer for item, answer in keyed.answers.items() if item in items}
        return Keyed(answers, keyed.illegible & answers.keys(), keyed.role, keyed.head)

    return Differences(
        first.wave_id,
        first.territory,
        reference,
        first.batch,
        asked,
        items,
        only(one),
        only(other),
    )


def _both(
    session: Session, actor: Actor, entry_id: int, scope: frozenset[str], *, lock: bool = False
) -> tuple[KeyedEntry, KeyedEntry]:
    """The two finished keyings of a sheet that is no response yet. Raises ``NotFound``."""
    first = rows.entry(session, entry_id, scope, lock=lock)
    if first is None or first.participant_id is None or first.closed_at is not None:
        raise NotFound
    wave_of(session, actor, first.wave_id)
    both = rows.entries_of(session, first.wave_id, first.participant_id)
    if len(both) != 2 or both[0].id != entry_id or any(one.finished_at is None for one in both):
        raise NotFound
    return both[0], both[1]


def decide(house: House, actor: Actor, entry_id: int, decisions: Mapping[str, str]) -> None:
    """Make the response from what agrees and what was decided, item by item.

    ``decisions``: first, second or illegible, by item. Raises ``BadInput`` with the items that
    were not decided, ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    found = differences(house, actor, entry_id)
    sides = {
        item: side for item in found.items for side in get_args(Side) if decisions.get(item) == side
    }
    if missing := [item for item in found.items if item not in sides]:
        raise BadInput([Fault(item, *_UNDECIDED) for item in missing])
    with house.database.read() as session:
        place = session.get_one(KeyedEntry, entry_id).territory
    with act(house, actor, Verb.RESPONSE_DECIDE, place, f"keyed_entry:{entry_id}") as acted:
        session = acted.session
        first, second = _both(session, actor, entry_id, frozenset([place]), lock=True)
        one, other = (
            counting(found.questionnaire, Body.of(house, e).keyed) for e in (first, second)
        )
        if differing(found.questionnaire, one, other) != found.items:
            raise Conflict
        keyed = merged(found.questionnaire, one, other, sides)
        second.decided_by = actor.account_id
        send(house, session, actor, first, keyed, now())
        acted.details = {"items": len(sides)}


_UNDECIDED = (
    Text.of(fr="Il manque une décision.", en="A decision is missing."),
    Text.of(
        fr="Regardez la feuille et choisissez ce qui y est écrit.",
        en="Look at the sheet and choose what stands on it.",
    ),
)
