"""What may be compared, in words."""

from __future__ import annotations

from app.domain.text import Text
from app.evaluation.comparable import Comparability

COMPARABILITIES = {
    Comparability.COMPARABLE: Text.of(fr="comparable", en="comparable"),
    Comparability.ASKED_ALIKE: Text.of(
        fr="demandé de la même façon ; le sens d’une seule question ne se teste pas",
        en="asked alike; what one question means cannot be tested",
    ),
    Comparability.WITH_CARE: Text.of(fr="à comparer avec prudence", en="compare with care"),
    Comparability.DIFFERS: Text.of(fr="ne pas comparer", en="do not compare"),
    Comparability.NOT_ASSESSABLE: Text.of(fr="non évaluable", en="not assessable"),
}
SYMBOLS = {
    Comparability.COMPARABLE: "●",
    Comparability.ASKED_ALIKE: "○",
    Comparability.WITH_CARE: "△",
    Comparability.DIFFERS: "✕",
    Comparability.NOT_ASSESSABLE: "–",
}
FLAGS = {
    "few_here": Text.of(fr="moins de 200 personnes ici", en="fewer than 200 people here"),
    "few_elsewhere": Text.of(
        fr="moins de 200 personnes ailleurs, ou demandé nulle part ailleurs",
        en="fewer than 200 people elsewhere, or asked nowhere else",
    ),
    "few_speak": Text.of(
        fr="moins de 200 personnes dans cette langue",
        en="fewer than 200 people in this language",
    ),
    "few_speak_others": Text.of(
        fr="moins de 200 personnes dans les autres langues",
        en="fewer than 200 people in the other languages",
    ),
    "not_shown": Text.of(fr="figure non diffusée", en="figure not published"),
    "wording": Text.of(
        fr="la question ou ses réponses diffèrent", en="the question or its options differ"
    ),
    "mode": Text.of(fr="autres façons de répondre", en="answered in other ways"),
    "language": Text.of(fr="autres langues", en="answered in other languages"),
    "proxies": Text.of(
        fr="plus ou moins de réponses à la place", en="more or fewer answers by someone else"
    ),
    "concerned": Text.of(
        fr="plus ou moins de personnes concernées", en="more or fewer people concerned"
    ),
    "reliability": Text.of(
        fr="échelle peu fiable ici (sous 0,7)", en="scale of low reliability here (under 0.7)"
    ),
    "dif": Text.of(
        fr="une question fonctionne un peu autrement ici",
        en="an item works somewhat differently here",
    ),
    "dif_large": Text.of(
        fr="une question fonctionne tout autrement ici",
        en="an item works quite differently here",
    ),
    "dif_unknown": Text.of(
        fr="fonctionnement des questions non testable", en="how items work cannot be tested"
    ),
    "dif_unsettled": Text.of(
        fr="le choix des questions de référence ne se stabilise pas",
        en="which items to match people on does not settle",
    ),
    "purified": Text.of(
        fr="hors du total de référence", en="left out of the total that people are matched on"
    ),
    "delta": Text.of(fr="delta de l’ETS", en="delta of ETS"),
    "logit": Text.of(fr="régression logistique", en="logistic regression"),
    "ordinal_logit": Text.of(fr="régression logistique ordinale", en="ordinal logistic regression"),
}


def flag_in_words(flag: str, language: str) -> str:
    """What a verdict rests on."""
    found = FLAGS.get(flag)
    return flag.removeprefix("size:") if found is None else found.in_(language)
