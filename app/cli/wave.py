"""``flask wave``: plan, open and close waves, import a sample, create codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from app.cli.entry import LANGUAGE, acting_operator, house, refusals
from app.domain.permissions import Verb
from app.domain.plans import NONE, Plan
from app.domain.text import Text
from app.workflows import dossiers, sample, waves
from app.workflows.examining import text_of
from app.workflows.sample_job import bring_file

DAY = click.DateTime(["%Y-%m-%d"])
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ZONE = ZoneInfo("Europe/Paris")
DECISION = click.option(
    "--draft-decision", default="", help="Who decides to use wordings not yet tested, and why."
)
PROGRAMME = click.option("--programme", help="Needed only where several programmes are loaded.")


CHOICES = (
    (
        "--core",
        "core",
        "PLACE=N or PLACE=not_asked: core version, such as BDX.elderly=2 (FR: all).",
    ),
    ("--module", "module", "PLACE=N or PLACE=none: version of a territory's module."),
    ("--exchange", "exchange", "PLACE=N: % of other samples that is asked its module too."),
    ("--framework", "framework", "TERRITORY=N or TERRITORY=none; FR is the national framework."),
)


def choices(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose versions; each may be given several times."""
    command = click.option(
        "--core-alone", multiple=True, help="PLACE: without its module, such as BDX.elderly."
    )(command)
    for flag, _kind, words in reversed(CHOICES):
        command = click.option(flag, multiple=True, help=words)(command)
    return command


def chosen(said: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """What was chosen, by the names that plans have."""
    found = {f"module.{place}": NONE for place in said["core_alone"]}
    for flag, kind, _words in CHOICES:
        for pair in said[kind]:
            place, equals, version = pair.partition("=")
            if not equals or not place or not version:
                raise click.UsageError(f"{flag} wants PLACE=VERSION, not {pair!r}.")
            found[f"{kind}.{place}"] = version
    return found


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
@DECISION
@choices
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
    **versions: tuple[str, ...],
) -> None:
    """Plan a wave; without a choice it opens with the latest versions."""
    plan = _plan(chosen(versions))
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
            plan=plan,
        )
        waves.create_wave(house(), acting_operator(house(), programme), new)
    click.echo(f"Wave {code} is planned.")


def _plan(fields: dict[str, str]) -> Plan:
    """The plan of these choices. Refuses names that no plan has."""
    plan = Plan.from_fields(fields)
    for name in fields.keys() - plan.as_fields().keys():
        raise click.UsageError(f"{name.partition('.')[2]!r} is no place; write BDX.elderly.")
    return plan


@group.command("open")
@click.argument("code")
@DECISION
@choices
@PROGRAMME
def open_(
    code: str, draft_decision: str, programme: str | None, **versions: tuple[str, ...]
) -> None:
    """Compose and freeze its questionnaires, freeze its frameworks, open it.

    Versions given here are kept with those chosen before.
    """
    fields = chosen(versions)
    _plan(fields)
    with refusals():
        actor = acting_operator(house(), programme)
        wave = waves.wave_by_code(house(), actor, code)
        if fields:
            waves.change_plan(house(), actor, wave.id, _plan({**wave.plan, **fields}))
        for warning in waves.prepared(house(), actor, wave.id).warnings:
            click.echo(f"{warning.place}: {warning.message.in_(LANGUAGE)}", err=True)
        waves.open_wave(house(), actor, wave.id, draft_decision=draft_decision)
    click.echo(f"Wave {code} is open.")


@group.command("dossier")
@click.argument("code")
@click.option("--file", "file", type=FILE, required=True, help="As config/dossier.yaml.")
@click.option("--approve", is_flag=True, help="The data protection officer approves these words.")
@PROGRAMME
def dossier(code: str, file: Path, approve: bool, programme: str | None) -> None:
    """Take its data protection dossier and notices from a file."""
    with refusals(Verb.DOSSIER_WRITE):
        actor = acting_operator(house(), programme)
        wave = waves.wave_by_code(house(), actor, code)
        text = text_of(file.read_bytes())
        dossiers.load_dossier(house(), actor, wave.id, text, approve=approve)
        for finding in dossiers.keeps_closed(house(), actor, wave.id):
            click.echo(f"{finding.message.in_(LANGUAGE)} {finding.remedy.in_(LANGUAGE)}", err=True)
    click.echo(f"The dossier of wave {code} is kept.")


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
    with refusals(Verb.SAMPLE_IMPORT):
        actor = acting_operator(house(), programme)
        wave = waves.wave_by_code(house(), actor, code)
        with file.open("rb") as stream:
            report, warnings = bring_file(house(), actor, wave.id, stream, dry_run=dry_run)
    for warning in warnings:
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
