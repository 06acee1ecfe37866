"""Frameworks begun on the screens, where nothing is published yet that could be gone on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.frameworks import Framework
from app.domain.new_frameworks import Beginning, Titles, national_framework, own_framework
from app.domain.permissions import Verb
from app.domain.questionnaire import Questionnaire
from app.domain.territories import NATION
from app.storage.frameworks import latest_frameworks
from app.workflows.acting import Actor, House
from app.workflows.edit_act import begun
from app.workflows.surroundings import surroundings


@dataclass(frozen=True)
class Unbegun:
    """What the account may begin. ``national``: the nation's framework, of which no version is
    published; ``territories``: those without one; ``extends``: the national one in force."""

    national: bool
    territories: tuple[str, ...]
    extends: Framework | None
    cores: Mapping[str, Questionnaire]


def unbegun(session: Session, actor: Actor) -> Unbegun:
    """The frameworks that have no version yet, of those that the account may draft."""
    around = surroundings(session, actor.programme_id, actor.territories)
    published = {row.territory for row in latest_frameworks(session, actor.programme_id)}
    free = actor.scope(Verb.FRAMEWORK_DRAFT) - published
    own = sorted(free - {NATION}) if around.national else ()
    return Unbegun(NATION in free, tuple(own), around.national, around.cores)


def begin_national(house: House, actor: Actor, beginning: Beginning) -> int:
    """A draft of the national framework, of one indicator; its id. Raises NotFound where a
    version is published already, NotAllowed, BadDefinition."""
    with house.database.read() as session:
        if not unbegun(session, actor).national:
            raise NotFound
    return begun(house, actor, "framework", national_framework(beginning))


def begin_own(house: House, actor: Actor, territory: str, title: Titles) -> int:
    """A draft of a territory's framework that says what the national one says; its id.

    Raises NotFound where the territory has a version, or there is none to extend.
    """
    with house.database.read() as session:
        found = unbegun(session, actor)
    if territory not in found.territories or found.extends is None:
        raise NotFound
    said = {tag: words for tag, words in title.items() if words}
    return begun(house, actor, "framework", own_framework(found.extends, territory, said))
