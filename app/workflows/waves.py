"""Waves: planned, opened with everything frozen, closed with the printable codes destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.codes import is_code
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage import participants as sample
from app.storage import waves as stored
from app.storage.database import now
from app.storage.waves import Wave, wave_instrument
from app.workflows.acting import Actor, House, act
from app.workflows.opening import Prepared, decision_needed, prepare, store

__all__ = [
    "FRAMES",
    "NewWave",
    "close_wave",
    "create_wave",
    "open_wave",
    "wave",
    "wave_by_code",
    "wave_instrument",
    "waves",
]

FRAMES: dict[str, Text] = {
    "all_75": Text.of(fr="toutes les personnes de 75 ans ou plus", en="all people aged 75 or over"),
    "programme_users": Text.of(fr="les usagers du programme", en="users of the programme"),
    "plan_holders": Text.of(
        fr="les titulaires d’un plan personnalisé", en="holders of a personal plan"
    ),
    "linked_cases": Text.of(
        fr="des dossiers liés (personne et proches)", en="linked cases (person and family)"
    ),
}
LINKS = ("keep", "cut")


@dataclass(frozen=True, slots=True)
class NewWave:
    """What is decided when a wave is planned. Moments have a zone.

    ``partials_from``: use partial responses from this percentage of pages on; None leaves them
    out. ``draft_decision``: why wordings not yet tested may be used, or empty.
    """

    code: str
    title: Text
    frame: str
    period_start: date
    period_end: date
    opens_at: datetime
    closes_at: datetime
    link_after_submission: str = "keep"
    partials_from: int | None = None
    draft_decision: str = ""
    notice_version: str = "1"


def create_wave(house: House, actor: Actor, new: NewWave) -> int:
    """Plan a wave; its id. Raises ``BadInput`` with every fault, or ``NotAllowed``."""
    faults = list(_faults(new))
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.WAVE_CREATE) as acted:
        if stored.wave_by_code(acted.session, actor.programme_id, new.code) is not None:
            raise BadInput([_taken(new.code)])
        row = Wave(
            programme_id=actor.programme_id,
            code=new.code,
            title=new.title.as_dict(),
            frame=new.frame,
            period_start=new.period_start,
            period_end=new.period_end,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            notice_version=new.notice_version,
            link_after_submission=new.link_after_submission,
            partials_from=new.partials_from,
            draft_wordings_accepted=new.draft_decision.strip(),
            created_at=now(),
            created_by=actor.account_id,
        )
        acted.session.add(row)
        acted.session.flush()
        acted.thing = f"wave:{row.id}"
        return row.id


def _faults(new: NewWave) -> Iterator[Fault]:
    if not is_code(new.code):
        yield Fault(
            "code",
            Text.of(fr="Ce code ne convient pas.", en="This code will not do."),
            Text.of(
                fr="Commencez par une lettre ; puis lettres, chiffres ou _, 32 signes au plus.",
                en="Begin with a letter; then letters, digits or _, 32 characters at most.",
            ),
        )
    for language in ("fr", "en"):
        if not new.title.has(language):
            yield Fault(
                f"title_{language}",
                Text.of(fr="Le titre manque.", en="The title is missing."),
                Text.of(fr="Écrivez-le dans les deux langues.", en="Write it in both languages."),
            )
    yield from _choice_faults(new)
    yield from _time_faults(new)


def _choice_faults(new: NewWave) -> Iterator[Fault]:
    choose = Text.of(fr="Choisissez dans la liste.", en="Choose from the list.")
    if new.frame not in FRAMES:
        yield Fault(
            "frame",
            Text.of(fr="Qui pouvait être interrogé ?", en="Who could be asked?"),
            choose,
        )
    if new.link_after_submission not in LINKS:
        yield Fault("link_after_submission", Text.of(fr="Choix inconnu.", en="Unknown."), choose)
    if new.partials_from is not None and not 1 <= new.partials_from <= 100:
        yield Fault(
            "partials_from",
            Text.of(fr="Ce n’est pas un pourcentage.", en="This is not a percentage."),
            Text.of(
                fr="Écrivez un nombre entier de 1 à 100, ou rien.",
                en="Write a whole number from 1 to 100, or nothing.",
            ),
        )


def _time_faults(new: NewWave) -> Iterator[Fault]:
    if new.period_end < new.period_start:
        yield Fault(
            "period_end",
            Text.of(
                fr="La période finit avant de commencer.", en="The period ends before it begins."
            ),
            Text.of(fr="Corrigez l’une des deux dates.", en="Correct one of the two dates."),
        )
    if new.closes_at <= new.opens_at:
        yield Fault(
            "closes_at",
            Text.of(fr="La fin vient avant l’ouverture.", en="The end comes before the opening."),
            Text.of(fr="Corrigez l’un des deux moments.", en="Correct one of the two moments."),
        )


def _taken(code: str) -> Fault:
    return Fault(
        "code",
        Text.of(fr=f"Une vague « {code} » existe déjà.", en=f"A wave “{code}” exists already."),
        Text.of(fr="Choisissez un autre code.", en="Choose another code."),
    )


def open_wave(
    house: House,
    actor: Actor,
    wave_id: int,
    *,
    core_alone: frozenset[tuple[str, str]] = frozenset(),
    draft_decision: str = "",
) -> None:
    """Compose, freeze and open. ``core_alone``: (territory, audience) that leave their module out.

    Raises ``BadDefinition`` with every finding where something does not compose or where wordings
    are drafts and nobody decided to use them, ``Conflict`` where it is open or closed already.
    """
    with house.database.read() as session:
        _planned(_found(session, actor, wave_id))
        prepared: Prepared = prepare(session, actor, core_alone)
    with act(house, actor, Verb.WAVE_OPEN, thing=f"wave:{wave_id}") as acted:
        row = _planned(_found(acted.session, actor, wave_id, lock=True))
        row.draft_wordings_accepted = draft_decision.strip() or row.draft_wordings_accepted
        if not (house.demonstration or actor.synthetic or row.draft_wordings_accepted):
            decision_needed(prepared)
        instruments = store(acted.session, actor.programme_id, prepared)
        stored.freeze(acted.session, wave_id, instruments, prepared.frameworks)
        row.opened_at = now()
        acted.details = {"instruments": len(set(instruments.values()))}


def close_wave(house: House, actor: Actor, wave_id: int) -> None:
    """Close for good; the printable form of every code is destroyed. Raises ``Conflict``."""
    with act(house, actor, Verb.WAVE_CLOSE, thing=f"wave:{wave_id}") as acted:
        row = _found(acted.session, actor, wave_id, lock=True)
        if row.state != "open":
            raise Conflict(
                Text.of(fr="Cette vague n’est pas ouverte.", en="This wave is not open.")
            )
        row.closed_at = now()
        acted.details = {"codes": sample.destroy_printable(acted.session, wave_id)}


def waves(house: House, actor: Actor) -> Sequence[Wave]:
    """The programme's waves, newest first."""
    with house.database.read() as session:
        return stored.waves_of(session, actor.programme_id)


def wave(house: House, actor: Actor, wave_id: int) -> Wave:
    """One wave of the actor's programme. Raises ``NotFound``."""
    with house.database.read() as session:
        return _found(session, actor, wave_id)


def wave_by_code(house: House, actor: Actor, code: str) -> Wave:
    """The wave with this code. Raises ``NotFound``."""
    with house.database.read() as session:
        row = stored.wave_by_code(session, actor.programme_id, code)
    if row is None:
        raise NotFound(Text.of(fr=f"Aucune vague « {code} ».", en=f"There is no wave “{code}”."))
    return row


def _found(session: Session, actor: Actor, wave_id: int, *, lock: bool = False) -> Wave:
    row = stored.wave_by_id(session, actor.programme_id, wave_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def _planned(row: Wave) -> Wave:
    if row.state != "planned":
        raise Conflict(
            Text.of(
                fr="Cette vague a déjà été ouverte : ses questionnaires ne changent plus.",
                en="This wave was opened already: its questionnaires no longer change.",
            )
        )
    return row
