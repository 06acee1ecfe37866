"""Requests of access and erasure: one account asks, another confirms, then they are carried out.

Two people, since whoever writes or calls may not be who they say: the second one looks at how the
first made sure. One month is the law's time (GDPR, article 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage import rights_requests as stored
from app.storage.accounts import accounts_in
from app.storage.database import now
from app.storage.rights_requests import RightsRequest
from app.storage.waves import wave_by_code
from app.workflows import erasing, rights
from app.workflows.acting import Actor, House, act

Kind = Literal["access", "erase"]
KINDS: tuple[Kind, ...] = get_args(Kind)
VERBS = {"access": Verb.RESPONSE_ACCESS, "erase": Verb.RESPONSE_ERASE}
MONTH = timedelta(days=30)
LONGEST = 500


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request with its wave, the person's key, who asked and confirmed, and its last day."""

    row: RightsRequest
    wave: str
    reference: str
    asked: str
    confirmed: str

    @property
    def until(self) -> datetime:
        """When it has to be answered at the latest."""
        return self.row.received_at + MONTH


def ask(house: House, actor: Actor, kind: Kind, wave: str, reference: str, checked: str) -> int:
    """Write a request down; its number.

    Raises BadInput where it is not said how it was made sure who asks, NotFound, and Conflict where
    the link between person and answers was cut.
    """
    if not 0 < len(checked.strip()) <= LONGEST:
        raise BadInput([_UNCHECKED])
    person_id, territory = rights.person_of(house, actor, wave, reference, VERBS[kind])
    with act(house, actor, VERBS[kind], territory, f"participant:{person_id}") as acted:
        found = wave_by_code(acted.session, actor.programme_id, wave)
        assert found is not None  # its person was found
        row = RightsRequest(
            wave_id=found.id,
            territory=territory,
            participant_id=person_id,
            kind=kind,
            checked=checked.strip(),
            received_at=now(),
            asked_by=actor.account_id,
        )
        acted.session.add(row)
        acted.session.flush()
        acted.details = {"asked": kind, "request": row.id}
        return row.id


def confirm(house: House, actor: Actor, number: int) -> None:
    """A second account has looked at how it was made sure who asks.

    Raises Conflict for the account that asked, or where it was confirmed already.
    """
    with house.database.read() as session:
        territory = _found(session, actor, number)[0].territory
    with act(house, actor, Verb.RIGHTS_CONFIRM, territory, f"request:{number}") as acted:
        row = _found(acted.session, actor, number)[0]
        if row.confirmed_at is not None or row.asked_by == actor.account_id:
            raise Conflict(_SECOND)
        row.confirmed_by, row.confirmed_at = actor.account_id, now()


def carried_out(house: House, actor: Actor, number: int) -> Mapping[str, Any] | None:
    """Carry a confirmed request out: what is kept of the person, or None once it is erased.

    Raises Conflict before it was confirmed.
    """
    with house.database.read() as session:
        row, wave, reference = _found(session, actor, number)
    if row.confirmed_at is None:
        raise Conflict(_SECOND)
    told = None
    if row.kind == "access":
        told = rights.access(house, actor, wave, reference)
    else:
        rights.erase_person(house, actor, wave, reference)
        erasing.keep_tombstones(house)
    with act(house, actor, VERBS[row.kind], row.territory, f"request:{number}") as acted:
        _found(acted.session, actor, number)[0].done_at = now()
    return told


def requests(house: House, actor: Actor) -> Sequence[RequestSeen]:
    """The requests of the actor's territories, newest first."""
    scope = actor.scope(Verb.RESPONSE_ACCESS) | actor.scope(Verb.RIGHTS_CONFIRM)
    with house.database.read() as session:
        names = {row.id: row.name for row in accounts_in(session, actor.programme_id)}
        found = stored.requests_of(session, actor.programme_id, scope)
    return [
        RequestSeen(
            row,
            wave,
            reference,
            names.get(row.asked_by or 0, ""),
            names.get(row.confirmed_by or 0, ""),
        )
        for row, wave, reference in found
    ]


def _found(session: Any, actor: Actor, number: int) -> tuple[RightsRequest, str, str]:
    scope = actor.scope(Verb.RESPONSE_ACCESS) | actor.scope(Verb.RIGHTS_CONFIRM)
    row = stored.request_of(session, actor.programme_id, number, scope)
    if row is None:
        raise NotFound
    return row


_UNCHECKED = Fault(
    "checked",
    Text.of(
        fr="Il n’est pas dit comment l’identité a été vérifiée.",
        en="It is not said how the identity was checked.",
    ),
    Text.of(
        fr="Écrivez-le en une phrase, sans copier de pièce.",
        en="Write it in one sentence, without copying any paper.",
    ),
)
_SECOND = Text.of(
    fr="Une seconde personne doit d’abord confirmer cette demande.",
    en="A second person has to confirm this request first.",
)
