"""``flask evaluate …``: figures from files, without a database; JSON with every digit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.entry import acting_operator, house, refusals
from app.evaluation.dif import LEAST_PER_GROUP
from app.interchange.plain_json import json_text, write_whole
from app.interchange.rectangular import names_of
from app.workflows.brought_files import BadFile, File, said
from app.workflows.figures_from_files import Data, composite, dif_of, read_data, reliability_of
from app.workflows.verifying import verify_moments
from app.workflows.waves import wave_by_code

LANGUAGE = "en"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
data_option = click.option("--data", type=FILE, required=True, help="CSV file, UTF-8.")
items_option = click.option("--items", required=True, help="Columns, separated by commas.")
out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output."
)


@click.group()
def evaluate() -> None:
    """Figures from files: nothing is stored, no database is needed."""


@evaluate.command("composite")
@data_option
@click.option("--framework", type=FILE, required=True, help="Index file, YAML or JSON.")
@out_option
def composite_of(data: Path, framework: Path, out: Path | None) -> None:
    """An index over a table of units by indicators (docs/offline.md)."""
    with saying():
        found = composite(data_in(data), brought(framework))
    give_out(found, out)


@evaluate.command("reliability")
@data_option
@items_option
@click.option("--weight", help="Column of weights.")
@click.option("--pairwise", is_flag=True, help="Covariances from pairs of answers.")
@out_option
def reliability_in(
    data: Path, items: str, weight: str | None, pairwise: bool, out: Path | None
) -> None:
    """Alpha, omega and item statistics of a scale."""
    with saying():
        found = reliability_of(data_in(data), names_of(items), weight, pairwise=pairwise)
    give_out(found, out)


@evaluate.command("dif")
@data_option
@items_option
@click.option("--group", required=True, help="Column that says each person's group.")
@click.option("--focal", required=True, help="Group that is looked at.")
@click.option("--reference", help="Group it is compared with; else everybody else.")
@click.option("--minimum", type=click.IntRange(1), default=LEAST_PER_GROUP, show_default=True)
@click.option("--no-purification", is_flag=True, help="Match on all items, once.")
@out_option
def dif_in(
    data: Path,
    items: str,
    group: str,
    focal: str,
    reference: str | None,
    minimum: int,
    no_purification: bool,
    out: Path | None,
) -> None:
    """Differential item functioning between two groups."""
    with saying():
        found = dif_of(
            data_in(data),
            names_of(items),
            (group, focal, reference),
            least=minimum,
            purify=not no_purification,
        )
    give_out(found, out)


@contextmanager
def saying() -> Iterator[None]:
    """Say what is wrong in a file as lines ``FILE:PLACE: reason remedy``, with exit status 1."""
    try:
        yield
    except BadFile as error:
        raise click.ClickException("\n".join(said(error, LANGUAGE))) from error


def brought(path: Path) -> File:
    """A file as it stands."""
    return File(str(path), path.read_bytes())


def data_in(path: Path) -> Data:
    """A file of data, with what a reader should know of how it was read on standard error."""
    data = read_data(brought(path))
    for warning in data.rectangle.warnings:
        click.echo(f"{path}: {warning.in_(LANGUAGE)}", err=True)
    return data


def give_out(found: Any, out: Path | None) -> None:
    """Print the result, or write it to a file, whole or not at all."""
    text = json_text(found)
    if out is None:
        click.echo(text, nl=False)
    else:
        written(out, text)


def written(out: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        write_whole(out, text)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror}.") from error


@evaluate.command("verify")
@click.argument("wave")
@click.option("--programme", help="Code of the programme, where there are several.")
@with_appcontext  # the other commands of this group need no service
def verify(wave: str, programme: str | None) -> None:
    """Add up a wave's answers from their source and compare with the moments that are kept."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = verify_moments(house(), actor, wave_by_code(house(), actor, wave).id)
    click.echo(
        f"{found.responses} responses read again, {found.parts} parts; "
        f"{found.kept} blocks as kept, {found.made} made again"
    )
    click.echo(f"largest relative difference: {found.difference:.1e}")
    if not found.same:
        raise SystemExit(1)
