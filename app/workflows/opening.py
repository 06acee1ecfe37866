"""What a wave is opened with: instruments composed from published versions, and frameworks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.composition import compose
from app.definitions.files import dump_questionnaire, load_module, load_questionnaire
from app.domain.checks import Finding, Level
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage.frameworks import latest_frameworks
from app.storage.surveys import Instrument, QuestionnaireVersion, latest_questionnaires
from app.storage.waves import instrument_by_checksum
from app.workflows.acting import Actor


@dataclass(frozen=True, slots=True)
class Composed:
    """One instrument before it is stored."""

    core_id: int
    module_id: int | None
    core_number: int
    module_number: int | None
    questionnaire: Questionnaire
    document: Mapping[str, Any]
    checksum: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that opening freezes; ``instruments`` by (territory, audience)."""

    instruments: Mapping[tuple[str, str], Composed]
    frameworks: Mapping[str, int]  # version ids by territory, FR: national


@dataclass
class _Bench:
    """Versions read once, instruments composed once for all who share them."""

    cores: dict[str, QuestionnaireVersion] = field(default_factory=dict)
    modules: dict[tuple[str, str], QuestionnaireVersion] = field(default_factory=dict)
    made: dict[tuple[int, int | None], Composed] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def prepare(
    session: Session, actor: Actor, core_alone: frozenset[tuple[str, str]] = frozenset()
) -> Prepared:
    """Compose the latest core of every audience with each territory's latest module.

    Raises ``BadDefinition`` with all that does not fit together.
    """
    bench = _Bench()
    for version in latest_questionnaires(session, actor.programme_id):
        if version.territory == NATION:
            bench.cores[version.audience] = version
        else:
            bench.modules[version.territory, version.audience] = version
    instruments: dict[tuple[str, str], Composed] = {}
    for territory in actor.territories:
        if territory == NATION:
            continue
        for audience in bench.cores:
            key = (territory, audience)
            composed = _composed(bench, key, with_module=key not in core_alone)
            if composed is not None:
                instruments[key] = composed
    frameworks = {row.territory: row.id for row in latest_frameworks(session, actor.programme_id)}
    bench.findings.extend(_missing(bench, frameworks))
    if bench.findings:
        raise BadDefinition(bench.findings)
    return Prepared(instruments, frameworks)


def _composed(bench: _Bench, key: tuple[str, str], *, with_module: bool) -> Composed | None:
    core = bench.cores[key[1]]
    module = bench.modules.get(key) if with_module else None
    parts = (core.id, module.id if module else None)
    if parts not in bench.made:
        try:
            bench.made[parts] = _compose(core, module)
        except BadDefinition as refusal:
            bench.findings.extend(refusal.findings)
            return None
    return bench.made[parts]


def _compose(core: QuestionnaireVersion, module: QuestionnaireVersion | None) -> Composed:
    own: Module | None = load_module(module.document) if module else None
    questionnaire = compose(load_questionnaire(core.document), own)
    document = dump_questionnaire(questionnaire)
    return Composed(
        core_id=core.id,
        module_id=module.id if module else None,
        core_number=core.number or 0,
        module_number=module.number if module else None,
        questionnaire=questionnaire,
        document=document,
        checksum=checksum(document),
    )


def _missing(bench: _Bench, frameworks: Mapping[str, int]) -> Iterator[Finding]:
    if not bench.cores:
        yield Finding(
            "no_core",
            Level.ERROR,
            "questionnaires",
            Text.of(
                fr="Aucun questionnaire n’est publié.", en="No questionnaire has been published."
            ),
            Text.of(
                fr="Publiez un questionnaire, puis ouvrez la vague.",
                en="Publish a questionnaire, then open the wave.",
            ),
        )
    if NATION not in frameworks:
        yield Finding(
            "no_framework",
            Level.ERROR,
            "frameworks",
            Text.of(
                fr="Le cadre national n’est pas publié.",
                en="The national framework has not been published.",
            ),
            Text.of(
                fr="Publiez le cadre national, puis ouvrez la vague.",
                en="Publish the national framework, then open the wave.",
            ),
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


def store(session: Session, programme_id: int, prepared: Prepared) -> dict[tuple[str, str], int]:
    """Keep each instrument once, by its checksum; ids by (territory, audience)."""
    ids: dict[str, int] = {}
    for (_, audience), composed in prepared.instruments.items():
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
    return {key: ids[composed.checksum] for key, composed in prepared.instruments.items()}
