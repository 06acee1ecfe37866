"""Sealing everything anew under the present key, so that the one before can be thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.deeds import Deed
from app.protection.codes import code_place
from app.protection.sealing import is_sealed_draft, seal, unseal
from app.storage import erasures
from app.storage.assistance import Assistance
from app.storage.audit import record
from app.storage.calls import Call
from app.storage.factors import SecondFactor
from app.storage.keying import KeyedEntry
from app.storage.outbox import OutgoingMessage
from app.storage.participants import AccessCode, Participant
from app.storage.passages import Passage
from app.storage.response_keys import ResponseKey, all_keys
from app.workflows.acting import House
from app.workflows.assisting import short_code_place
from app.workflows.calls import note_place
from app.workflows.keyed import entry_place
from app.workflows.mail import message_place
from app.workflows.passages import passage_place
from app.workflows.proving import factor_place
from app.workflows.sample import contact_place, reach_place

BATCH = 500

# What the ring seals beside answers: table, column, and the place that it is bound to.
SEALED: tuple[tuple[Any, str, Callable[[Any], str]], ...] = (
    (Participant, "sealed_contact", lambda row: contact_place(row.wave_id, row.reference)),
    (Participant, "sealed_reach", lambda row: reach_place(row.wave_id, row.reference)),
    (AccessCode, "sealed", lambda row: code_place(row.participant_id, row.generation)),
    (Assistance, "sealed", short_code_place),
    (OutgoingMessage, "sealed", message_place),
    (Call, "sealed_note", note_place),
    (SecondFactor, "sealed", lambda row: factor_place(row.id)),
    (Passage, "sealed", lambda row: passage_place(row.response_id, row.item)),
    (KeyedEntry, "body", entry_place),
)


def rotate(house: House) -> dict[str, int]:
    """Seal anew what an earlier key sealed; how many, by table. Safe to repeat and to interrupt.

    Answers stay as they are: only their keys are sealed anew.
    """
    done: dict[str, int] = {}
    for sealed in SEALED:
        table = sealed[0].__tablename__
        done[table] = done.get(table, 0) + _texts(house, *sealed)
    done[ResponseKey.__tablename__] = _keys(house)
    with house.database.write() as session:
        record(session, actor=None, origin="cli", act=Deed.KEYS_ROTATE, details=dict(done))
    return done


def _texts(house: House, table: Any, column: str, place: Callable[[Any], str]) -> int:
    ring, count, after = house.keys.sealing, 0, 0
    while True:
        with house.database.write() as session:
            rows = erasures.sealed_rows(session, table, getattr(table, column), after, BATCH)
            for (row,) in rows:
                sealed = getattr(row, column)
                after = row.id
                if ring.is_current(sealed) or (table is KeyedEntry and not is_sealed_draft(sealed)):
                    continue
                at = place(row)
                setattr(row, column, seal(ring, unseal(ring, sealed, at), at))
                count += 1
        if not rows:
            return count


def _keys(house: House) -> int:
    sealing, count, after = house.database.sealing, 0, b""
    while True:
        with house.database.write() as session:
            rows = all_keys(session, after, BATCH)
            for row in rows:
                after = row.secret_digest
                if not sealing.ring.is_current(row.sealed):
                    row.sealed = sealing.sealed_key(sealing.key(row.sealed, after), after)
                    count += 1
        if not rows:
            return count
