"""The statements of a participant's way: few, compiled once, without the mapper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.storage.participants import AccessCode, Participant
from app.storage.responses import ParticipantSession, Response, SaveKey
from app.storage.territories import ProgrammeRow
from app.storage.waves import Wave, WaveInstrument

SEEN_EVERY = timedelta(minutes=1)  # a session's clock is written at most this often


@dataclass(frozen=True, slots=True)
class Held:
    """The response behind a participant's session, with the session and the wave it stands in."""

    digest: bytes
    shared_device: bool
    sees_earlier: bool
    sitting: int
    language: str
    seen_at: datetime
    ended_at: datetime | None
    id: int
    participant_id: int | None
    revision: int
    body: bytes
    instrument_id: int
    territory: str
    audience: str
    saved_at: datetime
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_digest: bytes | None
    wave_id: int
    programme_id: int
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    goes_to: str | None  # where the key of this request has already led


@dataclass(frozen=True, slots=True)
class Invited:
    """A participant behind an access code, with the wave and what became of the response."""

    participant_id: int
    code_id: int
    revoked_at: datetime | None
    territory: str
    audience: str
    disposition: str | None
    answered: bool  # known where the link to the answers was cut
    wave_id: int
    programme_id: int
    notice_version: str
    link_after_submission: str
    partials_from: int | None
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    instrument_id: int | None
    response_id: int | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None


_RESPONSE, _KEYS, _SESSION = (
    cast(Table, made.__table__) for made in (Response, SaveKey, ParticipantSession)
)
_S, _R, _W, _K, _C, _P, _I = (
    ParticipantSession.__table__.c,
    Response.__table__.c,
    Wave.__table__.c,
    SaveKey.__table__.c,
    AccessCode.__table__.c,
    Participant.__table__.c,
    WaveInstrument.__table__.c,
)
_WAVE = (_W.opens_at, _W.closes_at, _W.opened_at, _W.closed_at)
_HELD = (
    select(
        *(_S.digest, _S.shared_device, _S.sees_earlier, _S.sitting, _S.language),
        *(_S.seen_at, _S.ended_at, _R.id, _R.participant_id, _R.revision, _R.body),
        *(_R.instrument_id, _R.territory, _R.audience, _R.saved_at, _R.submitted_at),
        *(_R.withdrawn_at, _R.withdrawal_digest, _R.wave_id, _W.programme_id, *_WAVE),
        _K.goes_to,
    )
    .select_from(ParticipantSession.__table__)
    .join(Response.__table__, _R.id == _S.response_id)
    .join(Wave.__table__, _W.id == _R.wave_id)
    .outerjoin(
        SaveKey.__table__,
        and_(_K.response_id == _R.id, _K.key == bindparam("key", type_=_K.key.type)),
    )
    .where(_S.digest == bindparam("digest"))
)
_INVITED = (
    select(
        *(_P.id, _C.id, _C.revoked_at, _P.territory, _P.audience, _P.disposition, _P.answered),
        _P.wave_id,
        *(_W.programme_id, _W.notice_version, _W.link_after_submission),
        *(_W.partials_from, *_WAVE),
        *(_I.instrument_id, _R.id, _R.submitted_at, _R.withdrawn_at),
    )
    .select_from(AccessCode.__table__)
    .join(Participant.__table__, _P.id == _C.participant_id)
    .join(Wave.__table__, _W.id == _P.wave_id)
    .outerjoin(
        WaveInstrument.__table__,
        and_(_I.wave_id == _P.wave_id, _I.territory == _P.territory, _I.audience == _P.audience),
    )
    .outerjoin(Response.__table__, _R.participant_id == _P.id)
)
_BY_DIGEST = _INVITED.where(_C.digest == bindparam("digest"))
_BY_ID = _INVITED.where(_C.id == bindparam("code_id"))
_SAVE = (
    update(_RESPONSE)
    .where(
        _R.id == bindparam("of"),
        _R.revision == bindparam("seen"),
        _R.submitted_at.is_(None),
        _R.withdrawn_at.is_(None),
    )
    .values(body=bindparam("body"), saved_at=bindparam("at"), revision=_R.revision + 1)
)
_SUBMIT = _SAVE.values(submitted_at=bindparam("at"), withdrawal_digest=bindparam("withdrawal"))
_KEY = insert(_KEYS)
_SEEN = update(_SESSION).where(_S.digest == bindparam("of")).values(seen_at=bindparam("at"))


def held(session: Session | Connection, digest: bytes, key: str = "") -> Held | None:
    """What the session with this digest holds; ``key`` is the form's, where one was sent."""
    row = session.execute(_HELD, {"digest": digest, "key": key}).one_or_none()
    return None if row is None else Held(*tuple[Any, ...](row))


def invited_by_code(session: Session, digest: bytes) -> Invited | None:
    """Who comes in with this code."""
    return _invited(session.execute(_BY_DIGEST, {"digest": digest}).one_or_none())


def invited(session: Session, code_id: int) -> Invited | None:
    """Who came in with this code a moment ago."""
    return _invited(session.execute(_BY_ID, {"code_id": code_id}).one_or_none())


def _invited(row: Any) -> Invited | None:
    return None if row is None else Invited(*row)


def save(
    session: Connection, found: Held, body: bytes, key: str, goes_to: str, at: datetime
) -> bool:
    """Store the body and consume the key; False, and nothing done, if the response has moved on.

    Raises IntegrityError where the key was consumed meanwhile.
    """
    values = {"of": found.id, "seen": found.revision, "body": body, "at": at}
    return _written(session, found, _SAVE, values, key, goes_to)


def submit(
    session: Session,
    found: Held,
    body: bytes,
    key: str,
    goes_to: str,
    at: datetime,
    withdrawal: bytes,
) -> bool:
    """As ``save``, for the last time: from here on nothing changes."""
    values = {"of": found.id, "seen": found.revision, "body": body, "at": at}
    return _written(session, found, _SUBMIT, values | {"withdrawal": withdrawal}, key, goes_to)


def cut_link(session: Session, found: Held) -> None:
    """Nothing leads from these answers to a person any more; that the person answered is kept.

    No moment is written beside the person: equal moments would be a link again.
    """
    session.execute(
        update(Participant)
        .where(Participant.id == found.participant_id)
        .values(answered=True, disposition_at=None)
    )
    session.execute(update(_RESPONSE).where(_R.id == found.id).values(participant_id=None))


def _written(
    session: Session | Connection,
    found: Held,
    statement: Any,
    values: dict[str, Any],
    key: str,
    goes_to: str,
) -> bool:
    at = values["at"]
    if session.execute(statement, values).rowcount != 1:  # type: ignore[attr-defined] # an update has it
        return False
    session.execute(_KEY, {"response_id": found.id, "key": key, "goes_to": goes_to, "at": at})
    if at - found.seen_at >= SEEN_EVERY:
        session.execute(_SEEN, {"of": found.digest, "at": at})
    return True


def only_programme(session: Session) -> int | None:
    """The programme of this installation, where there is exactly one."""
    found = session.scalars(select(ProgrammeRow.id).limit(2)).all()
    return found[0] if len(found) == 1 else None
