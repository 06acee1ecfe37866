"""What the operator does with an account that exists: rights, sessions, factors, an end to it.

Whoever manages accounts of a territory manages those whose every right lies within it; and nobody
changes rights of the own account, so that giving oneself a right takes a second person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.permissions import Grant, Role, Verb
from app.domain.text import Text
from app.storage import accounts as stored
from app.storage import factors, invitations
from app.storage.accounts import Account, GrantRow
from app.storage.api_tokens import end_tokens
from app.storage.database import now
from app.workflows.accounts import grant_faults, grant_row
from app.workflows.acting import Actor, House, act, require
from app.workflows.staff_sessions import IDLE


@dataclass(frozen=True, slots=True)
class Cared:
    """An account as the page about it shows it; grants by their number."""

    id: int
    email: str
    name: str
    made_at: datetime
    disabled_at: datetime | None
    grants: dict[int, Grant]
    factors: tuple[str, ...]  # kinds
    recovery_codes: int
    sessions: int
    linked: bool  # to an identity provider
    has_password: bool
    invited_until: datetime | None
    own: bool


def account_number(house: House, actor: Actor, email: str) -> int:
    """The number of the account with this address. Raises NotFound."""
    with house.database.read() as session:
        account = stored.account_by_email(session, email)
        if account is None or not stored.grant_rows(session, account.id, actor.programme_id):
            raise NotFound(_NO_ACCOUNT)
        return account.id


def cared_for(house: House, actor: Actor, account_id: int) -> Cared:
    """One account with what it has. Raises NotFound for one out of the actor's reach."""
    with house.database.read() as session:
        account, rows = _managed(session, actor, account_id)
        link = invitations.open_invitation(session, account_id, now())
        return Cared(
            id=account.id,
            email=account.email,
            name=account.name,
            made_at=account.made_at,
            disabled_at=account.disabled_at,
            grants={row.id: _grant(row) for row in rows},
            factors=tuple(each.kind for each in factors.factors_of(session, account_id)),
            recovery_codes=factors.recovery_codes_left(session, account_id),
            sessions=len(stored.open_sessions(session, account_id, now() - IDLE)),
            linked=bool(invitations.identities_of(session, account_id)),
            has_password=account.password_hash is not None,
            invited_until=link.expires_at if link else None,
            own=account.id == actor.account_id,
        )


def _grant(row: GrantRow) -> Grant:
    return Grant(Role(row.role), row.territory, row.valid_from, row.valid_until, row.only_viewing)


def _managed(session: Session, actor: Actor, account_id: int) -> tuple[Account, list[GrantRow]]:
    account = session.get(Account, account_id)
    rows = stored.grant_rows(session, account_id, actor.programme_id)
    reach = actor.scope(Verb.ACCOUNT_MANAGE)
    if account is None or not rows or not {row.territory for row in rows} <= reach:
        raise NotFound(_NO_ACCOUNT)
    return account, rows


@contextmanager
def on_account(
    house: House, actor: Actor, account_id: int, did: str, *, own: bool = False
) -> Iterator[tuple[Session, Account]]:
    """The open transaction of an act on one account. ``own``: also on the actor's own.

    Raises NotFound for an account out of the actor's reach, Conflict for the own one.
    """
    if account_id == actor.account_id and not own:
        raise Conflict(_NOT_THE_OWN)
    with house.database.read() as session:
        _account, rows = _managed(session, actor, account_id)
    with act(house, actor, Verb.ACCOUNT_MANAGE, rows[0].territory) as acted:
        account, _rows = _managed(acted.session, actor, account_id)
        acted.thing = f"account:{account_id}"
        acted.details = {"did": did}
        yield acted.session, account


def grant_role(house: House, actor: Actor, account_id: int, grant: Grant) -> None:
    """Give one more role to an account. Raises BadInput, NotFound or Conflict."""
    faults = grant_faults(actor, grant)
    if faults:
        raise BadInput(faults)
    require(house, actor, Verb.ACCOUNT_MANAGE, grant.territory)
    with on_account(house, actor, account_id, f"grant {grant.role}") as (session, account):
        session.add(grant_row(actor, account.id, grant))


def revoke_grant(house: House, actor: Actor, account_id: int, grant_id: int) -> None:
    """Take one grant back, at once. Raises NotFound, and Conflict for the last one."""
    with on_account(house, actor, account_id, "revoke") as (session, account):
        rows = stored.grant_rows(session, account.id, actor.programme_id)
        row = next((each for each in rows if each.id == grant_id), None)
        if row is None:
            raise NotFound
        if len(rows) == 1:
            raise Conflict(_LAST_GRANT)
        session.delete(row)


def disable(house: House, actor: Actor, account_id: int) -> None:
    """Let the account in no more; its sessions, links and tokens end at once."""
    with on_account(house, actor, account_id, "disable") as (session, account):
        account.disabled_at = account.disabled_at or now()
        stored.end_sessions(session, account.id, now())
        invitations.revoke_invitations(session, account.id, now())
        end_tokens(session, account.id, now())


def enable(house: House, actor: Actor, account_id: int) -> None:
    """Let a disabled account in again."""
    with on_account(house, actor, account_id, "enable") as (_session, account):
        account.disabled_at = None


def end_sessions(house: House, actor: Actor, account_id: int) -> None:
    """End every session of the account."""
    with on_account(house, actor, account_id, "end sessions", own=True) as (session, account):
        stored.end_sessions(session, account.id, now())


def reset_factors(house: House, actor: Actor, account_id: int) -> None:
    """Remove second factors and recovery codes, for who lost them all; sessions end.

    The password stays: at the next sign-in the person makes a new factor.
    """
    with on_account(house, actor, account_id, "reset factors") as (session, account):
        factors.forget_factors(session, account.id)
        stored.end_sessions(session, account.id, now())


_NO_ACCOUNT = Text.of(
    fr="Aucun compte de ce programme n’a cette adresse.",
    en="No account of this programme has this address.",
)
_NOT_THE_OWN = Text.of(
    fr="C’est votre propre compte : une autre personne doit le faire.",
    en="This is your own account: somebody else has to do it.",
)
_LAST_GRANT = Text.of(
    fr="C’est son dernier droit. Donnez-en un autre d’abord, ou désactivez le compte.",
    en="This is its last right. Give it another one first, or disable the account.",
)
