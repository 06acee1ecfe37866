"""The verdicts on standing shifts as sentences, exactly as the methods page promises them."""

from __future__ import annotations

import re

from app.domain.text import Text
from app.evaluation.tables import Observation
from app.evaluation.verdicts import Verdict
from app.interchange.figure_words import DEPENDS_ON, METHOD_LISTS, number, reason_in_words

SHORT = {
    Verdict.SAME_BY_CONSTRUCTION: Text.of(
        fr="identique par construction", en="same by construction"
    ),
    Verdict.DEPENDS_ON_THE_METHOD: Text.of(fr="dépend de la méthode", en="depends on the method"),
    Verdict.NO_DIFFERENCE_THAT_MATTERS: Text.of(
        fr="pas de différence qui compte", en="no difference that matters"
    ),
    Verdict.NO_DIFFERENCE_THAT_MATTERS_DETECTABLE: Text.of(
        fr="pas de différence qui compte (décelable)", en="no difference that matters (detectable)"
    ),
    Verdict.STANDS_HIGHER: Text.of(fr="plus haut", en="stands higher"),
    Verdict.STANDS_LOWER: Text.of(fr="plus bas", en="stands lower"),
    Verdict.HIGHER_SIZE_UNCERTAIN: Text.of(
        fr="plus haut, ampleur incertaine", en="higher, size uncertain"
    ),
    Verdict.LOWER_SIZE_UNCERTAIN: Text.of(
        fr="plus bas, ampleur incertaine", en="lower, size uncertain"
    ),
    Verdict.CANNOT_TELL: Text.of(fr="on ne peut pas dire", en="cannot tell"),
}
SENTENCES = {
    Verdict.DEPENDS_ON_THE_METHOD: Text.of(
        fr="dépend de la méthode, surtout {list} : le signe de l’écart de {value} points ne tient "
        "pas sous 95 % des méthodes admises",
        en="depends on the method, most of all on {list}: the sign of the {value} points does not "
        "hold under 95% of the admissible methods",
    ),
    Verdict.STANDS_HIGHER: Text.of(
        fr="se place plus haut : {value} points, entre {low} et {high}",
        en="stands higher: {value} points, between {low} and {high}",
    ),
    Verdict.STANDS_LOWER: Text.of(
        fr="se place plus bas : {value} points, entre {low} et {high}",
        en="stands lower: {value} points, between {low} and {high}",
    ),
    Verdict.HIGHER_SIZE_UNCERTAIN: Text.of(
        fr="plus haut, ampleur incertaine : entre {low} et {high}",
        en="higher, size uncertain: between {low} and {high}",
    ),
    Verdict.LOWER_SIZE_UNCERTAIN: Text.of(
        fr="plus bas, ampleur incertaine : entre {low} et {high}",
        en="lower, size uncertain: between {low} and {high}",
    ),
    Verdict.CANNOT_TELL: Text.of(
        fr="on ne peut pas dire : cette enquête aurait pu voir un décalage de {smallest} points ; "
        "celui-ci est de {value}",
        en="cannot tell: this survey could have seen a shift of {smallest} points; "
        "this one is {value}",
    ),
}
UP = frozenset({Verdict.STANDS_HIGHER, Verdict.HIGHER_SIZE_UNCERTAIN})
DOWN = frozenset({Verdict.STANDS_LOWER, Verdict.LOWER_SIZE_UNCERTAIN})
MOVED = UP | DOWN
WITHOUT_SMALLEST = Text.of(fr="on ne peut pas dire", en="cannot tell")
# French counts in the plural from 2 on: 1,9 point, 2,0 points.
UNDER_TWO = re.compile(r"((?<![\d,])[01](?:,\d+)?) points")
# An end that excludes 0 and is rounded to it must not read as if it did not.
NEXT_TO_ZERO = {
    "low": Text.of(fr="à peine plus de 0", en="just above 0"),
    "high": Text.of(fr="à peine moins de 0", en="just below 0"),
}


def verdict_of(seen: Observation | None) -> Verdict | None:
    """The verdict that an observation carries, if it may be shown."""
    if seen is None or not seen.shown or seen.verdict is None:
        return None
    return Verdict(seen.verdict)


def short_verdict(seen: Observation, language: str) -> str:
    """The verdict in a few words, or why there is none."""
    found = verdict_of(seen)
    return reason_in_words(seen, language) if found is None else SHORT[found].in_(language)


def verdict_sentence(seen: Observation, smallest: Observation | None, language: str) -> str:
    """The whole sentence; ``smallest``: the shift that this survey could have seen."""
    found = verdict_of(seen)
    if found is None or seen.value is None:
        return reason_in_words(seen, language)
    if found is Verdict.CANNOT_TELL and (smallest is None or smallest.value is None):
        return WITHOUT_SMALLEST.in_(language)
    sentence = SENTENCES.get(found, SHORT[found]).in_(language)
    sentence = sentence.replace("{list}", turned_by(seen, language))
    filled = {"value": seen.value, "low": seen.low, "high": seen.high}
    for name, value in filled.items():
        if value is not None:
            words = number(value, language, signed=True)
            if found in MOVED and name in NEXT_TO_ZERO and words == number(0.0, language):
                words = NEXT_TO_ZERO[name].in_(language)
            sentence = sentence.replace(f"{{{name}}}", words)
    if smallest is not None and smallest.value is not None:
        sentence = sentence.replace("{smallest}", number(smallest.value, language))
    return UNDER_TWO.sub(r"\1 point", sentence) if language == "fr" else sentence


def turned_by(seen: Observation, language: str) -> str:
    """The list of method choices that most turns the sign of a shift, in words."""
    found = [flag for flag in seen.flags if flag.startswith(DEPENDS_ON)]
    return METHOD_LISTS[found[0].removeprefix(DEPENDS_ON)].in_(language) if found else ""
