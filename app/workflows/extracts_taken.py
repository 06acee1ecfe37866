"""The files that an account took away, as it may see them again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row

from app.domain.permissions import Verb
from app.storage import releases
from app.storage.releases import Download, Release
from app.storage.waves import Wave
from app.workflows.acting import Actor, House
from app.workflows.publishing import require_somewhere


def taken(house: House, actor: Actor) -> Sequence[Row[Download, Release, Wave]]:
    """The last hundred files with their release and wave, newest first. Raises NotAllowed."""
    require_somewhere(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        return releases.taken_by(session, actor.programme_id, actor.account_id)
