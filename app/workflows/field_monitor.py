"""How a collection stands against what its coordinators want, and what needs a look."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import BadInput, Fault, NotFound
from app.domain.field_alerts import Alert, Course, Signals, Wanted, alerts, answers_of
from app.domain.fieldwork import CHANNELS, Count, FieldworkCounts
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import field_signals, field_targets
from app.storage.database import now
from app.storage.field_targets import FieldTarget
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, act, require
from app.workflows.fieldwork import going

KINDS = ("target", "quota")
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """A target or quota with the answers that there are, as far as they may be shown."""

    wanted: Wanted
    answers: Count


@dataclass(frozen=True, slots=True)
class Watched:
    """A collection: its protected counts, targets with progress, and what needs a look."""

    counts: FieldworkCounts
    progress: tuple[Progress, ...]
    alerts: tuple[Alert, ...]


def watched(house: House, actor: Actor, wave_id: int) -> Watched:
    """The collection in the actor's territories. Raises ``NotFound``, ``NotAllowed``."""
    found = going(house, actor, wave_id)
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        wanted = [_wanted(row) for row in field_targets.targets(session, wave_id, scope)]
        signals = Signals(
            found.last_sent,
            field_signals.messages(session, wave_id, scope),
            field_signals.keyed_twice(session, wave_id, scope),
        )
    course = course_of(wave)
    told = alerts(found.counts, wanted, signals, course) if course is not None else []
    progress = [Progress(each, Count(answers_of(found.counts, each))) for each in wanted]
    return Watched(found.counts, tuple(progress), tuple(told))


def course_of(wave: Wave) -> Course | None:
    """The time of a wave that takes answers now; None of any other."""
    if wave.state != "open" or now() >= wave.closes_at:
        return None
    return Course(max(wave.opened_at or wave.opens_at, wave.opens_at), wave.closes_at, now())


def _wanted(row: FieldTarget) -> Wanted:
    return Wanted(row.territory, row.audience, row.channel, row.kind, row.people)


def set_target(house: House, actor: Actor, wave_id: int, wanted: Wanted) -> None:
    """Set a target or quota in the place of the one there was; 0 people: none any more.

    Raises ``BadInput``, ``NotAllowed``, ``NotFound``.
    """
    faults = list(_faults(actor, wanted))
    if faults:
        raise BadInput(faults)
    require(house, actor, Verb.CONTACT_PLAN, wanted.territory)
    thing = f"wave:{wave_id}"
    with act(house, actor, Verb.CONTACT_PLAN, wanted.territory, thing) as acted:
        if wave_by_id(acted.session, actor.programme_id, wave_id) is None:
            raise NotFound
        row = FieldTarget(
            wave_id=wave_id,
            territory=wanted.territory,
            audience=wanted.audience,
            channel=wanted.channel,
            kind=wanted.kind,
            people=wanted.people,
            set_at=now(),
            set_by=actor.account_id,
        )
        field_targets.put(acted.session, row)
        acted.details = {wanted.kind: wanted.people, "audience": wanted.audience}


def _faults(actor: Actor, wanted: Wanted) -> list[Fault]:
    choices = {
        "territory": wanted.territory in actor.territories and wanted.territory != NATION,
        "audience": wanted.audience in set(Audience),
        "channel": wanted.channel in ("", *CHANNELS),
        "kind": wanted.kind in KINDS,
    }
    found = [Fault(name, *_CHOICE) for name, is_there in choices.items() if not is_there]
    if not 0 <= wanted.people <= MOST:
        found.append(Fault("people", *_NUMBER))
    return found


_CHOICE = (
    Text.of(fr="Il manque un choix.", en="A choice is missing."),
    Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
)
_NUMBER = (
    Text.of(fr="Ce n’est pas un nombre de réponses.", en="This is not a number of answers."),
    Text.of(
        fr="Écrivez un nombre entier, ou 0 pour retirer l’objectif.",
        en="Write a whole number, or 0 to take the target away.",
    ),
)
