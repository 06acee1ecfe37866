"""What is decided when a wave is planned, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.codes import is_code
from app.domain.errors import Fault
from app.domain.fieldwork import OPEN_CALL
from app.domain.plans import Plan
from app.domain.text import Text

FRAMES: dict[str, Text] = {
    "all_75": Text.of(fr="toutes les personnes de 75 ans ou plus", en="all people aged 75 or over"),
    "programme_users": Text.of(fr="les usagers du programme", en="users of the programme"),
    "plan_holders": Text.of(
        fr="les titulaires d’un plan personnalisé", en="holders of a personal plan"
    ),
    OPEN_CALL: Text.of(
        fr="appel ouvert\u00a0: qui veut répond, sans échantillon",
        en="open call: whoever wants to answers, without a sample",
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
    plan: Plan = field(default_factory=Plan)


def wave_faults(new: NewWave) -> Iterator[Fault]:
    """Everything wrong that can be told from the plan alone."""
    if not is_code(new.code):
        yield Fault(
            "code",
            Text.of(fr="Ce code ne convient pas.", en="This code will not do."),
            Text.of(
                fr="Commencez par une lettre\u00a0; puis lettres, chiffres ou _, 32 signes au "
                "plus.",
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
            Text.of(fr="Qui pouvait être interrogé\u00a0?", en="Who could be asked?"),
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


def code_taken(code: str) -> Fault:
    """Another wave has the code."""
    return Fault(
        "code",
        Text.of(
            fr=f"Une vague «\u00a0{code}\u00a0» existe déjà.", en=f"A wave “{code}” exists already."
        ),
        Text.of(fr="Choisissez un autre code.", en="Choose another code."),
    )
