"""What can be wrong with an act on a territory, in words: place, reason, remedy."""

from __future__ import annotations

from datetime import date

from app.domain.errors import Fault
from app.domain.territories import Territory
from app.domain.text import Text


def _fault(place: str, fr: str, en: str, do_fr: str, do_en: str) -> Fault:
    return Fault(place, Text.of(fr=fr, en=en), Text.of(fr=do_fr, en=do_en))


def unnamed(name: Text) -> list[Fault]:
    """A name is missing in one language or both."""
    return [
        _fault(
            f"name_{tag}",
            "Le nom manque.",
            "The name is missing.",
            "Écrivez-le dans les deux langues.",
            "Write it in both languages.",
        )
        for tag in ("fr", "en")
        if not name.has(tag)
    ]


def no_day(place: str) -> Fault:
    """A day is missing."""
    return _fault(
        place, "La date manque.", "The date is missing.", "Choisissez un jour.", "Choose a day."
    )


def unknown(place: str) -> Fault:
    """There is no such territory, or not for this."""
    return _fault(
        place,
        "Ce territoire ne convient pas ici.",
        "This territory will not do here.",
        "Choisissez dans la liste.",
        "Choose from the list.",
    )


def too_early(begun: date) -> Fault:
    """A change before the territory's second day."""
    return _fault(
        "day",
        f"Ce territoire commence le {begun:%d/%m/%Y}.",
        f"This territory begins on {begun:%d/%m/%Y}.",
        "Choisissez un jour après celui-ci.",
        "Choose a day after that one.",
    )


def not_there(into: str, day: date) -> Fault:
    """A merger into a territory that is not there on the day."""
    return _fault(
        "into",
        f"«\u00a0{into}\u00a0» n’existe pas le {day:%d/%m/%Y}.",
        f"“{into}” is not there on {day:%d/%m/%Y}.",
        "Choisissez un autre territoire, ou un autre jour.",
        "Choose another territory, or another day.",
    )


def clash_of(areas: list[str]) -> Fault:
    """Sub-areas of two territories with the same code."""
    named = ", ".join(areas)
    return _fault(
        "sub_areas",
        f"L’autre territoire a déjà\u00a0: {named}.",
        f"The other territory has already: {named}.",
        "Donnez un autre code à ces secteurs.",
        "Give these sub-areas another code.",
    )


def people_unknown(other: Territory) -> Fault:
    """Of two territories the people of one are not known."""
    return _fault(
        "population_75",
        f"L’autre territoire compte {other.population_75} personnes\u00a0; ici, inconnu.",
        f"The other territory has {other.population_75} people; of this one it is not known.",
        "Écrivez combien de personnes de 75 ans ou plus y vivent ensemble.",
        "Write how many people aged 75 or over live in both together.",
    )


NO_CODE = _fault(
    "code",
    "Ce code ne convient pas.",
    "This code will not do.",
    "Commencez par une lettre\u00a0; puis lettres, chiffres ou _, 32 signes au plus.",
    "Begin with a letter; then letters, digits or _, 32 characters at most.",
)
TAKEN = _fault(
    "code",
    "Un territoire a déjà ce code.",
    "A territory has this code already.",
    "Choisissez un autre code\u00a0: un code ne change jamais de sens.",
    "Choose another code: a code never changes its meaning.",
)
NOTHING = _fault(
    "day",
    "Rien n’est différent de ce qui tient ce jour-là.",
    "Nothing is different from what holds on that day.",
    "Changez quelque chose, ou écrivez une note.",
    "Change something, or write a note.",
)
ENDED = _fault(
    "day",
    "Ce territoire finit déjà, ou c’est le niveau national.",
    "This territory ends already, or it is the national level.",
    "Annulez d’abord sa fin, sur sa page.",
    "Take its end back first, on its page.",
)


def no_number(place: str) -> Fault:
    """Something that is no whole number."""
    return _fault(
        place,
        "Ce n’est pas un nombre entier.",
        "This is not a whole number.",
        "Écrivez des chiffres seulement, ou rien.",
        "Write digits only, or nothing.",
    )


def no_code_of(place: str, code: str) -> Fault:
    """A sub-area whose code will not do."""
    return _fault(
        place,
        f"«\u00a0{code[:40]}\u00a0» ne peut pas être le code d’un secteur.",
        f"“{code[:40]}” cannot be the code of a sub-area.",
        "Commencez par une lettre\u00a0; puis lettres, chiffres ou _, 32 signes au plus.",
        "Begin with a letter; then letters, digits or _, 32 characters at most.",
    )
