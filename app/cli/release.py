"""``flask release``: make a release of a wave's answers, and verify one that was made."""

from __future__ import annotations

import click

from app.cli.entry import acting_operator, house, refusals
from app.workflows.evaluate import make_cut, make_release, verify_release
from app.workflows.waves import wave_by_code


@click.group("release")
def group() -> None:
    """Releases: figures computed once, protected and frozen."""


@group.command("make")
@click.option("--wave", required=True, help="Code of the wave.")
@click.option("--programme", help="Code of the programme, where there are several.")
def make(wave: str, programme: str | None) -> None:
    """Freeze the wave's complete answers and release their figures."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = wave_by_code(house(), actor, wave)
        cut = make_cut(house(), actor, found.id)
        release = make_release(house(), actor, cut)
    click.echo(f"data cut {cut}, release {release}")


@group.command("verify")
@click.argument("release_id", type=int)
@click.option("--programme", help="Code of the programme, where there are several.")
def verify(release_id: int, programme: str | None) -> None:
    """Make the release again from its cut and compare; exit status 1 where it differs."""
    with refusals():
        actor = acting_operator(house(), programme)
        found = verify_release(house(), actor, release_id)
    click.echo(f"figures: {'the same' if found['figures'] else 'different'}")
    click.echo(f"files: {'the same' if found['files'] else 'different'}")
    if "counts" in found:
        click.echo(f"counts: {'the same' if found['counts'] else 'different'}")
    if found["erased"]:
        click.echo(f"{found['erased']} responses of the cut were erased since it was made.")
    if not (found["figures"] and found["files"] and found.get("counts", True)):
        raise SystemExit(1)
