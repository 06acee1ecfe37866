"""The rules about declared breakdowns: their weight, what they say, what to do."""

from __future__ import annotations

from app.domain.checks import Level
from app.domain.questionnaire_words import Rules

E, A = Level.ERROR, Level.ADVICE

BREAKDOWN_RULES: Rules = {
    "breakdown_twice": (
        E,
        "Deux ventilations portent ce code.",
        "Two breakdowns have this code.",
        "Donnez à chacune un code propre.",
        "Give each a code of its own.",
    ),
    "breakdown_groups": (
        E,
        "Une ventilation a de {low} à {high} groupes.",
        "A breakdown has {low} to {high} groups.",
        "Réunissez ou ajoutez des groupes.",
        "Put groups together, or add some.",
    ),
    "group_twice": (
        E,
        "Deux groupes de cette ventilation portent le même code.",
        "Two groups of this breakdown have the same code.",
        "Donnez à chacun un code propre.",
        "Give each a code of its own.",
    ),
    "option_in_two_groups": (
        E,
        "La réponse « {option} » est dans deux groupes.",
        "The option “{option}” is in two groups.",
        "Laissez-la dans un seul groupe.",
        "Leave it in one group.",
    ),
    "breakdown_by_question": (
        E,
        "Il manque la question, ou les réponses d’un groupe.",
        "The question is missing, or the options of a group.",
        "Écrivez question: et, pour chaque groupe, options:.",
        "Write question: and, for each group, options:.",
    ),
    "breakdown_by_who": (
        E,
        "Selon qui a répondu, les groupes sont self et proxy, sans question ni réponses.",
        "By who answered, the groups are self and proxy, without question or options.",
        "Gardez ces deux groupes et retirez question: et options:.",
        "Keep these two groups and remove question: and options:.",
    ),
    "breakdown_one_choice": (
        E,
        "« {item} » n’est pas une question à une seule réponse.",
        "“{item}” is not a question of one choice.",
        "Choisissez une question à une seule réponse.",
        "Choose a question of one choice.",
    ),
    "unknown_group_option": (
        E,
        "« {item} » n’a pas la réponse « {option} ».",
        "“{item}” has no option “{option}”.",
        "Corrigez le code de cette réponse.",
        "Correct the code of this option.",
    ),
    "options_in_no_group": (
        A,
        "Aucun groupe n’a ces réponses : {options}. Elles ne comptent que dans l’ensemble.",
        "No group has these options: {options}. They count in the whole only.",
        "Si ce n’est pas voulu, mettez-les dans un groupe.",
        "If that is not meant, put them into a group.",
    ),
}
