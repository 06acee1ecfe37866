"""``flask backup``: make, verify, restore and rehearse encrypted backups."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import click
import orjson
from flask.cli import AppGroup

from app.cli.entry import house, refusals, settings
from app.protection.sealed_files import new_identity, recipient
from app.storage.database import Database
from app.workflows import backing_up
from app.workflows.acting import House

group = AppGroup("backup", help="Encrypted backups: make, verify, restore, rehearse.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY = click.option("--key", type=FILE, required=True, help="File with the private key (age).")
backup = click.argument("backup", type=FILE)
ROOT = Path(__file__).parents[2]
READY = """
import sys, wsgi
for surface in (wsgi.public, wsgi.office):
    if surface.test_client().get("/ready", base_url="http://" + sys.argv[1]).status_code != 200:
        raise SystemExit(1)
"""


@group.command("key")
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> None:
    """Make a pair of keys: the private one into FILE, to be kept elsewhere; prints the public one.

    Run it on another machine than the server.
    """
    private, public = new_identity()
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise click.ClickException(f"{file} exists already; nothing was written.") from error
    file.write_text(f"# public key: {public}\n{private}\n")
    click.echo(public)


@group.command("make")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Folder. [setting]")
@click.option("--recipient", "recipients", multiple=True, help="Public key, age1…. [setting]")
@click.option("--keep", type=click.IntRange(1), default=35, show_default=True, help="Days.")
def make(target: Path | None, recipients: tuple[str, ...], keep: int) -> None:
    """Write a backup, read it again, and remove those that are older than KEEP days."""
    target = target or settings().backup_folder
    recipients = recipients or settings().backup_recipients
    if target is None or not recipients:
        raise click.UsageError(
            "Say where and for whom: --to and --recipient, or "
            "COVALUE_BACKUP_FOLDER and COVALUE_BACKUP_RECIPIENTS."
        )
    for written in recipients:
        try:
            recipient(written)
        except ValueError as error:
            raise click.UsageError("--recipient wants a public key, age1….") from error
    with refusals():
        made = backing_up.make(house(), target.resolve(), recipients)
        gone = backing_up.forget(target, timedelta(days=keep))
    click.echo(f"{made} ({made.stat().st_size} bytes); {gone} older ones removed.")


@group.command("verify")
@backup
@click.option("--key", type=FILE, help="File with the private key; without it: the digest alone.")
def verify(backup: Path, key: Path | None) -> None:
    """Check a backup: whole, unaltered and, with the key, every part and the database in it."""
    with refusals():
        manifest = backing_up.verify(house(), backup, key)
    if manifest is None:
        click.echo("The file is the one that was written. With --key its content is checked too.")
        return
    rows = sum(count for count, _digest in manifest["tables"].values())
    click.echo(
        f"Good: made {manifest['made_at']}, {manifest['engine']} at {manifest['revision']}, "
        f"{len(manifest['tables'])} tables, {rows} rows, {len(manifest['parts']) - 1} files."
    )


@group.command("restore")
@backup
@KEY
def restore(backup: Path, key: Path) -> None:
    """Bring a backup back into this service's own database and folder, both empty."""
    with refusals():
        found = backing_up.restore(house(), backup, key)
    click.echo(
        f"Restored what was backed up at {found.manifest['made_at']}; "
        f"{found.erased_again} erasures done again."
    )
    if house().database.url.get_backend_name() != "sqlite":
        click.echo("Give the roles their rights: flask database privileges")


@group.command("drill")
@backup
@KEY
@click.option("--into", help="Empty database for the rehearsal; SQLite needs none.")
@click.option("--report", type=click.Path(path_type=Path), help="File for the report; JSON.")
def drill(backup: Path, key: Path, into: str | None, report: Path | None) -> None:
    """Rehearse a restoration in another place, start the service there, and report."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="covalue-drill-")))
        address = into or f"sqlite:///{folder / 'drill.sqlite'}"
        place = House(Database(address), house().keys, folder / "data", house().public_url)
        stack.callback(place.database.dispose)
        with refusals():
            found = backing_up.drill(house(), backup, key, place)
        told = {
            "backup": backup.name,
            "made_at": found.manifest["made_at"],
            "tables": len(found.manifest["tables"]),
            "rows": sum(count for count, _digest in found.manifest["tables"].values()),
            "files": len(found.manifest["parts"]) - 1,
            "erased_again": found.erased_again,
            "seconds": round(found.seconds, 1),
            "starts": _starts(place),
        }
    written = orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
    if report:
        report.write_text(written + "\n")
    click.echo(written)
    if not told["starts"]:
        raise SystemExit(1)


def _starts(place: House) -> bool:
    """Whether both surfaces, in a process of their own, say that they are ready there."""
    environment = os.environ | {
        "COVALUE_DATABASE": place.database.url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(place.folder),
    }
    host = settings().hosts[0] if settings().hosts else "localhost"
    asked = subprocess.run(
        [sys.executable, "-c", READY, host],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return asked.returncode == 0
