"""What waits for somebody: drafts, decisions, waves in the field, and what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage import reviews
from app.storage.database import now
from app.storage.frameworks import FrameworkVersion, frameworks
from app.storage.reviews import Divergence, Review
from app.storage.surveys import QuestionnaireVersion
from app.storage.waves import Wave, waves_of
from app.workflows.acting import Actor
from app.workflows.core_wishes import Waiting, waiting

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """Everything that the actor may act on, or has to know of."""

    drafts: list[QuestionnaireVersion]
    frameworks: list[FrameworkVersion]
    to_decide: list[Review]  # submitted, for who decides for the nation
    sent_back: list[Review]  # changes asked for, for who drafts there
    approved: list[Review]  # to be published
    wishes: list[Waiting]  # changes asked for in national questions, and answers to that
    fielding: list[Wave]
    closing: list[Wave]  # open, and over within a month
    divergences: list[Divergence]  # over within a month, or over
    rights: list[tuple[str, date]]  # own grants that end within a month: territory, day

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to say at all."""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def my_work(session: Session, actor: Actor) -> Work:
    """What waits for this actor, within the actor's territories."""
    may_draft = actor.scope(Verb.QUESTIONNAIRE_DRAFT)
    sees = actor.scope(Verb.QUESTIONNAIRE_VIEW)
    programme, soon = actor.programme_id, now().date() + SOON
    drafts = reviews.drafts_in(session, programme, may_draft)
    alive = {row.id: row.checksum for row in drafts}
    latest: dict[int, Review] = {}
    for each in reviews.reviews(session, programme, sees):
        latest.setdefault(each.version_id, each)
    waves = waves_of(session, programme) if actor.scope(Verb.WAVE_VIEW) else []
    fielding = [wave for wave in waves if wave.state == "open"]
    decides = actor.may(Verb.QUESTIONNAIRE_PUBLISH, NATION)
    return Work(
        drafts=drafts,
        frameworks=[
            row
            for row in frameworks(session, programme, actor.scope(Verb.FRAMEWORK_DRAFT))
            if row.number is None
        ],
        to_decide=[r for r in latest.values() if decides and r.state == "waiting"],
        sent_back=[r for r in latest.values() if r.state == "changes" and r.version_id in alive],
        approved=[
            r
            for r in latest.values()
            if r.state == "approved" and alive.get(r.version_id) == r.checksum
        ],
        wishes=waiting(session, actor, reviews.drafts_in(session, programme, sees)),
        fielding=fielding,
        closing=[wave for wave in fielding if wave.closes_at.date() <= soon],
        divergences=[
            d for d in reviews.divergences(session, programme, may_draft) if d.until <= soon
        ],
        rights=sorted(
            (grant.territory, grant.valid_until)
            for grant in actor.grants
            if grant.valid_until and grant.holds_on(now().date()) and grant.valid_until <= soon
        ),
    )
