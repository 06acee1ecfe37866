"""What the checks say of a module in its core: items that it replaces, minutes that it takes."""

from __future__ import annotations

from app.domain.checks import Level

E = Level.ERROR

DISPENSATION_RULES = {
    "slot_minutes": (
        Level.WARNING,
        "Vos questions prennent plus de temps que cet emplacement n’en garde (minutes : {budget}).",
        "Your questions take more time than this place keeps (minutes: {budget}).",
        "Raccourcissez, retirez une question, ou mettez-la dans un autre emplacement.",
        "Shorten, retire a question, or put it into another place.",
    ),
    "instead_of_nothing": (
        E,
        "Le questionnaire national n’a pas de question {item} à remplacer.",
        "The core questionnaire has no question {item} to replace.",
        "Remplacez une question, une batterie ou une liste qui s’y trouve, entière.",
        "Replace a question, a battery or a list that is there, as a whole.",
    ),
    "instead_by_nothing": (
        E,
        "La question {own}, qui devait remplacer {item}, n’est pas dans le module.",
        "The question {own}, which was to replace {item}, is not in the module.",
        "Remettez-la, ou posez de nouveau la question nationale.",
        "Put it back, or ask the national item again.",
    ),
    "instead_read": (
        E,
        "{reader} dépend de {item}, que ce territoire ne pose plus.",
        "{reader} depends on {item}, which this territory asks no more.",
        "Posez de nouveau la question nationale, à côté de la vôtre.",
        "Ask the national item again, beside your own.",
    ),
    "instead_not_allowed": (
        E,
        "{item} n’a pas de dispense qui vaille pour {territory} à cette date.",
        "{item} has no dispensation that holds for {territory} on that day.",
        "Faites approuver le module, avec un terme plus lointain, ou posez la question nationale.",
        "Have the module approved with a later end, or ask the national item again.",
    ),
    "instead_counted": (
        E,
        "Sans {item}, {indicators} vaudrait zéro pour {territory}, faussement.",
        "Without {item}, {indicators} would be zero for {territory}, wrongly.",
        "Cet indicateur compte « non » là où la question n’est pas posée : gardez-la.",
        "That indicator counts “no” where the question is not asked: keep it.",
    ),
}
