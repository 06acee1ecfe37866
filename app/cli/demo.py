"""``flask demo``: fill the demonstration with synthetic people, and show how to get in."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.entry import house, refusals
from app.workflows import demonstration

AUDIENCES = {
    "elderly": "elderly person",
    "family": "family member",
    "professional": "professional",
}


@click.group("demo")
def group() -> None:
    """Synthetic people for the demonstration."""


@group.command("fill")
@click.option("--root", type=click.Path(path_type=Path, exists=True), default=Path("."))
def fill(root: Path) -> None:
    """Fill two waves with synthetic answers, once, and print how to get in."""
    with refusals():
        shown = demonstration.fill(house(), root)
    for audience, code in shown.codes.items():
        click.echo(f"access code, {AUDIENCES[audience]}: {code}")
    for name, email, password in shown.staff:
        click.echo(f"sign-in, {name}: {email}  {password}")
