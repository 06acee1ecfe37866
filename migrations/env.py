"""Where Alembic finds the database and the tables; see app/cli/database.py for the commands."""

from __future__ import annotations

import os
import re
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, event
from sqlalchemy.schema import CreateSchema

from app.settings import from_environment
from app.storage.database import SCHEMAS, Database, Moment
from app.storage.limits import UPGRADE
from app.storage.schema import TABLES


def render(kind: str, thing: Any, _context: AutogenContext) -> str | bool:
    """Write our own types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        return "DOCUMENT"
    return False


def one_schema(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
) -> tuple[str, Any]:
    """Statements of a migration name the schema, which SQLite has not."""
    return re.sub(rf"\b(?:{'|'.join(SCHEMAS)})\.", "", statement), parameters


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, all in one transaction."""
    writer = database.engine.execution_options(covalue_writes=True)
    with writer.connect() as connection:
        postgres = connection.dialect.name == "postgresql"
        context.configure(
            connection=connection,
            target_metadata=TABLES,
            include_schemas=postgres,
            include_name=lambda name, kind, _parents: kind != "schema" or name in (None, *SCHEMAS),
            render_item=render,
        )
        if not postgres:
            event.listen(connection, "before_cursor_execute", one_schema, retval=True)
        with context.begin_transaction():
            if postgres:
                for schema in SCHEMAS:
                    connection.execute(CreateSchema(schema, if_not_exists=True))
            context.run_migrations()


given: Database | None = context.config.attributes.get("database")
if context.is_offline_mode():
    raise SystemExit("Migrations need the database itself: leave out --sql")
if given is not None:
    upgrade(given)
else:
    opened = Database(from_environment(os.environ).database, pool_size=1, within=UPGRADE)
    try:
        upgrade(opened)
    finally:
        opened.dispose()
