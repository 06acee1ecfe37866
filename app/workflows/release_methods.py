"""How the figures of a release were made, in sentences: for its Methods page and its files."""

from __future__ import annotations

from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.quantities import Reason
from app.evaluation.tables import What
from app.storage.published import Published
from app.workflows.late_words import late_said
from app.workflows.summary_words import methods_said

NOT_EVERYWHERE = Text.of(
    fr="Du cadre national, n’ont pas été demandés dans tous les territoires\u00a0: {titles}. Ces "
    "indicateurs n’ont donc pas de chiffre national, et le score national ne les contient pas.",
    en="Of the national framework, these were not asked in every territory: {titles}. They "
    "therefore have no national figure, and the national score does not contain them.",
)


def methods_of(seen: Published, language: str) -> tuple[str, ...]:
    """The sentences of a release: what its manifest has, what was not asked everywhere, and which
    frameworks came after looking."""
    partly = [
        f"{seen.indicators[each.code].title.in_(language)} ({each.code})"
        for what in (What.INDICATOR, What.LEDGER)
        for each in seen.table.of(what, territory=NATION)
        if each.reason == Reason.NOT_EVERYWHERE
    ]
    said = [NOT_EVERYWHERE.in_(language).format(titles=", ".join(partly))] if partly else []
    return (*methods_said(seen.manifest, language), *said, *late_said(seen, language))
