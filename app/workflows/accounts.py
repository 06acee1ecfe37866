"""Accounts: who stands behind a session or a command, and what each is granted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, Fault, NotFound, Unavailable
from app.domain.permissions import Grant, Role, Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.protection.keys import digest
from app.protection.passwords import SHORTEST, hash_password
from app.storage import accounts as stored
from app.storage.accounts import Account, GrantRow, StaffSession
from app.storage.database import now
from app.storage.territories import ProgrammeRow, programme_by_code, territories_of
from app.workflows.acting import Actor, House, act, require

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
LONGEST_PASSWORD = 200
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


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as the list of accounts shows it."""

    account: Account
    grants: tuple[Grant, ...]


def list_accounts(house: House, actor: Actor) -> list[Listed]:
    """Every account of the actor's programme with what it was granted, by name."""
    require(house, actor, Verb.ACCOUNT_MANAGE)
    with house.database.read() as session:
        return [
            Listed(account, stored.grants_of(session, account.id, actor.programme_id))
            for account in stored.accounts_in(session, actor.programme_id)
        ]


def create_account(
    house: House, actor: Actor, *, email: str, name: str, password: str, grant: Grant
) -> int:
    """Make an account with its first grant; the number of the account.

    Raises BadInput for what cannot be taken and Conflict when the address has an account.
    """
    faults = [*_account_faults(email, name, password), *_grant_faults(actor, grant)]
    if faults:
        raise BadInput(faults)
    require(house, actor, Verb.ACCOUNT_MANAGE, grant.territory)
    hashed = hash_password(password)
    with act(house, actor, Verb.ACCOUNT_MANAGE, grant.territory) as acted:
        if stored.account_by_email(acted.session, email) is not None:
            raise Conflict(
                Text.of(
                    fr="Un compte a déjà cette adresse. Donnez-lui un droit de plus avec "
                    "« flask account grant ».",
                    en="An account has this address already. Give it one more right with "
                    "“flask account grant”.",
                )
            )
        account = Account(
            email=stored.spelled(email),
            name=name.strip(),
            password_hash=hashed,
            made_at=now(),
        )
        acted.session.add(account)
        acted.session.flush()
        acted.session.add(_grant_row(actor, account.id, grant))
        acted.thing = f"account:{account.id}"
        acted.details = {"did": "create", "role": grant.role}
        return account.id


def grant_role(house: House, actor: Actor, email: str, grant: Grant) -> None:
    """Give one more role to an account. Raises BadInput or NotFound."""
    faults = _grant_faults(actor, grant)
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.ACCOUNT_MANAGE, grant.territory) as acted:
        account = stored.account_by_email(acted.session, email)
        if account is None:
            raise NotFound(_NO_ACCOUNT)
        acted.session.add(_grant_row(actor, account.id, grant))
        acted.thing = f"account:{account.id}"
        acted.details = {"did": "grant", "role": grant.role}


def disable_account(house: House, actor: Actor, email: str) -> None:
    """Let the account in no more, and end its sessions at once. Raises NotFound."""
    with act(house, actor, Verb.ACCOUNT_MANAGE) as acted:
        account = stored.account_by_email(acted.session, email)
        if account is None or not stored.grants_of(acted.session, account.id, actor.programme_id):
            raise NotFound(_NO_ACCOUNT)
        moment = now()
        account.disabled_at = account.disabled_at or moment
        stored.end_sessions(acted.session, account.id, moment)
        acted.thing = f"account:{account.id}"
        acted.details = {"did": "disable"}


def set_language(house: House, actor: Actor, language: str) -> None:
    """Remember the language in which this account reads. A choice of one's own: no permission."""
    with house.database.write() as session:
        account = session.get(Account, actor.account_id)
        if account is not None:
            account.language = language


_NO_ACCOUNT = Text.of(
    fr="Aucun compte de ce programme n’a cette adresse.",
    en="No account of this programme has this address.",
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def _account_faults(email: str, name: str, password: str) -> list[Fault]:
    faults = []
    if not _EMAIL.fullmatch(email.strip()):
        faults.append(
            Fault(
                "email",
                Text.of(fr="Ce n’est pas une adresse.", en="This is not an e-mail address."),
                Text.of(fr="Écrivez nom@domaine.", en="Write name@domain."),
            )
        )
    if not name.strip():
        faults.append(
            Fault(
                "name",
                Text.of(fr="Le nom est vide.", en="The name is empty."),
                Text.of(fr="Écrivez le nom de la personne.", en="Write the person’s name."),
            )
        )
    if not SHORTEST <= len(password) <= LONGEST_PASSWORD:
        faults.append(
            Fault(
                "password",
                Text.of(
                    fr=f"Il faut {SHORTEST} à {LONGEST_PASSWORD} caractères.",
                    en=f"It takes {SHORTEST} to {LONGEST_PASSWORD} characters.",
                ),
                Text.of(
                    fr="Choisissez une phrase que vous retiendrez.",
                    en="Choose a phrase that you will remember.",
                ),
            )
        )
    return faults


def _grant_faults(actor: Actor, grant: Grant) -> list[Fault]:
    if grant.territory in actor.territories:
        return []
    known = ", ".join(actor.territories)
    return [
        Fault(
            "territory",
            Text.of(
                fr="Ce territoire n’est pas du programme.",
                en="This territory is not in the programme.",
            ),
            Text.of(fr=f"Choisissez parmi : {known}.", en=f"Choose one of: {known}."),
        )
    ]


def _grant_row(actor: Actor, account_id: int, grant: Grant) -> GrantRow:
    return GrantRow(
        account_id=account_id,
        programme_id=actor.programme_id,
        role=grant.role,
        territory=grant.territory,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
    )
