"""Receipts held against what is stored: one that somebody tells, and all that were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.errors import NotFound
from app.domain.fieldwork import PAPER
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.protection.receipts import receipt, typed_receipt
from app.storage import participants as sample
from app.storage import receipts as stored
from app.storage.audit import record
from app.storage.keying import response_of
from app.storage.response_keys import key_of
from app.storage.responses import Response, unpack
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, require

Outcome = Literal["stands", "earlier", "unknown", "lost", "hidden", "typo"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt says, and when what it stands for was saved.

    stands: stored as it was then; earlier: saved then, and changed by the person since; unknown:
    none of this person's; lost: acknowledged last, and what is stored is something else; hidden:
    of professionals, or of nobody who answered, nothing is told; typo: no receipt at all.
    """

    outcome: Outcome
    at: datetime | None = None


def check_receipt(
    house: House, actor: Actor, wave_id: int, reference: str, written: str
) -> Checked:
    """Hold a receipt that somebody tells against what is stored of this person's answers.

    That it was done is recorded. Raises ``NotFound`` for whoever is unknown or out of reach.
    """
    scope = actor.scope(Verb.DISPOSITION_RECORD)
    if not scope:
        require(house, actor, Verb.DISPOSITION_RECORD)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        person = sample.by_reference(session, wave_id, [reference]).get(reference) if wave else None
        if person is None or person.territory not in scope:
            raise NotFound
        response = None
        if person.audience != Audience.PROFESSIONAL:
            response = response_of(session, person.id)
        given = () if response is None else stored.receipts_of(session, response.id)
        sealed = None if response is None else key_of(session, response.secret_digest)
    told = typed_receipt(written)
    if told is None:
        return Checked("typo")
    with house.database.write() as session:
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=Verb.DISPOSITION_RECORD,
            programme_id=actor.programme_id,
            territory=person.territory,
            thing=f"participant:{person.id}",
            details={"receipt": "checked"},
        )
    if response is None or response.withdrawn_at is not None:
        return Checked("hidden")
    at = next((moment for one, moment in reversed(given) if one == told), None)
    if told == _of(house, response, sealed):
        return Checked("stands", at or response.saved_at)
    if at is None:
        return Checked("unknown")
    # A keyed sheet gives no receipt: it took the place of what was saved on the screen.
    last = given[-1][0] == told and response.channel != PAPER
    return Checked("lost" if last else "earlier", at)


def _of(house: House, response: Response, sealed: bytes | None) -> str:
    own = response.secret_digest
    body = house.database.sealing.open(response.body, sealed, own)
    return receipt(house.keys.receipts, own, unpack(body)["a"])


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many responses were held against their last receipt, and the ids of those that differ."""

    responses: int
    differing: tuple[int, ...]


def reconcile(house: House) -> Reconciled:
    """Hold every response against its last receipt: what was acknowledged is what is stored."""
    count, differing = 0, []
    with house.database.read() as session:
        for number, own, body, sealed, last in stored.last_receipts(session):
            count += 1
            try:
                cells = unpack(house.database.sealing.open(body, sealed, own))["a"]
            except ValueError:  # a body or a key that is not what was written
                cells = None
            if cells is None or receipt(house.keys.receipts, own, cells) != last:
                differing.append(number)
    return Reconciled(count, tuple(differing))
