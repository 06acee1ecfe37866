"""What anybody may read of the feedback to participants; the public pages know no more of it."""

from __future__ import annotations

from typing import Any

from app.domain.errors import NotFound
from app.domain.territories import NATION
from app.storage.feedback import published_page
from app.workflows.acting import House


def read(house: House, wave: str, territory: str) -> dict[str, Any]:
    """A published page in words and figures, both languages. Raises ``NotFound``."""
    with house.database.read() as session:
        row = published_page(session, wave[:64], territory[:16])
    if row is None or row.territory == NATION:
        raise NotFound
    return row.said
