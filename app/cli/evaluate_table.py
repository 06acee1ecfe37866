"""``flask evaluate table`` and ``rake``: a survey's figures, and weights, from files."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.evaluate import brought, data_in, data_option, evaluate, give_out, out_option, saying
from app.cli.evaluate import written as write
from app.interchange.rectangular import names_of
from app.workflows.figures_from_files import (
    distances_of,
    rake,
    ranks_of,
    read_plan,
    table,
    with_weights,
)

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
design_option = click.option(
    "--design", type=FILE, required=True, help="Design file, covalue/design/1."
)


@evaluate.command("table")
@data_option
@design_option
@click.option(
    "--framework",
    "frameworks",
    type=FILE,
    multiple=True,
    help="Framework file; several: the national one and territories' own.",
)
@click.option(
    "--questionnaire",
    "questionnaires",
    type=FILE,
    multiple=True,
    help="Questionnaire or module file that describes the items; several are possible.",
)
@out_option
def table_of(
    data: Path,
    design: Path,
    frameworks: tuple[Path, ...],
    questionnaires: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Estimates of a survey, and what frameworks say of it (docs/offline.md)."""
    with saying():
        plan = read_plan(brought(design))
        trees = [brought(each) for each in dict.fromkeys(frameworks)]
        found = table(data_in(data), plan, trees, [brought(each) for each in questionnaires])
    give_out(found, out)


@evaluate.command("ranks")
@data_option
@click.option("--unit", default="unit", show_default=True, help="Column that names the units.")
@click.option("--variants", required=True, help="Columns of scores, separated by commas.")
@out_option
def ranks_in(data: Path, unit: str, variants: str, out: Path | None) -> None:
    """Ranks by several variants of a table: Kendall, Spearman, places that units lose."""
    with saying():
        found = ranks_of(data_in(data), unit, names_of(variants))
    give_out(found, out)


@evaluate.command("distances")
@data_option
@click.option("--variables", type=FILE, required=True, help="File, covalue/distances/1.")
@out_option
def distances_in(data: Path, variables: Path, out: Path | None) -> None:
    """Gower's distances between units of mixed variables, and how mixed groups are."""
    with saying():
        found = distances_of(data_in(data), brought(variables))
    give_out(found, out)


@evaluate.command("rake")
@data_option
@click.option("--margins", type=FILE, required=True, help="Margins file, covalue/margins/1.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV file."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output."
)
def rake_of(data: Path, margins: Path, out: Path, report: Path | None) -> None:
    """Weights that meet known totals, as a column ``weight_calibrated`` beside the data."""
    with saying():
        read = data_in(data)
        done = rake(read, brought(margins))
    write(out, with_weights(read.rectangle, done.weight.tolist()))
    give_out(done.report, report)
