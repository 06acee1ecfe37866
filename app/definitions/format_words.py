"""What is said about values, keys and measures that a format does not know."""

from __future__ import annotations

from app.definitions.yaml_words import Words

FORMAT_WORDS: Words = {
    "unknown_format": (
        "La ligne « format: » manque ou ne nomme aucun format connu.",
        "The line “format:” is missing or names no known format.",
        "Écrivez l’un de ceux-ci : {allowed}.",
        "Write one of these: {allowed}.",
    ),
    "wrong_format": (
        "Ce fichier n’est pas du format attendu ici.",
        "This file is not of the format expected here.",
        "Il faut : format: {allowed}.",
        "Needed: format: {allowed}.",
    ),
    "unknown_key": (
        "Cette clé n’existe pas ici.",
        "This key does not exist here.",
        "Corrigez son orthographe ou retirez-la ; voyez docs/definitions.md ou docs/offline.md.",
        "Correct its spelling or remove it; see docs/definitions.md or docs/offline.md.",
    ),
    "missing": (
        "Cette clé manque.",
        "This key is missing.",
        "Ajoutez-la ; voyez docs/definitions.md ou docs/offline.md.",
        "Add it; see docs/definitions.md or docs/offline.md.",
    ),
    "code": (
        "Ce code n’est pas bien formé.",
        "This code is not well formed.",
        "Une lettre d’abord, puis des lettres, des chiffres ou _ ; 32 signes au plus.",
        "A letter first, then letters, digits or _; at most 32 signs.",
    ),
    "option_code": (
        "Ce code de réponse n’est pas bien formé.",
        "This option code is not well formed.",
        "Des lettres, des chiffres ou _ ; 32 signes au plus.",
        "Letters, digits or _; at most 32 signs.",
    ),
    "language": (
        "Ceci n’est pas un code de langue.",
        "This is not a language code.",
        "Écrivez deux ou trois lettres minuscules, comme fr ou en.",
        "Write two or three lower-case letters, such as fr or en.",
    ),
    "text": (
        "Il faut ici un texte par langue.",
        "A text in each language is needed here.",
        "Écrivez {example}.",
        "Write {example}.",
    ),
    "number": (
        "Il faut ici un nombre.",
        "A number is needed here.",
        "Écrivez par exemple 4 ou 0.5, sans espace ni unité.",
        "Write for example 4 or 0.5, without space or unit.",
    ),
    "whole_number": (
        "Il faut ici un nombre entier.",
        "A whole number is needed here.",
        "Écrivez par exemple 4.",
        "Write for example 4.",
    ),
    "number_range": (
        "Ce nombre est hors des limites.",
        "This number is out of range.",
        "Restez entre {low} et {high}.",
        "Keep between {low} and {high}.",
    ),
    "time": (
        "Ce n’est pas une heure.",
        "This is not a time of day.",
        "Écrivez-la ainsi, entre guillemets : {allowed}.",
        "Write it so, between quotation marks: {allowed}.",
    ),
    "date": (
        "Il faut ici une date qui existe.",
        "A date that exists is needed here.",
        "Écrivez {allowed}.",
        "Write {allowed}.",
    ),
    "flag": (
        "Il faut ici true ou false.",
        "true or false is needed here.",
        "Écrivez true ou false.",
        "Write true or false.",
    ),
    "choice": (
        "Ce mot n’est pas admis ici.",
        "This word is not accepted here.",
        "Écrivez l’un de ceux-ci : {allowed}.",
        "Write one of these: {allowed}.",
    ),
    "too_short": (
        "Il faut ici au moins un élément.",
        "At least one element is needed here.",
        "Ajoutez-en un, ou retirez la clé.",
        "Add one, or remove the key.",
    ),
    "too_long": (
        "Ce texte est trop long.",
        "This text is too long.",
        "Gardez au plus {high} signes.",
        "Keep at most {high} signs.",
    ),
    "condition": (
        "Cette condition ne se lit pas.",
        "This condition cannot be read.",
        "Écrivez par exemple « E10 = yes », « E01 >= 4 », « P16 in [gp, nurse] », "
        "« E24 includes any [a, b] », « answered E10 », « years since E08 >= 18 », "
        "« length of E09 > 3 », ou all, any, not.",
        "Write for example “E10 = yes”, “E01 >= 4”, “P16 in [gp, nurse]”, "
        "“E24 includes any [a, b]”, “answered E10”, “years since E08 >= 18”, "
        "“length of E09 > 3”, or all, any, not.",
    ),
    "comparison": (
        "Cette comparaison ne se lit pas.",
        "This comparison cannot be read.",
        "Écrivez par exemple « <= Q03 ».",
        "Write for example “<= Q03”.",
    ),
    "entry": (
        "On ne voit pas ce qui est placé ici.",
        "It is not clear what is placed here.",
        "Écrivez une question (avec code et type), page: ou slot:.",
        "Write a question (with code and type), page: or slot:.",
    ),
    "unknown_list": (
        "Cette liste de réponses n’est pas définie.",
        "This option list is not defined.",
        "Ajoutez-la sous option_lists, ou donnez le questionnaire national avec ce module.",
        "Add it under option_lists, or give the core questionnaire with this module.",
    ),
    "bounds_crossed": (
        "La plus petite valeur est au-dessus de la plus grande.",
        "The lowest value is above the highest.",
        "Échangez-les.",
        "Swap them.",
    ),
    "rating_size": (
        "Une échelle va de 2 à 21 valeurs.",
        "A scale has 2 to 21 values.",
        "Changez « from » ou « to ».",
        "Change “from” or “to”.",
    ),
    "label_outside": (
        "Ce repère est hors de l’échelle.",
        "This label is outside the scale.",
        "Gardez un nombre entier de « from » à « to ».",
        "Keep a whole number from “from” to “to”.",
    ),
    "battery_in_page": (
        "Dans une page, une série de questions se montre d’un bloc.",
        "Within a page a battery is shown as a whole.",
        "Écrivez layout: list, ou sortez-la de la page.",
        "Write layout: list, or take it out of the page.",
    ),
    "list_in_page": (
        "Une liste a sa propre page.",
        "A list has a page of its own.",
        "Sortez-la de la page.",
        "Take it out of the page.",
    ),
    "file_in_page": (
        "Une question à fichier a sa propre page.",
        "A question for a file has a page of its own.",
        "Sortez-la de la page.",
        "Take it out of the page.",
    ),
    "pattern": (
        "Ce motif ne se lit pas.",
        "This pattern cannot be read.",
        "Écrivez une expression régulière de 200 signes au plus, sans répétition de groupes.",
        "Write a regular expression of at most 200 signs, without repeated groups.",
    ),
    "measure": (
        "Cette mesure ne se lit pas.",
        "This measure cannot be read.",
        "Écrivez une seule de ces clés : {allowed}.",
        "Write exactly one of these keys: {allowed}.",
    ),
    "core_needed": (
        "Ce module complète un questionnaire qui n’est pas donné ou ne se lit pas.",
        "This module completes a questionnaire that is not given or cannot be read.",
        "Donnez aussi le questionnaire « {core} ».",
        "Give the questionnaire “{core}” too.",
    ),
    "national_needed": (
        "Ce cadre en prolonge un autre, qui n’est pas donné ou n’est pas le bon.",
        "This framework extends another one, which is not given or not the right one.",
        "Donnez aussi le cadre national « {national} ».",
        "Give the national framework “{national}” too.",
    ),
    "unknown_dimension": (
        "Le cadre national n’a pas cette dimension.",
        "The national framework has no such dimension.",
        "Écrivez l’une de celles-ci : {allowed}.",
        "Write one of these: {allowed}.",
    ),
    "dimension_without_weight": (
        "La dimension « {dimension} » n’a pas de poids.",
        "The dimension “{dimension}” has no weight.",
        "Donnez un poids à chaque dimension nationale.",
        "Give every national dimension a weight.",
    ),
    "no_weight_at_all": (
        "Tous les poids sont nuls.",
        "All weights are zero.",
        "Donnez un poids à au moins une dimension.",
        "Give at least one dimension a weight.",
    ),
    "unknown_indicator": (
        "Le cadre national n’a pas cet indicateur.",
        "The national framework has no such indicator.",
        "Corrigez le code ; un indicateur nouveau se place sous « added ».",
        "Correct the code; a new indicator goes under “added”.",
    ),
    "changed_twice": (
        "Cet indicateur national est changé deux fois.",
        "This national indicator is changed twice.",
        "Gardez un seul changement par indicateur.",
        "Keep one change per indicator.",
    ),
    "change_shape": (
        "Ce changement est incomplet ou en dit trop.",
        "This change is incomplete or says too much.",
        "reweighted veut « factor », adapted veut « as » ; dropped et kept ni l’un ni l’autre.",
        "reweighted wants “factor”, adapted wants “as”; dropped and kept want neither.",
    ),
    "share_needed": (
        "Un indicateur est ajouté ici, mais « added_share » manque, vaut 0 ou vaut 100.",
        "An indicator is added here, but “added_share” is missing, 0 or 100.",
        "Écrivez la part, en pour cent, des indicateurs ajoutés dans leur dimension.",
        "Write the share, in percent, of added indicators in their dimension.",
    ),
    "empty_dimension": (
        "Il ne reste aucun indicateur dans la dimension « {dimension} ».",
        "No indicator is left in the dimension “{dimension}”.",
        "Gardez-en un ou ajoutez-en un ; le poids 0 suffit pour que la dimension ne compte pas.",
        "Keep one or add one; the weight 0 is enough for the dimension not to count.",
    ),
}
