"""What is said about a file that cannot be read: one rule, one message, one remedy.

Values in curly brackets are filled in from the file's structure (keys, allowed words), never
from anything that a person answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.checks import Finding, Level
from app.domain.text import Text, fill

_WORDS: dict[str, tuple[str, str, str, str]] = {
    # rule: message fr, message en, remedy fr, remedy en
    "too_large": (
        "Ce fichier dépasse 2 Mo.",
        "This file is larger than 2 MB.",
        "Séparez-le en plusieurs fichiers.",
        "Split it into several files.",
    ),
    "too_many_nodes": (
        "Ce fichier contient plus de 200 000 éléments.",
        "This file holds more than 200,000 elements.",
        "Séparez-le en plusieurs fichiers.",
        "Split it into several files.",
    ),
    "too_deep": (
        "Ce fichier s’emboîte sur plus de 32 niveaux.",
        "This file nests more than 32 levels deep.",
        "Rapprochez-vous de la forme décrite dans docs/definitions.md.",
        "Keep to the form described in docs/definitions.md.",
    ),
    "not_utf8": (
        "Ce fichier n’est pas du texte en UTF-8.",
        "This file is not text in UTF-8.",
        "Enregistrez-le en UTF-8 dans votre éditeur.",
        "Save it as UTF-8 in your editor.",
    ),
    "not_yaml": (
        "Ce fichier n’est pas du YAML lisible : {detail}.",
        "This file is not readable YAML: {detail}.",
        "Vérifiez les espaces en début de ligne, les guillemets et les crochets près de là.",
        "Check the spaces at the start of lines, the quotes and the brackets near there.",
    ),
    "empty": (
        "Ce fichier est vide.",
        "This file is empty.",
        "Commencez par la ligne « format: ».",
        "Start with the line “format:”.",
    ),
    "several_documents": (
        "Ce fichier contient plusieurs documents.",
        "This file holds several documents.",
        "Gardez un seul document ; retirez la ligne « --- ».",
        "Keep one document; remove the line “---”.",
    ),
    "not_a_mapping": (
        "Il faut ici des clés et des valeurs (« clé: valeur »).",
        "Keys and values are needed here (“key: value”).",
        "Écrivez chaque clé sur sa ligne, suivie de deux-points.",
        "Write each key on its own line, followed by a colon.",
    ),
    "not_a_list": (
        "Il faut ici une liste.",
        "A list is needed here.",
        "Commencez chaque élément par un tiret, ou écrivez [a, b].",
        "Start each element with a dash, or write [a, b].",
    ),
    "not_a_scalar": (
        "Il faut ici un simple mot ou nombre.",
        "A plain word or number is needed here.",
        "Retirez les crochets, les accolades ou les lignes en retrait.",
        "Remove the brackets or the indented lines.",
    ),
    "alias": (
        "Les ancres et renvois YAML (& et *) ne sont pas admis.",
        "YAML anchors and aliases (& and *) are not accepted.",
        "Utilisez « option_lists » pour ce qui se répète ; mettez entre guillemets un texte qui "
        "commence par & ou *.",
        "Use “option_lists” for what repeats; put quotes around a text that starts with & or *.",
    ),
    "tag": (
        "Les marques de type YAML (!) ne sont pas admises.",
        "YAML type tags (!) are not accepted.",
        "Retirez la marque ; mettez entre guillemets un texte qui commence par !.",
        "Remove the tag; put quotes around a text that starts with !.",
    ),
    "duplicate_key": (
        "La clé « {key} » est écrite deux fois au même endroit.",
        "The key “{key}” is written twice in the same place.",
        "Gardez une seule des deux.",
        "Keep only one of the two.",
    ),
    "key_not_text": (
        "Une clé doit être un simple mot.",
        "A key must be a plain word.",
        "Remplacez la clé par un mot suivi de deux-points.",
        "Replace the key by a word followed by a colon.",
    ),
    "control_character": (
        "Ce texte contient un caractère invisible qui n’est pas permis.",
        "This text holds an invisible character that is not allowed.",
        "Effacez-le, ou tapez le texte à nouveau.",
        "Delete it, or type the text again.",
    ),
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
        "Corrigez son orthographe ou retirez-la ; voyez docs/definitions.md.",
        "Correct its spelling or remove it; see docs/definitions.md.",
    ),
    "missing": (
        "Cette clé manque.",
        "This key is missing.",
        "Ajoutez-la ; voyez docs/definitions.md.",
        "Add it; see docs/definitions.md.",
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
        "« E24 includes any [a, b] », « answered E10 », ou all, any, not.",
        "Write for example “E10 = yes”, “E01 >= 4”, “P16 in [gp, nurse]”, "
        "“E24 includes any [a, b]”, “answered E10”, or all, any, not.",
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


@dataclass(frozen=True, slots=True)
class Trouble:
    """A rule that a place of a file breaks, with what fills its message."""

    rule: str
    fills: tuple[tuple[str, str], ...] = ()


def trouble(rule: str, **fills: object) -> Trouble:
    """``trouble("choice", allowed="no, soft, hard")``."""
    return Trouble(rule, tuple((name, str(value)) for name, value in fills.items()))


def finding_of(found: Trouble, place: str, line: int | None) -> Finding:
    """The finding, in words."""
    terms = dict(found.fills)
    words = (fill(wording, terms) for wording in _WORDS[found.rule])
    fr, en, remedy_fr, remedy_en = words
    return Finding(
        found.rule,
        Level.ERROR,
        place,
        Text.of(fr=fr, en=en),
        Text.of(fr=remedy_fr, en=remedy_en),
        line,
    )
