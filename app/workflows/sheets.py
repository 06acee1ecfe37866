"""Sheets of paper as whoever keys may see them: found, told where they stand, begun.

Nobody sees an answer that was keyed by somebody else, nor one that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.assent import outcome
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.sittings import ROLES, Sitting
from app.domain.text import Text
from app.protection.codes import typed as code_typed
from app.protection.keys import digest
from app.storage import keying as rows
from app.storage.database import now
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant, instrument_of
from app.storage.responses import pack
from app.storage.throttle import attempts, count
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, act, require
from app.workflows.keyed import require_free, require_open, sitting_of
from app.workflows.notices import shown

MINUTES = 10
MOST_WRONG = 30  # wrong codes or references by one account in that time
State = Literal["free", "begun", "sent", "own", "other", "second", "differences", "finished"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A participant's sheet as whoever keys may see it: where it stands, never an answer.

    ``state``: free (nothing yet), begun (on a screen, not sent), own (this person is keying it),
    other (somebody else is), second (waits for a second keying by this person), differences
    (keyed twice, waits for decisions), finished (waits for somebody else), sent.
    """

    wave_id: int
    participant_id: int
    reference: str
    territory: str
    audience: str
    state: State
    entry_id: int | None = None


def find(house: House, actor: Actor, wave_id: int, text: str) -> int:
    """The participant whose code or reference this is. Raises ``NotFound``, also when throttled."""
    scope = scope_of(house, actor)
    bucket = digest(house.keys.throttle, f"keying {actor.account_id}")
    code = code_typed(text)
    with house.database.read() as session:
        wave_of(session, actor, wave_id)
        throttled = attempts(session, bucket, MINUTES) >= MOST_WRONG
        found = rows.person_by_reference(session, wave_id, text.strip()[:64], scope)
        if found is None and code is not None:
            found = rows.person_by_code(session, wave_id, digest(house.keys.lookup, code), scope)
    if throttled:
        raise NotFound
    with house.database.write() as session:
        count(session, bucket, by=int(found is None))
    if found is None:
        raise NotFound
    return found


def sheet(house: House, actor: Actor, wave_id: int, participant_id: int) -> Sheet:
    """Where a sheet stands. Raises ``NotFound``."""
    scope = scope_of(house, actor)
    with house.database.read() as session:
        wave_of(session, actor, wave_id)
        person = person_of(session, wave_id, participant_id, scope)
        state, entry_id = _state(session, actor, person)
    return Sheet(
        wave_id,
        participant_id,
        person.reference,
        person.territory,
        person.audience,
        state,
        entry_id,
    )


def _state(session: Session, actor: Actor, person: Participant) -> tuple[State, int | None]:
    response = rows.response_of(session, person.id)
    entries = rows.entries_of(session, person.wave_id, person.id)
    sent = person.answered or (response and (response.submitted_at or response.withdrawn_at))
    for entry in entries:
        if entry.finished_at is None:
            mine = entry.operator == actor.account_id
            return ("own", entry.id) if mine else ("other", None)
    if sent:
        return "sent", None
    if len(entries) == 2:
        return "differences", entries[0].id
    if entries:
        mine = entries[0].operator == actor.account_id
        return ("finished" if mine else "second"), None
    return ("begun" if response else "free"), None


