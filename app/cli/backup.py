"""``flask backup``: make, verify, restore and rehearse encrypted backups."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import orjson
from flask.cli import AppGroup

from app.cli.entry import house, refusals, settings
from app.domain.deeds import Deed
from app.interchange.backup_file import FOLDER
from app.protection.sealed_files import new_identity, recipient
from app.storage.address import BadAddress, read_address
from app.storage.database import Database
from app.storage.row_security import EVERYTHING
from app.workflows import archiving, backing_up
from app.workflows.acting import House
from app.workflows.auditing import record_operation
from app.workflows.backup_pair import Opened, Pair
from app.workflows.watching_starts import note_start

group = AppGroup("backup", help="Encrypted backups: make, verify, restore, rehearse.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY_HELP = "File with a private key (age); twice where the keys' file is for another one."
KEY = click.option("--key", "private", type=FILE, multiple=True, required=True, help=KEY_HELP)
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"])
KEYS = click.option("--keys", type=FILE, help="Keys' file; without it, the one beside the backup.")
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
@click.option("--key-recipient", "key_recipients", multiple=True, help="Of the keys. [setting]")
@click.option("--keep", type=click.IntRange(1), default=35, show_default=True, help="Days.")
@click.option("--keep-keys", type=click.IntRange(1), default=7, show_default=True, help="Days.")
def make(
    target: Path | None,
    recipients: tuple[str, ...],
    key_recipients: tuple[str, ...],
    keep: int,
    keep_keys: int,
) -> None:
    """Write a backup and the file of its keys, read them again, and remove older ones."""
    if keep_keys > keep:
        raise click.UsageError("--keep-keys is at most --keep: alone, keys open nothing.")
    key_recipients = key_recipients or recipients or settings().backup_key_recipients
    recipients = recipients or settings().backup_recipients
    target = _where(target, recipients, key_recipients)
    note_start(house(), "backup", os.environ)
    with refusals():
        made = backing_up.make(house(), target.resolve(), recipients, key_recipients)
        gone = backing_up.forget(target, timedelta(days=keep), timedelta(days=keep_keys))
    files = {path.name: path.stat().st_size for path in (made.backup, made.keys)}
    record_operation(house(), Deed.BACKUP_MAKE, {"files": files, "removed": list(gone)})
    for path in (made.backup, made.keys):
        click.echo(f"{path} ({path.stat().st_size} bytes)")
    click.echo(f"Removed: {gone[0]} older backups, {gone[1]} older files of keys.")


def _where(target: Path | None, *recipients: tuple[str, ...]) -> Path:
    """The folder of the backups, once it is sure for whom they are."""
    target = target or settings().backup_folder
    if target is None or not all(recipients):
        raise click.UsageError(
            "Say where and for whom: --to and --recipient, or "
            "COVALUE_BACKUP_FOLDER and COVALUE_BACKUP_RECIPIENTS."
        )
    for written in (each for some in recipients for each in some):
        try:
            recipient(written)
        except ValueError as error:
            raise click.UsageError("A recipient is a public key, age1….") from error
    return target


@group.command("cluster")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Folder. [setting]")
@click.option("--recipient", "recipients", multiple=True, help="Public key, age1…. [setting]")
@click.option("--keep", type=click.IntRange(1), default=7, show_default=True, help="Days.")
def cluster(target: Path | None, recipients: tuple[str, ...], keep: int) -> None:
    """Write an encrypted copy of PostgreSQL's whole cluster, from which the log of its writes goes
    on; remove older ones. They hold keys of answers: --keep as --keep-keys of backups."""
    recipients = recipients or settings().backup_key_recipients
    target = _where(target, recipients)
    with refusals():
        made = archiving.copy_cluster(house(), target.resolve(), recipients)
        gone = archiving.forget(target, timedelta(days=keep))
    details = {"files": {made.name: made.stat().st_size}, "removed": list(gone)}
    record_operation(house(), Deed.BACKUP_CLUSTER, details)
    click.echo(f"{made} ({made.stat().st_size} bytes)")
    click.echo(f"Removed: {gone[0]} older copies, {gone[1]} older segments.")


@group.command("log")
@click.argument("spool", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), help="Folder. [setting]")
@click.option("--recipient", "recipients", multiple=True, help="Public key, age1…. [setting]")
def log(spool: Path, target: Path | None, recipients: tuple[str, ...]) -> None:
    """Encrypt what PostgreSQL's archive_command has put into SPOOL, and remove it there."""
    recipients = recipients or settings().backup_key_recipients
    with refusals():
        count = archiving.take_in(spool, _where(target, recipients).resolve(), recipients)
    if count:
        click.echo(f"{count} files of the log sealed.")


