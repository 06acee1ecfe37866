"""``flask database``, the tables: bring them up to date, say where they are, who may use them."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.cli.entry import house
from app.domain.deeds import Deed
from app.storage import schema
from app.storage.durability import unsafe_settings
from app.storage.row_security import guards
from app.workflows.auditing import record_operation
from app.workflows.watching_clock import clock_behind

DANGERS = {
    "loses": "answers could be lost",
    "unnoticed": "what the disk breaks goes unnoticed",
    "tells": "its log would tell answers",
}
database = AppGroup("database", help="The tables: bring them up to date, look at them.")


@database.command()
def upgrade() -> None:
    """Make or change the tables, in one transaction. Again: changes nothing."""
    before, after = schema.upgrade(house().database)
    if before == after:
        click.echo(f"The database is at {after} already.")
    else:
        record_operation(house(), Deed.DATABASE_UPGRADE, {"before": before or "", "after": after})
        click.echo(f"The database went from {before or 'empty'} to {after}.")


@database.command()
def check() -> None:
    """Say at which revision the database is, and what of it is not safe.

    Ends with 1 if that is not the newest, if a table lacks row-level security, if the server could
    lose acknowledged answers, or if this machine's clock is behind the audit log.
    """
    present, newest = schema.revisions(house().database)
    if present != newest:
        click.echo(f"The database is at {present or 'empty'}, the newest is {newest}.", err=True)
        click.echo("Bring it up to date with: flask database upgrade", err=True)
        raise SystemExit(1)
    if unguarded := schema.unguarded(house().database):
        click.echo(f"Without row-level security: {', '.join(unguarded)}.", err=True)
        click.echo("Give it with: flask database privileges | psql …", err=True)
        raise SystemExit(1)
    lacking = unsafe_settings(house().database)
    for each in lacking:
        what = DANGERS[each.danger]
        click.echo(f"{each.name} is {each.is_}, should be {each.should}: {what}.", err=True)
    if any(each.danger == "loses" for each in lacking):
        raise SystemExit(1)
    if seconds := clock_behind(house()):
        click.echo(f"This machine's clock is {seconds:.0f} s behind the audit log.", err=True)
        raise SystemExit(1)
    click.echo(f"The database is at {present}, the newest.")


@database.command()
def privileges() -> None:
    """Print the SQL that gives each surface's role on PostgreSQL what it may do and see, no more.

    Feed it to psql as the owner of the tables, after every upgrade.
    """
    for statement in guards(schema.TABLES):
        click.echo(f"{statement};")
