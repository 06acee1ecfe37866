"""Answers without names for evaluators: asked for with a purpose, allowed by somebody else, made
by a job, handed out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import extract_requests as rows
from app.storage.accounts import Account
from app.storage.database import now
from app.storage.extract_requests import ExtractRequest
from app.storage.jobs import Job
from app.storage.published import Published, published
from app.workflows import jobs
from app.workflows.acting import Actor, House, act, require

KIND = "extract"
SHORTEST, LONGEST = 20, 1000
_NO_PURPOSE = (
    Text.of(
        fr="Dites à quoi serviront ces réponses, en une phrase au moins.",
        en="Say what these answers are for, in a sentence at least.",
    ),
    Text.of(
        fr="Écrivez entre 20 et 1000 signes.",
        en="Write between 20 and 1000 characters.",
    ),
)
_NOTHING = (
    Text.of(fr="Rien n’est choisi ici.", en="Nothing is chosen here."),
    Text.of(fr="Cochez au moins une case.", en="Tick at least one box."),
)
_ONE = (
    Text.of(
        fr="Votre compte demande un territoire à la fois.",
        en="Your account asks for one territory at a time.",
    ),
    Text.of(fr="Faites une demande pour chacun.", en="Make a request for each of them."),
)
_OWN = Text.of(
    fr="Une autre personne que celle qui demande doit décider.",
    en="Somebody other than who asks must decide.",
)
_DECIDED = Text.of(fr="Cette demande est déjà décidée.", en="This request is decided already.")


@dataclass(frozen=True, slots=True)
class New:
    """What a request says."""

    places: tuple[str, ...]
    audiences: tuple[str, ...]
    purpose: str
    language: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its page shows it. ``state``: asked, refused, or that of its job."""

    row: ExtractRequest
    who: str
    decider: str
    state: str


def may_ask(actor: Actor) -> bool:
    """Whether this account may ask for answers at all."""
    return bool(actor.scope(Verb.EXTRACT_ASK))


def ask(house: House, actor: Actor, release_id: int, new: New) -> int:
    """Ask for the answers behind a release; the request's id.

    Raises ``BadInput``, ``NotFound``, ``NotAllowed`` where a place is out of reach.
    """
    scope = actor.scope(Verb.EXTRACT_ASK)
    if not scope:
        require(house, actor, Verb.EXTRACT_ASK)
    seen = published(house.database, actor.programme_id, release_id)
    if seen is None or seen.withdrawn:
        raise NotFound
    faults = list(_faults(new, seen))
    if not actor.may(Verb.EXTRACT_ASK) and len(new.places) > 1:
        faults.append(Fault("territory", *_ONE))
    if faults:
        raise BadInput(faults)
    for place in new.places:
        require(house, actor, Verb.EXTRACT_ASK, place)
    at = NATION if actor.may(Verb.EXTRACT_ASK) else min(new.places)
    with act(house, actor, Verb.EXTRACT_ASK, at, f"release:{release_id}") as acted:
        row = ExtractRequest(
            programme_id=actor.programme_id,
            release_id=release_id,
            places=sorted(new.places),
            audiences=sorted(new.audiences),
            language=new.language,
            purpose=new.purpose.strip(),
            asked_by=actor.account_id,
            asked_at=now(),
            reason="",
        )
        acted.session.add(row)
        acted.session.flush()
        acted.details = {"request": row.id, "places": row.places, "audiences": row.audiences}
        return row.id


def _faults(new: New, seen: Published) -> Sequence[Fault]:
    found = []
    if not SHORTEST <= len(new.purpose.strip()) <= LONGEST:
        found.append(Fault("purpose", *_NO_PURPOSE))
    if not new.places or not set(new.places) <= set(seen.places):
        found.append(Fault("territory", *_NOTHING))
    if not new.audiences or not set(new.audiences) <= set(Audience):
        found.append(Fault("audience", *_NOTHING))
    return found


def decide(house: House, actor: Actor, request_id: int, *, allowed: bool, reason: str = "") -> None:
    """Allow a request, which starts its job, or refuse it. Raises ``NotFound``, ``Conflict``."""
    require(house, actor, Verb.EXTRACT_ALLOW)
    with act(house, actor, Verb.EXTRACT_ALLOW, thing=f"extract:{request_id}") as acted:
        row = rows.request_of(acted.session, actor.programme_id, request_id)
        if row is None:
            raise NotFound
        if row.decided_at is not None:
            raise Conflict(_DECIDED)
        if row.asked_by is None or row.asked_by == actor.account_id:
            raise Conflict(_OWN)
        row.decided_by, row.decided_at, row.allowed = actor.account_id, now(), allowed
        row.reason = reason.strip()[:LONGEST]
        if allowed:
            place = row.places[0] if len(row.places) == 1 else None
            asker = replace(actor, account_id=row.asked_by)
            row.job_id = jobs.start(
                house, asker, KIND, {"request": row.id}, place, session=acted.session
            )
        acted.details = {"allowed": allowed}


def mine(house: House, actor: Actor) -> tuple[Request, ...]:
    """The requests of this account, newest first."""
    return _shown(house, actor, actor.account_id) if actor.account_id is not None else ()


def all_of(house: House, actor: Actor) -> tuple[Request, ...]:
    """Every request of the programme, for who decides. Raises ``NotAllowed``."""
    require(house, actor, Verb.EXTRACT_ALLOW)
    return _shown(house, actor, None)


def _shown(house: House, actor: Actor, asked_by: int | None) -> tuple[Request, ...]:
    with house.database.read() as session:
        found = rows.requests_of(session, actor.programme_id, asked_by)
        names: dict[int | None, str] = {None: ""}
        for each in found:
            for account in (each.asked_by, each.decided_by):
                if account is not None and account not in names:
                    names[account] = session.get_one(Account, account).name
        works = {each.id: session.get(Job, each.job_id) for each in found if each.job_id}
        return tuple(
            Request(each, names[each.asked_by], names[each.decided_by], _state(each, works))
            for each in found
        )


def _state(row: ExtractRequest, works: Mapping[int, Job | None]) -> str:
    if row.decided_at is None:
        return "asked"
    if not row.allowed:
        return "refused"
    job = works.get(row.id)
    if job is None or job.finished_at is None:
        return "making"
    return "failed" if job.failure is not None else "made"


jobs.VERBS[KIND] = Verb.EXTRACT_ASK
