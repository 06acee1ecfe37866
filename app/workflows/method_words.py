"""The admissible methods of a framework in words."""

from __future__ import annotations

from app.domain.text import Text

LIST_NAMES = {
    "aggregation": Text.of(fr="Agrégation", en="Aggregation"),
    "normalisation": Text.of(fr="Normalisation", en="Normalisation"),
    "weights": Text.of(fr="Poids", en="Weights"),
    "missing": Text.of(fr="Réponses exigées d’une échelle", en="Answers that a scale needs"),
    "dont_know": Text.of(fr="« Ne sait pas »", en="“Don’t know”"),
    "respondents": Text.of(fr="Qui répond", en="Who answers"),
}
CHOICES = {
    "arithmetic": Text.of(fr="moyenne arithmétique", en="arithmetic mean"),
    "geometric": Text.of(fr="moyenne géométrique", en="geometric mean"),
    "goalposts": Text.of(fr="bornes fixes", en="fixed goalposts"),
    "min_max": Text.of(
        fr="entre le plus bas et le plus haut territoire",
        en="between the lowest and highest territory",
    ),
    "z": Text.of(fr="écarts types", en="standard deviations"),
    "rank": Text.of(fr="rang", en="rank"),
    "distance_to_target": Text.of(fr="distance à la cible", en="distance to target"),
    "framework": Text.of(fr="ceux du cadre", en="the framework’s own"),
    "equal": Text.of(fr="égaux", en="equal"),
    "judges": Text.of(fr="ceux de chaque juge", en="each judge’s"),
    "as_defined": Text.of(fr="comme l’indicateur le dit", en="as the indicator says"),
    "out": Text.of(fr="hors de la base", en="out of the base"),
    "no": Text.of(fr="compte comme non", en="counts as no"),
    "all": Text.of(fr="tout le monde", en="everyone"),
    "self_only": Text.of(
        fr="sans les réponses données par un autre", en="without answers given by someone else"
    ),
}
