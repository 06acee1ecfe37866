"""Which frameworks were published after answers had been looked at, in sentences.

To change weights once scores are known is tuning: a reader is told with every verdict.
"""

from __future__ import annotations

from app.domain.dates import spoken_date
from app.domain.text import Text
from app.storage.published import Published

LATE = Text.of(
    fr="Le cadre {code}, version {number}, a été publié le {published}, après des données arrêtées "
    "le {after}\u00a0: ses poids ont pu être choisis en connaissant des résultats.",
    en="Framework {code}, version {number}, was published on {published}, after data frozen on "
    "{after}: its weights may have been chosen knowing results.",
)
NONE_LATE = Text.of(
    fr="Aucun cadre de cette diffusion n’a été publié après un arrêt des données\u00a0: les poids "
    "ont été choisis sans connaître de résultat.",
    en="No framework of this release was published after a data cut: weights were chosen without "
    "knowing any result.",
)


def late_said(seen: Published, language: str, territory: str | None = None) -> tuple[str, ...]:
    """One sentence for each late framework, or that there is none; ``territory``: of the
    frameworks that judge this one alone."""
    judging = [
        each for each in seen.frameworks if territory is None or each.territory in (None, territory)
    ]
    told = [
        LATE.in_(language).format(
            code=each.code,
            number=each.version,
            published=spoken_date(f"{late.published:%Y-%m-%d}").in_(language),
            after=spoken_date(f"{late.after:%Y-%m-%d}").in_(language),
        )
        for each in judging
        if (late := seen.late.get(each.code)) is not None
    ]
    return tuple(told) or (NONE_LATE.in_(language),)
