"""Waves: planned, opened with everything frozen, closed with the printable codes destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.errors import BadDefinition, BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.plans import Plan
from app.domain.territories import Territory
from app.domain.text import Text
from app.storage import participants as sample
from app.storage import sample_closing
from app.storage import waves as stored
from app.storage.database import now
from app.storage.wave_territories import freeze_territories, territories_of_wave
from app.storage.waves import Wave, wave_instrument
from app.workflows.acting import Actor, House, act
from app.workflows.dossiers import opening_findings
from app.workflows.new_wave import FRAMES, LINKS, NewWave, code_taken, wave_faults
from app.workflows.opening import Prepared, decision_needed, frozen_with, prepare, store
from app.workflows.planning import Decided, Shelf, decide, plan_faults, shelf

__all__ = [
    "FRAMES",
    "LINKS",
    "NewWave",
    "change_plan",
    "close_wave",
    "create_wave",
    "open_wave",
    "places",
    "planned_versions",
    "prepared",
    "reopen_wave",
    "wave",
    "wave_by_code",
    "wave_instrument",
    "waves",
]


def create_wave(house: House, actor: Actor, new: NewWave) -> int:
    """Plan a wave; its id. Raises ``BadInput`` with every fault, or ``NotAllowed``."""
    faults = list(wave_faults(new))
    if faults:
        raise BadInput(faults)
    with house.database.read() as session:
        _known_versions(session, actor, new.plan, new.opens_at.astimezone(stored.ZONE).date())
    with act(house, actor, Verb.WAVE_CREATE) as acted:
        if stored.wave_by_code(acted.session, actor.programme_id, new.code) is not None:
            raise BadInput([code_taken(new.code)])
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
            plan=new.plan.as_fields(),
            created_at=now(),
            created_by=actor.account_id,
        )
        acted.session.add(row)
        acted.session.flush()
        acted.thing = f"wave:{row.id}"
        return row.id


def change_plan(house: House, actor: Actor, wave_id: int, plan: Plan) -> None:
    """Choose other versions for a wave that is not open yet.

    Raises ``BadInput`` for versions that are not there, ``Conflict`` once the wave was opened.
    """
    with house.database.read() as session:
        found = _found(session, actor, wave_id)
        _known_versions(session, actor, plan, found.first_day)
    with act(house, actor, Verb.WAVE_CREATE, thing=f"wave:{wave_id}") as acted:
        row = _planned(_found(acted.session, actor, wave_id, lock=True))
        row.plan = plan.as_fields()
        acted.details = {"plan": row.plan}


def planned_versions(house: House, actor: Actor, wave_id: int) -> tuple[Shelf, Plan, Decided]:
    """What may be chosen for a wave, what was, and what it would be opened with now."""
    with house.database.read() as session:
        found = _found(session, actor, wave_id)
        plan = Plan.from_fields(found.plan)
        stock = shelf(session, actor, found.first_day)
    return stock, plan, decide(stock, plan)


def _known_versions(session: Session, actor: Actor, plan: Plan, day: date) -> None:
    faults = list(plan_faults(shelf(session, actor, day), plan)) if plan else []
    if faults:
        raise BadInput(faults)


def prepared(house: House, actor: Actor, wave_id: int) -> Prepared:
    """What a wave would be opened with now. Raises ``BadDefinition`` with every finding."""
    with house.database.read() as session:
        return _prepared(session, actor, _found(session, actor, wave_id))


def _prepared(session: Session, actor: Actor, row: Wave) -> Prepared:
    everywhere = frozenset(actor.territories)
    sampled = sample.sizes(session, row.id, everywhere)
    return prepare(session, actor, Plan.from_fields(row.plan), sampled, row.first_day)


def open_wave(house: House, actor: Actor, wave_id: int, *, draft_decision: str = "") -> None:
    """Compose and freeze what was planned, and open.

    Raises ``BadDefinition`` with every finding where something does not fit together, where
    wordings are drafts and nobody decided to use them, or where the data protection dossier is
    not complete and approved; ``Conflict`` where it is open or closed already, or was changed
    meanwhile.
    """
    with house.database.read() as session:
        seen = _planned(_found(session, actor, wave_id))
        made = _prepared(session, actor, seen)
    with act(house, actor, Verb.WAVE_OPEN, thing=f"wave:{wave_id}") as acted:
        row = _planned(_found(acted.session, actor, wave_id, lock=True))
        if row.plan != seen.plan:
            raise Conflict
        row.draft_wordings_accepted = draft_decision.strip() or row.draft_wordings_accepted
        if not (house.demonstration or actor.synthetic or row.draft_wordings_accepted):
            decision_needed(made)
        unready = opening_findings(acted.session, row)
        if unready:
            raise BadDefinition(unready)
        freeze_territories(acted.session, row, territories_of_wave(acted.session, row))
        ids = store(acted.session, actor.programme_id, made)
        exchanges = frozen_with(acted.session, wave_id, made, ids)
        acted.session.flush()
        drawn = sum(sample.draw_exchange(acted.session, each) for each in exchanges)
        row.opened_at = now()
        acted.details = {"instruments": len(ids)} | ({"exchange": drawn} if exchanges else {})


def close_wave(house: House, actor: Actor, wave_id: int) -> None:
    """Close for good; the printable form of every code is destroyed. Raises ``Conflict``.

    Where the wave cuts the link, answers not sent lose it too, and nothing can be withdrawn.
    """
    with act(house, actor, Verb.WAVE_CLOSE, thing=f"wave:{wave_id}") as acted:
        row = _found(acted.session, actor, wave_id, lock=True)
        if row.state != "open":
            raise Conflict(
                Text.of(fr="Cette vague n’est pas ouverte.", en="This wave is not open.")
            )
        row.closed_at = now()
        acted.details = {"codes": sample_closing.destroy_printable(acted.session, wave_id)}
        if row.link_after_submission == "cut":
            sample_closing.cut_links(acted.session, wave_id)


def reopen_wave(house: House, actor: Actor, wave_id: int, reason: str) -> None:
    """Open a closed wave again until the day that was planned, with the reason in the audit.

    Codes work again as they were; their printable form is gone, so letters need new ones. Raises
    ``BadInput`` without a reason, ``Conflict`` where it is not closed, its day is past, or its
    closing cut the link between people and answers: that cannot be undone.
    """
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise BadInput([_NO_REASON])
    with act(house, actor, Verb.WAVE_CLOSE, thing=f"wave:{wave_id}") as acted:
        row = _found(acted.session, actor, wave_id, lock=True)
        if row.state != "closed" or row.link_after_submission == "cut" or row.closes_at <= now():
            raise Conflict(
                Text.of(
                    fr="Cette vague ne peut être rouverte\u00a0: elle n’est pas close, son "
                    "dernier jour est passé, ou le lien a été coupé.",
                    en="This wave cannot be opened again: it is not closed, its last day is "
                    "over, or the link was cut.",
                )
            )
        row.closed_at = None
        acted.details = {"reopened": said}


LONGEST_REASON = 500
_NO_REASON = Fault(
    "reason",
    Text.of(fr="Il faut une raison.", en="A reason is needed."),
    Text.of(fr="Dites en une phrase pourquoi.", en="Say in a sentence why."),
)


def waves(house: House, actor: Actor) -> Sequence[Wave]:
    """The programme's waves, newest first."""
    with house.database.read() as session:
        return stored.waves_of(session, actor.programme_id)


def wave(house: House, actor: Actor, wave_id: int) -> Wave:
    """One wave of the actor's programme. Raises ``NotFound``."""
    with house.database.read() as session:
        return _found(session, actor, wave_id)


def places(house: House, actor: Actor, wave_id: int) -> dict[str, Territory]:
    """The territories of a wave by code, with the borders of its time. Raises ``NotFound``."""
    with house.database.read() as session:
        return territories_of_wave(session, _found(session, actor, wave_id))


def wave_by_code(house: House, actor: Actor, code: str) -> Wave:
    """The wave with this code. Raises ``NotFound``."""
    with house.database.read() as session:
        row = stored.wave_by_code(session, actor.programme_id, code)
    if row is None:
        raise NotFound(
            Text.of(fr=f"Aucune vague «\u00a0{code}\u00a0».", en=f"There is no wave “{code}”.")
        )
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
                fr="Cette vague a déjà été ouverte\u00a0: ses questionnaires ne changent plus.",
                en="This wave was opened already: its questionnaires no longer change.",
            )
        )
    return row
