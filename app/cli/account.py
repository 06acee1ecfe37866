"""``flask account``: invite staff, give and take back rights, end sessions, mend what is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.entry import acting_operator, house, refusals
from app.domain.permissions import Grant, Role
from app.domain.territories import NATION
from app.workflows import account_care, accounts, invitations
from app.workflows.acting import Actor

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


@group.command("invite")
@click.option("--email", required=True)
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option("--role", type=ROLE, required=True)
@click.option("--territory", default=NATION, show_default=True, help="It and all below it.")
@click.option("--from", "begins", type=DAY, help="First day of the right.")
@click.option("--until", "ends", type=DAY, help="Last day of the right.")
@click.option("--only-viewing", is_flag=True, help="What the role sees, nothing that it enters.")
@click.option(
    "--language",
    type=click.Choice(("fr", "en")),
    default="fr",
    show_default=True,
    help="Of the message, and of the pages until the person chooses another.",
)
@click.option("--programme")
def invite(*, email: str, name: str, language: str, programme: str | None, **right: Any) -> None:
    """Make an account without a password, and print the link with which one is chosen."""
    with refusals():
        actor = acting_operator(house(), programme)
        link = invitations.invite(
            house(), actor, email=email, name=name, grant=_grant(**right), language=language
        )
    _say(link)


@group.command("link")
@click.option("--email", required=True)
@click.option("--programme")
def link_again(*, email: str, programme: str | None) -> None:
    """Print a new link for an account: invited again, or the password is lost."""
    with _on(email, programme) as (actor, account_id):
        link = invitations.new_link(house(), actor, account_id)
    _say(link)


def _say(link: invitations.Link) -> None:
    click.echo(f"{house().office_url}/office/invitation/{link.secret}")
    until = link.expires_at.isoformat(timespec="minutes")
    click.echo(f"Works once, until {until}. Hand it over by a way that you both trust.")


@group.command("grant")
@click.option("--email", required=True)
@click.option("--role", type=ROLE, required=True)
@click.option("--territory", default=NATION, show_default=True)
@click.option("--from", "begins", type=DAY)
@click.option("--until", "ends", type=DAY)
@click.option("--only-viewing", is_flag=True, help="What the role sees, nothing that it enters.")
@click.option("--programme")
def give(*, email: str, programme: str | None, **right: Any) -> None:
    """Give an account one more role."""
    grant = _grant(**right)
    with _on(email, programme) as (actor, account_id):
        account_care.grant_role(house(), actor, account_id, grant)
    click.echo(f"{email} is now also {_written(grant)}.")


@group.command("revoke")
@click.option("--email", required=True)
@click.option("--role", type=ROLE, required=True)
@click.option("--territory", default=NATION, show_default=True)
@click.option("--programme")
def revoke(*, email: str, role: str, territory: str, programme: str | None) -> None:
    """Take a role in a territory back from an account, at once."""
    with _on(email, programme) as (actor, account_id):
        held = account_care.cared_for(house(), actor, account_id).grants
        found = [
            n for n, grant in held.items() if (grant.role, grant.territory) == (role, territory)
        ]
        if not found:
            raise click.ClickException(f"{email} is not {role} in {territory}.")
        for number in found:
            account_care.revoke_grant(house(), actor, account_id, number)
    click.echo(f"{email} is no longer {role} in {territory}.")


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
    with _on(email, programme) as (actor, account_id):
        account_care.disable(house(), actor, account_id)
    click.echo(f"{email} can no longer sign in.")


@group.command("enable")
@click.option("--email", required=True)
@click.option("--programme")
def enable(*, email: str, programme: str | None) -> None:
    """Let a disabled account in again."""
    with _on(email, programme) as (actor, account_id):
        account_care.enable(house(), actor, account_id)
    click.echo(f"{email} can sign in again.")


@group.command("end-sessions")
@click.option("--email", required=True)
@click.option("--programme")
def end_sessions(*, email: str, programme: str | None) -> None:
    """End every session of an account at once."""
    with _on(email, programme) as (actor, account_id):
        account_care.end_sessions(house(), actor, account_id)
    click.echo(f"{email} is signed in nowhere.")


@group.command("reset-factors")
@click.option("--email", required=True)
@click.option("--programme")
def reset_factors(*, email: str, programme: str | None) -> None:
    """Remove an account's second factors and recovery codes; it makes new ones at sign-in."""
    with _on(email, programme) as (actor, account_id):
        account_care.reset_factors(house(), actor, account_id)
    click.echo(f"{email} makes a new second factor at the next sign-in.")


@contextmanager
def _on(email: str, programme: str | None) -> Iterator[tuple[Actor, int]]:
    """Who acts, and the number of the account with this address; refusals in plain words."""
    with refusals():
        actor = acting_operator(house(), programme)
        yield actor, account_care.account_number(house(), actor, email)


def _grant(
    role: str,
    territory: str,
    begins: datetime | None,
    ends: datetime | None,
    only_viewing: bool = False,
) -> Grant:
    return Grant(Role(role), territory, _day(begins), _day(ends), only_viewing)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _written(grant: Grant) -> str:
    dates = "".join(
        f" {word} {day.isoformat()}"
        for word, day in (("from", grant.valid_from), ("until", grant.valid_until))
        if day is not None
    )
    viewing = " (only viewing)" if grant.only_viewing else ""
    return f"{grant.role.value} in {grant.territory}{dates}{viewing}"
