"""Why an index cannot be computed from a table: the place, the reason and what to do."""

from __future__ import annotations

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.domain.typography import typeset_french
from app.evaluation.undefined import Undefined

_WORDS = {
    "constant_column": (
        "Toutes les valeurs sont égales : cette normalisation diviserait par zéro.",
        "All values are equal: this normalisation would divide by zero.",
        "Donnez des bornes fixes (goalposts) ou retirez l’indicateur.",
        "Give fixed goalposts or leave the indicator out.",
    ),
    "no_values": (
        "Aucune unité n’a de valeur.",
        "No unit has a value.",
        "Remplissez la colonne ou retirez l’indicateur.",
        "Fill the column or leave the indicator out.",
    ),
    "not_positive_for_log": (
        "Le logarithme veut des valeurs supérieures à 0.",
        "A logarithm wants values above 0.",
        "Corrigez la valeur, ou ajoutez « {plus: …} » ou « {least: …} » avant « log ».",
        "Correct the value, or put “{plus: …}” or “{least: …}” before “log”.",
    ),
    "not_positive_for_power": (
        "Cette puissance n’existe pas pour cette valeur.",
        "This value does not have this power.",
        "Corrigez la valeur, ou ajoutez « {least: …} » avant « power ».",
        "Correct the value, or put “{least: …}” before “power”.",
    ),
    "beyond_numbers": (
        "Le résultat est trop grand pour être écrit.",
        "The result is too large to be written.",
        "Corrigez la valeur ou les étapes (transform) et les poids.",
        "Correct the value, or the steps (transform) and weights.",
    ),
    "too_few_to_winsorise": (
        "Il y a moins d’unités que de valeurs à ramener.",
        "There are fewer units than values to be brought in.",
        "Donnez de plus petits nombres à « winsorise ».",
        "Give “winsorise” smaller numbers.",
    ),
    "too_many_outliers": (
        "Il reste des valeurs extrêmes après celles que « outliers » ramène.",
        "Outliers are left after those that “outliers” brings in.",
        "Permettez-en davantage, ou prenez un logarithme : [min_max, {times: …}, {plus: 1}, log].",
        "Allow more of them, or take a logarithm: [min_max, {times: …}, {plus: 1}, log].",
    ),
    "one_goalpost": (
        "Après les étapes (transform), les deux bornes sont égales.",
        "After the steps (transform) both goalposts are the same.",
        "Corrigez les bornes ou les étapes.",
        "Correct the goalposts or the steps.",
    ),
    "negative_in_product": (
        "Une valeur négative n’a pas de puissance dont l’exposant a des décimales.",
        "A negative value has no power with a broken exponent.",
        "Donnez des poids entiers à ce produit, ou corrigez la valeur.",
        "Give this product whole weights, or correct the value.",
    ),
    "ratio_to_zero": (
        "Ce rapport diviserait par zéro.",
        "This ratio would divide by zero.",
        "Corrigez la valeur, ou ajoutez « {least: …} » à la seconde partie.",
        "Correct the value, or add “{least: …}” to the second part.",
    ),
    "not_two_parts": (
        "Un rapport a exactement deux parties.",
        "A ratio has exactly two parts.",
        "Gardez les deux.",
        "Keep both.",
    ),
    "no_goalposts": (
        "Il n’y a pas de bornes (goalposts) pour cet indicateur.",
        "This indicator has no goalposts.",
        "Ajoutez « goalposts: [bas, haut] ».",
        "Add “goalposts: [low, high]”.",
    ),
    "no_target": (
        "Il n’y a pas de cible pour cet indicateur.",
        "This indicator has no target.",
        "Ajoutez « target: ».",
        "Add “target:”.",
    ),
    "target_at_worst": (
        "La cible n’est pas meilleure que la plus mauvaise valeur.",
        "The target is not better than the worst value.",
        "Corrigez la cible.",
        "Correct the target.",
    ),
    "not_positive": (
        "Cette moyenne veut des valeurs supérieures à 0.",
        "This mean wants values above 0.",
        "Ajoutez « floor: » à une moyenne géométrique ou harmonique (0 : la moyenne est alors 0), "
        "ou choisissez une autre agrégation.",
        "Add “floor:” for a geometric or harmonic mean (0: the mean is then 0), or choose another "
        "aggregation.",
    ),
    "penalty_without_mean": (
        "Cette moyenne n’est pas supérieure à 0 : la pénalité de Mazziotta–Pareto n’existe pas.",
        "This mean is not above 0: there is no penalty of Mazziotta and Pareto.",
        "Normalisez de 70 à 130, comme le veut cette méthode, ou choisissez une autre agrégation.",
        "Normalise to 70 to 130, as this method wants, or choose another aggregation.",
    ),
    "no_weight": (
        "Aucune partie de ce nœud n’a de poids.",
        "No part of this node has a weight.",
        "Donnez un poids à au moins un de ses indicateurs.",
        "Give at least one of its indicators a weight.",
    ),
    "no_judges": (
        "Ce choix de poids veut les points des juges.",
        "This choice of weights wants the points of judges.",
        "Ajoutez « judges: ».",
        "Add “judges:”.",
    ),
    "nothing_left": (
        "Il ne reste aucun indicateur.",
        "No indicator is left.",
        "Gardez au moins un indicateur.",
        "Keep at least one indicator.",
    ),
}


class NotComputable(BadInput):
    """The index cannot be computed from this table; ``why`` is stable."""

    def __init__(self, why: str, place: str) -> None:
        self.why = Undefined(why, place)
        fr, en, remedy_fr, remedy_en = _WORDS[why]
        fault = Fault(
            place,
            Text.of(fr=typeset_french(fr), en=en),
            Text.of(fr=typeset_french(remedy_fr), en=remedy_en),
        )
        super().__init__([fault])
