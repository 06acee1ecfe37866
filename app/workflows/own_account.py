"""One's own account: second factors, recovery codes, password, and where one is signed in.

These are acts of the person on the own account, without a permission; each is in the audit log.
Whoever makes one has proved within the half hour to sit there (the page sees to it first).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from app.domain.text import Text
from app.protection import passkeys, second_factors
from app.protection.keys import digest
from app.protection.passkeys import Site
from app.protection.passwords import hash_password, password_matches
from app.protection.sealing import seal
from app.storage import accounts as stored
from app.storage import factors as stored_factors
from app.storage import invitations as stored_invitations
from app.storage.accounts import Account
from app.storage.audit import record
from app.storage.database import now
from app.storage.factors import SecondFactor
from app.workflows.acting import House
from app.workflows.passwords import password_faults
from app.workflows.proving import factor_place, recovery_digest
from app.workflows.staff_sessions import IDLE, Holder, replace_session

LONGEST_LABEL = 60
MOST_FACTORS = 10


@dataclass(frozen=True, slots=True, repr=False)
class Added:
    """A new factor: the new secret of the session, and recovery codes where they are the first."""

    secret: str
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A place where the account is signed in; ``reference`` names it without opening it."""

    reference: str
    browser: str
    made_at: datetime
    seen_at: datetime
    here: bool


def add_totp(house: House, held: Holder, secret: str, typed: str, label: str) -> Added:
    """Add an authenticator app that shows a good code of ``secret``. Raises BadInput."""
    _may_add(held)
    step = second_factors.totp_step(secret, typed, now())
    if step is None:
        raise BadInput([_NOT_THE_CODE])
    with house.database.write() as session:
        row = _new(held, "totp", label)
        session.add(row)
        session.flush()
        row.sealed = seal(house.keys.sealing, secret, factor_place(row.id))
        row.last_step = step
        return _added(house, session, held, row)


def add_passkey(house: House, held: Holder, site: Site, answer: str, label: str) -> Added:
    """Add the passkey that the browser has just made. Raises BadInput."""
    _may_add(held)
    made = passkeys.registered(site, held.challenge, answer) if held.challenge else None
    if made is None:
        raise BadInput([_NO_PASSKEY])
    with house.database.write() as session:
        row = _new(held, "passkey", label)
        row.credential, row.public_key = made.credential, made.public_key
        row.sign_count = made.sign_count
        session.add(row)
        return _added(house, session, held, row)


def _may_add(held: Holder) -> None:
    if held.step == "second" or not held.may_change:
        raise NotAllowed
    if len(held.factors) >= MOST_FACTORS:
        raise Conflict(
            Text.of(
                fr=f"Un compte a au plus {MOST_FACTORS} seconds facteurs. Retirez-en un d’abord.",
                en=f"An account has at most {MOST_FACTORS} second factors. Remove one first.",
            )
        )


def _new(held: Holder, kind: str, label: str) -> SecondFactor:
    words = "".join(sign for sign in label.strip() if sign.isprintable())[:LONGEST_LABEL]
    return SecondFactor(account_id=held.account_id, kind=kind, label=words, made_at=now())


def _added(house: House, session: Session, held: Holder, row: SecondFactor) -> Added:
    codes: tuple[str, ...] = ()
    if not stored_factors.recovery_codes_left(session, held.account_id):
        codes = _make_codes(house, session, held.account_id)
    _record(session, held, Deed.ACCOUNT_FACTOR_ADD, kind=row.kind)
    return Added(replace_session(house, session, held.key), codes)


def _make_codes(house: House, session: Session, account_id: int) -> tuple[str, ...]:
    codes = [second_factors.new_recovery_code() for _ in range(second_factors.RECOVERY_CODES)]
    spelled = [second_factors.spelled_recovery_code(code) for code in codes]
    digests = [recovery_digest(house, account_id, code) for code in spelled]
    stored_factors.replace_recovery_codes(session, account_id, digests, now())
    return tuple(codes)


def new_recovery_codes(house: House, held: Holder) -> tuple[str, ...]:
    """Make new recovery codes; the earlier ones open nothing any more."""
    _may_change(held)
    with house.database.write() as session:
        _record(session, held, Deed.ACCOUNT_RECOVERY_CODES)
        return _make_codes(house, session, held.account_id)


def recovery_codes_left(house: House, held: Holder) -> int:
    """How many recovery codes are left."""
    with house.database.read() as session:
        return stored_factors.recovery_codes_left(session, held.account_id)


