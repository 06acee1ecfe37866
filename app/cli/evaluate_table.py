"""``flask evaluate table`` and ``rake``: a survey's figures, and weights, from files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np

from app.cli.evaluate import data_option, evaluate, give_out, out_option, said_of
from app.definitions.design_reading import read_design, read_margins
from app.definitions.files import kind_of, read_framework, read_module, read_questionnaire
from app.definitions.nodes import MAX_BYTES, read_document
from app.domain.composition import plugged
from app.domain.frameworks import Framework
from app.domain.questionnaire import Audience, Questionnaire
from app.evaluation.offline import judge
from app.evaluation.plain_items import items_of
from app.evaluation.plan import ItemPlan
from app.evaluation.rectangle import Rectangle
from app.evaluation.survey_building import build, calibrated
from app.evaluation.tabulation import tabulate
from app.interchange.plain_json import write_whole
from app.interchange.rectangular import read_rectangle
from app.interchange.survey_json import judgement, survey_result

LANGUAGE = "en"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
design_option = click.option(
    "--design", type=FILE, required=True, help="Design file, covalue/design/1."
)


@evaluate.command()
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
def table(
    data: Path,
    design: Path,
    frameworks: tuple[Path, ...],
    questionnaires: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Estimates of a survey, and what frameworks say of it (docs/offline.md)."""
    with said_of(design):
        plan = read_design(_text(design))
    items = _items(questionnaires)
    trees = _frameworks(frameworks)
    with said_of(data):
        rectangle = _rectangle(data)
        survey, report = build(rectangle, plan)
        result = survey_result(survey, report, tabulate(rectangle, survey, plan))
        if trees:
            national, *own = trees
            result["judgement"] = judgement(judge(rectangle, survey, plan, national, own, items))
    give_out(result, out)


@evaluate.command()
@data_option
@click.option("--margins", type=FILE, required=True, help="Margins file, covalue/margins/1.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV file."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output."
)
def rake(data: Path, margins: Path, out: Path, report: Path | None) -> None:
    """Weights that meet known totals, as a column ``weight_calibrated`` beside the data."""
    with said_of(margins):
        column, plan = read_margins(_text(margins))
    with said_of(data):
        rectangle = _rectangle(data)
        start = np.ones(rectangle.n) if column is None else rectangle.numbers(column)
        done = calibrated(rectangle, start, plan)
    if not done.report.converged:
        worst = done.report.worst
        place = f"{worst.margin}: {worst.category}" if worst else ""
        raise click.ClickException(
            f"{margins}: {place}: the weights do not converge after {done.report.rounds} rounds. "
            "Merge categories, widen the bounds, or correct the totals."
        )
    try:
        write_whole(out, _csv(rectangle, done.weight.tolist()))
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror}.") from error
    give_out(done.report, report)


def _csv(data: Rectangle, weights: Sequence[float]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.columns, "weight_calibrated"])
    for *cells, weight in zip(*data.columns.values(), weights, strict=True):
        writer.writerow([*cells, repr(weight)])
    return text.getvalue()


def _frameworks(paths: Sequence[Path]) -> list[Framework]:
    """The national framework first, then the others, resolved against it."""
    texts = {path: _said_text(path) for path in paths}
    found: list[Framework] = []
    extending = {path: _extends(path, text) for path, text in texts.items()}
    if sum(not each for each in extending.values()) > 1:
        raise click.ClickException(
            "--framework: only one may be national (without “extends”). Give the others apart."
        )
    for path in sorted(texts, key=lambda each: extending[each]):
        with said_of(path):
            national = found[0] if extending[path] and found else None
            found.append(read_framework(texts[path], national))
    return found


def _extends(path: Path, text: str) -> bool:
    with said_of(path):
        return "extends" in read_document(text).data
    raise AssertionError  # said_of never swallows


def _items(paths: Sequence[Path]) -> dict[str, ItemPlan]:
    """What questionnaires and modules say of their items."""
    cores: dict[Audience, Questionnaire] = {}
    found: dict[str, ItemPlan] = {}
    kinds = {}
    for path in paths:
        with said_of(path):
            kinds[path] = kind_of(_text(path))
            if kinds[path] == "questionnaire":
                core = read_questionnaire(_text(path))
                cores[core.audience] = core
                found |= items_of(core.question_by_item)
    for path in paths:
        with said_of(path):
            if kinds[path] == "module":
                found |= _module_items(_text(path), cores)
            elif kinds[path] != "questionnaire":
                read_questionnaire(_text(path))  # says what is expected here
    return found


def _module_items(text: str, cores: Mapping[Audience, Questionnaire]) -> dict[str, ItemPlan]:
    audience = read_document(text).data.get("audience")
    core = next((each for each in cores.values() if each.audience == audience), None)
    module = read_module(text, core)
    return {} if core is None else items_of(plugged(core, module).question_by_item)


def _rectangle(path: Path) -> Rectangle:
    with path.open("rb") as file:
        rectangle = read_rectangle(file)
    for warning in rectangle.warnings:
        click.echo(f"{path}: {warning.in_(LANGUAGE)}", err=True)
    return rectangle


def _said_text(path: Path) -> str:
    with said_of(path):
        return _text(path)
    raise AssertionError  # said_of never swallows


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1).decode("utf-8-sig")
