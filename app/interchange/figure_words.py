"""Figures for people: rounded once, written in a language, with reasons and verdicts in words.

Pages, charts, files and the API all take their numbers from ``rounded``, so they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange.comparability_words import flag_in_words

NARROW_SPACE = "\u202f"  # French: before a percent sign and between thousands
MINUS = "\u2212"
# Decimals given out. Values are points or percent, but for SHARES (of 1).
DECIMALS = {"value": 1, "low": 1, "high": 1, "se": 2, "df": 1, "n_effective": 1}
SHARE_FIELDS = ("proxies", "dont_know", "coverage")
SHARES = frozenset(
    {
        What.ATTRITION,
        What.OVERLAP,
        What.COVERED_SHARE,
        What.BLIND_SPOT,
        What.METHOD_SHARE,
        What.SOBOL,
        What.FIRST_PLACE,
    }
)
HUNDREDTHS = SHARES | {
    What.DESIGN_DISTANCE,
    What.ORDER,
    What.AGREEMENT,
    What.FLIP,
    What.RELIABILITY,
    What.DIF,
}  # given out with two decimals
FOUR_DECIMALS = frozenset({What.DIF_LOGISTIC, What.DIF_P})

WITHHELD = Text.of(fr="non diffusé", en="not published")
REASONS = {
    "withheld": WITHHELD,
    "not_asked": Text.of(fr="non demandé ici", en="not asked here"),
    "not_everywhere": Text.of(
        fr="pas demandé dans tous les territoires", en="not asked in every territory"
    ),
    "no_population": Text.of(
        fr="population de 75 ans et plus inconnue", en="population of 75 and over not known"
    ),
    "no_answers": Text.of(fr="aucune réponse", en="no answers"),
    "coverage_below": Text.of(
        fr="trop peu d’indicateurs pour un score", en="too few indicators for a score"
    ),
    "undefined": Text.of(fr="non calculable", en="cannot be computed"),
    "no_rest": Text.of(
        fr="aucun autre territoire pour comparer", en="no other territory to compare with"
    ),
    "not_assessable": Text.of(
        fr="non évaluable : trop peu de personnes", en="not assessable: too few people"
    ),
    "break": Text.of(fr="rupture de série", en="break in the series"),
    "no_series": Text.of(
        fr="série administrative non saisie", en="administrative series not entered"
    ),
}
UNKNOWN = Text.of(fr="non disponible", en="not available")

FLAGS = {
    "resolved": Text.of(fr="ordre établi dans les deux cadres", en="order settled in both trees"),
    "fragile": Text.of(fr="fragile : moins de 30 réponses", en="fragile: fewer than 30 answers"),
    "lonely_psu": Text.of(
        fr="erreur mal connue : un seul groupe dans une strate",
        en="error poorly known: a single group in a stratum",
    ),
    "no_df": Text.of(fr="sans intervalle : trop peu de groupes", en="no interval: too few groups"),
    "dont_know": Text.of(fr="plus de 10 % ne savent pas", en="more than 10% do not know"),
    "paired": Text.of(fr="mêmes personnes dans les deux vagues", en="same people in both waves"),
    "independent": Text.of(fr="deux échantillons indépendants", en="two independent samples"),
    "break:frame": Text.of(
        fr="rupture : d’autres personnes pouvaient répondre", en="break: other people could answer"
    ),
    "break:measure": Text.of(
        fr="rupture : l’indicateur est mesuré autrement",
        en="break: the indicator is measured in another way",
    ),
    "break:wording": Text.of(
        fr="rupture : la question ou ses réponses ont changé",
        en="break: the question or its options changed",
    ),
    "break:framework": Text.of(fr="rupture : le cadre a changé", en="break: the framework changed"),
    "break:coverage": Text.of(
        fr="rupture : d’autres indicateurs entrent dans le score",
        en="break: other indicators enter the score",
    ),
    "break:territories": Text.of(
        fr="rupture : d’autres territoires entrent dans la moyenne",
        en="break: other territories enter the mean",
    ),
    "register": Text.of(
        fr="registre, sans erreur d’échantillonnage", en="register, without sampling error"
    ),
    "incomplete": Text.of(fr="incomplet", en="incomplete"),
    "floored": Text.of(fr="valeur nulle relevée au minimum", en="zero raised to the floor"),
    "at_goalpost": Text.of(fr="au bout de l’échelle", en="at the end of the scale"),
}
WITHOUT = Text.of(fr="sans {place}", en="without {place}")
DEPENDS_ON = "depends_on:"
DEPENDS = Text.of(fr="dépend surtout {list}", en="depends most on {list}")
METHOD_LISTS = {
    "aggregation": Text.of(fr="de l’agrégation", en="the aggregation"),
    "normalisation": Text.of(fr="de la normalisation", en="the normalisation"),
    "weights": Text.of(fr="des poids", en="the weights"),
    "missing": Text.of(
        fr="du nombre de réponses exigé d’une échelle", en="how many answers a scale needs"
    ),
    "dont_know": Text.of(fr="du sort des « ne sait pas »", en="what “don’t know” counts as"),
    "respondents": Text.of(
        fr="des réponses données à la place de la personne", en="answers given by someone else"
    ),
}


def rounded(seen: Observation) -> Observation:
    """The observation as it is given out. Idempotent; withheld ones stay empty."""
    places = dict(DECIMALS)
    if seen.what in HUNDREDTHS:
        places |= {"value": 2, "low": 2, "high": 2}
    elif seen.what in FOUR_DECIMALS:
        places["value"] = 4
    changed = {
        name: _round(getattr(seen, name), decimals)
        for name, decimals in places.items()
        if getattr(seen, name) is not None
    }
    changed |= {
        name: _round(getattr(seen, name), 2)
        for name in SHARE_FIELDS
        if getattr(seen, name) is not None
    }
    if seen.weighted_base is not None:
        changed["weighted_base"] = _round(seen.weighted_base, 1)
    return replace(seen, **changed)  # type: ignore[arg-type] # only fields that hold numbers


def _round(value: float, decimals: int) -> float:
    return round(value, decimals) + 0.0  # -0.0 becomes 0.0


def number(value: float, language: str, decimals: int = 1, *, signed: bool = False) -> str:
    """A number as people of the language write it: ``1 842,5`` or ``1,842.5``."""
    value = _round(value, decimals)
    text = f"{abs(value):,.{decimals}f}"
    if language == "fr":
        text = text.replace(",", NARROW_SPACE).replace(".", ",")
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return sign + text


def percent(share: float, language: str) -> str:
    """A share of 1 as whole percent."""
    space = NARROW_SPACE if language == "fr" else ""
    return f"{number(share * 100, language, 0)}{space}%"


def value_in_words(seen: Observation | None, language: str, *, signed: bool = False) -> str:
    """The figure itself, or why there is none."""
    if seen is None:
        return UNKNOWN.in_(language)
    if not seen.shown or seen.value is None:
        return reason_in_words(seen, language)
    if seen.what in SHARES:
        return percent(seen.value, language)
    return number(seen.value, language, signed=signed)


def interval_in_words(seen: Observation | None, language: str, *, signed: bool = False) -> str:
    """``57,1 à 69,0``; empty without an interval."""
    if seen is None or not seen.shown or seen.low is None or seen.high is None:
        return ""
    between = " à " if language == "fr" else " to "
    ends = (number(end, language, signed=signed) for end in (seen.low, seen.high))
    return between.join(ends)


def reason_in_words(seen: Observation, language: str) -> str:
    """Why there is no figure."""
    if seen.confidentiality == "N":
        return WITHHELD.in_(language)
    return REASONS.get(seen.reason or "", UNKNOWN).in_(language)


def flag_codes(flags: Iterable[str]) -> str | None:
    """The same for programs: the flags themselves, each once, with a space between."""
    return " ".join(dict.fromkeys(flags)) or None


def flags_in_words(seen: Observation, language: str, names: dict[str, str]) -> list[str]:
    """What to be careful about; ``names`` of territories for the flags that name one."""
    words = []
    for flag in seen.flags:
        if flag.startswith("without:"):
            code = flag.removeprefix("without:")
            words.append(WITHOUT.in_(language).replace("{place}", names.get(code, code)))
        elif flag.startswith(DEPENDS_ON):
            which = METHOD_LISTS[flag.removeprefix(DEPENDS_ON)].in_(language)
            words.append(DEPENDS.in_(language).replace("{list}", which))
        else:
            known = FLAGS.get(flag)
            words.append(flag_in_words(flag, language) if known is None else known.in_(language))
    return words
