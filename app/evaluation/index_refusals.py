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
        "Corrigez la valeur ou retirez « transform: log ».",
        "Correct the value or remove “transform: log”.",
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
        "Ajoutez « floor: », ou choisissez une autre normalisation ou agrégation.",
        "Add “floor:”, or choose another normalisation or aggregation.",
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
