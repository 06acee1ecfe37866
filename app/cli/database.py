"""``flask database``, the tables: bring them up to date, say where they are, who may use them."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.cli.entry import house
from app.storage import schema
from app.storage.row_security import guards

database = AppGroup("database", help="The tables: bring them up to date, look at them.")


@database.command()
def upgrade() -> None:
    """Make or change the tables, in one transaction. Again: changes nothing."""
    before, after = schema.upgrade(house().database)
    if before == after:
        click.echo(f"The database is at {after} already.")
    else:
        click.echo(f"The database went from {before or 'empty'} to {after}.")


@database.command()
def check() -> None:
    """Say at which revision the database is. Ends with 1 if that is not the newest."""
    present, newest = schema.revisions(house().database)
    if present != newest:
        click.echo(f"The database is at {present or 'empty'}, the newest is {newest}.", err=True)
        click.echo("Bring it up to date with: flask database upgrade", err=True)
        raise SystemExit(1)
    if unguarded := schema.unguarded(house().database):
        click.echo(f"Without row-level security: {', '.join(unguarded)}.", err=True)
        click.echo("Give it with: flask database privileges | psql …", err=True)
        raise SystemExit(1)
    click.echo(f"The database is at {present}, the newest.")


@database.command()
def privileges() -> None:
    """Print the SQL that gives each surface's role on PostgreSQL what it may do and see, no more.

    Feed it to psql as the owner of the tables, after every upgrade.
    """
    for statement in guards(schema.TABLES):
        click.echo(f"{statement};")
