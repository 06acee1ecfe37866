"""The statements with which answers begin: at consent, for the first time or once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from app.storage.participants import Participant
from app.storage.prepared import Driver, Prepared
from app.storage.response_keys import ResponseKey
from app.storage.responses import ParticipantSession, Response

_P, _R, _S, _K = (
    cast(Table, made.__table__) for made in (Participant, Response, ParticipantSession, ResponseKey)
)


@dataclass(frozen=True, slots=True)
class Person:
    """What the sample says of somebody, which the response keeps."""

    weight: float
    stratum: str
    psu: str | None
    sub_area: str | None
    disposition: str | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A participant at a device, from now on."""

    digest: bytes
    response_id: int
    response_secret: bytes
    shared_device: bool
    sees_earlier: bool
    sitting: int
    language: str
    made_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


def _insert(table: Table, *names: str) -> Any:
    return insert(table).values({name: bindparam(name) for name in names}).inline()


_PERSON = Prepared(
    select(*(_P.c[name] for name in Person.__slots__)).where(_P.c.id == bindparam("person"))
)
_DISPOSITION = Prepared(
    update(_P)
    .where(_P.c.id == bindparam("person"))
    .values(
        disposition=bindparam("disposition"), disposition_at=bindparam("at"), declined_because=None
    )
)
_REASON = Prepared(
    update(_P).where(_P.c.id == bindparam("person")).values(declined_because=bindparam("reason"))
)
_NEW = Prepared(
    _insert(
        _R,
        *("wave_id", "participant_id", "territory", "audience", "instrument_id", "secret_digest"),
        *("body", "revision", "weight", "stratum", "psu", "sub_area", "channel"),
        *("notice_version", "consented_at", "started_at", "saved_at"),
    ).returning(_R.c.id)
)
_BODY = Prepared(
    select(_R.c.body, _R.c.secret_digest, _K.c.sealed)
    .outerjoin(_K, _K.c.secret_digest == _R.c.secret_digest)
    .where(_R.c.id == bindparam("of"))
    .with_for_update(of=_R)
)
_CONTINUE = Prepared(
    update(_R)
    .where(_R.c.id == bindparam("of"))
    .values(body=bindparam("body"), saved_at=bindparam("at"), revision=_R.c.revision + 1)
)
_SESSION = Prepared(_insert(_S, *NewSession.__slots__))


def person_of(driver: Driver, participant_id: int) -> Person:
    """What the sample says of this participant. Raises LookupError where there is none."""
    row = _PERSON.row(driver, {"person": participant_id})
    if row is None:
        raise LookupError(participant_id)
    return Person(*row)


def set_disposition(
    driver: Driver, participant_id: int, disposition: str | None, at: datetime | None
) -> None:
    """What became of the invitation; a reason told before goes."""
    values = {"person": participant_id, "disposition": disposition, "at": at}
    _DISPOSITION.run(driver, values)


def set_reason(driver: Driver, participant_id: int, reason: str) -> None:
    """Why the invitation was declined."""
    _REASON.run(driver, {"person": participant_id, "reason": reason})


def add_response(driver: Driver, values: dict[str, Any]) -> int:
    """A new response; its number. Raises IntegrityError where the participant has one."""
    row = _NEW.row(driver, values)
    assert row is not None  # what was inserted is returned
    return int(row[0])


def body_to_change(driver: Driver, response_id: int) -> tuple[bytes, bytes, bytes | None]:
    """Body, own secret and sealed key of a response, kept from others while it is changed."""
    row = _BODY.row(driver, {"of": response_id})
    if row is None:
        raise LookupError(response_id)
    return row[0], row[1], row[2]


def change_body(driver: Driver, response_id: int, body: bytes, at: datetime) -> None:
    """Store the body read by ``body_to_change``, changed."""
    _CONTINUE.run(driver, {"of": response_id, "body": body, "at": at})


def add_session(driver: Driver, new: NewSession) -> None:
    """A session that may touch this response."""
    _SESSION.run(driver, {name: getattr(new, name) for name in NewSession.__slots__})
