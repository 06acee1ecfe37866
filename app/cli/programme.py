"""``flask programme``: load a programme from its files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.entry import LANGUAGE, house, refusals
from app.domain.permissions import Verb
from app.workflows.programmes import Loaded, LoadReport, load_programme
from app.workflows.refusals import record_refused_file

group = AppGroup(
    "programme", help="The programme: territories, questionnaires, modules and frameworks."
)


@group.command("load")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder that holds config/ and surveys/. Default: this one.",
)
@click.option("--synthetic", is_flag=True, help="Mark the programme as made-up, for good.")
@click.option("--verbose", is_flag=True, help="Show warnings and advice too.")
def load(*, root: Path, synthetic: bool, verbose: bool) -> None:
    """Load every file below the folder: all of it, or nothing where one is refused."""
    with refusals(Verb.PROGRAMME_LOAD):
        report = load_programme(house(), root.resolve(), synthetic=synthetic)
    for entry in report.files:
        for line in told(entry, verbose=verbose):
            click.echo(line)
    click.echo(summary(report))
    if report.refused:
        record_refused_file(house(), None, Verb.PROGRAMME_LOAD, "")
        raise SystemExit(1)


def told(entry: Loaded, *, verbose: bool) -> list[str]:
    """The lines on one file: what became of it, then its findings with line and remedy."""
    version = f" (version {entry.number})" if entry.number else ""
    lines = [f"{entry.state:<10} {entry.file}{version}"]
    for finding in entry.findings:
        if verbose or entry.state in ("refused", "diverged"):
            line = f":{finding.line}" if finding.line else ""
            message, remedy = finding.message.in_(LANGUAGE), finding.remedy.in_(LANGUAGE)
            lines.append(f"    {finding.level}{line} {finding.place}: {message} {remedy}")
    return lines


def summary(report: LoadReport) -> str:
    """One sentence on the whole."""
    if report.refused:
        count = sum(entry.state == "refused" for entry in report.files)
        return f"{count} of {len(report.files)} files cannot be taken. Nothing was changed."
    counts = {
        state: sum(entry.state == state for entry in report.files)
        for state in ("published", "draft", "unchanged", "diverged")
    }
    listed = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"Programme {report.programme}: {listed or 'territories only'}."
