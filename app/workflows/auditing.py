"""The audit log for those who answer for it: reading it, checking it, pruning what is too old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.domain.deeds import Deed
from app.domain.errors import Conflict
from app.domain.permissions import Verb
from app.domain.retention import LOG_AT_LEAST, LOG_AT_MOST
from app.protection.audit_chain import (
    GENESIS,
    Head,
    Segment,
    digest_of,
    sign,
)
from app.storage import audit_chain as stored
from app.storage.accounts import accounts_in
from app.storage.audit import AuditEntry, counted, entries, oldest_moment, record
from app.storage.audit_chain import AuditSegment, oldest_unsealed
from app.storage.database import now
from app.workflows.acting import Actor, House, act, require
from app.workflows.looks_drawn import LOOKS
from app.workflows.verifying_audit import Audited, verify, verify_soon

PAGE = 100
LATELY = timedelta(days=30)
PATIENCE = 60.0  # seconds after which an entry should have its seal


def check(house: House, actor: Actor) -> Audited | None:
    """As ``verify_soon``, for somebody who may read the log; that it was verified is recorded."""
    require(house, actor, Verb.AUDIT_READ)
    found = verify_soon(house)
    if found is None:
        return None
    with act(house, actor, Verb.AUDIT_READ, thing="audit") as acted:
        failure = found.verdict.failure
        acted.details = {"verified": found.verdict.events, "failure": failure and failure.kind}
    return found


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, newest first, with the names of accounts and the state of the chain."""

    entries: Sequence[AuditEntry]
    names: Mapping[int | None, str]
    heads: Sequence[Head]
    waiting: float  # seconds since the oldest entry without a seal; 0 where none waits too long
    looks: Sequence[tuple[int | None, str, str, int]]  # account, act of ``LOOKS``, why, how often


def read(
    house: House, actor: Actor, before: int | None, word: str = "", sitting: str = ""
) -> LogPage:
    """Entries of the programme in the actor's territories, a page of them; that it was read is an
    entry too, with how many were and by what they were narrowed down, never by which words.

    ``before``: number that the page ends before; ``word``: an act, or the beginning of one;
    ``sitting``: only the acts of this one.
    """
    scope = actor.scope(Verb.AUDIT_READ)
    if not scope:
        require(house, actor, Verb.AUDIT_READ)
    with house.database.read() as session:
        oldest = oldest_unsealed(session)
        seconds = 0.0 if oldest is None else (now() - oldest).total_seconds()
        page = LogPage(
            entries(session, actor.programme_id, scope, before, word, sitting, PAGE),
            {row.id: row.name for row in accounts_in(session, actor.programme_id)},
            stored.heads(session)[-31:][::-1],
            seconds if seconds > PATIENCE else 0.0,
            counted(session, actor.programme_id, scope, LOOKS, now() - LATELY),
        )
    given = {"act": word, "sitting": sitting, "before": before}
    with house.database.write() as session:
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=Verb.AUDIT_READ,
            programme_id=actor.programme_id,
            thing="audit",
            details={"read": len(page.entries), "by": [name for name in given if given[name]]},
        )
    return page


def record_operation(house: House, what: Deed, details: Mapping[str, object]) -> None:
    """Leave an entry of what the operator's command did to the whole house."""
    with house.database.write() as session:
        record(session, actor=None, origin="cli", act=what, details=dict(details))


def heads(house: House) -> list[Head]:
    """The heads of all days, to be published."""
    with house.database.read() as session:
        return stored.heads(session)


def too_old(house: House) -> date | None:
    """The day of the oldest entry, where the log holds entries of more than a year."""
    with house.database.read() as session:
        oldest = oldest_moment(session)
    return oldest.date() if oldest is not None and now() - oldest > LOG_AT_MOST else None


def prune(house: House, before: date) -> int:
    """Drop the entries of whole days before ``before``; a signed header stays. How many.

    For the owner of the tables. Raises Conflict where the day is less than six months ago, or
    where the chain does not hold: what was tampered with is not thrown away.
    """
    if now().date() - before < LOG_AT_LEAST or not verify(house).holds:
        raise Conflict
    midnight = datetime.combine(before, time(), UTC)
    with house.database.write() as session:
        stored.lock(session)
        pruned = stored.segments(session)
        first, before_hash = (pruned[-1].last + 1, pruned[-1].after) if pruned else (1, GENESIS)
        old = []
        with closing(stored.sealed(session, after=first - 1)) as chain:
            for link in chain:
                if link.at is None or link.at >= midnight:
                    break
                old.append(link)
        if not old:
            return 0
        digest = digest_of([link.payload or b"" for link in old])
        header = Segment(first, old[-1].position, before_hash, old[-1].hash, digest)
        session.add(
            AuditSegment(
                first=header.first,
                last=header.last,
                before=header.before,
                after=header.after,
                digest=header.digest,
                until=before,
                signature=sign(house.keys.heads, header.words()),
                made_at=now(),
            )
        )
        session.flush()
        return stored.remove_pruned(session)
