"""A draft against the latest version: what changed, what that touches, what it would need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.documents import load
from app.definitions.files import load_framework
from app.domain.checks import Finding, Level
from app.domain.composition import plugged
from app.domain.composition_checks import check_fit
from app.domain.differences import (
    Difference,
    Impact,
    Severity,
    impact,
    module_differences,
    questionnaire_differences,
    worst,
)
from app.domain.framework_differences import framework_differences
from app.domain.frameworks import Framework
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage.frameworks import latest_frameworks
from app.storage.progress import sent_by_wave
from app.storage.surveys import QuestionnaireVersion, questionnaires
from app.storage.waves import Wave, waves_of
from app.workflows.acting import Actor
from app.workflows.examining import Definition, Examined
from app.workflows.surroundings import Surroundings
from app.workflows.versions import Version, latest_of

_NO_IMPACT = Impact()


@dataclass(frozen=True, slots=True)
class Recomposition:
    """A module that the new core would leave behind: whose, which version, and why."""

    territory: str
    number: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What publishing would mean. ``latest``: number of the version compared with, if any."""

    latest: int | None
    same: bool = False  # says exactly what the latest version says
    differences: tuple[Difference, ...] = ()
    impact: Impact = _NO_IMPACT
    waiting_waves: tuple[Wave, ...] = ()  # not opened yet: they would open with this version
    open_waves: tuple[Wave, ...] = ()  # keep the version with which they opened
    recompose: tuple[Recomposition, ...] = ()
    to_carry_over: tuple[str, ...] = ()  # territories whose framework extends an older version
    refusals: tuple[Finding, ...] = ()  # changes that need a new code
    answered: tuple[tuple[Wave, int], ...] = ()  # responses sent so far, wave by wave
    breaks: tuple[tuple[str, str], ...] = ()  # (framework, indicator) with another meaning

    @property
    def severity(self) -> Severity | None:
        """The weightiest class among the differences."""
        return worst(self.differences)

    @property
    def columns(self) -> tuple[list[str], list[str]]:
        """Columns of exports that are new, and that are filled no more (and stay)."""
        parts = [each for each in self.differences if each.part in ("question", "row")]
        new = [each.place for each in parts if each.after and not each.before]
        return new, [each.place for each in parts if each.before and not each.after]


def compare(session: Session, actor: Actor, examined: Examined, around: Surroundings) -> Comparison:
    """Compare with the latest published version of the same thing."""
    latest = latest_of(session, actor.programme_id, examined.audience, examined.territory)
    if latest is None:
        return Comparison(None)
    found = _differences(_thing(latest, examined), examined.thing)
    waves = waves_of(session, actor.programme_id) if found else ()
    breaking = tuple(each for each in found if each.severity is Severity.BREAKING)
    return Comparison(
        latest=latest.number,
        same=latest.checksum == examined.checksum,
        differences=found,
        impact=_impact(session, actor, examined, around, found),
        waiting_waves=tuple(wave for wave in waves if wave.opened_at is None),
        open_waves=tuple(wave for wave in waves if wave.opened_at and not wave.closed_at),
        recompose=tuple(_left_behind(session, actor, examined)),
        to_carry_over=tuple(_to_carry_over(session, actor, examined)),
        refusals=tuple(_new_codes_needed(session, actor, examined, found)),
        answered=tuple(_answered(session, actor, examined, waves)),
        breaks=_impact(session, actor, examined, around, breaking).indicators,
    )


def _thing(row: Version, like: Examined) -> Definition:
    return load(type(like.thing), row.document)


def _differences(before: Definition, after: Definition) -> tuple[Difference, ...]:
    if isinstance(before, Questionnaire) and isinstance(after, Questionnaire):
        return questionnaire_differences(before, after)
    if isinstance(before, Module) and isinstance(after, Module):
        return module_differences(before, after)
    assert isinstance(before, Framework)
    assert isinstance(after, Framework)
    return framework_differences(before, after)


def differences_between(before: Version, after: Version) -> tuple[Difference, ...]:
    """What changed from one version (or draft) to another of the same thing."""
    kind: type[Definition] = Framework
    if isinstance(before, QuestionnaireVersion):
        kind = Questionnaire if before.territory == NATION else Module
    return _differences(load(kind, before.document), load(kind, after.document))


