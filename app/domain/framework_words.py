"""The rules about frameworks and territories: their weight, what they say, what to do."""

from __future__ import annotations

from app.domain.checks import Level
from app.domain.questionnaire_words import Rules

E, W, A = Level.ERROR, Level.WARNING, Level.ADVICE

FRAMEWORK_RULES: Rules = {
    "own_code_is_national": (
        E,
        "Ce code est celui d’un indicateur national.",
        "This code belongs to a national indicator.",
        "Donnez un code propre au territoire.",
        "Give a code of the territory’s own.",
    ),
    "dimension_weight": (
        E,
        "Cette dimension n’a pas de poids.",
        "This dimension has no weight.",
        "Donnez-lui un nombre entier.",
        "Give it a whole number.",
    ),
    "no_weight": (
        E,
        "Rien ici n’a de poids.",
        "Nothing here has a weight.",
        "Donnez un poids à au moins un élément.",
        "Give at least one element a weight.",
    ),
    "weights_sum": (
        E,
        "Les poids ne font pas exactement le tout.",
        "The weights do not make up exactly the whole.",
        "Vérifiez les dimensions sans indicateur et les poids nuls.",
        "Check dimensions without indicators and zero weights.",
    ),
    "audience_missing": (
        E,
        "Il n’y a pas de questionnaire pour « {audience} ».",
        "There is no questionnaire for “{audience}”.",
        "Donnez-le avec ce cadre, ou retirez cette mesure.",
        "Give it with this framework, or remove this measure.",
    ),
    "item_not_asked": (
        E,
        "La mesure lit « {item} », que le questionnaire « {audience} » ne demande pas.",
        "The measure reads “{item}”, which the questionnaire for “{audience}” does not ask.",
        "Corrigez le code, ou ajoutez la question au questionnaire ou au module du territoire.",
        "Correct the code, or add the question to the questionnaire or the territory’s module.",
    ),
    "no_scale": (
        E,
        "« {item} » n’a pas deux scores différents : elle ne peut pas entrer dans une échelle.",
        "“{item}” has no two different scores: it cannot be part of a scale.",
        "Donnez un score à ses réponses.",
        "Give its options scores.",
    ),
    "option_without_score": (
        A,
        "La réponse « {option} » de « {item} » n’a pas de score : elle ne compte pas ici.",
        "The option “{option}” of “{item}” has no score: it does not count here.",
        "Si ce n’est pas voulu, donnez-lui un score.",
        "If that is not meant, give it a score.",
    ),
    "reversed_elsewhere": (
        E,
        "« {item} » est inversé mais n’est pas dans l’échelle.",
        "“{item}” is reversed but not in the scale.",
        "Ajoutez-le sous items, ou retirez-le de reversed.",
        "Add it under items, or remove it from reversed.",
    ),
    "goalposts": (
        E,
        "Les bornes de l’indicateur ne vont pas du bas vers le haut.",
        "The goalposts of the indicator do not go from low to high.",
        "Écrivez la plus petite d’abord.",
        "Write the lowest first.",
    ),
    "gap_scored": (
        E,
        "Un écart ne se note pas.",
        "A gap is never scored.",
        "Placez cet indicateur sous « ledger ».",
        "Move this indicator under “ledger”.",
    ),
    "not_extending": (
        E,
        "Ce cadre prolonge « {extends} », qui n’est pas le cadre national donné.",
        "This framework extends “{extends}”, which is not the national framework given.",
        "Corrigez « extends ».",
        "Correct “extends”.",
    ),
    "unknown_indicator": (
        E,
        "Le cadre national n’a pas l’indicateur « {indicator} ».",
        "The national framework has no indicator “{indicator}”.",
        "Corrigez le code ; un indicateur nouveau se place sous « added ».",
        "Correct the code; a new indicator goes under “added”.",
    ),
    "changed_twice": (
        E,
        "L’indicateur national « {indicator} » est changé deux fois.",
        "The national indicator “{indicator}” is changed twice.",
        "Gardez un seul changement par indicateur.",
        "Keep one change per indicator.",
    ),
    "not_accounted": (
        E,
        "Rien ne dit ce que devient l’indicateur national « {indicator} ».",
        "Nothing says what becomes of the national indicator “{indicator}”.",
        "Ajoutez-le aux changements : kept, adapted, reweighted ou dropped.",
        "Add it to the changes: kept, adapted, reweighted or dropped.",
    ),
    "no_reason": (
        E,
        "Le changement de « {indicator} » est sans raison.",
        "The change of “{indicator}” gives no reason.",
        "Dites pourquoi, dans chaque langue.",
        "Say why, in each language.",
    ),
    "no_source": (
        E,
        "« {indicator} » se dit documenté, mais aucune source n’est donnée.",
        "“{indicator}” says it is documented, but gives no source.",
        "Ajoutez « source », ou écrivez evidence: illustrative.",
        "Add “source”, or write evidence: illustrative.",
    ),
    # territories
    "no_nation": (
        E,
        "Le niveau national « {nation} » manque.",
        "The national level “{nation}” is missing.",
        "Ajoutez-le sans « parent ».",
        "Add it without “parent”.",
    ),
    "parent": (
        E,
        "Seul le niveau national « {nation} » n’a pas de « parent ».",
        "Only the national level “{nation}” has no “parent”.",
        "Ajoutez « parent », ou retirez-le du niveau national.",
        "Add “parent”, or remove it from the national level.",
    ),
    "not_in_nation": (
        E,
        "Ce territoire ne remonte pas jusqu’au niveau national.",
        "This territory does not lead up to the national level.",
        "Corrigez « parent » : son code manque, ou les parents tournent en rond.",
        "Correct “parent”: its code is missing, or the parents go round in a circle.",
    ),
    "dates_crossed": (
        E,
        "Ce territoire finit avant de commencer.",
        "This territory ends before it begins.",
        "Échangez valid_from et valid_to.",
        "Swap valid_from and valid_to.",
    ),
    "term_missing": (
        W,
        "Ce territoire ne dit pas son nom local pour « {name} ».",
        "This territory does not give its local name for “{name}”.",
        "Ajoutez-le sous « terms » ; les questions qui l’emploient le montreraient entre crochets.",
        "Add it under “terms”; questions that use it would show it in brackets.",
    ),
}
