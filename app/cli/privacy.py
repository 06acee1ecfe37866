"""``flask privacy``: what people may ask for, what a restore needs, keys that take over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import orjson
from flask.cli import AppGroup

from app.cli.entry import LANGUAGE, acting_operator, house, refusals
from app.storage.database import now
from app.workflows import auditing, breaches, erasing, retaining, rights, rotating

privacy = AppGroup("privacy", help="Access, erasure, tombstones after a restore, rotation of keys.")
WAVE = click.option("--wave", required=True, help="Code of the wave.")
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"])
ZONE = ZoneInfo("Europe/Paris")
REFERENCE = click.option("--reference", required=True, help="The person's key in the sample.")
PROGRAMME = click.option("--programme", help="Needed only where several programmes are loaded.")


@privacy.command()
@WAVE
@REFERENCE
@PROGRAMME
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def access(wave: str, reference: str, programme: str | None, out: Path) -> None:
    """Write everything that is kept of one person into a JSON file."""
    with refusals():
        told = rights.access(house(), acting_operator(house(), programme), wave, reference)
    out.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    click.echo("Written. Give it to the person, then remove the file.")


@privacy.command()
@WAVE
@REFERENCE
@PROGRAMME
def erase(wave: str, reference: str, programme: str | None) -> None:
    """Erase one person's answers, contact and codes, and every copy of the answers."""
    with refusals():
        found = rights.erase_person(house(), acting_operator(house(), programme), wave, reference)
    erasing.keep_tombstones(house())
    erasing.clear_copies(house())
    click.echo("Erased." if found else "There was no answer; contact and codes are erased.")


@privacy.command()
@click.option("--since", type=MOMENT, required=True, help="Time of Paris.")
@click.option("--until", type=MOMENT, required=True, help="Time of Paris.")
@click.option("--account", help="E-mail: only what this account did.")
@click.option("--territory", help="Only what was done there.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The draft, in French."
)
@PROGRAMME
def breach(
    since: datetime,
    until: datetime,
    account: str | None,
    territory: str | None,
    out: Path | None,
    programme: str | None,
) -> None:
    """After an incident: whom and what some hours touched, and a draft of the notice."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = breaches.touched(
            house(),
            actor,
            since.replace(tzinfo=ZONE),
            until.replace(tzinfo=ZONE),
            breaches.account_of(house(), account) if account else None,
            territory,
        )
    click.echo(f"{found.acts} acts; at most {found.persons} persons of the samples.")
    if not found.whole:
        click.echo(
            "There were more acts: this is the beginning. Take fewer hours at a time.", err=True
        )
    for (act, place), count in found.by_act:
        click.echo(f"{act}\t{place or '-'}\t{count}")
    for thing in sorted(found.named):
        click.echo(thing)
    for kind in found.categories:
        click.echo(f"data: {kind.in_(LANGUAGE)}")
    draft = breaches.draft(found, now(), "fr")
    if out is None:
        click.echo(draft)
        return
    out.write_text(draft, "utf-8")
    click.echo(
        f"The draft of the notice is in {out.name}: complete it, and send it within 72 hours."
    )


@privacy.command("replay-tombstones")
def replay_tombstones() -> None:
    """After a restore, before the service starts: erase again who was erased since the backup."""
    count = erasing.replay_tombstones(house())
    cleared = erasing.clear_copies(house())
    click.echo(f"{count} erased again, copies of {cleared.waves} waves cleared.")


@privacy.command()
def clear() -> None:
    """Take erased answers out of extracts, frozen copies and moments, as the worker does."""
    kept = erasing.keep_tombstones(house())
    cleared = erasing.clear_copies(house())
    click.echo(f"{kept} tombstones kept, copies of {cleared.waves} waves cleared.")


@privacy.command()
def rotate() -> None:
    """Seal everything anew with the first of COVALUE_SEALING_SECRETS."""
    for table, count in rotating.rotate(house()).items():
        click.echo(f"{table}\t{count}")


@privacy.command()
@click.option("--purge", is_flag=True, help="Remove it. Without this: only say what would go.")
def retain(purge: bool) -> None:
    """Say what has outlived its time, or remove it and write a signed certificate.

    Names and answers of a wave are removed once they were set aside for thirty days.
    """
    if not purge:
        for each in retaining.due(house()):
            aside = f"set aside {each.since:%Y-%m-%d}" if each.since else "not set aside"
            how = f"{each.kept.days} days: {each.kept.what.in_(LANGUAGE)}"
            click.echo(
                f"{each.kept.name}\t{each.wave.code if each.wave else '-'}\t{each.rows}\t"
                f"{aside if each.wave else '-'}\tgoes from {each.goes}\t{how}"
            )
        if since := auditing.too_old(house()):
            click.echo(f"The audit log goes back to {since}: flask audit prune --before DATE.")
        return
    done, certificate = retaining.purge(house())
    for each in done:
        click.echo(
            f"{each.kept.name}\t{each.wave.code if each.wave else '-'}\t{each.rows}\tremoved"
        )
    click.echo(f"Certificate: {certificate.name}, beside the audit log's second copy.")
