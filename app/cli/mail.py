"""``flask mail``: what waits to be sent, what is in doubt, and a message to try the server with."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.entry import house, refusals
from app.domain.deeds import Deed
from app.domain.errors import NotFound
from app.interchange.bounces import messages_in
from app.storage import outbox
from app.storage.audit import record
from app.storage.database import now
from app.storage.outbox import unsettled
from app.workflows.bounces import receive
from app.workflows.mail import queue_mail
from app.workflows.posting import send_waiting

mail = AppGroup("mail", help="Messages that wait, that are in doubt; a try of the server.")
LISTED = 200


@mail.command()
def status() -> None:
    """Count messages by channel, purpose and outcome, then list those that a person decides on."""
    with house().database.read() as session:
        for channel, purpose, outcome, count in outbox.counts(session):
            click.echo(f"{channel}\t{purpose}\t{outcome or 'waiting'}\t{count}")
        for row in unsettled(session, LISTED):
            click.echo(f"{row.id}\t{row.key}\t{row.outcome}\t{row.ended_at:%Y-%m-%d %H:%M}")


@mail.command()
@click.argument("number", type=int)
def again(number: int) -> None:
    """Send a doubtful or expired message once more (its number is in the list of status)."""
    with refusals(), house().database.write() as session:
        if not outbox.send_again(session, number, now()):
            raise NotFound
        record(session, actor=None, origin="cli", act=Deed.MAIL_AGAIN, thing=f"message:{number}")
    click.echo("Queued.")


@mail.command("try")
@click.argument("address")
def try_(address: str) -> None:
    """Send a message to this address now, to see that the settings are right."""
    if house().mail is None:
        raise click.ClickException("No mail server is set: see COVALUE_SMTP.")
    at = now()
    with refusals(), house().database.write() as session:
        queue_mail(
            session,
            house(),
            to=address,
            subject="Covalue",
            text="Ce message montre que l’envoi fonctionne.\nThis message shows that mail works.\n",
            purpose="try",
            key=f"try:{at:%Y%m%dT%H%M%S%f}",
        )
    for outcome, count in sorted(send_waiting(house()).items()):
        click.echo(f"{outcome}\t{count}")


@mail.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def bounces(paths: tuple[Path, ...]) -> None:
    """Read reports of failure from Maildir folders, mbox files or single messages."""
    counted = receive(house(), (each for path in paths for each in messages_in(path)))
    for outcome, count in sorted(counted.items()):
        click.echo(f"{outcome}\t{count}")
