"""What is said about an index file whose parts do not fit together."""

from __future__ import annotations

from app.definitions.yaml_words import Words

INDEX_WORDS: Words = {
    "index_code_twice": (
        "Le code {code} est déjà pris dans cet indice.",
        "The code {code} is already taken in this index.",
        "Donnez à chaque nœud et à chaque indicateur son propre code.",
        "Give every node and every indicator a code of its own.",
    ),
    "index_two_goalposts": (
        "Il faut deux bornes, la plus basse d’abord.",
        "Two goalposts are needed, the lower one first.",
        "Écrivez par exemple [20, 85].",
        "Write for example [20, 85].",
    ),
    "index_needs_goalposts": (
        "La normalisation « goalposts » veut des bornes fixes pour cet indicateur.",
        "The normalisation “goalposts” wants fixed goalposts for this indicator.",
        "Ajoutez « goalposts: [bas, haut] » ou choisissez une autre normalisation.",
        "Add “goalposts: [low, high]” or choose another normalisation.",
    ),
    "index_needs_target": (
        "La normalisation « distance_to_target » veut une cible pour cet indicateur.",
        "The normalisation “distance_to_target” wants a target for this indicator.",
        "Ajoutez « target: » ou choisissez une autre normalisation.",
        "Add “target:” or choose another normalisation.",
    ),
    "index_ends_in_steps": (
        "Les bornes ou la cible ne passent pas par ces étapes.",
        "The goalposts or the target cannot go through these steps.",
        "Un logarithme les veut supérieures à 0 ; après {relative} il n’y a plus d’unité : "
        "donnez-les alors par les étapes elles-mêmes.",
        "A logarithm wants them above 0; after {relative} there is no unit left: "
        "say them by the steps themselves.",
    ),
    "index_step": (
        "Cette étape se lit mal.",
        "This step cannot be read.",
        "Un nom par étape : log, exp, {plus: 1}, {times: 2}, {power: 0.5}, {least: 0}, "
        "{most: 1}, {through: [[0, 0], [10, 1]]}, {bands: [[0, 0], [10, 1]]} (premiers "
        "nombres croissants), {winsorise: [0, 2]}, {percentiles: [0.025, 0.975]}, "
        "{outliers: [2.25, 3.5, 5]}.",
        "One name for each step: log, exp, {plus: 1}, {times: 2}, {power: 0.5}, "
        "{least: 0}, {most: 1}, {through: [[0, 0], [10, 1]]}, "
        "{bands: [[0, 0], [10, 1]]} (first numbers rising), {winsorise: [0, 2]}, "
        "{percentiles: [0.025, 0.975]}, {outliers: [2.25, 3.5, 5]}.",
    ),
    "index_ratio": (
        "Un rapport a deux parties, sans poids : la première sur la seconde.",
        "A ratio has two parts without weights: the first over the second.",
        "Regroupez les parties sous deux nœuds.",
        "Gather the parts under two nodes.",
    ),
    "index_constant": (
        "Une constante n’a ni colonne, ni bornes, ni étapes.",
        "A constant has no column, goalposts or steps.",
        "Écrivez seulement « {code: …, constant: 1} », au besoin « weight: ».",
        "Write only “{code: …, constant: 1}”, with “weight:” where needed.",
    ),
    "index_copeland_inside": (
        "La règle de Copeland ne vaut que pour l’indice entier.",
        "Copeland’s rule is for the whole index only.",
        "Choisissez une moyenne pour ce nœud.",
        "Choose a mean for this node.",
    ),
    "index_no_weight": (
        "Aucune partie de ce nœud n’a de poids.",
        "No part of this node has a weight.",
        "Donnez un poids supérieur à 0 à au moins une partie.",
        "Give at least one part a weight above 0.",
    ),
    "index_judge": (
        "Ce juge ne donne pas 100 points en tout, à chaque indicateur les siens.",
        "This judge does not spread 100 points over every indicator.",
        "Donnez à chaque indicateur des points (0 suffit), 100 en tout. Indicateurs : {codes}.",
        "Give every indicator points (0 is enough); they sum to 100. Indicators: {codes}.",
    ),
    "index_no_judges": (
        "Les poids « budget » veulent les points des juges.",
        "The weights “budget” want the points of judges.",
        "Ajoutez « judges: » ou choisissez d’autres poids.",
        "Add “judges:” or choose other weights.",
    ),
    "index_option_twice": (
        "Une option est là deux fois : chaque combinaison compte une fois.",
        "An option is there twice: every combination counts once.",
        "Retirez-en une.",
        "Remove one of them.",
    ),
    "index_unknown_indicator": (
        "Cet indice n’a pas d’indicateur {code}.",
        "This index has no indicator {code}.",
        "Choisissez parmi : {codes}.",
        "Choose among: {codes}.",
    ),
}
