"""Changes that a territory asks for in a national question, said where the question is locked.

They are comments on the territory's draft whose place names the level that speaks and the question
of the core. Nothing changes by them: the nation answers, or prepares its next version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.composition import whole_questions
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import reviews
from app.storage.database import now
from app.storage.reviews import ReviewComment
from app.storage.surveys import QuestionnaireVersion
from app.workflows import review_mail
from app.workflows.acting import Actor, House, act
from app.workflows.edit_act import desk

MOST = 2000  # signs
_TERRITORY, _NATION = "core:", "nation:"


@dataclass(frozen=True)
class Waiting:
    """A question of the core about which the other level spoke last."""

    row: QuestionnaireVersion
    item: str
    last: ReviewComment


def say(house: House, actor: Actor, draft_id: int, item: str, words: str) -> None:
    """Ask for a change in a question of the core, or answer who asked; the other level is told.

    Raises NotFound where the core of this module does not ask it, BadInput, NotAllowed.
    """
    said = words.strip()
    if not said or len(said) > MOST:
        raise BadInput([Fault("words", *_WORDS)])
    with house.database.read() as session:
        found = desk(session, actor, "questionnaire", draft_id)
    row = found.row
    if not isinstance(row, QuestionnaireVersion) or row.territory == NATION:
        raise NotFound
    core = found.around.cores.get(row.audience)
    if core is None or item not in whole_questions(core.pages):
        raise NotFound
    nation = actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION)
    thing = f"questionnaire:{draft_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_COMMENT, row.territory, thing) as acted:
        before = said_of(reviews.comments(acted.session, draft_id), item)
        review_mail.wished(house, acted.session, actor, row, item, before, nation=nation)
        acted.session.add(
            ReviewComment(
                programme_id=actor.programme_id,
                territory=row.territory,
                version_id=draft_id,
                place=(_NATION if nation else _TERRITORY) + item,
                words=said,
                said_by=actor.account_id,
                said_at=now(),
            )
        )
        acted.details = {"did": "wish", "item": item}


def said_of(comments: Iterable[ReviewComment], item: str) -> list[ReviewComment]:
    """What both levels said of this question of the core, oldest first."""
    return [each for each in comments if each.place in (_TERRITORY + item, _NATION + item)]


def waiting(
    session: Session, actor: Actor, drafts: Iterable[QuestionnaireVersion]
) -> list[Waiting]:
    """What waits for an answer of the actor's level, in these drafts of territories."""
    awaited = _TERRITORY if actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION) else _NATION
    rows = {row.id: row for row in drafts}
    last: dict[tuple[int, str], ReviewComment] = {}
    for each in reviews.comments_on(session, rows):
        level, colon, item = each.place.partition(":")
        if colon and f"{level}:" in (_TERRITORY, _NATION):
            last[each.version_id, item] = each
    return [
        Waiting(rows[version], item, each)
        for (version, item), each in last.items()
        if each.place.startswith(awaited)
    ]


_WORDS = (
    Text.of(fr="Il manque quelques mots.", en="A few words are missing."),
    Text.of(
        fr="Dites ce qui est à changer et pourquoi, en 2000 signes au plus.",
        en="Say what is to be changed and why, in at most 2000 signs.",
    ),
)
