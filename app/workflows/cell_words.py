"""What is said about non-response cells: why none is proposed, and what keeps a decision back."""

from __future__ import annotations

from app.domain.errors import Fault
from app.domain.text import Text
from app.evaluation.margins import FEW

OPEN = Text.of(
    fr="La vague n’est pas close\u00a0: les cellules se décident après la clôture.",
    en="The wave is not closed: cells are decided on after the closing.",
)
CHANGED = Text.of(
    fr="Les effectifs ont changé depuis l’affichage\u00a0: relisez la proposition.",
    en="The counts changed since they were shown: read the proposal again.",
)
NO_SAMPLE = Text.of(
    fr="Un appel ouvert n’a pas d’échantillon\u00a0: personne n’y manque.",
    en="An open call has no sample: nobody is missing from it.",
)
DISAGREE = Text.of(
    fr="Un groupe a plus de réponses que de personnes\u00a0: l’échantillon ou les réponses "
    "ont été changés. Corrigez-les d’abord.",
    en="A group has more answers than people: the sample or the answers were changed. Mend them "
    "first.",
)
ONE_CELL = Text.of(
    fr="Il n’y a qu’une cellule\u00a0: la base ne distingue pas assez de personnes. "
    "Les poids restent ce qu’ils sont.",
    en="There is one cell only: the frame does not tell enough people apart. The weights stay as "
    "they are.",
)
NO_REASON = Fault(
    "reason",
    Text.of(fr="Il faut une raison.", en="A reason is needed."),
    Text.of(fr="Dites en une phrase pourquoi.", en="Say in a sentence why."),
)
NO_REASON_TO_JOIN = Fault("joining", NO_REASON.reason, NO_REASON.remedy)
NOT_JOINED = Fault(
    "joined",
    Text.of(
        fr="Il faut deux cellules ou plus, mais pas toutes.",
        en="Two cells or more are needed, but not all.",
    ),
    Text.of(
        fr="Pour n’en garder qu’une, pesez sans cellules.",
        en="To keep one only, weigh without cells.",
    ),
)
NO_VARIABLE = Fault(
    "variables",
    Text.of(fr="Aucune variable connue n’est choisie.", en="No known variable is chosen."),
    Text.of(fr="Choisissez stratum, sub_area ou les deux.", en="Choose stratum, sub_area or both."),
)


def fewest_fault(least: int, most: int) -> Fault:
    """What is said of a least number of answers outside these bounds."""
    return Fault(
        "fewest",
        Text.of(
            fr=f"Ce n’est pas un nombre de {least} à {most}.",
            en=f"This is not a number from {least} to {most}.",
        ),
        Text.of(fr=f"Par exemple {FEW}.", en=f"For example {FEW}."),
    )
