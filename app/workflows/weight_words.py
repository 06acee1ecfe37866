"""How weights came about, in words."""

from __future__ import annotations

from app.domain.text import Text

METHODS = {
    "design weights as imported": Text.of(fr="poids de l’échantillon", en="weights of the sample"),
    "design weights from the frame": Text.of(
        fr="effectif de la strate sur personnes tirées", en="count of the stratum over people drawn"
    ),
    "post-stratification": Text.of(fr="post-stratification", en="post-stratification"),
    "raking": Text.of(fr="calage sur marges", en="raking"),
    "raking within bounds": Text.of(
        fr="calage sur marges, poids bornés", en="raking, weights within bounds"
    ),
}
