"""``flask weighting``: what is known of a wave's populations, and the weights that come of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.entry import LANGUAGE, acting_operator, house, refusals
from app.domain.errors import BadInput
from app.domain.known_totals import WeightingRule
from app.domain.permissions import Verb
from app.interchange.known_totals_csv import read_totals, written_totals
from app.interchange.plain_json import json_text
from app.workflows import known_totals, response_cells
from app.workflows.response_cells import CellChoice, PlaceCells
from app.workflows.waves import wave_by_code
from app.workflows.weight_plans import told_cells
from app.workflows.weighting_report import weighting_now

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PROGRAMME = click.option("--programme", help="Needed only where several programmes are loaded.")


group = AppGroup(
    "weighting", help="Known totals of a wave's populations, and the weights that come of them."
)


@group.command("load")
@click.argument("wave")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@PROGRAMME
def load(wave: str, file: Path, dry_run: bool, programme: str | None) -> None:
    """Import known totals from CSV, whole or not at all; margins named in it are replaced."""
    with refusals(Verb.MARGINS_ENTER):
        actor = acting_operator(house(), programme)
        number = wave_by_code(house(), actor, wave).id
        with file.open("rb") as stream:
            found = read_totals(stream)
        if found.faults:
            raise BadInput(found.faults)
        act = known_totals.preview if dry_run else known_totals.enter
        report = act(house(), actor, number, found.totals)
    for warning in found.warnings:
        click.echo(warning.in_(LANGUAGE), err=True)
    click.echo(
        f"{report.new} new, {report.replaced} replaced, {report.same} the same, "
        f"{report.gone} taken back."
    )


@group.command("show")
@click.argument("wave")
@PROGRAMME
def show(wave: str, programme: str | None) -> None:
    """Print the known totals that count, as the CSV that ``load`` takes."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = known_totals.known(house(), actor, wave_by_code(house(), actor, wave).id)
    text = written_totals([row.total for row in found.rows]).decode("utf-8-sig")
    click.echo(text.replace("\r\n", "\n"), nl=False)


@group.command("rule")
@click.argument("wave")
@click.argument("place", metavar="TERRITORY.AUDIENCE")
@click.option("--bounds", nargs=2, type=float, help="Of a cell’s mean weight, such as 0.3 3.")
@click.option("--collapse-below", type=int, default=0, help="Merge categories with fewer answers.")
@click.option("--finite", is_flag=True, help="Take the finite population into account in errors.")
@PROGRAMME
def rule(
    *,
    wave: str,
    place: str,
    bounds: tuple[float, float] | None,
    collapse_below: int,
    finite: bool,
    programme: str | None,
) -> None:
    """Say how an audience of a territory is weighted; what is not said is taken back."""
    territory, _dot, audience = place.partition(".")
    lower, upper = bounds or (None, None)
    with refusals():
        actor = acting_operator(house(), programme)
        number = wave_by_code(house(), actor, wave).id
        made = WeightingRule(territory, audience, lower, upper, collapse_below, finite)
        known_totals.set_rule(house(), actor, number, made)
    click.echo(f"{place}: kept.")


@group.command("report")
@click.argument("wave")
@PROGRAMME
def report(wave: str, programme: str | None) -> None:
    """Weigh the answers of now and print the report as JSON; exit status 1 where some cannot be."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = weighting_now(house(), actor, wave_by_code(house(), actor, wave).id)
    click.echo(json_text({"reports": list(found.reports), "at": found.at.isoformat()}), nl=False)
    for each in found.faults:
        words = f"{each.reason.in_(LANGUAGE)} {each.remedy.in_(LANGUAGE)}"
        click.echo(f"{each.place}: {words}", err=True)
    if found.faults:
        raise SystemExit(1)


@group.command("cells")
@click.argument("wave")
@click.option("--by", multiple=True, help="stratum or sub_area; both where it is not given.")
@click.option("--fewest", type=int, help="Answers in a cell; 20 where it is not given.")
@click.option("--accept", metavar="TERRITORY.AUDIENCE", help="Weigh by these cells from now on.")
@click.option("--join", type=int, multiple=True, help="With --accept: cells made one, from 1.")
@click.option("--refuse", metavar="TERRITORY.AUDIENCE", help="Weigh without cells.")
@click.option("--reason", default="", help="Of a refusal, or of joining cells.")
@PROGRAMME
def cells(
    *,
    wave: str,
    by: tuple[str, ...],
    fewest: int | None,
    accept: str | None,
    join: tuple[int, ...],
    refuse: str | None,
    reason: str,
    programme: str | None,
) -> None:
    """Print the cells proposed against non-response as JSON, after accepting or refusing them."""
    plain = CellChoice()
    choice = CellChoice(by or plain.variables, plain.fewest if fewest is None else fewest)
    with refusals():
        actor = acting_operator(house(), programme)
        number = wave_by_code(house(), actor, wave).id
        view = response_cells.response_cells(house(), actor, number, choice)
        if accept:
            territory, _dot, audience = accept.partition(".")
            marks = {(each.territory, each.audience): each.mark for each in view.places}
            place = (territory, audience)
            mark = marks.get(place, "")
            if join:
                chosen = {each - 1 for each in join}
                response_cells.accept_joined(
                    house(), actor, number, place, choice, mark, chosen=chosen, reason=reason
                )
            else:
                response_cells.accept(house(), actor, number, place, choice, mark)
        if refuse:
            territory, _dot, audience = refuse.partition(".")
            response_cells.refuse(house(), actor, number, (territory, audience), reason)
        if accept or refuse:
            view = response_cells.response_cells(house(), actor, number, choice)
    found = {"closed": view.closed, "places": [_told(each) for each in view.places]}
    click.echo(json_text(found), nl=False)


def _told(each: PlaceCells) -> dict[str, Any]:
    decided = each.decided
    return {
        "territory": each.territory,
        "audience": each.audience,
        "not_proposed": each.reason and each.reason.in_(LANGUAGE),
        "decided": decided and ("accepted" if decided.accepted else f"refused: {decided.reason}"),
        **told_cells(each.cells),
    }
