"""Accounts: who stands behind a session or a command, and what each is granted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import BadInput, Conflict, Fault, NotFound, Unavailable
from app.domain.permissions import Grant, Role, Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.protection.keys import digest
from app.protection.passwords import hash_password
from app.storage import accounts as stored
from app.storage.accounts import Account, GrantRow, Seat, StaffSession
from app.storage.database import now
from app.storage.territories import programme_by_code, territories_of
from app.workflows.acting import Acted, Actor, House, act, require
from app.workflows.passwords import password_faults
from app.workflows.staff_sessions import holds, sitting_of

_SEEN_EVERY = timedelta(minutes=1)  # a write for every page would be a lock for every page


def actor_from_session(house: House, secret: str) -> Actor | None:
    """The account behind a staff cookie, with its grants of today; None when it may not go on.

    Beyond what ends a session (``staff_sessions``), its account may hold no grant any more, and
    the second factor may still be owed.
    """
    with house.database.at_once() as driver:
        seat = stored.seat(driver, digest(house.keys.lookup, secret))
        if seat is None or not holds(seat, seat.disabled_at) or seat.passed_at is None:
            return None
        held = list(stored.granted(driver, seat.account_id))
        today = now().date()
        first = next((each for each in held if each[3].holds_on(today)), None)
        if first is None:
            return None
        programme_id, title, synthetic, _grant = first
        actor = Actor(
            programme_id=programme_id,
            territories=territories_of(driver, programme_id),
            grants=tuple(grant for where, *_, grant in held if where == programme_id),
            account_id=seat.account_id,
            name=seat.name,
            language=seat.language,
            confirmed_at=seat.confirmed_at,
            programme_title=Text.of(title),
            synthetic=synthetic,
            sitting=sitting_of(house, seat),
            seat=seat.digest,
            reasons=seat.reasons or {},
        )
    _note_seen(house, seat)
    return actor


def _note_seen(house: House, seat: Seat) -> None:
    """Push the idle limit on. A database that cannot write now must not stop reading."""
    moment = now()
    if moment - seat.seen_at < _SEEN_EVERY:
        return
    try:
        with house.database.write() as session:
            current = session.get(StaffSession, seat.digest)
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
    """The accounts that this actor may manage, with what each was granted, by name.

    Raises NotAllowed for who may manage none.
    """
    reach = actor.scope(Verb.ACCOUNT_MANAGE)
    if not reach:
        require(house, actor, Verb.ACCOUNT_MANAGE)
    with house.database.read() as session:
        listed = [
            Listed(account, stored.grants_of(session, account.id, actor.programme_id))
            for account in stored.accounts_in(session, actor.programme_id)
        ]
    return [each for each in listed if {grant.territory for grant in each.grants} <= reach]


def create_account(
    house: House, actor: Actor, *, email: str, name: str, password: str, grant: Grant
) -> int:
    """Make an account with a password and its first grant; the number of the account.

    Raises BadInput for what cannot be taken and Conflict when the address has an account.
    """
    faults = [
        *_account_faults(email, name),
        *password_faults(house, password, email, name),
        *grant_faults(actor, grant),
    ]
    if faults:
        raise BadInput(faults)
    require(house, actor, Verb.ACCOUNT_MANAGE, grant.territory)
    hashed = hash_password(password)
    with new_account(house, actor, email, name, grant) as (_acted, account):
        account.password_hash = hashed
        return account.id


@contextmanager
def new_account(
    house: House, actor: Actor, email: str, name: str, grant: Grant
) -> Iterator[tuple[Acted, Account]]:
    """An account with its first grant, in the open transaction of the act; no password yet.

    Raises BadInput for what cannot be taken and Conflict when the address has an account.
    """
    faults = [*_account_faults(email, name), *grant_faults(actor, grant)]
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.ACCOUNT_MANAGE, grant.territory) as acted:
        if stored.account_by_email(acted.session, email) is not None:
            raise Conflict(_HAS_ACCOUNT)
        account = Account(email=stored.spelled(email), name=name.strip(), made_at=now())
        acted.session.add(account)
        acted.session.flush()
        acted.session.add(grant_row(actor, account.id, grant))
        acted.thing = f"account:{account.id}"
        acted.details = {"did": "create", "role": grant.role}
        yield acted, account


def set_language(house: House, actor: Actor, language: str) -> None:
    """Remember the language in which this account reads. A choice of one's own: no permission."""
    with house.database.write() as session:
        account = session.get(Account, actor.account_id)
        if account is not None:
            account.language = language


_HAS_ACCOUNT = Text.of(
    fr="Un compte a déjà cette adresse. Donnez-lui un droit de plus.",
    en="An account has this address already. Give it one more right.",
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def _account_faults(email: str, name: str) -> list[Fault]:
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
    return faults


def grant_faults(actor: Actor, grant: Grant) -> list[Fault]:
    """What is wrong with a grant in the actor's programme."""
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


def grant_row(actor: Actor, account_id: int, grant: Grant) -> GrantRow:
    """The row of a grant in the actor's programme."""
    return GrantRow(
        account_id=account_id,
        programme_id=actor.programme_id,
        role=grant.role,
        territory=grant.territory,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        only_viewing=grant.only_viewing,
    )
