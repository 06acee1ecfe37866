"""Every table of the house together, and the migrations that make and change them."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from app.storage import (  # noqa: F401 - importing a module declares its tables
    accounts,
    answer_files,
    api_tokens,
    assistance,
    audit,
    audit_chain,
    calls,
    contacting,
    count_tables,
    dossiers,
    draft_edits,
    extract_requests,
    factors,
    feedback,
    field_targets,
    follows,
    frameworks,
    invitations,
    jobs,
    keying,
    known_totals,
    library,
    outbox,
    outcome_counts,
    participants,
    passages,
    public_pages,
    recordings,
    releases,
    response_cells,
    response_keys,
    responses,
    retention,
    reviews,
    rights_requests,
    series,
    surveys,
    territories,
    throttle,
    trials,
    wave_territories,
    waves,
)
from app.storage.database import Base, Database
from app.storage.limits import UPGRADE
from app.storage.row_security import MISSING, STAFF

TRIES, PAUSE = 10, 1.0  # of an upgrade that waits for a lock; seconds between
ROOT = Path(__file__).parents[2]
TABLES = Base.metadata


def migrations(database: Database) -> Config:
    """Alembic's configuration, bound to ``database``."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> tuple[str | None, str | None]:
    """Bring the database to the newest revision, in one transaction: revision before and after.

    A lock is waited for 2 seconds only, since everybody else waits behind; then tried again, for
    about half a minute. Raises OperationalError where it never came free.
    """
    before, after = revisions(database)
    if before == after:
        return before, after
    own = Database(database.url, pool_size=1, within=UPGRADE)
    try:
        for turn in range(TRIES):
            try:
                command.upgrade(migrations(own), "head")
                break
            except OperationalError:
                if turn == TRIES - 1:
                    raise
                time.sleep(PAUSE)
    finally:
        own.dispose()
    return before, after


def unguarded(database: Database) -> list[str]:
    """Tables that should have row-level security and have it not; on SQLite none can."""
    if database.engine.name != "postgresql":
        return []
    names = [table.fullname for table in TABLES.sorted_tables if table.name in STAFF]
    with database.engine.connect() as connection:
        return sorted(row[0] for row in connection.exec_driver_sql(MISSING, (names,)))


def revisions(database: Database) -> tuple[str | None, str | None]:
    """The revision that the database is at (None: empty), and the newest one there is."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(migrations(database)).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision that this version of the service can bring to its own."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    return frozenset(each.revision for each in ScriptDirectory.from_config(config).walk_revisions())