def _impact(
    session: Session,
    actor: Actor,
    examined: Examined,
    around: Surroundings,
    found: tuple[Difference, ...],
) -> Impact:
    """Indicators, breakdowns, territories and conditions that read what changed."""
    if isinstance(examined.thing, Framework):
        weighty = [each for each in found if each.severity > Severity.WORDING]
        groups = [each for each in weighty if each.part in ("breakdown", "groups")]
        code = examined.thing.code
        return Impact(
            tuple(
                (code, place) for place in _places(each for each in weighty if each not in groups)
            ),
            tuple((code, place) for place in _places(groups)),
        )
    frameworks = [
        load_framework(row.document) for row in latest_frameworks(session, actor.programme_id)
    ]
    if examined.territory != NATION:
        frameworks = [f for f in frameworks if f.territory in (None, examined.territory)]
    if isinstance(examined.thing, Questionnaire):
        modules = [m for m in around.modules.values() if m.audience is examined.thing.audience]
        asked = [examined.thing, *(plugged(examined.thing, module) for module in modules)]
    else:
        core = around.cores.get(examined.audience)
        asked = [plugged(core, examined.thing)] if core else []
    return impact(found, frameworks, asked)


def _places(found: Iterable[Difference]) -> Iterable[str]:
    return dict.fromkeys(each.place for each in found)


def _answered(
    session: Session, actor: Actor, examined: Examined, waves: Sequence[Wave]
) -> Iterator[tuple[Wave, int]]:
    """Waves in which the audience answered, as far as they reach this territory."""
    if not examined.audience:
        return
    here = None if examined.territory == NATION else examined.territory
    sent = sent_by_wave(session, actor.programme_id, examined.audience, here)
    yield from ((wave, sent[wave.id]) for wave in waves if wave.id in sent)


def _left_behind(session: Session, actor: Actor, examined: Examined) -> Iterator[Recomposition]:
    """The latest modules that do not fit the new core."""
    if not isinstance(examined.thing, Questionnaire):
        return
    yield from to_recompose(
        examined.thing, questionnaires(session, actor.programme_id, frozenset(actor.territories))
    )


def to_recompose(
    core: Questionnaire, versions: Iterable[QuestionnaireVersion]
) -> Iterator[Recomposition]:
    """Of these versions, newest first: each territory's latest module that does not fit."""
    seen: set[str] = set()
    numbered = [row for row in versions if row.audience == core.audience and row.number]
    for row in sorted(numbered, key=lambda row: -(row.number or 0)):
        if row.territory == NATION or row.territory in seen:
            continue
        seen.add(row.territory)
        findings = [
            f for f in check_fit(core, load(Module, row.document)) if f.level is Level.ERROR
        ]
        if findings:
            yield Recomposition(row.territory, row.number or 0, tuple(findings))


def _to_carry_over(session: Session, actor: Actor, examined: Examined) -> Iterator[str]:
    if examined.kind == "framework" and examined.territory == NATION:
        for row in latest_frameworks(session, actor.programme_id):
            if row.territory != NATION:
                yield row.territory


def needs_new_code(difference: Difference) -> bool:
    """Whether the same code would mean something else: what an answer is, or its options."""
    if difference.severity is not Severity.BREAKING:
        return False
    return difference.part in ("type", "precision") or difference.part.startswith("options.")


def _new_codes_needed(
    session: Session, actor: Actor, examined: Examined, found: tuple[Difference, ...]
) -> Iterator[Finding]:
    if isinstance(examined.thing, Framework):
        return
    for difference in found:
        if needs_new_code(difference):
            yield _new_code(difference)
    added = {d.place for d in found if d.part == "question" and not d.before}
    if added:
        yield from _codes_used_before(session, actor, examined, added)


def _codes_used_before(
    session: Session, actor: Actor, examined: Examined, added: set[str]
) -> Iterator[Finding]:
    """A code that came back must mean what it meant in the last version that had it."""
    versions = [
        row
        for row in questionnaires(session, actor.programme_id, frozenset({examined.territory}))
        if row.audience == examined.audience and row.number
    ]
    for row in sorted(versions, key=lambda row: -(row.number or 0)):
        changed = _differences(_thing(row, examined), examined.thing)
        still_new = {d.place for d in changed if d.part == "question" and not d.before}
        for difference in changed:
            if difference.place in added - still_new and needs_new_code(difference):
                yield _new_code(difference)
        added = added & still_new


def _new_code(difference: Difference) -> Finding:
    return Finding(
        "needs_new_code",
        Level.ERROR,
        difference.place,
        Text.of(
            fr="Sous ce code, des réponses ont un autre sens : le type, une réponse possible ou "
            "son score a changé.",
            en="Under this code answers have another meaning: the type, an option or its score "
            "changed.",
        ),
        Text.of(
            fr="Donnez un nouveau code à la question ; pour retirer une réponse possible, "
            "fermez-la (« closed: true »).",
            en="Give the question a new code; to retire an option, close it (“closed: true”).",
        ),
    )
