"""``flask wave``: plan, open and close waves, import a sample, create codes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.cli.entry import LANGUAGE, acting_operator, house, refusals
from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.sample_csv import read_sample
from app.workflows import sample, waves

DAY = click.DateTime(["%Y-%m-%d"])
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ZONE = ZoneInfo("Europe/Paris")
PROGRAMME = click.option("--programme", help="Needed only where several programmes are loaded.")


@click.group("wave")
def group() -> None:
    """Rounds of collection."""


@group.command("list")
@PROGRAMME
def list_waves(programme: str | None) -> None:
    """Every wave with its state."""
    with refusals():
        for row in waves.waves(house(), acting_operator(house(), programme)):
            click.echo(f"{row.code}\t{row.state}\t{Text.of(row.title).in_(LANGUAGE)}")


@group.command("create")
@click.argument("code")
@click.option("--title-fr", required=True)
@click.option("--title-en", required=True)
@click.option("--frame", type=click.Choice(list(waves.FRAMES)), required=True)
@click.option("--period", nargs=2, type=DAY, required=True, help="First and last day.")
@click.option("--opens", type=MOMENT, required=True, help="Time of Paris.")
@click.option("--closes", type=MOMENT, required=True, help="Time of Paris.")
@click.option("--link", type=click.Choice(waves.LINKS), default="keep", show_default=True)
@click.option("--partials-from", type=int, help="Percentage of pages; left out without it.")
@click.option("--draft-decision", default="", help="Why wordings not yet tested may be used.")
@PROGRAMME
def create(
    *,
    code: str,
    title_fr: str,
    title_en: str,
    frame: str,
    period: tuple[datetime, datetime],
    opens: datetime,
    closes: datetime,
    link: str,
    partials_from: int | None,
    draft_decision: str,
    programme: str | None,
) -> None:
    """Plan a wave."""
    with refusals():
        new = waves.NewWave(
            code=code,
            title=Text.of(fr=title_fr, en=title_en),
            frame=frame,
            period_start=period[0].date(),
            period_end=period[1].date(),
            opens_at=opens.replace(tzinfo=ZONE),
            closes_at=closes.replace(tzinfo=ZONE),
            link_after_submission=link,
            partials_from=partials_from,
            draft_decision=draft_decision,
        )
        waves.create_wave(house(), acting_operator(house(), programme), new)
    click.echo(f"Wave {code} is planned.")


@group.command("open")
@click.argument("code")
@PROGRAMME
def open_(code: str, programme: str | None) -> None:
    """Compose and freeze its questionnaires, freeze its frameworks, open it."""
    with refusals():
        actor = acting_operator(house(), programme)
        waves.open_wave(house(), actor, waves.wave_by_code(house(), actor, code).id)
    click.echo(f"Wave {code} is open.")


@group.command("close")
@click.argument("code")
@click.confirmation_option(prompt="Nobody can answer any more and codes are destroyed. Close it?")
@PROGRAMME
def close(code: str, programme: str | None) -> None:
    """Close it for good."""
    with refusals():
        actor = acting_operator(house(), programme)
        waves.close_wave(house(), actor, waves.wave_by_code(house(), actor, code).id)
    click.echo(f"Wave {code} is closed.")


@group.command("sample")
@click.argument("code")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@PROGRAMME
def import_sample(code: str, file: Path, dry_run: bool, programme: str | None) -> None:
    """Import a sample from CSV, whole or not at all."""
    with refusals():
        actor = acting_operator(house(), programme)
        wave = waves.wave_by_code(house(), actor, code)
        with file.open("rb") as stream:
            found = read_sample(stream, actor.territories, actor.scope(Verb.SAMPLE_IMPORT))
        if found.faults:
            raise BadInput(found.faults)
        act = sample.preview_sample if dry_run else sample.import_sample
        report = act(house(), actor, wave.id, found.rows)
    for warning in found.warnings:
        click.echo(warning.in_(LANGUAGE), err=True)
    click.echo(f"{report.new} new, {report.same} there already.")


@group.command("codes")
@click.argument("code")
@PROGRAMME
def codes(code: str, programme: str | None) -> None:
    """Create the access codes that are missing. They are never printed here."""
    with refusals():
        actor = acting_operator(house(), programme)
        wave = waves.wave_by_code(house(), actor, code)
        made = sample.issue_codes(house(), actor, wave.id)
    click.echo(f"{made} codes created.")
