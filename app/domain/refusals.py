"""Why a submitted answer cannot be taken, and what to do: the words a participant reads."""

from __future__ import annotations

from app.domain.errors import Fault
from app.domain.file_refusals import FILE_WORDS
from app.domain.text import Text, fill
from app.domain.typography import typeset_french

_WORDS: dict[str, tuple[str, str, str, str]] = {
    # rule: reason fr, reason en, remedy fr, remedy en
    "missing": (
        "Cette question n’a pas encore de réponse.",
        "This question has no answer yet.",
        "Répondez-y pour continuer.",
        "Please answer it to go on.",
    ),
    "list_count": (
        "Le nombre donné n’est pas celui des noms.",
        "The number given is not that of the names.",
        "Il y a {limit} noms : gardez ce nombre, ou corrigez les noms.",
        "There are {limit} names: keep that number, or correct the names.",
    ),
    "no_name": (
        "La ligne à ajouter est vide.",
        "The line to be added is empty.",
        "Écrivez un nom, ou continuez.",
        "Write a name, or continue.",
    ),
    "list_full": (
        "Cette liste est complète : elle a {limit} lignes.",
        "This list is full: it has {limit} lines.",
        "Effacez ce nom, ou retirez d’abord une autre ligne.",
        "Delete this name, or remove another line first.",
    ),
    "both": (
        "Il y a ici une réponse et aussi une autre façon de passer la question.",
        "There is an answer here and also another way to pass the question.",
        "Gardez seulement l’une des deux.",
        "Please keep only one of the two.",
    ),
    "way_not_offered": (
        "Cette façon de passer la question n’est pas proposée ici.",
        "This way to pass the question is not offered here.",
        "Choisissez parmi ce qui est proposé.",
        "Please choose from what is offered.",
    ),
    "several": (
        "Plusieurs réponses sont cochées.",
        "Several answers are ticked.",
        "Gardez une seule réponse.",
        "Please keep one answer.",
    ),
    "unknown_option": (
        "Cette réponse ne fait pas partie de celles qui sont proposées.",
        "This answer is not one of those offered.",
        "Choisissez parmi les réponses proposées.",
        "Please choose from the answers offered.",
    ),
    "closed_option": (
        "Cette réponse n’est plus proposée.",
        "This answer is no longer offered.",
        "Choisissez parmi les réponses proposées.",
        "Please choose from the answers offered.",
    ),
    "exclusive": (
        "« {option} » ne va pas avec d’autres réponses.",
        "“{option}” cannot go with other answers.",
        "Gardez celle-ci seule, ou décochez-la.",
        "Please keep it alone, or untick it.",
    ),
    "too_few": (
        "Il manque des réponses.",
        "More answers are needed.",
        "Cochez-en au moins {limit}.",
        "Please tick at least {limit}.",
    ),
    "too_many": (
        "Trop de réponses sont cochées.",
        "Too many answers are ticked.",
        "Gardez-en au plus {limit}.",
        "Please keep at most {limit}.",
    ),
    "other_alone": (
        "Un texte est écrit, mais la réponse qui va avec n’est pas cochée.",
        "A text is written, but the answer that goes with it is not ticked.",
        "Cochez « {option} », ou effacez le texte.",
        "Please tick “{option}”, or delete the text.",
    ),
    "not_a_number": (
        "Il faut ici un nombre.",
        "A number is needed here.",
        "Écrivez-le en chiffres, par exemple {example}.",
        "Please write it in digits, for example {example}.",
    ),
    "whole_only": (
        "Il faut ici un nombre entier.",
        "A whole number is needed here.",
        "Écrivez-le sans virgule, par exemple 12.",
        "Please write it without decimals, for example 12.",
    ),
    "decimals": (
        "Ce nombre a trop de chiffres après la virgule.",
        "This number has too many decimals.",
        "Gardez-en au plus {limit}.",
        "Please keep at most {limit}.",
    ),
    "too_low": (
        "C’est moins que ce qui est possible ici.",
        "This is less than is possible here.",
        "Écrivez {other} ou plus.",
        "Please write {other} or more.",
    ),
    "too_high": (
        "C’est plus que ce qui est possible ici.",
        "This is more than is possible here.",
        "Écrivez {other} ou moins.",
        "Please write {other} or less.",
    ),
    "too_early": (
        "Cette date est trop ancienne.",
        "This date is too early.",
        "Donnez une date à partir de : {other}.",
        "Please give a date from {other} on.",
    ),
    "too_late": (
        "Cette date est trop tardive.",
        "This date is too late.",
        "Donnez une date jusqu’à : {other}.",
        "Please give a date up to {other}.",
    ),
    "control": (
        "Ce texte contient un caractère invisible que nous ne pouvons pas garder.",
        "This text holds an invisible character that we cannot keep.",
        "Tapez-le à nouveau, sans le copier d’ailleurs.",
        "Please type it again instead of copying it from elsewhere.",
    ),
    "too_long": (
        "Ce texte est trop long.",
        "This text is too long.",
        "Gardez au plus {limit} caractères (il y en a {length}).",
        "Please keep at most {limit} characters (there are {length}).",
    ),
    "too_short": (
        "Ce texte est trop court.",
        "This text is too short.",
        "Écrivez au moins {limit} caractères.",
        "Please write at least {limit} characters.",
    ),
    "pattern": (
        "Ce texte n’a pas la forme attendue.",
        "This text does not have the form expected.",
        "Comparez-le à l’exemple donné avec la question.",
        "Please compare it with the example given with the question.",
    ),
    **FILE_WORDS,
    "date_part": (
        "Cette date n’est pas complète.",
        "This date is not complete.",
        "Donnez {wanted_fr}.",
        "Please give {wanted_en}.",
    ),
    "short_year": (
        "Il manque des chiffres à l’année.",
        "The year lacks some digits.",
        "Écrivez-en quatre, par exemple 1941.",
        "Please write four of them, for example 1941.",
    ),
    "no_such_date": (
        "Cette date n’existe pas.",
        "This date does not exist.",
        "Vérifiez {wanted_fr}, par exemple {example_fr}.",
        "Please check {wanted_en}, for example {example_en}.",
    ),
    "no_such_time": (
        "Cette heure n’existe pas.",
        "There is no such time.",
        "Écrivez l’heure et les minutes, par exemple 14\u00a0h\u00a030.",
        "Please give hours and minutes, for example 14:30.",
    ),
    "no_such_place": (
        "Ces nombres ne disent pas un lieu.",
        "These numbers do not say a place.",
        "Écrivez la latitude puis la longitude, par exemple 44,8378 ; -0,5792.",
        "Please give latitude, then longitude, for example 44.8378, -0.5792.",
    ),
    "place_half": (
        "Il manque un des deux nombres.",
        "One of the two numbers is missing.",
        "Écrivez la latitude et la longitude, ou effacez les deux.",
        "Please give latitude and longitude, or delete both.",
    ),
    "no_such_latitude": (
        "Cette latitude n’existe pas.",
        "There is no such latitude.",
        "Écrivez un nombre de -90 à 90, par exemple 44,8378.",
        "Please give a number from -90 to 90, for example 44.8378.",
    ),
    "no_such_longitude": (
        "Cette longitude n’existe pas.",
        "There is no such longitude.",
        "Écrivez un nombre de -180 à 180, par exemple -0,5792.",
        "Please give a number from -180 to 180, for example -0.5792.",
    ),
    "time_too_early": (
        "Cette heure est trop tôt.",
        "This time is too early.",
        "Donnez une heure à partir de : {other}.",
        "Please give a time from {other} on.",
    ),
    "time_too_late": (
        "Cette heure est trop tard.",
        "This time is too late.",
        "Donnez une heure jusqu’à : {other}.",
        "Please give a time up to {other}.",
    ),
    "compare_=": (
        "Cette réponse doit être la même que celle donnée à « {other} ».",
        "This answer must be the same as the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
    "compare_!=": (
        "Cette réponse doit être différente de celle donnée à « {other} ».",
        "This answer must differ from the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
    "compare_<": (
        "Cette réponse doit être en dessous (ou avant) celle donnée à « {other} ».",
        "This answer must be below (or before) the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
    "compare_<=": (
        "Cette réponse ne peut pas dépasser celle donnée à « {other} ».",
        "This answer cannot be above (or after) the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
    "compare_>": (
        "Cette réponse doit être au-dessus (ou après) celle donnée à « {other} ».",
        "This answer must be above (or after) the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
    "compare_>=": (
        "Cette réponse ne peut pas être en dessous (ou avant) celle donnée à « {other} ».",
        "This answer cannot be below (or before) the one to “{other}”.",
        "Changez l’une des deux.",
        "Please change one of the two.",
    ),
}


def refuse(rule: str, item: str, quoted: Text | None = None, **fills: object) -> Fault:
    """The fault of an item; ``quoted`` fills {option} or {other}, in the right language."""
    reason_fr, reason_en, remedy_fr, remedy_en = _WORDS[rule]
    terms = {name: str(value) for name, value in fills.items()}
    fr, en = (
        {**terms, "option": word, "other": word}
        for word in ((quoted.in_(tag) if quoted else "") for tag in ("fr", "en"))
    )
    return Fault(
        item,
        Text.of(fr=typeset_french(fill(reason_fr, fr)), en=fill(reason_en, en)),
        Text.of(fr=typeset_french(fill(remedy_fr, fr)), en=fill(remedy_en, en)),
    )
