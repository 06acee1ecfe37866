"""Accounts: who signs in, for how long, and what they are granted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Unavailable
from app.domain.permissions import Grant, Role
from app.domain.territories import NATION
from app.domain.text import Text
from app.protection.keys import digest
from app.storage import accounts as stored
from app.storage.accounts import Account, StaffSession
from app.storage.database import now
from app.storage.territories import ProgrammeRow, programme_by_code, territories_of
from app.workflows.acting import Actor, House

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)  # a write for every page would be a lock for every page


def actor_from_session(house: House, secret: str) -> Actor | None:
    """The account behind a staff cookie, with its grants of today; None when it may not go on.

    A session ends by signing out, after two idle hours, after twelve hours, or when its account
    is disabled or holds no grant any more.
    """
    key = digest(house.keys.lookup, secret)
    with house.database.read() as session:
        found = stored.session_with_account(session, key)
        if found is None or not _holds(*found, now()):
            return None
        row, account = found
        programmes = stored.programmes_granted(session, account.id, now().date())
        if not programmes:
            return None
        actor = _actor(session, account, programmes[0])
    _note_seen(house, row)
    return actor


def _holds(row: StaffSession, account: Account, moment: datetime) -> bool:
    return (
        row.ended_at is None
        and account.disabled_at is None
        and moment - row.seen_at < IDLE
        and moment - row.made_at < LONGEST
    )


def _actor(session: Session, account: Account, programme: ProgrammeRow) -> Actor:
    return Actor(
        programme_id=programme.id,
        territories=territories_of(session, programme.id),
        grants=stored.grants_of(session, account.id, programme.id),
        account_id=account.id,
        name=account.name,
        language=account.language,
        programme_title=Text.of(programme.title),
        synthetic=programme.synthetic,
    )


def _note_seen(house: House, row: StaffSession) -> None:
    """Push the idle limit on. A database that cannot write now must not stop reading."""
    moment = now()
    if moment - row.seen_at < _SEEN_EVERY:
        return
    try:
        with house.database.write() as session:
            current = session.get(StaffSession, row.digest)
            if current is not None:
                current.seen_at = moment
    except Unavailable:
        return


def operator(house: House, programme_code: str) -> Actor:
    """Who a command of the machine's operator acts as: every right in the programme.

    Raises NotFound for an unknown programme.
    """
    with house.database.read() as session:
        programme = programme_by_code(session, programme_code)
        if programme is None:
            raise NotFound(
                Text.of(
                    fr=f"Aucun programme « {programme_code} » n’est chargé.",
                    en=f"No programme “{programme_code}” is loaded.",
                )
            )
        return Actor(
            programme_id=programme.id,
            territories=territories_of(session, programme.id),
            grants=tuple(Grant(role, NATION) for role in Role),
            name="operator",
            programme_title=Text.of(programme.title),
            synthetic=programme.synthetic,
            origin="cli",
        )
