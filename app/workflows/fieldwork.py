"""How a wave's collection goes, and what became of invitations without an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.declining import Place, told_reasons
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.fieldwork import Count, Disposition, FieldworkCounts, protected
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage import participants as sample
from app.storage.audit import record
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.progress import answers, people
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, require


@dataclass(frozen=True, slots=True)
class Going:
    """How a collection goes: protected counts, why people declined where it may be told, and when
    the last answers of each audience of a territory were sent."""

    counts: FieldworkCounts
    reasons: Mapping[Place, Mapping[str, Count]]
    last_sent: Mapping[Place, datetime]


def counts(house: House, actor: Actor, wave_id: int) -> FieldworkCounts:
    """The counts of ``going``, which raises the same."""
    return going(house, actor, wave_id).counts


def going(house: House, actor: Actor, wave_id: int) -> Going:
    """The collection in every territory that the actor may watch.

    Refused: invitations with that disposition, which the consent page also records.
    Raises ``NotFound``, ``NotAllowed``.
    """
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        invited = people(session, wave_id, scope)
        sent = answers(session, wave_id, scope)
    order = {code: rank for rank, code in enumerate(actor.territories)}
    places = sorted(invited.keys() | sent.keys(), key=lambda key: (order.get(key[0], 0), key[1]))
    counted = {}
    for place in places:
        asked, got = invited.get(place), sent.get(place)
        own = {name: asked.dispositions.get(name, 0) if asked else 0 for name in Disposition}
        reached = {"invited": asked.invited if asked else 0, **(got.stages if got else {})}
        reached["refused"] = own[Disposition.REFUSED]
        channels = got.channels if got else {}
        counted[place] = (reached, channels, {str(k): v for k, v in own.items()})
    return Going(
        protected(counted),
        told_reasons({place: each.reasons for place, each in invited.items() if each.reasons}),
        {place: each.last for place, each in sent.items() if each.last is not None},
    )


def record_disposition(
    house: House, actor: Actor, wave_id: int, reference: str, disposition: str | None
) -> None:
    """Say what became of an invitation; None takes back what was said.

    Raises ``BadInput`` for an unknown word, ``NotFound`` for a reference that is unknown or not
    in the actor's territories: the two look the same.
    """
    if disposition is not None and disposition not in set(Disposition):
        raise BadInput([Fault("disposition", *_UNKNOWN)])
    scope = _may_record(house, actor)
    with house.database.write() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        found = sample.by_reference(session, wave_id, [reference]) if wave else {}
        person = found.get(reference)
        if person is None or person.territory not in scope:
            raise NotFound
        _say(session, actor, person, disposition)


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many dispositions were written down, and how many stood so already."""

    new: int
    same: int


def record_dispositions(
    house: House, actor: Actor, wave_id: int, said: Sequence[tuple[str, str | None]]
) -> Recorded:
    """Say what became of several invitations (reference, disposition or None): all or none.

    What stands so already changes nothing. Raises ``BadInput`` with a fault for each reference that
    is unknown or not in the actor's territories, for each there twice, and for an unknown word.
    """
    scope = _may_record(house, actor)
    with house.database.write() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        found = sample.by_reference(session, wave_id, [reference for reference, _ in said])
        mine = {key: person for key, person in found.items() if person.territory in scope}
        faults = list(_faults(said, mine))
        if faults:
            raise BadInput(faults)
        new = [(mine[key], word) for key, word in said if mine[key].disposition != word]
        for person, word in new:
            _say(session, actor, person, word)
        return Recorded(len(new), len(said) - len(new))


def _faults(
    said: Sequence[tuple[str, str | None]], mine: Mapping[str, Participant]
) -> Iterator[Fault]:
    before: set[str] = set()
    for number, (reference, word) in enumerate(said, 1):
        if reference not in mine:
            yield Fault(f"items {number} reference", *_NOBODY)
        if reference in before:
            yield Fault(f"items {number} reference", *_TWICE)
        if word is not None and word not in set(Disposition):
            yield Fault(f"items {number} disposition", *_UNKNOWN)
        before.add(reference)


_UNKNOWN = (
    Text.of(fr="Cette issue est inconnue.", en="This outcome is unknown."),
    Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
)
_NOBODY = (
    Text.of(
        fr="Aucune référence de ce nom dans vos territoires.", en="No such reference in yours."
    ),
    Text.of(fr="Vérifiez la lettre.", en="Check the letter."),
)
_TWICE = (
    Text.of(fr="Cette référence est là deux fois.", en="This reference is there twice."),
    Text.of(fr="Gardez une seule des deux.", en="Keep one of the two."),
)


def _may_record(house: House, actor: Actor) -> frozenset[str]:
    scope = actor.scope(Verb.DISPOSITION_RECORD)
    if not scope:
        require(house, actor, Verb.DISPOSITION_RECORD)
    return scope


def _say(session: Session, actor: Actor, person: Participant, disposition: str | None) -> None:
    person.disposition = disposition
    person.declined_because = None
    person.disposition_at = now() if disposition is not None else None
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=Verb.DISPOSITION_RECORD,
        programme_id=actor.programme_id,
        territory=person.territory,
        thing=f"participant:{person.id}",
        details={"disposition": disposition or "none"},
    )