@group.command("rewind")
@click.argument("base", type=FILE)
@click.option("--log", "log_", type=click.Path(path_type=Path), help="Default: wal beside BASE.")
@KEY
@click.option("--to", "place", type=click.Path(path_type=Path), required=True, help="New folder.")
@click.option("--until", type=MOMENT, help="Moment, UTC. Without it: to the end.")
def rewind(
    base: Path, log_: Path | None, private: tuple[Path, ...], place: Path, until: datetime | None
) -> None:
    """Lay a copy of the cluster and the log into a folder, for PostgreSQL to be started on."""
    moment = until and until.replace(tzinfo=UTC)
    with refusals():
        found = archiving.bring_back(
            base, log_ or base.parent / archiving.LOG, private, place.resolve(), moment
        )
    click.echo(f"{place}: {found.segments} segments of the log, the last is {found.last}.")
    click.echo("Give both folders to the server's account, start it there, wait until it has ended")
    click.echo("recovery; then: flask privacy replay-tombstones, flask database check.")
    click.echo(f"Remove {place}-{archiving.LOG} afterwards: it opens without a key.")


@group.command("verify")
@backup
@KEYS
@click.option("--key", "private", type=FILE, multiple=True, help=f"{KEY_HELP} None: digests alone.")
def verify(backup: Path, keys: Path | None, private: tuple[Path, ...]) -> None:
    """Check a backup: whole, unaltered and, with the key, every part and the database in it."""
    with refusals():
        found = backing_up.verify(house(), Pair.of(backup, keys), private)
    if found is None:
        click.echo("The files are those that were written. With --key what is in them is checked.")
        return
    manifest = found.backup
    click.echo(
        f"Good: made {manifest['made_at']}, {manifest['engine']} at {manifest['revision']}, "
        f"{len(manifest['tables'])} tables, {_rows(found)} rows, {_files(found)} files; "
        f"{_of_keys(found)}."
    )


@group.command("restore")
@backup
@KEYS
@KEY
def restore(backup: Path, keys: Path | None, private: tuple[Path, ...]) -> None:
    """Bring a backup back into this service's own database and folder, both empty."""
    with refusals():
        found = backing_up.restore(house(), Pair.of(backup, keys), private)
    made_at = found.opened.backup["made_at"]
    record_operation(house(), Deed.BACKUP_RESTORE, {"made_at": made_at, "log": found.log_holds})
    click.echo(
        f"Restored what was backed up at {found.opened.backup['made_at']}, "
        f"{_of_keys(found.opened)}; {found.erased_again} erasures done again."
    )
    if found.receipts.differing:
        click.echo("Some answers are not those acknowledged last: flask responses receipts.")
    if not found.log_holds:
        click.echo("The audit log in it is not as it was sealed: flask audit verify says where.")
    if house().database.url.get_backend_name() != "sqlite":
        click.echo("Give the roles their rights: flask database privileges")


@group.command("drill")
@backup
@KEYS
@KEY
@click.option("--into", help="Empty database for the rehearsal; SQLite needs none.")
@click.option("--report", type=click.Path(path_type=Path), help="File for the report; JSON.")
def drill(
    backup: Path,
    keys: Path | None,
    private: tuple[Path, ...],
    into: str | None,
    report: Path | None,
) -> None:
    """Rehearse a restoration in another place, start the service there, and report."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="covalue-drill-")))
        try:
            address = read_address(
                into or f"sqlite:///{folder / 'drill.sqlite'}", folder, os.environ
            )
        except BadAddress as error:
            raise click.UsageError("--into: {}. {}.".format(*error.args)) from error
        place = House(Database(address), house().keys, folder / "data", house().public_url)
        stack.callback(place.database.dispose)
        with refusals():
            found = backing_up.drill(house(), Pair.of(backup, keys), private, place)
            again = _recomputed(place)
        told = {
            "backup": backup.name,
            "made_at": found.opened.backup["made_at"],
            "keys_made_at": found.opened.keys["made_at"],
            "tables": len(found.opened.backup["tables"]),
            "rows": _rows(found.opened),
            "keys": found.opened.keys["keys"][0],
            "files": _files(found.opened),
            "erased_again": found.erased_again,
            "audit_log_holds": found.log_holds,
            "receipts": found.receipts.responses,
            "receipts_differ": len(found.receipts.differing),
            "recomputed": again,
            "seconds": round(found.seconds, 1),
            "starts": _starts(place),
        }
        good = (
            found.log_holds and not found.receipts.differing and all(each["good"] for each in again)
        )
    written = orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
    if report:
        report.write_text(written + "\n")
    click.echo(written)
    if not (told["starts"] and good):
        raise SystemExit(1)


def _recomputed(place: House) -> list[dict[str, Any]]:
    """Of each release made again there: how many figures, and whether they are the same."""
    from app.workflows.rehearsing import recompute  # with all that computes

    return [asdict(each) | {"good": each.good} for each in recompute(place.seen_by(EVERYTHING))]


def _rows(opened: Opened) -> int:
    return sum(count for count, _digest in opened.backup["tables"].values())


def _files(opened: Opened) -> int:
    """Files of the data folder, in both."""
    parts = (*opened.backup["parts"], *opened.keys["parts"])
    return sum(name.startswith(f"{FOLDER}/") for name in parts)


def _of_keys(opened: Opened) -> str:
    when = "" if opened.same_moment else f" of later, {opened.keys['made_at']}"
    return f"with {opened.keys['keys'][0]} keys of answers{when}"


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
