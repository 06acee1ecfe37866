"""``flask account``: make, list, extend and disable accounts of staff."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.cli.entry import acting_operator, house, refusals
from app.domain.permissions import Grant, Role
from app.domain.territories import NATION
from app.workflows import accounts

ROLE = click.Choice([role.value for role in Role])
DAY = click.DateTime(["%Y-%m-%d"])


group = AppGroup("account", help="Accounts of staff and what they are granted.")


@group.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option("--role", type=ROLE, required=True)
@click.option("--territory", default=NATION, show_default=True, help="It and all below it.")
@click.option("--from", "begins", type=DAY, help="First day of the right.")
@click.option("--until", "ends", type=DAY, help="Last day of the right.")
@click.option("--password-from-stdin", is_flag=True, help="Read one line instead of asking.")
@click.option("--programme", help="Needed only where several programmes are loaded.")
def create(
    *,
    email: str,
    name: str,
    role: str,
    territory: str,
    begins: datetime | None,
    ends: datetime | None,
    password_from_stdin: bool,
    programme: str | None,
) -> None:
    """Make an account with its first role. The password is never an argument."""
    with refusals():
        actor = acting_operator(house(), programme)
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_from_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
        accounts.create_account(
            house(),
            actor,
            email=email,
            name=name,
            password=password,
            grant=_grant(role, territory, begins, ends),
        )
    click.echo(f"{email} may now sign in as {role} in {territory}.")


@group.command("grant")
@click.option("--email", required=True)
@click.option("--role", type=ROLE, required=True)
@click.option("--territory", default=NATION, show_default=True)
@click.option("--from", "begins", type=DAY)
@click.option("--until", "ends", type=DAY)
@click.option("--programme")
def give(
    *,
    email: str,
    role: str,
    territory: str,
    begins: datetime | None,
    ends: datetime | None,
    programme: str | None,
) -> None:
    """Give an account one more role."""
    with refusals():
        actor = acting_operator(house(), programme)
        accounts.grant_role(house(), actor, email, _grant(role, territory, begins, ends))
    click.echo(f"{email} is now also {role} in {territory}.")


@group.command("list")
@click.option("--programme")
def show(*, programme: str | None) -> None:
    """List accounts: address, name, roles, and whether they are disabled."""
    with refusals():
        listed = accounts.list_accounts(house(), acting_operator(house(), programme))
    for entry in listed:
        state = "disabled" if entry.account.disabled_at else "active"
        roles = "; ".join(_written(grant) for grant in entry.grants)
        click.echo(f"{entry.account.email}\t{entry.account.name}\t{state}\t{roles}")
    if not listed:
        click.echo("No account yet. Make one with: flask account create")


@group.command("disable")
@click.option("--email", required=True)
@click.option("--programme")
def disable(*, email: str, programme: str | None) -> None:
    """Let an account in no more, and end its sessions at once."""
    with refusals():
        accounts.disable_account(house(), acting_operator(house(), programme), email)
    click.echo(f"{email} can no longer sign in.")


def _grant(role: str, territory: str, begins: datetime | None, ends: datetime | None) -> Grant:
    return Grant(Role(role), territory, _day(begins), _day(ends))


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _written(grant: Grant) -> str:
    dates = "".join(
        f" {word} {day.isoformat()}"
        for word, day in (("from", grant.valid_from), ("until", grant.valid_until))
        if day is not None
    )
    return f"{grant.role.value} in {grant.territory}{dates}"
