"""Signing in through the institution: who is linked comes in; linking is an act of one's own."""

from __future__ import annotations

from app.domain.deeds import Deed
from app.domain.errors import Conflict, NotAllowed
from app.domain.text import Text
from app.protection.sign_on import Identity
from app.storage import accounts as stored_accounts
from app.storage import invitations as stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.invitations import LinkedIdentity
from app.workflows.acting import House
from app.workflows.invitations import use
from app.workflows.signing_in import SignIn, admit
from app.workflows.staff_sessions import Holder


def sign_on(house: House, who: Identity, earlier: str = "", browser: str = "") -> SignIn:
    """Open a session for the account that this identity is linked to, if there is one.

    The identity takes the place of the password. The second factor is owed here as well, unless the
    provider says that it has asked for two.
    """
    with house.database.read() as session:
        found = stored.identity_with_account(session, who.issuer, who.subject)
        account = found[1] if found else None
        granted = account is not None and stored_accounts.programmes_granted(
            session, account.id, now().date()
        )
    if account is None or not granted or account.disabled_at is not None:
        with house.database.write() as session:
            record(session, actor=None, origin="web", act=Deed.ACCOUNT_SIGN_IN, outcome="refused")
        return SignIn("wrong")
    return admit(
        house,
        account,
        earlier=earlier,
        browser=browser,
        both_factors=who.strong,
        how="institution",
    )


def link(house: House, held: Holder, who: Identity) -> None:
    """Let this identity open the own account from now on. Raises Conflict."""
    if not held.passed or not held.may_change:
        raise NotAllowed
    with house.database.write() as session:
        if stored.identity_with_account(session, who.issuer, who.subject) is not None:
            raise Conflict(_LINKED)
        session.add(_linked(held.account_id, who))
        record(session, actor=held.account_id, origin="web", act=Deed.ACCOUNT_IDENTITY_LINK)


def link_invited(house: House, secret: str, who: Identity) -> None:
    """Accept an invitation with this identity, in the place of a password.

    Raises NotFound for a link that opens nothing, Conflict for an identity of another account.
    """
    with house.database.write() as session:
        if stored.identity_with_account(session, who.issuer, who.subject) is not None:
            raise Conflict(_LINKED)
        account = use(house, session, secret)
        session.add(_linked(account.id, who))
        record(session, actor=account.id, origin="web", act=Deed.ACCOUNT_IDENTITY_LINK)


def _linked(account_id: int, who: Identity) -> LinkedIdentity:
    return LinkedIdentity(
        account_id=account_id, issuer=who.issuer, subject=who.subject, made_at=now()
    )


_LINKED = Text.of(
    fr="Cette identité ouvre déjà un compte. Retirez-la là-bas d’abord.",
    en="This identity opens an account already. Remove it there first.",
)
