"""Which versions of definitions an account reaches, and by which permissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, overload

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage import frameworks, surveys
from app.workflows.acting import Actor
from app.workflows.versions import Version

Family = Literal["questionnaire", "framework"]


@dataclass(frozen=True, slots=True)
class Verbs:
    """The three permissions of a family of definitions."""

    view: Verb
    draft: Verb
    publish: Verb


VERBS: dict[Family, Verbs] = {
    "questionnaire": Verbs(
        Verb.QUESTIONNAIRE_VIEW, Verb.QUESTIONNAIRE_DRAFT, Verb.QUESTIONNAIRE_PUBLISH
    ),
    "framework": Verbs(Verb.FRAMEWORK_VIEW, Verb.FRAMEWORK_DRAFT, Verb.FRAMEWORK_PUBLISH),
}


def readable(actor: Actor, family: Family) -> frozenset[str]:
    """Territories whose published versions the actor may read: its own, and the nation's."""
    scope = actor.scope(VERBS[family].view)
    return scope | {NATION} if scope else scope


@overload
def version(
    session: Session, actor: Actor, family: Literal["questionnaire"], version_id: int
) -> surveys.QuestionnaireVersion: ...
@overload
def version(
    session: Session, actor: Actor, family: Literal["framework"], version_id: int
) -> frameworks.FrameworkVersion: ...
@overload
def version(session: Session, actor: Actor, family: Family, version_id: int) -> Version: ...
def version(session: Session, actor: Actor, family: Family, version_id: int) -> Version:
    """A version or draft within the actor's reach; NotFound else.

    Published national definitions are for all who read; drafts for those of their territory.
    """
    find = surveys.questionnaire if family == "questionnaire" else frameworks.framework
    row = find(session, actor.programme_id, version_id, readable(actor, family))
    if row is None:
        raise NotFound
    if row.number is None and row.territory not in actor.scope(VERBS[family].view):
        raise NotFound
    return row
