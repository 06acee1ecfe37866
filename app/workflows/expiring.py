"""Adapted items whose time ends: both levels are told by mail, a month before and when it is over.

The worker calls it. A message goes once to each person: its key names the item and the occasion.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from app.domain.permissions import Verb, may
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage.accounts import Account, accounts_in, grants_of
from app.storage.database import now
from app.storage.reviews import Divergence, ending
from app.storage.territories import programmes
from app.workflows.acting import House
from app.workflows.mail import queue_mail
from app.workflows.my_work import SOON


def tell_ending(house: House) -> int:
    """Queue what is to be told today; how many messages are new. Safe to repeat."""
    if house.mail is None:
        return 0
    today, told = now().date(), 0
    with house.database.write() as session:
        for programme in programmes(session):
            for one in ending(session, programme.id, today + SOON):
                told += sum(
                    _tell(house, session, account, one, today)
                    for account in _concerned(session, one)
                )
    return told


def _concerned(session: Session, one: Divergence) -> Iterator[Account]:
    """Who drafts in the territory, and who decides for the nation; each once."""
    for account in accounts_in(session, one.programme_id):
        grants = grants_of(session, account.id, one.programme_id)
        drafts = may(grants, Verb.QUESTIONNAIRE_DRAFT, (one.territory,), now().date())
        if drafts or may(grants, Verb.QUESTIONNAIRE_PUBLISH, (NATION,), now().date()):
            yield account


def _tell(house: House, session: Session, account: Account, one: Divergence, today: date) -> bool:
    occasion = "over" if one.until < today else "soon"
    language, words = account.language or "fr", _WORDS[occasion]
    said = _TEXT.in_(language).format(
        own=one.own_item, item=one.item, territory=one.territory, day=one.until.isoformat()
    )
    return queue_mail(
        session,
        house,
        to=account.email,
        subject=words.in_(language),
        text=f"{words.in_(language)}\n\n{said}\n{house.office_url}/office/work\n",
        purpose="review",
        key=f"divergence:{one.id}:{occasion}:{account.id}",
    )


_WORDS = {
    "soon": Text.of(
        fr="Une question adaptée arrive à son terme dans un mois au plus.",
        en="An adapted item comes to its end within a month.",
    ),
    "over": Text.of(
        fr="Le terme d’une question adaptée est passé.",
        en="The time of an adapted item is over.",
    ),
}
_TEXT = Text.of(
    fr="{own} ({territory}), à côté de {item}\u00a0: jusqu’au {day}.",
    en="{own} ({territory}), beside {item}: until {day}.",
)
