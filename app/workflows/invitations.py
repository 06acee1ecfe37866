"""Invitations: a link that works once and not for long, with which a person chooses a password.

The same link serves who lost the password: what was open before (sessions, tokens for programs)
ends with its use, the second factor stays as it is. The link is shown
once, to the person who made it; where a mail server is set it is sent to the account's address too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.errors import BadInput, NotFound
from app.domain.permissions import Grant
from app.domain.text import Text
from app.protection.keys import digest, new_secret
from app.protection.passwords import hash_password
from app.storage import accounts as stored_accounts
from app.storage import invitations as stored
from app.storage.accounts import Account
from app.storage.api_tokens import end_tokens, tokens_of
from app.storage.audit import record
from app.storage.database import now
from app.workflows.account_care import on_account
from app.workflows.accounts import new_account
from app.workflows.acting import Actor, House
from app.workflows.letters import ZONE
from app.workflows.mail import queue_mail
from app.workflows.passwords import password_faults

GOOD_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """A new invitation; the secret stands in the link and is stored nowhere."""

    account_id: int
    secret: str
    expires_at: datetime
    mailed: bool = False  # it is on its way to the person too


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a good link is for."""

    account_id: int
    email: str
    name: str
    ends: bool  # the account was in use: sessions and tokens end with the choice
    language: str  # in which the account reads


def invite(
    house: House, actor: Actor, *, email: str, name: str, grant: Grant, language: str = "fr"
) -> Link:
    """Make an account without a password, with its first grant, and the link to it.

    ``language``: of the message and of the pages, until the person chooses another.
    Raises BadInput for what cannot be taken and Conflict when the address has an account.
    """
    with new_account(house, actor, email, name, grant) as (acted, account):
        acted.details["did"] = "invite"
        account.language = language
        return _link(house, acted.session, account, actor)


def new_link(house: House, actor: Actor, account_id: int) -> Link:
    """Make a new link for an account; earlier links open nothing any more. Raises NotFound."""
    with on_account(house, actor, account_id, "link") as (session, account):
        return _link(house, session, account, actor)


def _link(house: House, session: Session, account: Account, actor: Actor) -> Link:
    secret, moment = new_secret(), now()
    stored.revoke_invitations(session, account.id, moment)
    row = stored.Invitation(
        account_id=account.id,
        digest=_digest(house, secret),
        made_at=moment,
        made_by=actor.account_id,
        expires_at=moment + GOOD_FOR,
    )
    session.add(row)
    session.flush()
    ends = _ENDS.in_(account.language) if _in_use(session, account) else ""
    until = row.expires_at.astimezone(ZONE).strftime("%d/%m/%Y %H:%M")
    address = f"{house.office_url}/office/invitation/{secret}"
    mailed = queue_mail(
        session,
        house,
        to=account.email,
        subject=_SUBJECT.in_(account.language),
        text=_TEXT.in_(account.language).format(
            name=account.name, address=address, until=until, ends=ends
        ),
        purpose="account",
        key=f"account link:{row.id}",
    )
    return Link(account.id, secret, row.expires_at, mailed)


_SUBJECT = Text.of(fr="Votre accès à Covalue", en="Your access to Covalue")
_TEXT = Text.of(
    fr="Bonjour {name},\n\nPar ce lien vous choisissez votre mot de passe. Il sert une fois, "
    "jusqu’au {until} (heure de Paris)\u00a0:\n{address}\n\n{ends}Si vous n’attendiez pas ce "
    "message, ne faites rien.\n",
    en="Hello {name},\n\nWith this link you choose your password. It works once, until {until} "
    "(time of Paris):\n{address}\n\n{ends}If you did not expect this message, do nothing.\n",
)
_ENDS = Text.of(
    fr="Ensuite ce compte est déconnecté partout, et ses jetons pour programmes ne servent plus. "
    "Faites-en d’autres au besoin.\n\n",
    en="Then this account is signed out everywhere, and its tokens for programs work no more. "
    "Make others where you need them.\n\n",
)


def _in_use(session: Session, account: Account) -> bool:
    return account.password_hash is not None or bool(tokens_of(session, account.id))


def _digest(house: House, secret: str) -> bytes:
    return digest(house.keys.lookup, f"invitation {secret}")


def invited(house: House, secret: str) -> Invited:
    """Whom the link is for. Raises NotFound for one that opens nothing (any more)."""
    with house.database.read() as session:
        _invitation, account = _open(house, session, secret)
        ends = _in_use(session, account)
    return Invited(account.id, account.email, account.name, ends, account.language)


def _open(house: House, session: Session, secret: str) -> tuple[stored.Invitation, Account]:
    found = stored.invitation_with_account(session, _digest(house, secret))
    if found is None or not _good(*found):
        raise NotFound(_CLOSED)
    return found


def _good(row: stored.Invitation, account: Account) -> bool:
    fresh = row.used_at is None and row.revoked_at is None and now() < row.expires_at
    return fresh and account.disabled_at is None


def accept(house: House, secret: str, password: str, language: str) -> Invited:
    """Choose a password through the link, which is used up; sessions and tokens of the account end.
    ``language``: the one that the person reads now, which the account keeps.

    Raises NotFound for a link that opens nothing, BadInput for a password that is refused.
    """
    person = invited(house, secret)
    faults = password_faults(house, password, person.email, person.name)
    if faults:
        raise BadInput(faults)
    hashed = hash_password(password)
    with house.database.write() as session:
        account = use(house, session, secret)
        account.password_hash, account.language = hashed, language
    return person


def use(house: House, session: Session, secret: str) -> Account:
    """Use up the link in this transaction; its account. Raises NotFound when it is too late."""
    row, account = _open(house, session, secret)
    if not stored.take_invitation(session, row.id, now()):
        raise NotFound(_CLOSED)
    stored_accounts.end_sessions(session, account.id, now())
    ended = {"tokens_ended": end_tokens(session, account.id, now())}
    record(session, actor=account.id, origin="web", act=Deed.ACCOUNT_LINK_USED, details=ended)
    return account


_CLOSED = Text.of(
    fr="Ce lien a déjà servi, ou il est trop ancien. Demandez-en un autre à la personne qui vous "
    "l’a envoyé.",
    en="This link was used already, or it is too old. Ask the person who sent it for another one.",
)
