"""``flask evaluate …``: figures from files, without a database; JSON with every digit.

Where no service is set up: ``python -m app.cli.evaluate …``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.entry import acting_operator, house, refusals
from app.definitions.index_reading import read_index
from app.definitions.nodes import MAX_BYTES
from app.domain.errors import BadDefinition, BadInput, CovalueError
from app.evaluation.dif import LEAST_PER_GROUP, dif
from app.evaluation.index_report import report
from app.evaluation.ready_tables import index_table, item_values, two_groups, weights_of
from app.evaluation.rectangle import Rectangle
from app.evaluation.reliability import reliability
from app.interchange.plain_json import json_text, write_whole
from app.interchange.rectangular import read_rectangle
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


@evaluate.command()
@data_option
@click.option("--framework", type=FILE, required=True, help="Index file, YAML or JSON.")
@out_option
def composite(data: Path, framework: Path, out: Path | None) -> None:
    """An index over a table of units by indicators (docs/offline.md)."""
    with said_of(framework):
        index = read_index(_text(framework))
    with said_of(data):
        found = report(index, index_table(_rectangle(data), index))
    give_out(found, out)


@evaluate.command("reliability")
@data_option
@items_option
@click.option("--weight", help="Column of weights.")
@click.option("--pairwise", is_flag=True, help="Covariances from pairs of answers.")
@out_option
def reliability_of(
    data: Path, items: str, weight: str | None, pairwise: bool, out: Path | None
) -> None:
    """Alpha, omega and item statistics of a scale."""
    with said_of(data):
        rectangle = _rectangle(data)
        names = _names(items)
        weights = weights_of(rectangle, weight) if weight else None
        found = reliability(names, item_values(rectangle, names), weights, pairwise=pairwise)
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
def dif_of(
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
    with said_of(data):
        rectangle = _rectangle(data)
        names = _names(items)
        values = item_values(rectangle, names)
        belongs, in_focal = two_groups(rectangle, group, focal, reference)
        found = dif(
            names, values[belongs], in_focal[belongs], least=minimum, purify=not no_purification
        )
    give_out(found, out)


@contextmanager
def said_of(path: Path) -> Iterator[None]:
    """Turn what is wrong in a file into lines ``FILE:PLACE: reason remedy`` and exit status 1."""
    try:
        yield
    except (BadInput, BadDefinition) as error:
        raise click.ClickException("\n".join(_lines(path, error))) from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: the file is not UTF-8. Save it as UTF-8.") from error


def give_out(found: Any, out: Path | None) -> None:
    """Print the result, or write it to a file, whole or not at all."""
    text = json_text(found)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(out, text)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror}.") from error


def _lines(path: Path, error: CovalueError) -> Iterator[str]:
    if isinstance(error, BadInput):
        for one in error.faults:
            yield f"{path}:{one.place}: {one.reason.in_(LANGUAGE)} {one.remedy.in_(LANGUAGE)}"
    elif isinstance(error, BadDefinition):
        for found in error.findings:
            words = f"{found.message.in_(LANGUAGE)} {found.remedy.in_(LANGUAGE)}"
            yield f"{path}:{found.line or 1}: {found.rule} {found.place}: {words}"


def _rectangle(path: Path) -> Rectangle:
    rectangle = read_rectangle(io.BytesIO(path.read_bytes()))
    for warning in rectangle.warnings:
        click.echo(f"{path}: {warning.in_(LANGUAGE)}", err=True)
    return rectangle


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1).decode("utf-8-sig")


def _names(items: str) -> tuple[str, ...]:
    """Names between commas; a name that holds a comma stands in quotation marks."""
    (cells,) = csv.reader([items], skipinitialspace=True)
    return tuple(name.strip() for name in cells if name.strip())


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


if __name__ == "__main__":  # the same commands where no service is set up
    import app.cli.evaluate_table  # noqa: F401  (adds its commands)
    from app.cli.evaluate import evaluate as every_command

    every_command(prog_name="python -m app.cli.evaluate")