def begin(house: House, actor: Actor, wave_id: int, participant_id: int, new: NewEntry) -> int:
    """Begin to key a sheet, for the first or the second time; the entry's id.

    Raises ``BadInput`` without batch or consent, ``Conflict`` where the sheet is not free.
    """
    faults = list(head_faults(new))
    if faults:
        raise BadInput(faults)
    place = sheet(house, actor, wave_id, participant_id).territory
    try:
        with act(house, actor, Verb.RESPONSE_KEY, place, f"wave:{wave_id}") as acted:
            session = acted.session
            require_open(wave_of(session, actor, wave_id))
            person = person_of(session, wave_id, participant_id, frozenset([place]))
            require_free(session, person)
            state, _ = _state(session, actor, person)
            if state not in ("free", "begun", "second"):
                raise Conflict
            entry = new_entry(session, actor, person, new, 2 if state == "second" else 1)
            acted.details = {"turn": entry.turn, "batch": entry.batch}
            return entry.id
    except IntegrityError as error:  # two people began at once
        raise Conflict from error


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What the head of a sheet says."""

    batch: str
    consented: bool
    sitting: Sitting = field(default_factory=Sitting)


def head_faults(new: NewEntry) -> Sequence[Fault]:
    """What the head of a sheet lacks."""
    faults = []
    if not new.batch.strip() or len(new.batch) > 40:
        faults.append(Fault("batch", *_BATCH))
    if not new.consented:
        faults.append(Fault("consent", *_CONSENT))
    told = new.sitting
    if told.role == "proxy":
        said = outcome(told.agrees, told.measure, told.representative)
        if said != "go":
            faults.append(Fault("agrees", *(_REFUSED if said == "stop" else _ASK_FIRST)))
    return faults


_BATCH = (
    Text.of(fr="Il manque le nom du lot.", en="The name of the batch is missing."),
    Text.of(
        fr="Écrivez le nom de la pile d’où vient la feuille, par exemple 12-A.",
        en="Write the name of the pile that the sheet comes from, such as 12-A.",
    ),
)
_REFUSED = (
    Text.of(
        fr="La personne, ou qui la représente, a dit non : rien ne peut être saisi.",
        en="The person, or who represents them, said no. The answers cannot be keyed.",
    ),
    Text.of(
        fr="Ne saisissez rien : notez un refus pour l’invitation, puis détruisez la feuille.",
        en="Key nothing: record a refusal of the invitation, then destroy the sheet.",
    ),
)
_ASK_FIRST = (
    Text.of(
        fr="La personne est protégée, et la feuille ne dit pas que son représentant est au courant "
        "et d’accord, ou sous curatelle qu’elle-même le veut.",
        en="The person is protected, and the sheet does not say that the representative knows and "
        "agrees, or under a curatorship that the person wants it.",
    ),
    Text.of(
        fr="Mettez la feuille de côté et appelez d’abord. Rien n’est saisi avant.",
        en="Put the sheet aside and call first; nothing is keyed until you know.",
    ),
)
_ROLE = (
    Text.of(
        fr="Cette feuille ne demande pas à quelqu’un de répondre à la place d’un autre.",
        en="This sheet asks nobody to answer in somebody’s place.",
    ),
    Text.of(
        fr="Prenez ce qui est coché sur la feuille, parmi ce qui est proposé ici.",
        en="Take what is ticked on the sheet, among what is offered here.",
    ),
)
_NOTICE = (
    Text.of(fr="Cette version de la notice n’existe pas.", en="There is no such notice."),
    Text.of(
        fr="Prenez le numéro imprimé sous la notice, sur la feuille.",
        en="Take the number that is printed below the notice, on the sheet.",
    ),
)
_CONSENT = (
    Text.of(
        fr="Sans la case d’accord cochée, les réponses ne peuvent pas être saisies.",
        en="Without the box of agreement ticked, the answers cannot be keyed.",
    ),
    Text.of(
        fr="Si la case est vide sur la feuille, ne saisissez rien : notez un refus pour "
        "l’invitation.",
        en="If the box is empty on the sheet, key nothing: record a refusal of the invitation.",
    ),
)


def new_entry(
    session: Session, actor: Actor, person: Participant, new: NewEntry, turn: int
) -> KeyedEntry:
    """Add an entry of the person's sheet.

    Raises ``Conflict`` where nothing is asked of them, ``BadInput`` where their audience does not
    answer so, or the notice that the sheet is said to carry was never published.
    """
    if new.sitting.role not in ROLES[person.audience]:
        raise BadInput([Fault("role", *_ROLE)])
    instrument = instrument_of(session, person)
    if instrument is None:
        raise Conflict
    present = session.get_one(Wave, person.wave_id).notice_version
    notice = new.sitting.notice or present
    if notice != present and not shown(session, actor.programme_id, "participants", notice):
        raise BadInput([Fault("notice", *_NOTICE)])
    sitting = replace(new.sitting, notice=notice)
    moment = now()
    entry = KeyedEntry(
        wave_id=person.wave_id,
        participant_id=person.id,
        territory=person.territory,
        audience=person.audience,
        instrument_id=instrument,
        batch=new.batch.strip(),
        turn=turn,
        operator=actor.account_id,
        body=pack({"a": {}, "sit": [sitting_of(actor, sitting)], "v": 1}),
        made_at=moment,
        saved_at=moment,
    )
    session.add(entry)
    session.flush()
    return entry


def scope_of(house: House, actor: Actor) -> frozenset[str]:
    """The territories in which this person may key. Raises ``NotAllowed`` where there is none."""
    scope = actor.scope(Verb.RESPONSE_KEY)
    if not scope:
        require(house, actor, Verb.RESPONSE_KEY)
    return scope


def wave_of(session: Session, actor: Actor, wave_id: int) -> Wave:
    """The wave of the person's programme. Raises ``NotFound``."""
    wave = wave_by_id(session, actor.programme_id, wave_id)
    if wave is None:
        raise NotFound
    return wave


def person_of(
    session: Session, wave_id: int, participant_id: int, scope: frozenset[str]
) -> Participant:
    """The participant within reach. Raises ``NotFound``."""
    person = rows.person(session, wave_id, participant_id, scope)
    if person is None:
        raise NotFound
    return person
