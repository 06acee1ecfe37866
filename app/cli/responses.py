"""``flask responses``: bring completed responses in from a file; check what was acknowledged."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.entry import LANGUAGE, acting_operator, house, refusals
from app.domain.permissions import Verb
from app.domain.text import Text
from app.workflows.arrivals import import_responses
from app.workflows.receipt_checks import reconcile
from app.workflows.waves import wave_by_code


@click.group("responses")
def group() -> None:
    """Completed responses."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wave", "code", required=True, help="Code of an open wave.")
@click.option("--dry-run", is_flag=True, help="Judge every line, change nothing.")
@click.option("--programme", help="Needed only where several programmes are loaded.")
def bring_in(file: Path, code: str, dry_run: bool, programme: str | None) -> None:
    """Import a CSV file of completed responses, whole or not at all."""
    with refusals(Verb.RESPONSES_IMPORT), file.open("rb") as stream:
        actor = acting_operator(house(), programme)
        wave = wave_by_code(house(), actor, code)
        report = import_responses(house(), actor, wave.id, stream, dry_run=dry_run)
    for warning in report.warnings:
        click.echo(Text.of(warning).in_(LANGUAGE), err=True)
    if report.dropped:
        shown = ", ".join(report.named[:10])
        click.echo(f"{report.dropped} answers off the path were left out: {shown} …", err=True)
    verb = "would be new" if dry_run else "new"
    click.echo(f"{report.read} read, {report.new} {verb}, {report.same} there already.")


@group.command()
def receipts() -> None:
    """Hold every response against its last receipt. Ends with 3 where one differs."""
    found = reconcile(house())
    if found.differing:
        shown = ", ".join(map(str, found.differing[:20]))
        click.echo(f"FAILED {len(found.differing)} of {found.responses} responses: {shown}")
        raise SystemExit(3)
    click.echo(f"OK responses={found.responses}")