def remove_factor(house: House, held: Holder, factor_id: int) -> None:
    """Remove one second factor. Raises NotFound, and Conflict for the last one."""
    _may_change(held)
    with house.database.write() as session:
        rows = stored_factors.factors_of(session, held.account_id)
        row = next((each for each in rows if each.id == factor_id), None)
        if row is None:
            raise NotFound
        if len(rows) == 1 and not house.demonstration:
            raise Conflict(
                Text.of(
                    fr="C’est le dernier second facteur. Ajoutez-en un autre d’abord.",
                    en="This is the last second factor. Add another one first.",
                )
            )
        _record(session, held, Deed.ACCOUNT_FACTOR_REMOVE, kind=row.kind)
        session.delete(row)


def change_password(house: House, held: Holder, present: str, wanted: str) -> str:
    """Change the own password and end every other session; the new secret of this one.

    Raises BadInput for a present password that is not right, or a wanted one that is refused.
    """
    _may_change(held)
    with house.database.read() as session:
        account = session.get_one(Account, held.account_id)
    if account.password_hash and not password_matches(account.password_hash, present):
        raise BadInput([_NOT_THE_PASSWORD])
    faults = password_faults(house, wanted, account.email, account.name)
    if faults:
        raise BadInput(faults)
    hashed = hash_password(wanted)
    with house.database.write() as session:
        session.get_one(Account, held.account_id).password_hash = hashed
        stored.end_sessions(session, held.account_id, now(), spare=held.key)
        _record(session, held, Deed.ACCOUNT_PASSWORD)
        return replace_session(house, session, held.key)


def signed_in_at(house: House, held: Holder) -> list[SignedIn]:
    """Where the account is signed in, the latest used first."""
    with house.database.read() as session:
        rows = stored.open_sessions(session, held.account_id, now() - IDLE)
    return [
        SignedIn(
            _reference(row.digest), row.browser, row.made_at, row.seen_at, row.digest == held.key
        )
        for row in rows
    ]


def end_one(house: House, held: Holder, reference: str) -> None:
    """End one of the account's sessions. Raises NotFound."""
    with house.database.write() as session:
        for row in stored.open_sessions(session, held.account_id, now() - IDLE):
            if _reference(row.digest) == reference:
                row.ended_at = now()
                _record(session, held, Deed.ACCOUNT_SESSION_END, which="one")
                return
    raise NotFound


def end_others(house: House, held: Holder) -> None:
    """End every session of the account but this one."""
    with house.database.write() as session:
        stored.end_sessions(session, held.account_id, now(), spare=held.key)
        _record(session, held, Deed.ACCOUNT_SESSION_END, which="others")


def identities(house: House, held: Holder) -> list[str]:
    """The identity providers through which the account may sign in."""
    with house.database.read() as session:
        return [row.issuer for row in stored_invitations.identities_of(session, held.account_id)]


def unlink_identity(house: House, held: Holder) -> None:
    """Sign in through the institution no more. Raises Conflict where it is the only way in."""
    _may_change(held)
    if not held.has_password:
        raise Conflict(
            Text.of(fr="Choisissez d’abord un mot de passe.", en="Choose a password first.")
        )
    with house.database.write() as session:
        for row in stored_invitations.identities_of(session, held.account_id):
            session.delete(row)
        _record(session, held, Deed.ACCOUNT_IDENTITY_UNLINK)


def _reference(key: bytes) -> str:
    return digest(key, "reference of the session")[:8].hex()


def _may_change(held: Holder) -> None:
    if not held.passed or not held.may_change:
        raise NotAllowed


def _record(session: Session, held: Holder, did: Deed, **details: str) -> None:
    record(session, actor=held.account_id, origin="web", act=did, details=dict(details))


_NOT_THE_CODE = Fault(
    "code",
    Text.of(
        fr="Ce n’est pas le code que l’application montre en ce moment.",
        en="This is not the code that the app shows at this moment.",
    ),
    Text.of(
        fr="Attendez le code suivant et écrivez ses six chiffres. Vérifiez l’heure du téléphone.",
        en="Wait for the next code and type its six digits. Check the time of the phone.",
    ),
)
_NO_PASSKEY = Fault(
    "answer",
    Text.of(
        fr="La clé d’accès n’a pas été créée.",
        en="The passkey was not made.",
    ),
    Text.of(
        fr="Réessayez, ou utilisez une application qui montre des codes.",
        en="Try again, or use an app that shows codes.",
    ),
)
_NOT_THE_PASSWORD = Fault(
    "present",
    Text.of(
        fr="Ce n’est pas votre mot de passe actuel.",
        en="This is not your present password.",
    ),
    Text.of(fr="Écrivez-le de nouveau.", en="Type it again."),
)
