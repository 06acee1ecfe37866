"""The rules about conditions: how much each weighs, what it says and what to do."""

from __future__ import annotations

from app.domain.checks import Level
from app.domain.questionnaire_words import Rules

E, W = Level.ERROR, Level.WARNING

CONDITION_RULES: Rules = {
    "not_comparable": (
        E,
        "« {item} » ne se compare pas avec <, <=, > ou >=.",
        "“{item}” cannot be compared with <, <=, > or >=.",
        "Donnez des scores à ses réponses, ou nommez-les avec « in [ ] ».",
        "Give its options scores, or name them with “in [ ]”.",
    ),
    "not_a_bound": (
        E,
        "« {value} » ne se compare pas avec « {item} ».",
        "“{value}” cannot be compared with “{item}”.",
        "Écrivez un nombre, une date comme 1940 ou 1940-05, ou une heure comme 14:30.",
        "Write a number, a date such as 1940 or 1940-05, or a time such as 14:30.",
    ),
    "only_answered": (
        E,
        "« {item} » demande un lieu ou un fichier : rien ne s’y compare.",
        "“{item}” asks for a place or a file: nothing compares with it.",
        "Écrivez « answered {item} ».",
        "Write “answered {item}”.",
    ),
    "not_counted": (
        E,
        "« {item} » n’est ni une date ni un texte de la sorte qu’il faut ici.",
        "“{item}” is neither a date nor a text of the kind needed here.",
        "« years since », « months since », « days since » vont avec une date, "
        "« length of » avec un texte.",
        "“years since”, “months since”, “days since” go with a date, “length of” with a text.",
    ),
    "not_measured": (
        E,
        "Aucun calcul ne compte les années ou les signes de « {item} ».",
        "No figure counts the years or the signs of “{item}”.",
        "Demandez plutôt un nombre ou une classe d’âge, et lisez cette réponse.",
        "Ask for a number or an age group instead, and read that answer.",
    ),
    "not_choices": (
        E,
        "« includes » ne va qu’avec une question à plusieurs réponses ; « {item} » n’en est pas.",
        "“includes” goes with questions that take several answers; “{item}” does not.",
        "Écrivez « {item} in [ ] ».",
        "Write “{item} in [ ]”.",
    ),
    "never_holds": (
        E,
        "Cette condition ne peut jamais être remplie.",
        "This condition can never hold.",
        "Vérifiez-la avec celles des questions qu’elle lit.",
        "Check it together with those of the questions it reads.",
    ),
    "not_of_empty": (
        W,
        "« not » est vrai aussi pour qui n’a pas répondu à « {item} ».",
        "“not” also holds for those who gave no answer to “{item}”.",
        "Si ce n’est pas voulu, ajoutez « answered {item} » sous « all ».",
        "If that is not meant, add “answered {item}” under “all”.",
    ),
}
