"""The statements of a participant's way: few, compiled once, without the mapper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from app.storage.answer_files import keep_files
from app.storage.database import Database
from app.storage.participants import AccessCode, Participant
from app.storage.prepared import Driver, Prepared
from app.storage.response_keys import ResponseKey
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
    link_after_submission: str
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    own: bytes = field(repr=False)  # digest of the response's own secret
    sealed_key: bytes | None = field(repr=False)  # of its answers; None: they are not sealed
    goes_to: str | None  # where the key of this request has already led


@dataclass(frozen=True, slots=True)
class NewFiles:
    """The files of a response after a save: the marks that stay, and what comes in, as stored."""

    marks: frozenset[str]
    new: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Saving:
    """What a form leaves: the body, its receipt, where the key leads from here on, when.

    ``files``: None where the questionnaire asks for none.
    """

    body: bytes
    receipt: str
    key: str
    goes_to: str
    at: datetime
    files: NewFiles | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A participant behind an access code, with the wave and what became of the response."""

    participant_id: int
    code_id: int
    code: bytes = field(repr=False)  # its digest
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
    described_notice: int | None
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
_S, _R, _W, _K, _Y, _C, _P, _I = (
    ParticipantSession.__table__.c,
    Response.__table__.c,
    Wave.__table__.c,
    SaveKey.__table__.c,
    ResponseKey.__table__.c,
    AccessCode.__table__.c,
    Participant.__table__.c,
    WaveInstrument.__table__.c,
)
_WAVE = (_W.opens_at, _W.closes_at, _W.opened_at, _W.closed_at)
_HELD = Prepared(
    select(
        *(_S.digest, _S.shared_device, _S.sees_earlier, _S.sitting, _S.language),
        *(_S.seen_at, _S.ended_at, _R.id, _R.participant_id, _R.revision, _R.body),
        *(_R.instrument_id, _R.territory, _R.audience, _R.saved_at, _R.submitted_at),
        *(_R.withdrawn_at, _R.withdrawal_digest, _R.wave_id, _W.programme_id),
        *(_W.link_after_submission, *_WAVE, _R.secret_digest, _Y.sealed, _K.goes_to),
    )
    .select_from(ParticipantSession.__table__)
    .join(Response.__table__, _R.id == _S.response_id)
    .join(Wave.__table__, _W.id == _R.wave_id)
    .outerjoin(ResponseKey.__table__, _Y.secret_digest == _R.secret_digest)
    .outerjoin(
        SaveKey.__table__,
        and_(_K.response_id == _R.id, _K.key == bindparam("key", type_=_K.key.type)),
    )
    .where(_S.digest == bindparam("digest"))
)
_INVITED = (
    select(
        *(_P.id, _C.id, _C.digest, _C.revoked_at, _P.territory, _P.audience),
        *(_P.disposition, _P.answered, _P.wave_id),
        *(_W.programme_id, _W.notice_version, _W.link_after_submission),
        *(_W.partials_from, _W.described_notice, *_WAVE),
        func.coalesce(_P.exchange_instrument_id, _I.instrument_id),
        *(_R.id, _R.submitted_at, _R.withdrawn_at),
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
_BY_DIGEST = Prepared(_INVITED.where(_C.digest == bindparam("digest")))
_UPDATE = (
    update(_RESPONSE)
    .where(
        _R.id == bindparam("of"),
        _R.revision == bindparam("seen"),
        _R.submitted_at.is_(None),
        _R.withdrawn_at.is_(None),
    )
    .values(body=bindparam("body"), saved_at=bindparam("at"), revision=_R.revision + 1)
)
_SUBMITTED: dict[str, Any] = {
    "submitted_at": bindparam("at"),
    "withdrawal_digest": bindparam("withdrawal"),
}
_CONSUMED: dict[str, Any] = {
    "key": bindparam("key"),
    "goes_to": bindparam("goes_to"),
    "at": bindparam("at"),
    "receipt": bindparam("receipt"),
}
_SAVE = Prepared(_UPDATE)
_SUBMIT = Prepared(_UPDATE.values(**_SUBMITTED))
_KEY = Prepared(insert(_KEYS).values(response_id=bindparam("of"), **_CONSUMED).inline())
_saved = _UPDATE.returning(_R.id).cte("saved")
_SAVE_AT_ONCE = Prepared(
    insert(_KEYS).from_select(
        ["response_id", *_CONSUMED],
        select(
            _saved.c.id,
            *(type_coerce(value, _K[name].type) for name, value in _CONSUMED.items()),
        ),
    )
)
_SEEN = Prepared(
    update(_SESSION).where(_S.digest == bindparam("session")).values(seen_at=bindparam("at"))
)
_ANSWERED = Prepared(
    update(Participant)
    .where(_P.id == bindparam("person"))
    .values(answered=True, disposition_at=None)
)
_CUT = Prepared(update(_RESPONSE).where(_R.id == bindparam("of")).values(participant_id=None))


def held(driver: Driver, digest: bytes, key: str = "") -> Held | None:
    """What the session with this digest holds; ``key`` is the form's, where one was sent."""
    row = _HELD.row(driver, {"digest": digest, "key": key})
    return None if row is None else Held(*row)


def invited(at: Driver | Session, code: bytes) -> Invited | None:
    """Who comes in with the code of this digest."""
    row = _BY_DIGEST.row(at, {"digest": code})
    return None if row is None else Invited(*row)


def save(database: Database, found: Held, new: Saving) -> bool:
    """Store the body and consume the key; False, and nothing done, if the response has moved on.

    Committed when it returns. Raises IntegrityError where the key was consumed meanwhile, and
    Unavailable.
    """
    if database.writes_in_queries and new.files is None and not _seen_long_ago(found, new.at):
        with database.at_once(found.digest) as driver:
            return _SAVE_AT_ONCE.run(driver, _values(found, new)) == 1
    with database.writing(found.digest) as driver:
        return _written(driver, found, new, _SAVE)


def seen(database: Database, found: Held, at: datetime) -> None:
    """The person is still there: the session's rest begins anew. Raises Unavailable."""
    with database.writing(found.digest) as driver:
        _SEEN.run(driver, {"session": found.digest, "at": at})


def submit(driver: Driver, found: Held, new: Saving, withdrawal: bytes) -> bool:
    """As ``save``, for the last time: from here on nothing changes."""
    return _written(driver, found, new, _SUBMIT, withdrawal=withdrawal)


def _values(found: Held, new: Saving) -> dict[str, Any]:
    return {
        "of": found.id,
        "seen": found.revision,
        "body": new.body,
        "at": new.at,
        "key": new.key,
        "goes_to": new.goes_to,
        "receipt": new.receipt,
        "session": found.digest,
    }


def _seen_long_ago(found: Held, at: datetime) -> bool:
    return at - found.seen_at >= SEEN_EVERY


def _written(driver: Driver, found: Held, new: Saving, statement: Prepared, **more: Any) -> bool:
    values = _values(found, new) | more
    if statement.run(driver, values) != 1:
        return False
    _KEY.run(driver, values)
    if _seen_long_ago(found, values["at"]):
        _SEEN.run(driver, values)
    if new.files is not None:
        keep_files(driver, found.id, new.files.marks, new.files.new)
    return True


def cut_link(driver: Driver, found: Held) -> None:
    """Nothing leads from these answers to a person any more; that the person answered is kept.

    No moment is written beside the person: equal moments would be a link again.
    """
    values = {"of": found.id, "person": found.participant_id}
    _ANSWERED.run(driver, values)
    _CUT.run(driver, values)


def only_programme(session: Session) -> int | None:
    """The programme of this installation, where there is exactly one."""
    found = session.scalars(select(ProgrammeRow.id).limit(2)).all()
    return found[0] if len(found) == 1 else None
