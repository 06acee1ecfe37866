"""What a wave is opened with: instruments composed from published versions, and frameworks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.composition import compose
from app.definitions.files import dump_questionnaire, load_module, load_questionnaire
from app.domain.checks import Finding, Level
from app.domain.composition import with_exchanged
from app.domain.errors import BadDefinition
from app.domain.plans import Place, Plan
from app.domain.questionnaire import Module, Questionnaire
from app.domain.text import Text
from app.storage.database import now
from app.storage.frameworks import frameworks_by_id
from app.storage.surveys import Instrument, QuestionnaireVersion, versions_by_id
from app.storage.waves import WaveExchange, freeze, instrument_by_checksum
from app.workflows.acting import Actor
from app.workflows.dispensing import not_held
from app.workflows.opening_checks import framework_errors, missing, unread_items
from app.workflows.planning import Decided, decide, shelf


@dataclass(frozen=True, slots=True)
class Composed:
    """One instrument before it is stored."""

    core_id: int
    module_id: int | None
    questionnaire: Questionnaire
    document: Mapping[str, Any]
    checksum: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What ``percent`` of a place's sample is asked: other territories' own items too."""

    composed: Composed
    percent: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that opening freezes; ``warnings`` do not keep the wave from opening."""

    instruments: Mapping[Place, Composed]
    frameworks: Mapping[str, int]  # version ids by territory, FR: national
    exchanges: Mapping[Place, Exchange] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()


@dataclass
class _Bench:
    """Versions read once, instruments composed once for all who share them."""

    versions: Mapping[int, QuestionnaireVersion]
    made: dict[tuple[int, int | None, tuple[int, ...]], Composed | None] = field(
        default_factory=dict
    )
    findings: list[Finding] = field(default_factory=list)


def prepare(
    session: Session, actor: Actor, plan: Plan, sampled: Mapping[Place, int], day: date
) -> Prepared:
    """Compose the planned core of every audience with each territory's planned module.

    ``sampled``: people of the sample by place; ``day``: the wave's first. Raises
    ``BadDefinition`` with all that does not fit together.
    """
    decided = decide(shelf(session, actor, day), plan)
    exchanged = {place: _exchanged(decided, plan, place) for place in decided.places}
    wanted = {version.id for version in (*decided.cores.values(), *decided.modules.values())}
    bench = _Bench(versions_by_id(session, wanted))
    composed = {place: _composed(bench, decided, place) for place in decided.places}
    instruments = {place: one for place, one in composed.items() if one is not None}
    parts = {
        place: _composed(bench, decided, place, tuple(modules))
        for place, modules in exchanged.items()
        if modules
    }
    exchanges = {
        place: Exchange(one, max(exchanged[place].values()))
        for place, one in parts.items()
        if one is not None
    }
    bench.findings.extend(missing(decided, sampled))
    rows = frameworks_by_id(session, {version.id for version in decided.frameworks.values()})
    bench.findings.extend(framework_errors(rows))
    modules = {place: bench.versions[one.id] for place, one in decided.modules.items()}
    cores = {place: bench.versions[decided.cores[place].id] for place in modules}
    held_on = max(day, now().date())
    bench.findings.extend(not_held(session, actor.programme_id, cores, modules, rows, held_on))
    if bench.findings:
        raise BadDefinition(bench.findings)
    asked = {place: one.questionnaire for place, one in instruments.items()}
    return Prepared(
        instruments,
        {row.territory: row.id for row in rows},
        exchanges,
        tuple(unread_items(rows, asked)),
    )


def _exchanged(decided: Decided, plan: Plan, place: Place) -> dict[int, int]:
    """The modules of other territories that a part of this place's sample is asked, and the share
    that each wants: the largest one holds for all."""
    territory, audience = place
    return {
        module.id: plan.exchanged(other)
        for other, module in sorted(decided.modules.items())
        if other[1] == audience and other[0] != territory and plan.exchanged(other)
    }


def _composed(
    bench: _Bench, decided: Decided, place: Place, others: tuple[int, ...] = ()
) -> Composed | None:
    core = bench.versions[decided.cores[place].id]
    chosen = decided.modules.get(place)
    module = bench.versions[chosen.id] if chosen else None
    parts = (core.id, module.id if module else None, others)
    if parts not in bench.made:
        try:
            bench.made[parts] = _compose(core, module, [bench.versions[each] for each in others])
        except BadDefinition as refusal:
            bench.findings.extend(refusal.findings)
            bench.made[parts] = None
    return bench.made[parts]


def _compose(
    core: QuestionnaireVersion,
    module: QuestionnaireVersion | None,
    others: Sequence[QuestionnaireVersion],
) -> Composed:
    own: Module | None = load_module(module.document) if module else None
    if others:
        own = with_exchanged(own, [load_module(each.document) for each in others])
    questionnaire = compose(load_questionnaire(core.document), own)
    document = dump_questionnaire(questionnaire)
    return Composed(
        core_id=core.id,
        module_id=module.id if module else None,
        questionnaire=questionnaire,
        document=document,
        checksum=checksum(document),
    )


def drafts_in(prepared: Prepared) -> int:
    """How many different questions have a wording that nobody tested."""
    return len(
        {
            (audience, question.code)
            for (_, audience), composed in prepared.instruments.items()
            for question in composed.questionnaire.questions
            if question.status == "draft" and question.item_codes
        }
    )


def decision_needed(prepared: Prepared) -> None:
    """Raise ``BadDefinition`` where a wording is a draft: somebody must answer for using it."""
    count = drafts_in(prepared)
    if not count:
        return
    raise BadDefinition(
        [
            Finding(
                "draft_wordings",
                Level.ERROR,
                "draft_decision",
                Text.of(
                    fr=f"{count} questions ont une formulation encore à tester.",
                    en=f"{count} questions have a wording that is still to be tested.",
                ),
                Text.of(
                    fr="Testez-les, ou écrivez qui décide de les utiliser ainsi et pourquoi.",
                    en="Test them, or write who decides to use them as they are, and why.",
                ),
            )
        ]
    )


def store(session: Session, programme_id: int, prepared: Prepared) -> dict[str, int]:
    """Keep each instrument once; ids by checksum."""
    ids: dict[str, int] = {}
    places = [(place, composed) for place, composed in prepared.instruments.items()]
    places += [(place, each.composed) for place, each in prepared.exchanges.items()]
    for (_, audience), composed in places:
        if composed.checksum in ids:
            continue
        row = instrument_by_checksum(session, programme_id, composed.checksum)
        if row is None:
            row = Instrument(
                programme_id=programme_id,
                audience=audience,
                core_id=composed.core_id,
                module_id=composed.module_id,
                document=dict(composed.document),
                checksum=composed.checksum,
            )
            session.add(row)
            session.flush()
        ids[composed.checksum] = row.id
    return ids


def frozen_with(
    session: Session, wave_id: int, prepared: Prepared, ids: Mapping[str, int]
) -> list[WaveExchange]:
    """Write what was prepared as the wave's. ``ids``: of its instruments, by checksum.

    Gives back the parts of samples that exchange items, each with a seed of its own.
    """
    exchanges = [
        WaveExchange(
            wave_id=wave_id,
            territory=territory,
            audience=audience,
            instrument_id=ids[each.composed.checksum],
            percent=each.percent,
            seed=secrets.token_hex(16),
        )
        for (territory, audience), each in prepared.exchanges.items()
    ]
    instruments = {place: ids[one.checksum] for place, one in prepared.instruments.items()}
    freeze(session, wave_id, instruments, prepared.frameworks, exchanges)
    return exchanges
