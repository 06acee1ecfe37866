"""What keeps a wave from being opened, and what somebody should know before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.definitions.files import load_framework
from app.domain.checks import Finding, Level
from app.domain.frameworks import Framework, Series, indicators, items_of
from app.domain.plans import Place
from app.domain.questionnaire import Questionnaire
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage.frameworks import FrameworkVersion
from app.workflows.planning import Decided

MOST_NAMED = 6  # questions named in one warning


def missing(decided: Decided, sampled: Mapping[Place, int]) -> Iterator[Finding]:
    """Nobody is asked, somebody of the sample is asked nothing, or nothing judges."""
    if not decided.cores:
        yield _error(
            "no_core",
            "questionnaires",
            fr="Cette vague n’a aucun questionnaire.",
            en="This wave has no questionnaire.",
            do_fr="Publiez un questionnaire, ou choisissez qui est interrogé.",
            do_en="Publish a questionnaire, or choose who is asked.",
        )
    for place, people in sampled.items():
        if place not in decided.cores:
            yield _error(
                "no_instrument",
                " ".join(place),
                fr=f"L’échantillon compte {people} personnes que rien n’interroge.",
                en=f"The sample has {people} people whom nothing asks.",
                do_fr="Choisissez un questionnaire pour ce public de ce territoire.",
                do_en="Choose a questionnaire for this audience of this territory.",
            )
    if NATION not in decided.frameworks:
        yield _error(
            "no_framework",
            "frameworks",
            fr="Le cadre national n’est pas publié.",
            en="The national framework has not been published.",
            do_fr="Publiez le cadre national, puis ouvrez la vague.",
            do_en="Publish the national framework, then open the wave.",
        )


def framework_errors(rows: Sequence[FrameworkVersion]) -> Iterator[Finding]:
    """A territory's own framework that extends another national version than the wave's."""
    national = next((row for row in rows if row.territory == NATION), None)
    for row in rows:
        if national is None or row is national or row.national_id == national.id:
            continue
        yield _error(
            "extends_another",
            f"framework {row.territory}",
            fr=f"Le cadre {row.code}, version {row.number}, ne prolonge pas la version "
            f"{national.number} du cadre national, qui juge cette vague.",
            en=f"Framework {row.code}, version {row.number}, does not extend version "
            f"{national.number} of the national framework, which judges this wave.",
            do_fr="Choisissez d’autres versions, ou publiez-en une qui la prolonge.",
            do_en="Choose other versions, or publish one that extends it.",
        )


def unread_items(
    rows: Sequence[FrameworkVersion], asked: Mapping[Place, Questionnaire]
) -> Iterator[Finding]:
    """What a framework reads and nobody whom it judges is asked: its indicators stay empty."""
    for row in rows:
        found: dict[str, set[str]] = {}
        for (territory, audience), questionnaire in asked.items():
            if row.territory in (NATION, territory):
                found.setdefault(audience, set()).update(questionnaire.question_by_item)
        unread = sorted(_unread(load_framework(row.document), found))
        if unread:
            named = ", ".join(unread[:MOST_NAMED]) + (" …" if len(unread) > MOST_NAMED else "")
            yield Finding(
                "item_asked_of_nobody",
                Level.WARNING,
                f"framework {row.territory}",
                Text.of(
                    fr=f"Le cadre {row.code} lit des réponses à des questions qui ne sont pas "
                    f"posées\u00a0: {named}.",
                    en=f"Framework {row.code} reads answers to questions that are not asked: "
                    f"{named}.",
                ),
                Text.of(
                    fr="Leurs indicateurs resteront sans chiffre.",
                    en="Their indicators will have no figure.",
                ),
            )


def _unread(framework: Framework, asked: Mapping[str, set[str]]) -> Iterator[str]:
    seen = set()
    for indicator in (*indicators(framework), *framework.ledger):
        for component in indicator.components:
            if isinstance(component.measure, Series):
                continue
            there = asked.get(component.audience, set())
            seen |= {item for item in items_of(component.measure) if item not in there}
    yield from seen


def _error(rule: str, place: str, *, fr: str, en: str, do_fr: str, do_en: str) -> Finding:
    return Finding(rule, Level.ERROR, place, Text.of(fr=fr, en=en), Text.of(fr=do_fr, en=do_en))
