"""Mail between the two levels: a module submitted, commented, decided; a national question.

A message names the territory and leads to the page; what was said stays in the service.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.permissions import Verb, may
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import reviews
from app.storage.accounts import Account, accounts_in, grants_of
from app.storage.database import now
from app.storage.reviews import Review, ReviewComment
from app.storage.surveys import QuestionnaireVersion
from app.workflows.acting import Actor, House
from app.workflows.mail import queue_mail


def submitted(house: House, session: Session, actor: Actor, made: Review) -> None:
    """Tell everybody else who may decide for the nation."""
    about = _About(made.territory, f"reviews/{made.id}", f"review:{made.id}:submitted")
    _tell(house, session, actor, about, "submitted", _deciders(session, actor))


def commented(house: House, session: Session, actor: Actor, made: Review) -> None:
    """Tell who submitted it, and who said something before."""
    said = reviews.comments(session, made.version_id)
    about = _About(made.territory, f"reviews/{made.id}", f"review:{made.id}:comment {len(said)}")
    speakers = [made.asked_by, *(each.said_by for each in said)]
    _tell(house, session, actor, about, "comment", _accounts(session, speakers))


def decided(house: House, session: Session, actor: Actor, made: Review) -> None:
    """Tell who submitted it what was decided."""
    about = _About(made.territory, f"reviews/{made.id}", f"review:{made.id}:{made.state}")
    _tell(house, session, actor, about, made.state, _accounts(session, [made.asked_by]))


def wished(
    house: House,
    session: Session,
    actor: Actor,
    row: QuestionnaireVersion,
    item: str,
    before: Sequence[ReviewComment],
    *,
    nation: bool,
) -> None:
    """Tell of words about a national question: the nation, or the territory's people who asked."""
    address = f"drafts/{row.id}/build/q/{item}"
    about = _About(row.territory, address, f"wish:{row.id}:{item}:{len(before)}")
    if nation:
        people = _accounts(session, [each.said_by for each in before])
        _tell(house, session, actor, about, "answered", people)
    else:
        _tell(house, session, actor, about, "wished", _deciders(session, actor))


@dataclass(frozen=True)
class _About:
    """Whose module a message is about, the page that it leads to, and its key: it is sent once."""

    territory: str
    address: str
    key: str


def _deciders(session: Session, actor: Actor) -> Iterator[Account]:
    """Who may decide for the nation."""
    for account in accounts_in(session, actor.programme_id):
        grants = grants_of(session, account.id, actor.programme_id)
        if may(grants, Verb.QUESTIONNAIRE_PUBLISH, (NATION,), now().date()):
            yield account


def _accounts(session: Session, numbers: Iterable[int | None]) -> Iterator[Account]:
    """Each of these accounts once."""
    for number in dict.fromkeys(numbers):
        account = session.get(Account, number) if number is not None else None
        if account is not None:
            yield account


def _tell(
    house: House,
    session: Session,
    actor: Actor,
    about: _About,
    occasion: str,
    people: Iterable[Account],
) -> None:
    address = f"{house.office_url}/office/questionnaires/{about.address}"
    for account in people:
        if account.id == actor.account_id:
            continue
        language = account.language or "fr"
        place = actor.territories[about.territory].name.in_(language)
        words = _WORDS[occasion].in_(language).format(place=place)
        queue_mail(
            session,
            house,
            to=account.email,
            subject=words,
            text=f"{words}\n\n{address}\n",
            purpose="review",
            key=f"{about.key}:{account.id}",
        )


_WORDS = {
    "submitted": Text.of(
        fr="Un module attend votre avis ({place}).",
        en="A module awaits your decision ({place}).",
    ),
    "comment": Text.of(
        fr="Un commentaire est posé sur un module ({place}).",
        en="Somebody commented on a module ({place}).",
    ),
    "wished": Text.of(
        fr="Un territoire demande un changement dans une question nationale ({place}).",
        en="A territory asks for a change in a national question ({place}).",
    ),
    "answered": Text.of(
        fr="Le niveau national répond à votre demande de changement ({place}).",
        en="The national level answers your request for a change ({place}).",
    ),
    "approved": Text.of(
        fr="Votre module est approuvé, vous pouvez le publier ({place}).",
        en="Your module is approved, you can publish it ({place}).",
    ),
    "changes": Text.of(
        fr="Changements demandés sur votre module ({place}).",
        en="Changes are asked for in your module ({place}).",
    ),
}
