"""Proving who sits there: the second step of signing in, and again before a sensitive act.

Every proof that is accepted puts a new secret in the session's place. Failures are counted by
account, and delay; a code of an app and a recovery code are good once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.protection import passkeys, second_factors
from app.protection.keys import digest
from app.protection.passkeys import Passkey, Site, new_challenge
from app.protection.passwords import password_matches
from app.protection.sealing import unseal
from app.storage import factors as stored
from app.storage import throttle
from app.storage.accounts import Account, StaffSession
from app.storage.audit import record
from app.storage.database import now
from app.storage.factors import SecondFactor
from app.workflows.acting import House
from app.workflows.signing_in import WINDOW, SignIn
from app.workflows.staff_sessions import Holder, replace_session

TRIES = 10  # wrong proofs of one account in a quarter of an hour


@dataclass(frozen=True, slots=True, repr=False)
class Typed:
    """What was typed: a code of the app, a recovery code, or the password."""

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """What a passkey signed, and for which site."""

    site: Site
    answer: str


Proof = Typed | Signed


def factor_place(factor_id: int) -> str:
    """Where the secret of an authenticator app is sealed to."""
    return f"second_factor:{factor_id}"


def prove(house: House, held: Holder, proof: Proof) -> SignIn:
    """Accept one proof: then the session is whole, and freshly confirmed, under a new secret.

    A half-open session takes second factors only; a whole one also the password.
    """
    bucket = digest(house.keys.throttle, f"second step {held.account_id}")
    with house.database.read() as session:
        tried = throttle.attempts(session, bucket, WINDOW)
        account = session.get_one(Account, held.account_id)
    if tried >= TRIES:
        return SignIn("throttled")
    by_password = (
        held.passed
        and isinstance(proof, Typed)
        and password_matches(account.password_hash, proof.text)
    )
    with house.database.write() as session:
        row = session.get_one(StaffSession, held.key, with_for_update=True)
        if row.ended_at is not None:  # replaced meanwhile
            return SignIn("wrong")
        how = "password" if by_password else _second(house, session, row, proof)
        _note(session, held, how)
        if how:
            return SignIn("in", replace_session(house, session, held.key), held.language)
        row.challenge = new_challenge()
        throttle.count(session, bucket)
    return SignIn("wrong")


def _note(session: Session, held: Holder, how: str) -> None:
    record(
        session,
        actor=held.account_id,
        origin="web",
        act=Deed.ACCOUNT_CONFIRM if held.passed else Deed.ACCOUNT_SECOND_STEP,
        outcome="done" if how else "refused",
        details={"by": how} if how else {},
    )


def _second(house: House, session: Session, row: StaffSession, proof: Proof) -> str:
    """Which second factor of the session's account the proof is one of; empty for none."""
    factors = stored.factors_of(session, row.account_id)
    if isinstance(proof, Signed):
        return "passkey" if _by_passkey(row.challenge or b"", factors, proof) else ""
    if any(_by_app(house, session, each, proof.text) for each in factors if each.kind == "totp"):
        return "totp"
    return "recovery" if factors and _by_recovery(house, session, row, proof.text) else ""


def _by_app(house: House, session: Session, factor: SecondFactor, typed: str) -> bool:
    secret = unseal(house.keys.sealing, factor.sealed or b"", factor_place(factor.id))
    step = second_factors.totp_step(secret, typed, now())
    return step is not None and stored.take_step(session, factor.id, step, now())


def _by_recovery(house: House, session: Session, row: StaffSession, typed: str) -> bool:
    spelled = second_factors.spelled_recovery_code(typed)
    code = recovery_digest(house, row.account_id, spelled)
    return bool(spelled) and stored.take_recovery_code(session, row.account_id, code, now())


def recovery_digest(house: House, account_id: int, spelled: str) -> bytes:
    """What is stored of a recovery code."""
    return digest(house.keys.lookup, f"recovery code {account_id} {spelled}")


def _by_passkey(challenge: bytes, factors: list[SecondFactor], proof: Signed) -> bool:
    named = passkeys.credential_in(proof.answer)
    found = next((each for each in factors if named and each.credential == named), None)
    if found is None or not challenge:
        return False
    known = Passkey(found.credential or b"", found.public_key or b"", found.sign_count or 0)
    count = passkeys.signed_with(proof.site, challenge, proof.answer, known)
    if count is None:
        return False
    found.sign_count, found.used_at = count, now()
    return True
