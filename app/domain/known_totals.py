"""What is known of the population that a wave asks: totals by category, and how weights use them.

A total is of one audience in one territory. Its margin is ``frame`` (people of each stratum, out of
whom the sample was drawn) or the variables that the population is counted by, joined with ``|``:
items of the questionnaire, ``stratum``, ``sub_area``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Fault
from app.domain.questionnaire import Audience
from app.domain.text import Text

FRAME = "frame"
OF_THE_SAMPLE = ("stratum", "sub_area")  # variables that the sample file gives
MISSING = "missing"  # the category of people without one
JOIN = "|"
LONGEST = 200
LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class KnownTotal:
    """One category. ``count`` None: it keeps its share among the answers (people whose category is
    missing); ``units``: sampling units of a stratum, where people were drawn by clusters;
    ``into``: the category under which this one is counted, or empty; ``dated``: of the count."""

    territory: str
    audience: str
    margin: str
    category: str
    count: float | None
    source: str
    dated: date
    units: float | None = None
    into: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What a later total with the same key takes the place of."""
        return (self.territory, self.audience, self.margin, self.category)

    @property
    def variables(self) -> tuple[str, ...]:
        """What the margin crosses; none for the frame."""
        return () if self.margin == FRAME else tuple(self.margin.split(JOIN))


@dataclass(frozen=True, slots=True)
class WeightingRule:
    """How one audience of a territory is weighted. ``lower``, ``upper``: bounds of a cell's mean
    weight, as multiples of the mean weight, both or none; ``collapse_below``: categories with fewer
    respondents join a neighbour; ``finite``: errors take the finite population into account."""

    territory: str
    audience: str
    lower: float | None = None
    upper: float | None = None
    collapse_below: int = 0
    finite: bool = False


def faults_of(total: KnownTotal, place: str) -> Iterator[Fault]:
    """What is wrong with a total by itself."""
    if total.audience not in list(Audience):
        yield _fault(place, "Ce public est inconnu.", "This audience is unknown.", *_AUDIENCES)
    if not total.margin or len(total.margin) > LONGEST or not all(total.variables or ("frame",)):
        yield _fault(
            place,
            "La marge n’a pas de nom.",
            "The margin has no name.",
            "Écrivez « frame », ou un code de question, stratum, sub_area.",
            "Write “frame”, or the code of a question, stratum, sub_area.",
        )
    if total.margin != FRAME and not total.category:
        yield _fault(
            place,
            "La catégorie manque.",
            "The category is missing.",
            "Écrivez le code d’une réponse, ou « missing ».",
            "Write the code of an answer, or “missing”.",
        )
    yield from _count_faults(total, place)
    if not total.source.strip() or len(total.source) > LONGEST:
        yield _fault(
            place,
            "La source manque, ou dépasse 200 signes.",
            "The source is missing, or longer than 200 characters.",
            "Dites d’où vient le nombre.",
            "Say where the number comes from.",
        )


def _count_faults(total: KnownTotal, place: str) -> Iterator[Fault]:
    keeps = total.count is None and total.margin != FRAME and MISSING in total.category
    merged = bool(total.into) and (total.count is None or total.count >= 0)
    known = total.count is not None and 0 < total.count <= LARGEST
    if not (keeps or merged or known):
        yield _fault(
            place,
            "L’effectif doit être un nombre plus grand que zéro.",
            "The count must be a number above zero.",
            "Seule la catégorie « missing » peut être sans effectif.",
            "Only the category “missing” may be without a count.",
        )
    if total.units is not None and not (total.margin == FRAME and 0 < total.units <= LARGEST):
        yield _fault(
            place,
            "Le nombre d’unités de tirage ne convient pas.",
            "The number of sampling units will not do.",
            "Donnez-le pour une strate de « frame » seulement.",
            "Give it for a stratum of “frame” only.",
        )


def rule_faults(rule: WeightingRule) -> Iterator[Fault]:
    """What is wrong with a rule."""
    if (rule.lower is None) != (rule.upper is None):
        yield _fault(
            "upper" if rule.upper is None else "lower",
            "Il faut les deux bornes, ou aucune.",
            "Both bounds are needed, or none.",
            "Complétez l’autre borne, par exemple 0,3 et 3.",
            "Fill in the other bound, for example 0.3 and 3.",
        )
    elif not _around_one(rule.lower, rule.upper):
        yield _fault(
            "lower",
            "Les bornes doivent être de part et d’autre de 1, le poids moyen.",
            "The bounds must be on either side of 1, the mean weight.",
            "Par exemple 0,3 et 3.",
            "For example 0.3 and 3.",
        )
    if not 0 <= rule.collapse_below <= 1000:
        yield _fault(
            "collapse_below",
            "Ce n’est pas un nombre de 0 à 1000.",
            "This is not a number from 0 to 1000.",
            "Écrivez 0 pour ne rien regrouper.",
            "Write 0 to merge nothing.",
        )


def _around_one(lower: float | None, upper: float | None) -> bool:
    return lower is None or upper is None or 0 < lower < 1 < upper <= 1000


_AUDIENCES = (
    "Écrivez elderly, family ou professional.",
    "Write elderly, family or professional.",
)


def _fault(place: str, fr: str, en: str, remedy_fr: str, remedy_en: str) -> Fault:
    return Fault(place, Text.of(fr=fr, en=en), Text.of(fr=remedy_fr, en=remedy_en))
