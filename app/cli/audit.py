"""``flask audit``: seal the log, verify it, publish its heads, prune what is too old."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.entry import house, refusals
from app.protection.audit_chain import Head, head_in, head_line, public_key
from app.workflows import auditing, sealing_audit, verifying_audit

_DAY = click.DateTime(["%Y-%m-%d"])
audit = AppGroup("audit", help="The audit log: who did what, and the proof that it stands.")


@audit.command()
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of heads kept by somebody else: from the page /journal, or 'flask audit heads'.",
)
@click.option("--head", "written", multiple=True, help="One line of it, or several.")
@click.option("--from", "first", type=_DAY, help="Only what was sealed from this day (UTC) on.")
@click.option("--to", "last", type=_DAY, help="Only what was sealed until the end of this day.")
def verify(
    anchor: Path | None, written: tuple[str, ...], first: datetime | None, last: datetime | None
) -> None:
    """Check every entry, the heads and the second copy. Ends with 3 where something was changed.

    With --from or --to: from the signed head before the first day to that of the last.
    """
    lines = [] if anchor is None else _lines(anchor)
    published = [_head(line) for line in (*lines, *written)]
    if first and last and first > last:
        raise click.UsageError("--from is after --to. Give the earlier day first.")
    begins, ends = (day.date() if day else None for day in (first, last))
    with refusals():
        found = verifying_audit.verify_days(house(), begins, ends, published)
    verdict = found.verdict
    if verdict.failure is not None:
        click.echo(f"FAILED position={verdict.failure.position} kind={verdict.failure.kind}")
        raise SystemExit(3)
    agreed, of = verdict.anchors
    click.echo(
        f"OK events={verdict.events} head={verdict.head.hex()} anchors={agreed}/{of} "
        f"oldest_unsealed={found.waiting:.0f}s"
    )


@audit.command()
def seal() -> None:
    """Seal what waits, as the worker does every few seconds."""
    click.echo(f"{sealing_audit.seal(house())} entries sealed.")


@audit.command()
def heads() -> None:
    """Print the signed head of every day: send them to whoever should keep them."""
    click.echo(f"# public key {public_key(house().keys.heads).hex()}")
    for head in auditing.heads(house()):
        click.echo(head_line(head))


@audit.command()
@click.option("--before", type=_DAY, required=True)
def prune(before: datetime) -> None:
    """Drop the entries of days before a date; signed headers keep the chain whole."""
    with refusals():
        click.echo(f"{auditing.prune(house(), before.date())} entries dropped.")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]


def _head(line: str) -> Head:
    try:
        return head_in(line)
    except ValueError:
        raise click.UsageError(f"Not a published head: {line[:60]!r}") from None
