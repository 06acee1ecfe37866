"""The database as the process of one surface sees it: with its rights and no others."""

from __future__ import annotations

import postgres
import pytest
from sqlalchemy.engine import URL

from app.protection.sealing import AnswerSealing
from app.storage.database import NOT_SEALED, Database
from app.storage.privileges import Surface


def opened(
    url: URL,
    surface: Surface,
    request: pytest.FixtureRequest,
    sealing: AnswerSealing = NOT_SEALED,
) -> Database:
    """The same database; on PostgreSQL as a member of the surface's role."""
    if url.get_backend_name() != "sqlite":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        login = f"login_{surface}"
        server.execute(f"DROP ROLE IF EXISTS {login}", f"CREATE ROLE {login} LOGIN")
        server.execute(f"GRANT covalue_{surface} TO {login}")
        url = server.url("covalue", login)
    return Database(url, surface=surface, sealing=sealing)
