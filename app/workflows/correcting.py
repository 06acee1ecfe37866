"""A keying error mended: the sheet is keyed anew, and the new response takes the place of the old.

The old one stays as it was, names the new one and no longer counts; the new one names it and says
why. Nobody sees the answers that were sent: whoever corrects has the sheet in hand. A coordinator
does it, while the wave is open. Erasing the new response erases the old one with it.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.double_entry import Keyed
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.fieldwork import PAPER
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.keys import digest, new_secret
from app.storage import keying as rows
from app.storage.audit import record
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant
from app.storage.response_keys import add_key
from app.storage.responses import Response, pack
from app.storage.waves import Wave
from app.workflows.acting import Actor, House, act
from app.workflows.keyed import EMPTY, Body, packed, require_open
from app.workflows.sheets import NewEntry, head_faults, new_entry, person_of, scope_of, wave_of

REASONS = ("misread", "left_out", "other_sheet", "other")


def begin(
    house: House, actor: Actor, wave_id: int, participant_id: int, new: NewEntry, reason: str
) -> int:
    """Begin to key a sheet anew whose answers were keyed wrongly; the entry's id.

    Raises ``BadInput`` without batch, consent or reason, ``Conflict`` where there is nothing keyed
    to correct, the link to it is cut or a correction was begun, ``NotAllowed``, ``NotFound``.
    """
    faults = list(head_faults(new))
    if reason not in REASONS:
        faults.append(Fault("reason", *_REASON))
    if faults:
        raise BadInput(faults)
    with house.database.read() as session:
        wave_of(session, actor, wave_id)
        place = person_of(session, wave_id, participant_id, scope_of(house, actor)).territory
    try:
        with act(house, actor, Verb.RESPONSE_DECIDE, place, f"wave:{wave_id}") as acted:
            session = acted.session
            require_open(wave_of(session, actor, wave_id))
            person = person_of(session, wave_id, participant_id, frozenset([place]))
            old = _keyed(session, person)
            turns = [one.turn for one in rows.entries_of(session, wave_id, person.id)]
            entry = new_entry(session, actor, person, new, max([2, *turns]) + 1)
            entry.instrument_id = old.instrument_id
            entry.corrects, entry.correction = old.id, reason
            acted.details = {"corrects": old.id, "reason": reason}
            return entry.id
    except IntegrityError as error:  # two people began at once
        raise Conflict(_BEGUN) from error


def may_correct(session: Session, person: Participant) -> bool:
    """Whether there is a keyed response of this person that could be corrected now."""
    response = rows.response_of(session, person.id)
    open_ones = rows.entries_of(session, person.wave_id, person.id)
    return _is_keyed(response) and all(one.finished_at for one in open_ones)


def _is_keyed(response: Response | None) -> bool:
    return (
        response is not None
        and response.channel == PAPER
        and response.submitted_at is not None
        and response.withdrawn_at is None
    )


def _keyed(session: Session, person: Participant, *, lock: bool = False) -> Response:
    response = rows.response_of(session, person.id, lock=lock)
    if response is None or not _is_keyed(response):
        raise Conflict(_NOTHING)
    if not lock and not may_correct(session, person):
        raise Conflict(_BEGUN)
    return response


def supersede(
    house: House, session: Session, actor: Actor, entry: KeyedEntry, keyed: Keyed, at: datetime
) -> None:
    """Put what was keyed in the place of the response that the entry corrects.

    In the transaction of whoever finishes. The new response has the day, the withdrawal code and
    the person of the old one, which keeps its answers and nothing else that leads to it. Raises
    ``Conflict`` where it was withdrawn or corrected meanwhile.
    """
    require_open(session.get_one(Wave, entry.wave_id))
    if entry.participant_id is None:
        raise NotFound
    person = session.get_one(Participant, entry.participant_id)
    old = _keyed(session, person, lock=True)
    if old.id != entry.corrects:
        raise Conflict(_BEGUN)
    withdrawal, old.participant_id, old.withdrawal_digest = old.withdrawal_digest, None, None
    session.flush()
    made = _in_its_place(entry, old, person, at)
    made.withdrawal_digest = withdrawal
    sealing = house.database.sealing
    key = sealing.new_key(made.secret_digest)
    sitting = Body.of(house, entry).sitting
    body = pack(packed(sitting, keyed))
    made.notice_version = sitting.get("notice", old.notice_version)
    made.body = sealing.close(body, key, made.secret_digest)
    session.add(made)
    add_key(session, made.secret_digest, key)
    session.flush()
    old.superseded_by = made.id
    rows.end_sessions(session, old.id, at)
    rows.close(session, entry.wave_id, person.id, at, EMPTY, cut=False)
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=Deed.RESPONSE_CORRECT,
        programme_id=actor.programme_id,
        territory=entry.territory,
        thing=f"response:{made.id}",
        details={
            "corrects": old.id,
            "reason": entry.correction or "",
            "was": _digest(house, old),
            "is": _digest(house, made),
        },
    )


def _digest(house: House, row: Response) -> str:
    """A keyed digest of a response as it is stored: what was put in whose place can be checked."""
    return hmac.digest(house.keys.receipts, row.body, "sha256").hex()


def _in_its_place(entry: KeyedEntry, old: Response, person: Participant, at: datetime) -> Response:
    return Response(
        wave_id=old.wave_id,
        participant_id=person.id,
        territory=old.territory,
        audience=old.audience,
        instrument_id=entry.instrument_id,
        secret_digest=digest(b"", new_secret()),
        revision=0,
        weight=old.weight,
        stratum=old.stratum,
        psu=old.psu,
        sub_area=old.sub_area,
        channel=PAPER,
        consented_at=old.consented_at,
        started_at=old.started_at,
        saved_at=at,
        submitted_at=old.submitted_at,
        corrects=old.id,
        correction=entry.correction,
    )


_REASON = (
    Text.of(fr="Il manque la raison.", en="The reason is missing."),
    Text.of(fr="Choisissez ce qui s’est passé.", en="Choose what happened."),
)
_NOTHING = Text.of(
    fr="Il n’y a ici aucune réponse saisie qui puisse être corrigée.",
    en="There is no keyed response here that could be corrected.",
)
_BEGUN = Text.of(
    fr="Une correction de cette feuille est déjà commencée, ou vient d’être faite.",
    en="A correction of this sheet was begun already, or was just made.",
)
