"""How long each class of data is kept, and why: the one table of the retention engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.text import Text

SET_ASIDE = timedelta(days=30)  # that data of people are set aside before they are removed
LOG_AT_LEAST, LOG_AT_MOST = timedelta(days=180), timedelta(days=365)  # CNIL, deliberation 2021-122


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of data, and the days that it is kept after its wave closed or after its last use."""

    name: str
    days: int
    what: Text
    why: Text

    def before(self, now: datetime) -> datetime:
        """What ended before this moment is removed."""
        return now - timedelta(days=self.days)


CLASSES = (
    Kept(
        "contacts",
        90,
        Text.of(
            fr="noms et adresses des personnes invitées", en="names and addresses of people invited"
        ),
        Text.of(
            fr="plus de lettre à envoyer une fois la vague close ; 90 jours pour les réclamations",
            en="no letter is sent once the wave has closed; 90 days for complaints",
        ),
    ),
    Kept(
        "sessions",
        30,
        Text.of(fr="sessions des participants", en="participants’ sessions"),
        Text.of(fr="une session vit un jour", en="a session lives a day"),
    ),
    Kept(
        "form_keys",
        30,
        Text.of(fr="clés et reçus des pages enregistrées", en="keys and receipts of saved pages"),
        Text.of(
            fr="un envoi répété arrive le jour même ; on appelle dans le mois",
            en="a repeated sending arrives the same day; people call within a month",
        ),
    ),
    Kept(
        "answers",
        5 * 365,
        Text.of(fr="réponses et lien avec la personne", en="answers, and their link to a person"),
        Text.of(
            fr="cinq ans, pour comparer les vagues ; ce qui a été publié demeure",
            en="five years, to compare waves; what was published stays",
        ),
    ),
)
